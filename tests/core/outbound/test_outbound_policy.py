"""Which hosts and addresses a driver may be led to, and by whom."""

from __future__ import annotations

import pytest

from deltacloud.errors import Forbidden
from deltacloud.outbound.addresses import Kind, parse
from deltacloud.outbound.policy import Policy, Reach

PUBLIC, LOCAL, METADATA = "8.8.8.8", "10.0.0.1", "169.254.169.254"


def opens(reach: Reach, host: str, *addresses: str, port: int = 443, naming: Kind | None = None) -> bool:
    """Whether a host with these addresses passes both checks."""
    try:
        reach.screen(host, port)
        reach.judge(host, port, [parse(address) for address in addresses], naming)
    except Forbidden as refusal:
        return "allow-providers" not in refusal.message
    return True


def test_without_any_declaration_nothing_is_open() -> None:
    assert not opens(Reach(Policy()), "a.example", PUBLIC)


def test_the_clouds_own_hosts_are_open_at_public_addresses_only() -> None:
    reach = Reach(
        Policy(
            hosts=["*.cloud.example", "api.other.example"],
            entry_points=["https://eu.third.example/v1", "fourth.example"],
        )
    )
    for host in (
        "eu.cloud.example",
        "a.b.cloud.example",
        "API.OTHER.example".lower(),
        "eu.third.example",
        "fourth.example",
    ):
        assert opens(reach, host, PUBLIC)
        assert not opens(reach, host, LOCAL)
    for host in (
        "cloud.example",
        "evilcloud.example",
        "eu.cloud.example.evil.example",
        "x.api.other.example",
        "third.example",
    ):
        assert not opens(reach, host, PUBLIC)


def test_one_address_that_is_not_allowed_refuses_them_all() -> None:
    reach = Reach(Policy(hosts=["a.example"]))
    assert opens(reach, "a.example", PUBLIC, "1.1.1.1")
    assert not opens(reach, "a.example", PUBLIC, LOCAL)
    assert not opens(reach, "a.example", LOCAL, PUBLIC)


def test_the_servers_own_endpoints_are_open_at_any_address_and_their_own_port() -> None:
    reach = Reach(Policy(own=["http://keystone.internal:5000/v3", "vcenter.internal", "http://10.0.0.1:8080"]))
    assert opens(reach, "keystone.internal", LOCAL, port=5000)
    assert not opens(reach, "keystone.internal", LOCAL, port=22)
    assert opens(reach, "vcenter.internal", LOCAL, port=443)
    assert opens(reach, "10.0.0.1", LOCAL, port=8080)
    assert not opens(reach, "10.0.0.1", LOCAL, port=80)


def test_the_operator_opens_hosts_and_networks() -> None:
    reach = Reach(Policy(allow=["*.lab.example", "10.0.0.0/8", "192.168.1.7", "2606:4700::/32", "[fd12::1]"]))
    assert opens(reach, "a.lab.example", LOCAL)
    assert opens(reach, "a.lab.example", PUBLIC)
    assert opens(reach, "b.example", LOCAL)
    assert not opens(reach, "b.example", PUBLIC)
    assert opens(reach, "192.168.1.7", "192.168.1.7")
    assert not opens(reach, "192.168.1.8", "192.168.1.8")
    assert opens(reach, "c.example", "2606:4700::1")
    assert opens(reach, "fd12::1", "fd12::1")


def test_a_lone_star_opens_everything_but_never() -> None:
    reach = Reach(Policy(allow=["*"]))
    assert opens(reach, "a.example", LOCAL)
    assert opens(reach, "fd12::1", "fd12::1")
    assert not opens(reach, "a.example", METADATA)


def test_local_requests_reach_everything_but_never_while_nothing_is_set() -> None:
    assert opens(Reach(Policy(), local=True), "a.example", LOCAL)
    assert opens(Reach(Policy(), local=True), "a.example", PUBLIC)
    assert not opens(Reach(Policy(allow=["b.example"]), local=True), "a.example", PUBLIC)
    assert not opens(Reach(Policy(allow=[]), local=True), "a.example", PUBLIC)


@pytest.mark.parametrize("address", [METADATA, "0.0.0.1", "fd00:ec2::254", "::ffff:169.254.169.254", "168.63.129.16"])
def test_nothing_opens_never(address: str) -> None:
    own = f"http://[{address}]" if ":" in address else f"http://{address}"
    everything = Policy(
        hosts=["*"], entry_points=["http://a.example"], own=["a.example", own], allow=["*", "0.0.0.0/0", "::/0"]
    )
    for reach in (
        Reach(everything, local=True),
        Reach(everything, named=("a.example", 443), named_by=("b.example", 443)),
    ):
        assert not opens(reach, "a.example", address, naming=Kind.LOCAL)
        assert not opens(reach, address, address)
    assert not opens(Reach(Policy(), local=True), "a.example", address)


def test_a_public_endpoint_names_public_hosts_and_a_local_one_both() -> None:
    reach = Reach(Policy(hosts=["keystone.example"]), named=("swift.example", 8080), named_by=("keystone.example", 443))
    assert opens(reach, "swift.example", PUBLIC, port=8080, naming=Kind.PUBLIC)
    assert not opens(reach, "swift.example", LOCAL, port=8080, naming=Kind.PUBLIC)
    assert opens(reach, "swift.example", LOCAL, port=8080, naming=Kind.LOCAL)
    assert opens(reach, "swift.example", PUBLIC, port=8080, naming=Kind.LOCAL)


def test_an_answer_opens_only_what_it_named() -> None:
    reach = Reach(Policy(hosts=["keystone.example"]), named=("swift.example", 8080), named_by=("keystone.example", 443))
    assert not opens(reach, "swift.example", PUBLIC, port=22)
    assert not opens(reach, "nova.example", PUBLIC, port=8080)


def test_an_endpoint_that_is_not_allowed_itself_names_nothing() -> None:
    reach = Reach(Policy(), named=("swift.example", 8080), named_by=("keystone.example", 443))
    assert not opens(reach, "swift.example", PUBLIC, port=8080)


@pytest.mark.parametrize(
    "entry", ["http://a.example", "10.0.0.1/8", "a.example/x", "a b", "", "user@a.example", "a.example:80"]
)
def test_an_entry_of_allow_providers_that_means_nothing_is_an_error(entry: str) -> None:
    with pytest.raises(ValueError, match="is neither a host"):
        Policy(allow=[entry])


@pytest.mark.parametrize("text", ["http://user@a.example", "a example", "http://"])
def test_an_own_endpoint_that_means_nothing_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="is no endpoint"):
        Policy(own=[text])


def test_letter_case_of_settings_and_declarations_does_not_matter() -> None:
    reach = Reach(Policy(hosts=["*.Cloud.Example"], own=["HTTP://Keystone.Internal:5000"], allow=["Lab.Example"]))
    assert opens(reach, "eu.cloud.example", PUBLIC)
    assert opens(reach, "keystone.internal", LOCAL, port=5000)
    assert opens(reach, "lab.example", LOCAL)
