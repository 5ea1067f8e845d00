"""What is the same in every pretend cloud: realms, sizes, the life of an instance, features."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from deltacloud import features
from deltacloud.driver import StateMachine
from deltacloud.errors import BackendError, DeltacloudError, NotSupported, ProviderError, ProviderTimeout
from deltacloud.hardware import choice, fixed, span
from deltacloud.models import HardwareProfile, Realm

REALMS = (
    Realm(id="us", name="United States", state="AVAILABLE"),
    Realm(id="eu", name="Europe", state="AVAILABLE"),
)

TEST_REALMS: Mapping[str, tuple[type[DeltacloudError], str]] = MappingProxyType(
    {
        "500": (BackendError, "DeltacloudErrorMessage"),
        "501": (NotSupported, "NotImplementedMessage"),
        "502": (ProviderError, "ProviderErrorMessage"),
        "504": (ProviderTimeout, "ProviderTimeoutMessage"),
    }
)
"""Realms that clients ask for to see how errors arrive."""

HARDWARE_PROFILES = (
    HardwareProfile(
        id="m1-small",
        name="m1-small",
        properties=(fixed("cpu", 1), fixed("memory", 1740.8), fixed("storage", 160), fixed("architecture", "i386")),
    ),
    HardwareProfile(
        id="m1-large",
        name="m1-large",
        properties=(
            span("cpu", 1, 6),
            span("memory", 7680, 15360, 10240),
            choice("storage", (850, 1024)),
            fixed("architecture", "x86_64"),
        ),
    ),
    HardwareProfile(
        id="m1-xlarge",
        name="m1-xlarge",
        properties=(
            fixed("cpu", 4),
            span("memory", 12288, 32768),
            choice("storage", (1024, 2048, 4096)),
            fixed("architecture", "x86_64"),
        ),
    ),
    HardwareProfile(id="opaque", name="opaque"),
)

PROFILE_IDS = tuple(profile.id for profile in HARDWARE_PROFILES)

STATES = StateMachine(
    ("start", "create", "pending"),
    ("pending", None, "running"),
    ("running", "reboot", "running"),
    ("running", "stop", "stopped"),
    ("stopped", "start", "running"),
    ("stopped", "destroy", "finish"),
)

SLOW_STATES = StateMachine(
    ("start", "create", "pending"),
    ("pending", None, "running"),
    ("running", "reboot", "running"),
    ("running", "stop", "stopping"),
    ("stopping", None, "stopped"),
    ("stopped", "start", "pending"),
    ("stopped", "destroy", "finish"),
)
"""The same where a change takes its time."""

FEATURES: tuple[features.Feature, ...] = (
    features.OWNER_ID,
    features.IMAGE_NAME,
    features.IMAGE_DESCRIPTION,
    features.METRICS,
    features.REALM_FILTER,
    features.USER_NAME,
    features.USER_DATA,
    features.FIREWALLS,
    features.AUTHENTICATION_KEY,
    features.INSTANCE_COUNT,
    features.ATTACH_SNAPSHOT,
    features.IMPORT_KEY,
    features.VOLUME_NAME,
    features.VOLUME_DESCRIPTION,
    features.TAGS,
)
