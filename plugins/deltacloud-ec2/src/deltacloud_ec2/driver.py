"""The driver ``ec2``: Amazon's compute, networks, load balancing, metrics and object storage."""

from __future__ import annotations

from deltacloud import features
from deltacloud.driver import CredentialFields
from deltacloud_ec2 import compute, storage
from deltacloud_ec2.compute import ComputeHooks
from deltacloud_ec2.endpoints import HOSTS, PROVIDERS
from deltacloud_ec2.settings import Ec2Settings
from deltacloud_ec2.storage import StorageHooks


class Ec2Driver(ComputeHooks, StorageHooks):
    """Amazon Web Services."""

    name = "ec2"
    title = "EC2"
    contract = 1
    credentials = CredentialFields(
        username="Access Key ID",
        password="Secret Access Key",  # noqa: S106 - a label
        token="Session Token",  # noqa: S106 - a label
        help="AWS console: IAM, Users, Security credentials, Access keys",
        anonymous=True,
    )
    providers = PROVIDERS
    hosts = HOSTS
    features = (*compute.FEATURES, features.BUCKET_LOCATION)
    parameters = compute.PARAMETERS
    states = compute.STATES
    hardware_profiles = compute.HARDWARE_PROFILES
    settings = Ec2Settings
    limitations = (*compute.LIMITATIONS, *storage.LIMITATIONS)
