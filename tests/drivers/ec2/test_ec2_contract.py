"""The driver keeps the contract, against moto with checked signatures and two accounts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from awscloud import backends
from awscloud.accounts import ROLES, Accounts
from deltacloud.hardware import fixed
from deltacloud.models import HardwareProfile
from deltacloud.testing import Backend, DriverContract, Variant

pytestmark = [pytest.mark.doubles, pytest.mark.thorough]


@pytest.fixture(scope="module")
def backend(moto: Accounts, front: str, provider: str) -> Backend:
    backends.measure(moto)
    common = backends.common(moto, "ec2", provider)
    return replace(
        common,
        hardware_profile="t3.micro",
        known=(
            HardwareProfile(
                id="t3.micro",
                properties=(
                    fixed("cpu", 2),
                    fixed("memory", 1024),
                    fixed("storage", 0),
                    fixed("architecture", "x86_64"),
                    fixed("root_type", "persistent"),
                ),
            ),
            *common.known,
        ),
        endpoint=front,
        at=lambda url: Variant(provider=moto.provider(**dict.fromkeys(ROLES, url))),
        bucket_location="eu-west-1",
    )


class TestEc2(DriverContract):
    """Whatever it has is checked."""
