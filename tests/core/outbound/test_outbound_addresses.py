"""The address table: what is never reached, what is local, what is public."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.outbound.addresses import AddressTable, Kind, parse

NEVER = [
    "0.0.0.0", "0.1.2.3",  # noqa: S104 - an address to classify
    "169.254.169.254", "169.254.0.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "192.0.0.192", "100.100.100.200", "168.63.129.16",
    "::", "fe80::1", "fe80::1%eth0", "ff02::1", "fd00:ec2::254", "fd20:ce::254", "fd00:c1::a9fe:a9fe",
    "fd00:100::100:200", "fd00:42::42", "fd00:a9fe:a9fe::1",
    "2001::1", "2001:1ff::1", "2001:db8::1", "3fff::1", "2002:808:808::1",
    "::ffff:169.254.169.254", "::ffff:8.8.8.8", "::169.254.169.254", "::ffff:0:169.254.169.254",
    "64:ff9b::a9fe:a9fe", "64:ff9b::8.8.8.8", "64:ff9b:1::7f00:1", "100::1", "4000::1",
    "2606:4700::5efe:169.254.169.254", "2606:4700::200:5efe:169.254.169.254",
]  # fmt: skip
LOCAL = [
    "127.0.0.1", "127.255.255.255", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
    "192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255",
    "::1", "fc00::1", "fd12:3456::1", "fec0::1", "2606:4700::5efe:10.0.0.1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "198.17.255.255",
    "168.63.129.17", "223.255.255.255", "2606:4700::1111", "2001:200::1", "2001:67c::1", "2003::1",
    "2606:4700::5efe:8.8.8.8",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [(text, Kind.NEVER) for text in NEVER]
    + [(text, Kind.LOCAL) for text in LOCAL]
    + [(text, Kind.PUBLIC) for text in PUBLIC],
)
def test_every_address_has_its_class(text: str, kind: Kind) -> None:
    assert AddressTable().classify(parse(text)) is kind


@pytest.mark.parametrize(
    ("prefix", "wrapping"),
    [  # RFC 6052, section 2.4, with 192.0.2.33 inside
        ("2606:db8::/32", "2606:db8:c000:221::"),
        ("2606:db8:100::/40", "2606:db8:1c0:2:21::"),
        ("2606:db8:122::/48", "2606:db8:122:c000:2:2100::"),
        ("2606:db8:122:300::/56", "2606:db8:122:3c0:0:221::"),
        ("2606:db8:122:344::/64", "2606:db8:122:344:c0:2:2100::"),
        ("2606:db8:122:344::/96", "2606:db8:122:344::192.0.2.33"),
    ],
)
def test_an_address_behind_the_operators_nat64_is_judged_by_what_it_wraps(prefix: str, wrapping: str) -> None:
    assert AddressTable().classify(parse(wrapping)) is Kind.PUBLIC
    assert AddressTable([prefix]).classify(parse(wrapping)) is Kind.LOCAL


def test_the_well_known_nat64_prefix_opens_only_when_the_operator_names_it() -> None:
    table = AddressTable(["64:ff9b::/96"])
    assert table.classify(parse("64:ff9b::8.8.8.8")) is Kind.PUBLIC
    assert table.classify(parse("64:ff9b::10.0.0.1")) is Kind.LOCAL
    assert table.classify(parse("64:ff9b::169.254.169.254")) is Kind.NEVER


def test_a_nat64_prefix_opens_no_metadata_address() -> None:
    assert AddressTable(["fd00:ec2::/96"]).classify(parse("fd00:ec2::8.8.8.8")) is Kind.NEVER


@pytest.mark.parametrize("text", ["64:ff9b::/95", "10.0.0.0/8", "nonsense", "64:ff9b::1/96"])
def test_what_is_no_nat64_prefix_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - ipaddress raises its own kinds
        AddressTable([text])


@given(st.ip_addresses(v=4))
def test_no_wrapping_makes_an_address_less_strict(inner: ipaddress.IPv4Address) -> None:
    table = AddressTable()
    for wrapping in (f"::ffff:{inner}", f"::{inner}", f"64:ff9b::{inner}", f"2606:4700::5efe:{inner}"):
        assert table.classify(parse(wrapping)) >= table.classify(inner) or parse(wrapping) == parse("::1")
