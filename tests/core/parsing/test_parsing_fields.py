"""Query strings, plain forms, JSON objects, and the set that they are merged into."""

from __future__ import annotations

import io
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.api.parsing.bodies import BodyLimits, read_body
from deltacloud.api.parsing.json_bodies import parse_json
from deltacloud.api.parsing.parameter_set import ParameterSet
from deltacloud.api.parsing.uploads import UploadedFile
from deltacloud.api.parsing.urlencoded import FIELD_LIMIT, parse_query, parse_urlencoded
from deltacloud.api.parsing.values import convert
from deltacloud.errors import InvalidRequest, PayloadTooLarge, UnsupportedMediaType
from deltacloud.parameters import Parameter

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
PAIRS = st.lists(st.tuples(NAMES, TEXTS), max_size=20).map(tuple)


def body(raw: bytes, content_type: str | None = None) -> tuple[tuple[str, str | UploadedFile], ...]:
    return read_body(io.BytesIO(raw), content_type, len(raw))


@given(PAIRS)
def test_a_form_comes_back_as_it_was_encoded(pairs: tuple[tuple[str, str], ...]) -> None:
    encoded = urlencode(pairs)
    assert parse_query(encoded) == pairs
    assert parse_urlencoded(encoded.encode()) == pairs


def test_a_name_without_a_value_has_an_empty_one() -> None:
    assert parse_query("a&b=&=c&&d=1=2") == (("a", ""), ("b", ""), ("d", "1=2"))


def test_bytes_above_127_are_read_as_utf_8() -> None:
    assert parse_query("n=" + "é".encode().decode("latin-1")) == (("n", "é"),)


@pytest.mark.parametrize("query", ["a=%", "a=%4", "a=%zz", "%f=1", "a=%ff", "a=\xff", "a=\u20ac", "a=%ed%a0%80"])
def test_malformed_encoding_is_refused(query: str) -> None:
    with pytest.raises(InvalidRequest):
        parse_query(query)


def test_the_number_of_parameters_has_a_limit() -> None:
    assert len(parse_query("&".join(["a=1"] * FIELD_LIMIT))) == FIELD_LIMIT
    with pytest.raises(InvalidRequest):
        parse_query("&".join(["a=1"] * (FIELD_LIMIT + 1)))
    with pytest.raises(InvalidRequest):
        parse_json(json.dumps({"a": ["1"] * (FIELD_LIMIT + 1)}).encode())


def test_json_says_what_the_form_says() -> None:
    document = {
        "image_id": "img1",
        "hwp_memory": 1740.8,
        "instance_count": 2,
        "monitoring": True,
        "realm_id": None,
        "firewalls": ["web", None, "db"],
        "user_files": [{"path": "/etc/motd", "content": "hello"}, {"path": "/x", "content": None}],
        "tags": {"stage": "test", "cost": 7, "none": None},
    }
    assert parse_json(json.dumps(document).encode()) == (
        ("image_id", "img1"),
        ("hwp_memory", "1740.8"),
        ("instance_count", "2"),
        ("monitoring", "true"),
        ("firewalls1", "web"),
        ("firewalls3", "db"),
        ("path1", "/etc/motd"),
        ("content1", "hello"),
        ("path2", "/x"),
        ("tag_stage", "test"),
        ("tag_cost", "7"),
    )


def test_json_sources_are_those_of_a_firewall_document() -> None:
    sources = [
        "10.1.2.3/24",
        {"type": "address", "family": "ipv4", "address": "10.0.0.0", "prefix": "8"},
        {"address": "192.168.1.1/24"},
        {"type": "group", "name": "web", "owner": "1234"},
        {"name": "db"},
    ]
    assert parse_json(json.dumps({"sources": sources}).encode()) == (
        ("ip_address1", "10.1.2.3/24"),
        ("ip_address2", "10.0.0.0/8"),
        ("ip_address3", "192.168.1.1/24"),
        ("group4", "web"),
        ("group4owner", "1234"),
        ("group5", "db"),
    )


def test_json_metadata_is_numbered() -> None:
    assert parse_json(b'{"metadata": {"author": "me", "gone": null, "size": 3}}') == (
        ("meta_params", "2"),
        ("meta_name1", "author"),
        ("meta_value1", "me"),
        ("meta_name2", "size"),
        ("meta_value2", "3"),
    )


@pytest.mark.parametrize(
    "document",
    [
        "[]",
        '"text"',
        "{",
        '{"a": {}}',
        '{"a": [[]]}',
        '{"a": [{}]}',
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"tags": "x"}',
        '{"tags": {"a": []}}',
        '{"metadata": []}',
        '{"sources": "10.0.0.0/8"}',
        '{"sources": [{}]}',
        '{"user_files": {}}',
        '{"user_files": ["x"]}',
        '{"a": "\\ud800"}',
        '{"a":' * 100_000,
        "[" * 100_000,
    ],
)
def test_json_that_no_form_could_say_is_refused(document: str) -> None:
    with pytest.raises(InvalidRequest):
        parse_json(document.encode())


