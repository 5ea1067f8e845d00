"""What the guard's table does not hold of policies: everything at once, settings that mean nothing, letter case."""

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
