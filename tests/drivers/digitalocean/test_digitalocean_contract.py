"""DigitalOcean keeps the driver contract."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Iterator, Mapping

import pytest

from awscloud.accounts import Accounts
from deltacloud.hardware import fixed
from deltacloud.models import HardwareProfile, Image, Realm
from deltacloud.testing import Backend, DriverContract, Variant
from digitaloceancloud import OTHER_TOKEN, TOKEN, WRONG_TOKEN, Cloud, digitalocean_cloud, digitalocean_document
from digitaloceancloud.state import PUBLIC_IMAGES

pytestmark = [pytest.mark.doubles, pytest.mark.thorough]


def _ids(cloud: Cloud, collection: str) -> list[str] | None:
    own = cloud.main
    with cloud.lock:
        cloud.settle()
        things: Mapping[str, Iterable[object]] = {
            "images": [*(one["id"] for one in PUBLIC_IMAGES), *own.images],
            "instances": own.droplets, "keys": own.keys, "firewalls": own.firewalls, "addresses": own.addresses,
            "load_balancers": own.balancers, "networks": own.vpcs, "storage_volumes": own.volumes,
            "storage_snapshots": own.snapshots,
        }  # fmt: skip
        return [str(one) for one in things[collection]] if collection in things else None


def _launched_with(cloud: Cloud, identifier: str) -> Mapping[str, object]:
    told = cloud.main.told[int(identifier)]
    return {
        "user_data": told.get("user_data", "").encode(),
        "monitoring": told.get("monitoring", False),
        "key_name": str(told.get("ssh_keys", [None])[0]),
    }


def _public_key() -> str:
    return f"ssh-ed25519 {base64.b64encode(secrets.token_bytes(51)).decode()} dck"


@pytest.fixture(scope="module")
def backend(moto: Accounts) -> Iterator[Backend]:
    with digitalocean_cloud(digitalocean_document(), seconds=0.02) as cloud:
        yield Backend(
            driver="digitalocean",
            # moto makes buckets in Amazon's regions alone.
            provider=f"api={cloud.url};spaces={moto.url};region=us-east-1",
            credentials=(moto.main.access_key, TOKEN, moto.main.secret_key),
            wrong_credentials=(moto.main.access_key, WRONG_TOKEN, moto.wrong.secret_key),
            other_credentials=(moto.other.access_key, OTHER_TOKEN, moto.other.secret_key),
            image="63663980",
            realm="nyc3",
            hardware_profile="s-1vcpu-1gb",
            extra={"addresses.create": {"realm_id": "nyc3"}},
            known=(
                HardwareProfile(
                    id="s-1vcpu-1gb",
                    properties=(
                        fixed("cpu", 1),
                        fixed("memory", 1024),
                        fixed("storage", 25),
                        fixed("architecture", "x86_64"),
                    ),
                ),
                Image(id="12658446", name="7.0 x32", architecture="i386", owner_id="global", state="AVAILABLE"),
                Realm(id="sfo1", name="San Francisco 1", state="UNAVAILABLE"),
            ),
            ids=lambda collection: _ids(cloud, collection),
            launched_with=lambda identifier: _launched_with(cloud, identifier),
            public=frozenset(),
            small_pages=Variant(settings={"page-size": 2}),
            page_size=2,
            endpoint=cloud.url,
            at=lambda url: Variant(provider=f"api={url};spaces={url};region=us-east-1"),
            unpaged=frozenset({"buckets"}),
            bucket_location="us-east-1",
            imports=frozenset({"deltacloud_ec2"}),
            unknown={
                "instances": "999999999",
                "images": "999999999",
                "realms": "mars1",
                "hardware_profiles": "s-9vcpu-9gb",
                "keys": "999999999",
                "addresses": "203.0.113.200",
                **dict.fromkeys(
                    ("firewalls", "load_balancers", "networks", "storage_volumes", "storage_snapshots"),
                    "00000000-0000-4000-8000-000000000000",
                ),
            },
            capacity=2,
            untold=frozenset({"authentication_key"}),
            user_data="#!/bin/sh\n# é\n".encode(),
            tags=(("dck-colour", "blue"), ("dck-owner", "the-kit:1")),
            public_key=_public_key,
            patience=10,
        )


class TestDigitalOcean(DriverContract):
    """Its cloud is a server that holds everything against DigitalOcean's OpenAPI document, and beside it moto."""