@given(st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_their_value_through_json(number: float) -> None:
    ((_, text),) = parse_json(json.dumps({"n": number}).encode())
    assert convert(Parameter(name="n", type="number"), text) == number


@pytest.mark.parametrize(
    "content_type", [None, "", "application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"]
)
def test_a_body_is_a_plain_form_unless_it_says_otherwise(content_type: str | None) -> None:
    assert body(b"a=1&b=%C3%A9", content_type) == (("a", "1"), ("b", "é"))


def test_a_form_may_be_in_latin_1() -> None:
    assert body(b"a=%E9", "application/x-www-form-urlencoded; charset=ISO-8859-1") == (("a", "é"),)


def test_a_json_body_is_told_by_its_type() -> None:
    assert body(b'{"a": 1}', "application/json; charset=utf-8") == (("a", "1"),)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "application/octet-stream",
        "x",
        "application/x-www-form-urlencoded; charset=utf-16",
    ],
)
def test_other_types_are_refused_when_there_is_a_body(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        body(b"a=1", content_type)


def test_an_empty_body_has_no_fields_whatever_its_type() -> None:
    assert body(b"", "text/plain") == ()
    assert read_body(io.BytesIO(b""), "text/plain") == ()
    assert read_body(io.BytesIO(b""), "application/json") == ()


def test_a_body_over_the_limit_is_refused_whether_or_not_it_says_its_length() -> None:
    limits = BodyLimits(text=10)
    for length in (12, None):
        with pytest.raises(PayloadTooLarge):
            read_body(io.BytesIO(b"a=123456789x"), None, length, limits)
    assert read_body(io.BytesIO(b"a=12345678"), None, None, limits) == (("a", "12345678"),)


def test_a_body_that_says_it_is_too_long_is_not_read() -> None:
    stream = io.BytesIO(b"a=1")
    with pytest.raises(PayloadTooLarge):
        read_body(stream, None, 10**12)
    assert stream.tell() == 0


def test_later_sources_win_and_the_path_wins_over_all() -> None:
    parameters = ParameterSet(
        query=(("id", "q"), ("a", "q"), ("b", "q"), ("c", "q")),
        body=(("id", "b"), ("a", "b"), ("b", "b")),
        link=(("id", "l"), ("a", "l")),
        path=(("id", "p"),),
    )
    assert [parameters.get(name) for name in ("id", "a", "b", "c", "d")] == ["p", "l", "b", "q", None]
    assert parameters.get("d", "default") == "default"


def test_repeated_names_keep_all_values_and_the_last_one_counts() -> None:
    parameters = ParameterSet(query=(("state", "RUNNING"), ("state", "STOPPED")))
    assert parameters.get("state") == "STOPPED"
    assert parameters.getall("state") == ("RUNNING", "STOPPED")
    assert parameters.getall("realm_id") == ()


def test_a_missing_parameter_is_told_with_the_names_received_that_are_known() -> None:
    known = [Parameter(name="name"), Parameter(name="realm_id")]
    parameters = ParameterSet(query=(("name", "x"),), body=(("realm_id", ""), ("name", "y"), ('{"password": "p"}', "")))
    parameters.require("realm_id", known)
    with pytest.raises(InvalidRequest) as caught:
        parameters.require("image_id", known)
    assert caught.value.message == "Required parameter 'image_id' not found in [name,realm_id]"
    assert caught.value.parameter == "image_id"


def test_a_file_is_there_but_is_no_text() -> None:
    file = UploadedFile(io.BytesIO(b"x"), "a.txt", None, 1)
    parameters = ParameterSet(body=(("blob_data", file),))
    parameters.require("blob_data", ())
    assert parameters.file("blob_data") is file
    assert parameters.get("blob_data") is None
    assert parameters.getall("blob_data") == ()
    assert ParameterSet(query=(("a", "1"),)).file("a") is None


def test_names_come_once_and_in_the_order_received() -> None:
    parameters = ParameterSet((("b", "1"), ("a", "2")), (("c", "3"), ("b", "4")), path=(("id", "5"),))
    assert parameters.names == ("b", "a", "c", "id")
    assert "c" in parameters
    assert "d" not in parameters


@given(PAIRS, PAIRS)
def test_no_value_shows_in_a_representation(
    query: tuple[tuple[str, str], ...], fields: tuple[tuple[str, str], ...]
) -> None:
    secret = "hunter2-hunter2"
    parameters = ParameterSet((*query, ("password", secret)), (*fields, ("private_key", secret)))
    assert secret not in repr(parameters)
    assert secret not in repr(UploadedFile(io.BytesIO(secret.encode()), "key.pem", None, len(secret)))
