"""What is said of a request, for anything that a WSGI host may hand over."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.kernel import RequestRecord
from deltacloud_otel.attributes import of_kind, of_request, path, span_name


def record(base_url: str, peer: str = "") -> RequestRecord:
    return RequestRecord(id="f00d", raw_path="/api", base_url=base_url, peer=peer, local=False)


@given(st.text())
def test_a_path_is_ascii_without_matrix_parameters_whatever_comes(raw: str) -> None:
    found = path(raw)
    assert found.isascii()
    assert ";" not in found
    assert path(found) == found


@given(st.text(st.characters(codec="ascii", exclude_characters=";")))
def test_an_ordinary_path_is_as_it_was_sent(raw: str) -> None:
    assert path(raw) == raw


@given(st.lists(st.tuples(st.from_regex(r"[a-z%0-9]{1,5}", fullmatch=True), st.text("ab;=%", max_size=5))))
def test_a_segment_keeps_what_stands_before_its_parameters(segments: list[tuple[str, str]]) -> None:
    raw = "".join(f"/{name};{parameters}" for name, parameters in segments)
    assert path(raw) == "".join(f"/{name}" for name, _ in segments)


@pytest.mark.parametrize(
    ("base_url", "server"),
    [
        ("http://localhost:3001", ("localhost", 3001)),
        ("https://cloud.example.com", ("cloud.example.com", 443)),
        ("http://cloud.example.com/below/another", ("cloud.example.com", 80)),
        ("http://[2001:db8::1]:3001", ("2001:db8::1", 3001)),
        ("https://[2001:db8::1]", ("2001:db8::1", 443)),
        ("", (None, None)),
    ],
)
def test_the_server_is_what_links_begin_with(base_url: str, server: tuple[str | None, int | None]) -> None:
    found = of_request(record(base_url))
    assert (found.get("server.address"), found.get("server.port")) == server
    assert "client.address" not in found


@given(st.text())
def test_names_of_spans_are_few_whatever_the_method(method: str) -> None:
    kind = of_kind({"REQUEST_METHOD": method, "wsgi.url_scheme": "http"}, record("https://x"))
    assert kind["url.scheme"] == "https"
    assert re.fullmatch(r"HTTP|CONNECT|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT|TRACE", span_name(kind))
    assert span_name(kind, "/api/keys/{id}").endswith(" /api/keys/{id}")
