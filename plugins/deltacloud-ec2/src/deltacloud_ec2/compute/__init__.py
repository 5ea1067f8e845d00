"""The hooks of compute, put together, and what they declare."""

from __future__ import annotations

from deltacloud import features
from deltacloud.driver import Parameter, StateMachine
from deltacloud_ec2.compute.addresses import AddressHooks
from deltacloud_ec2.compute.hardware_profiles import HardwareProfileHooks
from deltacloud_ec2.compute.keys import KeyHooks
from deltacloud_ec2.compute.load_balancers import LoadBalancerHooks
from deltacloud_ec2.compute.metrics import MetricHooks
from deltacloud_ec2.compute.network_interfaces import NetworkInterfaceHooks
from deltacloud_ec2.compute.volumes import VolumeHooks
from deltacloud_ec2.sizes import HARDWARE_PROFILES

__all__ = ["FEATURES", "HARDWARE_PROFILES", "LIMITATIONS", "PARAMETERS", "STATES", "ComputeHooks"]

FEATURES = (
    features.USER_NAME,
    features.USER_DATA,
    features.AUTHENTICATION_KEY,
    features.FIREWALLS,
    features.INSTANCE_COUNT,
    features.METRICS,
    features.ATTACH_SNAPSHOT,
    features.OWNER_ID,
    features.IMAGE_NAME,
    features.IMAGE_DESCRIPTION,
    features.IMPORT_KEY,
    features.VOLUME_NAME,
    features.TAGS,
)
PARAMETERS = (
    Parameter(
        name="force",
        operation="storage_volumes.detach",
        type="boolean",
        help="Detach even if the instance does not let go, which may lose data",
    ),
    Parameter(
        name="type",
        operation="load_balancers.create",
        values=("classic", "network", "application", "gateway"),
        help="The kind of load balancer: classic or network",
    ),
)
STATES = StateMachine(
    ("start", None, "pending"),
    ("pending", None, "running"),
    ("running", "reboot", "running"),
    ("running", "stop", "stopping"),
    ("stopping", None, "stopped"),
    ("stopped", "start", "running"),
    ("stopped", "destroy", "finish"),
)
LIMITATIONS = (
    "An instance that lives on its image's own storage cannot be stopped, only be ended.",
    "The hwp_architecture of a launch has no effect: the image decides.",
    "Without owner_id, images are the caller's own and a short list of well-known public ones.",
    "Firewalls are made in the default network; the rule that lets everything out is not shown.",
    "Application load balancers are shown but cannot be made: they need two zones, and a request names one realm.",
    "Windows passwords are not shown: Amazon encrypts them for the holder of the key.",
)


class ComputeHooks(
    AddressHooks, LoadBalancerHooks, VolumeHooks, NetworkInterfaceHooks, KeyHooks, MetricHooks, HardwareProfileHooks
):
    """Everything but storage of objects."""
