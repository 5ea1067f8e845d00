"""The plain values that the contract is made of: secrets, states, sizes, ranges, providers."""

from __future__ import annotations

import copy
import json
import pickle
from ipaddress import ip_interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.context import Credentials
from deltacloud.errors import InvalidRequest
from deltacloud.features import KNOWN, USER_NAME
from deltacloud.hardware import choice, fixed, span
from deltacloud.inputs import ByteRange, PageRequest
from deltacloud.models import FirewallSource, Instance, Key, Provider
from deltacloud.providers import Endpoints, ParsedProvider, Providers
from deltacloud.redaction import redact
from deltacloud.secret import Secret
from deltacloud.states import StateMachine

# Secrets


@given(st.text())
def test_a_secret_shows_itself_to_nobody_but_who_asks(text: str) -> None:
    secret = Secret("hidden" + text)
    assert secret.reveal() == "hidden" + text
    shown = (repr(secret), str(secret), f"{secret}", f"{secret:>20}", repr(Instance(id="i", password=secret)))
    assert not any("hidden" in one for one in shown)
    for keep in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError):
            keep(secret)


def test_secrets_are_equal_by_their_text_and_models_with_them_hash() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert not Secret("")
    assert hash(Key(id="k", pem=Secret("p"))) == hash(Key(id="k", pem=Secret("p")))
    assert repr(Credentials("ann", Secret("p"))) == "Credentials('***')"


@given(st.text(min_size=3), st.text(min_size=3), st.text(), st.text())
def test_redaction_leaves_no_spelling_of_a_password(user: str, password: str, before: str, after: str) -> None:
    credentials = Credentials(user, Secret(password))
    text = redact(f"{before}{password}{after}", credentials)
    assert password not in text or password in "***"


# States

MACHINE = StateMachine(
    ("start", "create", "pending"),
    ("pending", None, "running"),
    ("running", "reboot", "running"),
    ("running", "stop", "stopped"),
    ("stopped", "start", "running"),
    ("stopped", "destroy", "finish"),
)


def test_states_come_in_the_order_of_the_table_those_without_a_way_out_last() -> None:
    assert MACHINE.states == ("start", "pending", "running", "stopped", "finish")


@pytest.mark.parametrize(
    ("state", "actions"),
    [("RUNNING", ("reboot", "stop")), ("stopped", ("start", "destroy")), ("PENDING", ()), ("odd", ()), (None, ())],
)
def test_a_state_in_any_letter_case_offers_its_actions(state: str | None, actions: tuple[str, ...]) -> None:
    assert MACHINE.actions(state) == actions


# Sizes


def test_a_property_accepts_what_its_kind_allows() -> None:
    assert fixed("cpu", 2).accepts(2)
    assert not fixed("cpu", 2).accepts(3)
    memory = span("memory", 512, 1024, default=768)
    assert (memory.value, memory.unit) == (768, "MB")
    assert [memory.accepts(value) for value in (511, 512, 800.5, 1024, 1025, "big")] == [
        False,
        *[True] * 3,
        *[False] * 2,
    ]
    storage = choice("storage", (10, 20))
    assert (storage.value, storage.accepts(20), storage.accepts(15)) == (10, True, False)
    assert fixed("root_type", "persistent").unit is None


# Ranges


@given(st.integers(0, 50), st.none() | st.integers(0, 50), st.integers(0, 50))
def test_a_range_is_the_slice_that_it_names(first: int, last: int | None, length: int) -> None:
    content = bytes(range(length))
    part = ByteRange(first=first, last=last).within(length)
    expected = content[first : None if last is None else last + 1]
    assert (content[slice(*part)] if part else b"") == expected


@given(st.integers(0, 60), st.integers(0, 50))
def test_a_suffix_is_the_end(suffix: int, length: int) -> None:
    content = bytes(range(length))
    part = ByteRange(suffix=suffix).within(length)
    assert (content[slice(*part)] if part else b"") == (content[-suffix:] if suffix else b"")


# Providers


def parse(text: str) -> ParsedProvider:
    if "=" not in text:
        raise ValueError(text)
    return ParsedProvider(text=text, endpoints=dict(part.split("=", 1) for part in text.split(";")))


PROVIDERS = Providers(
    names=("us-east-1", Provider(id="eu", value="https://eu.example", aliases=("Europe",))),
    endpoints=Endpoints(parse, "ec2=host:8773", "That is no endpoint."),
)


@pytest.mark.parametrize(
    ("text", "canonical", "name"),
    [
        ("US-East-1", "us-east-1", "us-east-1"),
        ("EUROPE", "https://eu.example", "eu"),
        ("https://EU.example", "https://eu.example", "eu"),
        ("ec2=Host:8773", "ec2=Host:8773", None),
    ],
)
def test_a_provider_goes_on_in_its_canonical_form(text: str, canonical: str, name: str | None) -> None:
    parsed = PROVIDERS.resolve(text)
    assert (parsed.text, parsed.name) == (canonical, name)


def test_what_is_no_provider_is_refused_with_an_example() -> None:
    with pytest.raises(InvalidRequest, match=r"That is no endpoint\. Example: ec2=host:8773"):
        PROVIDERS.resolve("mars")
    with pytest.raises(InvalidRequest, match="Known providers: a, b"):
        Providers(names=("a", "b")).resolve("c")


def test_without_a_provider_there_is_the_default_or_a_refusal_or_the_drivers_own_choice() -> None:
    assert Providers(names=("a", "b"), default="b").resolve(None).text == "b"
    assert Providers(names=("a",)).resolve(None) == ParsedProvider()
    with pytest.raises(InvalidRequest, match="A provider is required"):
        Providers(names=("a",), required=True).resolve(None)


def test_names_may_be_too_many_to_list() -> None:
    patterned = Providers(pattern=r"[a-z]{2}-[a-z]+-\d")
    assert patterned.resolve("EU-West-9").text == "eu-west-9"
    with pytest.raises(InvalidRequest):
        patterned.resolve("eu-west-9.evil.example")


# Features


def test_a_constraint_limits_the_parameters_and_not_the_vocabulary() -> None:
    short = USER_NAME.constrained(max_length=20)
    assert [one.max_length for one in short.limited] == [20]
    assert [one.max_length for one in KNOWN["user_name"].limited] == [None]


# Pages and sources


def test_a_page_is_as_large_as_the_client_wants_and_the_cloud_gives() -> None:
    assert [PageRequest(limit=limit).size(100) for limit in (None, 5, 1000)] == [100, 5, 100]


def test_addresses_keep_their_host_part_as_a_source() -> None:
    source = FirewallSource.of_addresses(ip_interface("10.1.2.3/24"))
    assert (source.type, source.family, source.address, source.prefix) == ("address", "ipv4", "10.1.2.3", "24")
    source = FirewallSource.of_addresses(ip_interface("2001:db8::1/64"))
    assert (source.family, source.address, source.prefix) == ("ipv6", "2001:db8::1", "64")
