"""The driver keeps the contract, against moto with checked signatures and two accounts."""

from __future__ import annotations

import pytest

from awscloud import backends, images
from awscloud.accounts import ROLES, Accounts
from deltacloud.hardware import fixed
from deltacloud.models import HardwareProfile, Image, Realm
from deltacloud.testing import Backend, DriverContract, Variant

pytestmark = [pytest.mark.doubles, pytest.mark.thorough]


@pytest.fixture(scope="module")
def backend(moto: Accounts, front: str, provider: str) -> Backend:
    backends.measure(moto)
    return Backend(
        driver="ec2",
        provider=provider,
        settings={"image-owners": ["self", images.OWNER]},
        credentials=moto.main.login,
        wrong_credentials=moto.wrong.login,
        other_credentials=moto.other.login,
        image=images.IMAGE,
        realm=backends.default_realm(moto),
        hardware_profile="t3.micro",
        public=frozenset({"hardware_profiles"}),
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
            Image(id=images.IMAGE, name="made-up-1-x86_64-ebs", architecture="x86_64", root_type="persistent"),
            Realm(id="us-east-1b", name="us-east-1b", state="available"),
        ),
        launched_with=lambda instance_id: backends.launched_with(moto, instance_id),
        small_pages=Variant(settings={"page-size": 5}),
        page_size=5,
        endpoint=front,
        at=lambda url: Variant(provider=moto.provider(**dict.fromkeys(ROLES, url))),
        public_key=backends.public_key(),
        bucket_location="eu-west-1",
        patience=5,
    )


class TestEc2(DriverContract):
    """Whatever it has is checked."""
