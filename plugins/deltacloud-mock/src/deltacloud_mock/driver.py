"""The driver ``mock``: a pretend cloud for demonstrations, for tests of clients, and for the gateway's own."""

from __future__ import annotations

from typing import ClassVar

from deltacloud.driver import CredentialFields, Parameter
from deltacloud_mock.addresses import AddressHooks
from deltacloud_mock.blobs import BlobHooks
from deltacloud_mock.buckets import BucketHooks
from deltacloud_mock.catalogue import FEATURES, HARDWARE_PROFILES, STATES
from deltacloud_mock.compute import ComputeHooks
from deltacloud_mock.firewalls import FirewallHooks
from deltacloud_mock.load_balancers import LoadBalancerHooks
from deltacloud_mock.networks import NetworkHooks
from deltacloud_mock.settings import MockSettings
from deltacloud_mock.volumes import VolumeHooks


class MockDriver(
    ComputeHooks, FirewallHooks, AddressHooks, LoadBalancerHooks, NetworkHooks, VolumeHooks, BucketHooks, BlobHooks
):
    """Everything that Deltacloud can do, with nothing behind it."""

    name = "mock"
    title = "Mock"
    contract = 1
    credentials = CredentialFields(help="Unless the server's settings say otherwise: mockuser and mockpassword")
    features = FEATURES
    parameters = (
        Parameter(
            name="initial_state",
            operation="instances.create",
            values=("STARTED", "STOPPED"),
            help="Whether the instance runs at first",
        ),
    )
    states = STATES
    hardware_profiles = HARDWARE_PROFILES
    settings = MockSettings
    limitations: ClassVar[tuple[str, ...]] = (
        "Nothing is behind it: user data and detailed monitoring have no effect, and commands are not run.",
        "Private keys and measurements are made up.",
        "An instance that is PENDING or STOPPING (setting transition-seconds) offers no action.",
    )
