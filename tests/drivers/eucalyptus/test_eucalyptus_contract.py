"""The driver keeps the contract, against moto with checked signatures and two accounts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from awscloud import backends
from awscloud.accounts import Accounts
from deltacloud.hardware import fixed
from deltacloud.models import HardwareProfile
from deltacloud.testing import Backend, DriverContract, Variant

pytestmark = [pytest.mark.doubles, pytest.mark.thorough]

WHOLE = frozenset({
    "addresses", "buckets", "firewalls", "hardware_profiles", "images", "instances", "keys", "load_balancers",
    "metrics", "network_interfaces", "networks", "realms", "storage_snapshots", "storage_volumes", "subnets",
})  # fmt: skip
"""The driver asks for no pages of these."""


def _at(url: str) -> Variant:
    roles = ("ec2", "s3", "elb", "mon")
    return Variant(provider=";".join(f"{role}={url}/" for role in roles))


@pytest.fixture(scope="module")
def backend(moto: Accounts, provider: str) -> Backend:
    backends.measure(moto)
    common = backends.common(moto, "eucalyptus", provider)
    return replace(
        common,
        hardware_profile="m1.small",
        known=(
            HardwareProfile(
                id="c1.medium",
                properties=(
                    fixed("cpu", 1),
                    fixed("memory", 256),
                    fixed("storage", 5),
                    fixed("architecture", "x86_64"),
                ),
            ),
            *common.known,
        ),
        unpaged=WHOLE,
        endpoint=moto.url,
        at=_at,
        imports=frozenset({"deltacloud_ec2"}),
    )


class TestEucalyptus(DriverContract):
    """What the cloud may have, moto has."""
