"""Single headers: credentials, ranges, entity tags, where a request came from, and the form that headers share."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.api.parsing.basic import parse_authorization
from deltacloud.api.parsing.cross_site import is_cross_site
from deltacloud.api.parsing.etags import entity_tag, matches_if_none_match
from deltacloud.api.parsing.headers import parse_header
from deltacloud.api.parsing.ranges import content_range, parse_range, unsatisfied_range
from deltacloud.context import Credentials
from deltacloud.inputs import ByteRange
from deltacloud.secret import Secret

PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]))
SITE = "http://localhost:3001"


def basic(pair: str, encoding: str = "utf-8") -> str:
    return "Basic " + base64.b64encode(pair.encode(encoding)).decode()


@given(PRINTABLE.filter(lambda text: ":" not in text), PRINTABLE)
def test_credentials_come_back_as_they_were_encoded(username: str, password: str) -> None:
    assert parse_authorization(basic(f"{username}:{password}")) == Credentials(username, Secret(password))


def test_a_password_may_hold_colons() -> None:
    assert parse_authorization(basic("user:a:b:c")) == Credentials("user", Secret("a:b:c"))


def test_the_scheme_has_no_case() -> None:
    assert parse_authorization("bAsIc  " + basic("u:p")[6:] + " ") == Credentials("u", Secret("p"))


def test_bytes_that_are_no_utf_8_are_read_as_latin_1() -> None:
    assert parse_authorization(basic("josé:p", "latin-1")) == Credentials("josé", Secret("p"))


def test_an_explicit_empty_pair_is_anonymous_and_not_absent() -> None:
    credentials = parse_authorization(basic(":"))
    assert credentials is not None
    assert credentials.anonymous


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Basic bW9ja3VzZXI=",
        'Digest username="x"',
        "Bearer dTpw",
        "Basic é",
        "Basic " + base64.b64encode(b"u\r\nX: y:p").decode(),
    ],
)
def test_who_sends_nothing_usable_is_asked_for_credentials(header: str | None) -> None:
    assert parse_authorization(header) is None


def test_a_token_comes_in_its_header_or_behind_the_secret() -> None:
    expected = Credentials("u", Secret("secret"), Secret("token"))
    assert parse_authorization(basic("u:secret"), "token", has_token=True) == expected
    assert parse_authorization(basic("u:secret;token"), has_token=True) == expected
    assert parse_authorization(basic("u:secret;token"), "", has_token=True) == expected


def test_the_header_with_the_token_leaves_the_password_whole() -> None:
    found = parse_authorization(basic("u:a;b"), "token", has_token=True)
    assert found == Credentials("u", Secret("a;b"), Secret("token"))


def test_without_a_token_field_nothing_is_taken_apart() -> None:
    assert parse_authorization(basic("u:secret;token"), "other") == Credentials("u", Secret("secret;token"))


def test_a_password_that_ends_in_a_semicolon_holds_no_token() -> None:
    assert parse_authorization(basic("u:secret;"), has_token=True) == Credentials("u", Secret("secret;"))


def test_of_recorded_refusals_only_complete_pairs_reach_the_driver(recorded: Path) -> None:
    paths = sorted((recorded / "golden").glob("errors.401.*.json"))
    assert paths
    for path in paths:
        exchange = json.loads(path.read_text(encoding="utf-8"))
        found = parse_authorization(exchange["request"]["headers"].get("Authorization"))
        assert (found is not None) == (".bad_" in path.name), path.name


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-499", ByteRange(first=0, last=499)),
        ("bytes=500-", ByteRange(first=500)),
        ("bytes=-500", ByteRange(suffix=500)),
        ("Bytes = 0-0", ByteRange(first=0, last=0)),
        ("bytes=-0", ByteRange(suffix=0)),
        (None, None),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=5-4", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=a-b", None),
        ("bytes=0-" + "9" * 5000, None),
        ("bytes=٣-٤", None),
    ],
)
def test_one_range_of_bytes_is_understood_and_for_the_rest_the_whole_is_sent(
    header: str | None, expected: ByteRange | None
) -> None:
    assert parse_range(header) == expected


def test_a_condition_that_cannot_be_checked_asks_for_the_whole() -> None:
    assert parse_range("bytes=0-1", '"tag"') is None


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_a_range_comes_back_as_it_was_printed(first: int, more: int) -> None:
    assert parse_range(f"bytes={first}-{first + more}") == ByteRange(first=first, last=first + more)


@given(st.integers(0, 10**15), st.integers(0, 10**15), st.integers(1, 10**15))
def test_the_range_of_an_answer_has_the_form_that_rfc_9110_gives_it(first: int, more: int, behind: int) -> None:
    last, length = first + more, first + more + behind
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", content_range(first, last, length))
    assert found is not None
    assert tuple(map(int, found.groups())) == (first, last, length)
    assert unsatisfied_range(length) == f"bytes */{length}"


@given(st.binary(), st.binary())
def test_a_tag_tells_bodies_apart_and_matches_itself(body: bytes, other: bytes) -> None:
    tag = entity_tag(body)
    assert re.fullmatch(r'"[!#-~]+"', tag)
    assert matches_if_none_match(tag, tag)
    assert matches_if_none_match(f'"other", W/{tag}', tag)
    assert matches_if_none_match("*", tag)
    assert matches_if_none_match(entity_tag(other), tag) == (body == other)


@given(st.none() | st.text(st.characters(exclude_characters="0")))
def test_a_header_without_the_tag_does_not_match(header: str | None) -> None:
    if header is None or header.strip() != "*":
        assert not matches_if_none_match(header, '"0"')


@pytest.mark.parametrize(
    ("site", "origin", "referer"),
    [
        (None, None, None),
        ("same-origin", "http://evil.example", None),
        ("none", None, None),
        ("Same-Origin", None, None),
        (None, SITE, "http://evil.example/"),
        (None, "HTTP://LOCALHOST:3001", None),
        (None, None, SITE + "/api/instances?x=1"),
        ("", SITE, None),
    ],
)
def test_own_pages_and_other_programs_are_no_foreign_site(
    site: str | None, origin: str | None, referer: str | None
) -> None:
    assert not is_cross_site(site, origin, referer, SITE)


@pytest.mark.parametrize(
    ("site", "origin", "referer"),
    [
        ("cross-site", SITE, SITE),
        ("same-site", SITE, SITE),
        ("anything", None, None),
        (None, "null", None),
        (None, "http://localhost:3002", SITE),
        (None, "https://localhost:3001", None),
        (None, "http://localhost:3001.evil.example", None),
        (None, "http://localhost:3001@evil.example", None),
        (None, "http://[", None),
        (None, "http://localhost:99999", None),
        (None, "not a url", None),
        (None, None, "http://evil.example/http://localhost:3001/"),
        (None, "", "http://evil.example/"),
    ],
)
def test_pages_of_others_are_a_foreign_site(site: str | None, origin: str | None, referer: str | None) -> None:
    assert is_cross_site(site, origin, referer, SITE)


def test_default_ports_need_not_be_said() -> None:
    assert not is_cross_site(None, "https://cloud.example.com", None, "https://cloud.example.com:443")
    assert not is_cross_site(None, "http://cloud.example.com:80", None, "http://cloud.example.com")


def test_parameters_of_headers_are_read_leniently() -> None:
    assert parse_header('Text/Plain ; Charset="utf-8";x = y ;; broken; x=z') == (
        "text/plain",
        {"charset": "utf-8", "x": "y"},
    )
    assert parse_header('a; b="c;d=e\\"f"; g="open; h=i') == ("a", {"b": 'c;d=e"f', "g": "open; h=i"})


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_quoted_parameter_comes_back_as_it_was_quoted(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    assert parse_header(f'x; a="{quoted}"; b=1') == ("x", {"a": text, "b": "1"})
