"""The driver keeps the contract, against moto with checked signatures and two accounts."""

from __future__ import annotations

import pytest

from awscloud import backends, images
from awscloud.accounts import Accounts
from deltacloud.hardware import fixed
from deltacloud.models import HardwareProfile, Image, Realm
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
    return Backend(
        driver="eucalyptus",
        provider=provider,
        settings={"image-owners": ["self", images.OWNER]},
        credentials=moto.main.login,
        wrong_credentials=moto.wrong.login,
        public=frozenset({"hardware_profiles"}),
        other_credentials=moto.other.login,
        image=images.IMAGE,
        realm=backends.default_realm(moto),
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
            Image(id=images.IMAGE, name="made-up-1-x86_64-ebs", architecture="x86_64", root_type="persistent"),
            Realm(id="us-east-1b", name="us-east-1b", state="available"),
        ),
        launched_with=lambda instance_id: backends.launched_with(moto, instance_id),
        small_pages=Variant(settings={"page-size": 5}),
        page_size=5,
        unpaged=WHOLE,
        endpoint=moto.url,
        at=_at,
        public_key=backends.public_key(),
        imports=frozenset({"deltacloud_ec2"}),
        patience=5,
    )


class TestEucalyptus(DriverContract):
    """What the cloud may have, moto has."""
