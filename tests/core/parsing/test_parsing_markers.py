"""Markers of pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deltacloud.api.parsing.markers import decode_marker, encode_marker, list_digest
from deltacloud.errors import InvalidRequest
from deltacloud.inputs import Filters

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
LISTS = st.tuples(TEXTS, TEXTS, st.none() | TEXTS, st.builds(Filters, state=st.lists(TEXTS).map(tuple)), TEXTS)
HERE = list_digest("instances", "mock", None, Filters(), "xml")


@given(TEXTS, LISTS)
def test_a_marker_comes_back_as_it_was_given_out(marker: str, about: tuple[str, str, str | None, Filters, str]) -> None:
    digest = list_digest(*about)
    text = encode_marker(marker, digest)
    assert re.fullmatch("[A-Za-z0-9_-]+", text)
    assert decode_marker(text, digest) == marker


@given(LISTS, LISTS)
def test_a_marker_of_another_list_is_refused(
    one: tuple[str, str, str | None, Filters, str], other: tuple[str, str, str | None, Filters, str]
) -> None:
    assume(one != other)
    with pytest.raises(InvalidRequest) as caught:
        decode_marker(encode_marker("inst7", list_digest(*one)), list_digest(*other))
    assert caught.value.parameter == "marker"


def test_blobs_of_a_bucket_are_told_apart_by_their_filters() -> None:
    assert list_digest("buckets/a", "mock", None, (("prefix", "x"),), "xml") != list_digest(
        "buckets/a", "mock", None, (("prefix", "y"),), "xml"
    )


@given(st.text() | st.binary().map(lambda raw: raw.hex()))
@pytest.mark.parametrize("prefix", ["", encode_marker("inst7", HERE)])
def test_a_garbled_marker_is_refused(prefix: str, garbage: str) -> None:
    assume(garbage)
    with pytest.raises(InvalidRequest) as caught:
        decode_marker(prefix + garbage, HERE)
    assert caught.value.parameter == "marker"


def test_a_marker_of_the_longest_kind_that_clouds_give_fits() -> None:
    assert decode_marker(encode_marker("x" * 10_000, HERE), HERE) == "x" * 10_000
