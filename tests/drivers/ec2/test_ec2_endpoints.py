"""Providers, the account, realms, and sizes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from awscloud.things import ZONE, a_user, default_subnet
from deltacloud.errors import AuthenticationFailed, CredentialsRequired, NotFound
from deltacloud_ec2.compute import HARDWARE_PROFILES

pytestmark = pytest.mark.doubles

Calling = Callable[[Hooks], Hooks]


def test_providers_are_the_regions_of_the_account(ec2: Hooks, moto: Accounts) -> None:
    regions = [one["RegionName"] for one in moto.client("ec2").describe_regions()["Regions"]]
    listed = list(ec2.call("list_providers"))
    assert [one.id for one in listed] == regions
    assert all(one.name == one.id and not one.entry_points for one in listed)


def test_the_account_is_inspected(calling: Calling, provider: str, ec2: Hooks, moto: Accounts) -> None:
    assert ec2.call("inspect_account") is None
    with pytest.raises(AuthenticationFailed):
        calling(Hooks("ec2", provider, moto.wrong)).call("inspect_account")
    with pytest.raises(CredentialsRequired):
        calling(Hooks("ec2", provider, None)).call("inspect_account")


def test_who_may_use_no_machines_is_known_all_the_same(calling: Calling, provider: str, moto: Accounts) -> None:
    storage_only = calling(Hooks("ec2", provider, a_user(moto, "s3:*")))
    assert storage_only.call("inspect_account") is None


def test_realms_are_zones_and_subnets_in_them(ec2: Hooks, moto: Accounts) -> None:
    subnet = default_subnet(moto)["SubnetId"]
    listed = {one.id: one for one in ec2.list("realms")}
    assert {ZONE, f"{ZONE}:{subnet}"} <= set(listed)
    for one in (ZONE, f"{ZONE}:{subnet}"):
        assert ec2.call("get_realm", realm_id=one) == listed[one]
        assert (listed[one].name, listed[one].state, listed[one].limit) == (one, "available", None)


@pytest.mark.parametrize("unknown", ["mars", f"{ZONE}:subnet-00000000", f"{ZONE}:", ":", "mars:{subnet}", "*"])
def test_a_realm_that_is_not_there_is_not_found(ec2: Hooks, moto: Accounts, unknown: str) -> None:
    with pytest.raises(NotFound):
        ec2.call("get_realm", realm_id=unknown.format(subnet=default_subnet(moto)["SubnetId"]))


def test_sizes_are_the_regions_own_and_the_bundled_ones_agree(ec2: Hooks) -> None:
    """Moto's sizes are Amazon's answers."""
    listed = {one.id: one for one in ec2.list("hardware_profiles")}
    assert len(listed) > 800
    assert [(one, listed.get(one.id)) for one in HARDWARE_PROFILES if one != listed.get(one.id)] == []
    assert ec2.call("get_hardware_profile", hardware_profile_id="t3.micro") == listed["t3.micro"]
    for unknown in ("t3.nothing", "t3.*", "*"):
        with pytest.raises(NotFound):
            ec2.call("get_hardware_profile", hardware_profile_id=unknown)


def test_sizes_are_not_told_to_who_shows_no_credentials(calling: Calling, provider: str) -> None:
    """The gateway then shows the bundled ones."""
    with pytest.raises(CredentialsRequired):
        calling(Hooks("ec2", provider, None)).list("hardware_profiles")
