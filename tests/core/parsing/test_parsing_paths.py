"""Paths as they are sent, and the segments of links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.api.parsing.paths import MatrixPair, parse_path, segment
from deltacloud.errors import InvalidRequest

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
NAMES = st.from_regex(r"[A-Za-z0-9_]{1,8}", fullmatch=True)


def test_segments_are_decoded_once() -> None:
    assert parse_path("/api/keys/a%2520b").segments == ("api", "keys", "a%20b")


def test_an_encoded_slash_or_semicolon_is_data() -> None:
    path = parse_path("/api/buckets/b/a%2Fb%3Bc/content")
    assert path.segments == ("api", "buckets", "b", "a/b;c", "content")
    assert path.matrix == ()


def test_a_plus_is_a_plus() -> None:
    assert parse_path("/api/keys/a+b").segments[-1] == "a+b"


def test_doubled_slashes_collapse() -> None:
    path = parse_path("//api//realms")
    assert path.segments == ("api", "realms")
    assert path.path == "/api/realms"
    assert not path.trailing_slash


def test_a_trailing_slash_stays_visible() -> None:
    assert parse_path("/api/instances/").trailing_slash
    assert parse_path("/api/instances/").path == "/api/instances/"
    assert parse_path("/api/;driver=ec2").trailing_slash
    assert not parse_path("/").trailing_slash


def test_pairs_are_taken_off_their_segment() -> None:
    path = parse_path("/api;driver=ec2;provider=eu-west-1/instances")
    assert path.segments == ("api", "instances")
    assert path.matrix == (MatrixPair(0, "driver", "ec2"), MatrixPair(0, "provider", "eu-west-1"))
    assert path.path == "/api/instances"
    assert path.matrix_value("driver") == "ec2"


def test_a_pair_can_hold_a_url() -> None:
    path = parse_path("/api;provider=https%3A%2F%2Fcloud.example.com%2Fapi%3Bdc1/realms")
    assert path.matrix_value("provider") == "https://cloud.example.com/api;dc1"


@pytest.mark.parametrize(
    "pairs", [";", ";;;", ";driver", ";=x", ";dri-ver=x", ";driver=%zz", ";driver=%ff", ";%64river=x"]
)
def test_malformed_pairs_are_dropped_without_a_word(pairs: str) -> None:
    path = parse_path(f"/api{pairs}/realms")
    assert path.segments == ("api", "realms")
    assert path.matrix == ()


def test_only_pairs_of_the_first_segment_choose_a_driver() -> None:
    assert parse_path("/api/instances/api;driver=ec2").matrix_value("driver") is None


def test_the_last_of_a_repeated_pair_counts() -> None:
    assert parse_path("/api;driver=a;driver=b").matrix_value("driver") == "b"


def test_links_carry_parameters_in_their_last_segment() -> None:
    assert parse_path("/api/images;instance_id=inst0").link_parameters() == (("instance_id", "inst0"),)
    assert parse_path("/api/instances/inst0/run;id=inst0").link_parameters() == (("id", "inst0"),)
    assert parse_path("/api/instances;realm_id=eu").link_parameters() == ()
    assert parse_path("/api;id=1/images").link_parameters() == ()


def test_bytes_above_127_are_read_as_utf_8() -> None:
    assert parse_path("/api/keys/" + "clé".encode().decode("latin-1")).segments[-1] == "clé"


@pytest.mark.parametrize(
    "raw", ["/api/%", "/api/%4", "/api/%zz", "/api/%ff", "/api/\xff", "/api/a b", "/api#x", "/a\x00", "/\u20ac"]
)
def test_what_cannot_be_a_path_is_refused(raw: str) -> None:
    with pytest.raises(InvalidRequest):
        parse_path(raw)


def test_an_asterisk_is_one_segment() -> None:
    assert parse_path("*").segments == ("*",)


def test_ids_of_firewall_rules_stay_readable() -> None:
    rule = "393485797142~tcp~22~22~@address,ipv4,10.1.2.3,24"
    assert segment(rule) == rule
    assert segment("a b&c") == "a%20b%26c"
    assert segment("a/b;c%") == "a%2Fb%3Bc%25"


def test_a_lone_surrogate_does_not_break_a_link() -> None:
    assert segment("a\ud800") == "a%3F"


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_segments_come_back_as_they_were_printed(texts: list[str]) -> None:
    raw = "/".join(["", *map(segment, texts)])
    path = parse_path(raw)
    assert path.segments == tuple(texts)
    assert path.path == raw
    assert path.matrix == ()
    assert raw.isascii()


@given(st.lists(st.tuples(TEXTS, st.lists(st.tuples(NAMES, st.text(st.characters(exclude_categories=["Cs"])))))))
def test_pairs_come_back_as_they_were_printed(parts: list[tuple[str, list[tuple[str, str]]]]) -> None:
    raw = "".join(
        f"/{segment(text)}" + "".join(f";{name}={segment(value)}" for name, value in pairs) for text, pairs in parts
    )
    path = parse_path(raw)
    assert path.segments == tuple(text for text, _ in parts)
    assert path.matrix == tuple(
        MatrixPair(position, name, value) for position, (_, pairs) in enumerate(parts) for name, value in pairs
    )
