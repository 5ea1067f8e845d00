"""The driver ``mock``: a pretend cloud for demonstrations, for tests of clients, and for the gateway's own."""

from __future__ import annotations

from typing import ClassVar

from deltacloud.driver import CredentialFields
from deltacloud.parameters import Parameter
from deltacloud_mock.blobs import ObjectHooks
from deltacloud_mock.buckets import BucketHooks
from deltacloud_mock.catalogue import FEATURES, HARDWARE_PROFILES, STATES
from deltacloud_mock.compute import ComputeHooks
from deltacloud_mock.firewalls import FirewallHooks
from deltacloud_mock.frontage import FrontageHooks
from deltacloud_mock.networks import NetworkHooks
from deltacloud_mock.settings import MockSettings
from deltacloud_mock.volumes import DiskHooks


class MockDriver(ComputeHooks, FirewallHooks, FrontageHooks, NetworkHooks, DiskHooks, BucketHooks, ObjectHooks):
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
