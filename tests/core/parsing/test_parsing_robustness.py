"""Whatever comes in, a parser answers with a value or with one of the errors that clients are shown."""

from __future__ import annotations

import contextlib
import gzip
import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.api.parsing import families
from deltacloud.api.parsing.accept import error_format, negotiate
from deltacloud.api.parsing.basic import parse_authorization
from deltacloud.api.parsing.blob_forms import read_blob_form
from deltacloud.api.parsing.bodies import read_body
from deltacloud.api.parsing.cross_site import is_cross_site
from deltacloud.api.parsing.etags import matches_if_none_match
from deltacloud.api.parsing.headers import parse_header
from deltacloud.api.parsing.json_bodies import parse_json
from deltacloud.api.parsing.markers import decode_marker
from deltacloud.api.parsing.metadata import metadata_entry, metadata_from_headers
from deltacloud.api.parsing.multipart import boundary_of
from deltacloud.api.parsing.parameter_set import ParameterSet
from deltacloud.api.parsing.paths import parse_path, segment
from deltacloud.api.parsing.ranges import parse_range
from deltacloud.api.parsing.urlencoded import parse_query, parse_urlencoded
from deltacloud.api.parsing.values import convert, decode_base64, gunzip, interface
from deltacloud.errors import DeltacloudError
from deltacloud.parameters import Parameter, ParameterType

FORM = "multipart/form-data; boundary=b"
KINDS: tuple[ParameterType, ...] = ("string", "integer", "number", "boolean", "base64", "file", "array", "object")


def _converting(kind: ParameterType) -> Callable[[str], object]:
    return lambda text: convert(Parameter(name="p", type=kind, minimum=0), text)


OF_TEXT: dict[str, Callable[[str], object]] = {
    "negotiate": lambda text: negotiate(text, None, ("xml", "json", "html")),
    "format": lambda text: negotiate(None, text, ("xml", "json", "html")),
    "error_format": lambda text: error_format(text, None),
    "authorization": lambda text: parse_authorization(text, has_token=True),
    "basic": lambda text: parse_authorization("Basic " + text),
    "origin": lambda text: is_cross_site(None, text, None, "http://localhost:3001"),
    "base_url": lambda text: is_cross_site(None, "http://localhost:3001", None, text),
    "if_none_match": lambda text: matches_if_none_match(text, '"x"'),
    "header": parse_header,
    "marker": lambda text: decode_marker(text, "x"),
    "metadata_entry": lambda text: metadata_entry(text, text),
    "metadata_header": lambda text: metadata_from_headers([("X-Deltacloud-Blobmeta-" + text, text)]),
    "boundary": lambda text: boundary_of("multipart/form-data; boundary=" + text),
    "path": parse_path,
    "segment": segment,
    "range": parse_range,
    "range_of_bytes": lambda text: parse_range("bytes=" + text),
    "query": parse_query,
    "body_type": lambda text: read_body(io.BytesIO(b"a=1"), text),
    "base64": lambda text: decode_base64(text, "p"),
    "interface": lambda text: interface(text, "p"),
    **{kind: _converting(kind) for kind in KINDS},
}
OF_BYTES: dict[str, Callable[[bytes], object]] = {
    "urlencoded": parse_urlencoded,
    "json": parse_json,
    "multipart": lambda raw: read_body(io.BytesIO(raw), FORM),
    "blob_form": lambda raw: read_blob_form(io.BytesIO(raw), FORM),
    "part": lambda raw: read_body(io.BytesIO(b"--b\r\n" + raw), FORM),
    "disposition": lambda raw: read_body(io.BytesIO(b"--b\r\nContent-Disposition: form-data;" + raw), FORM),
    "gunzip": lambda raw: gunzip(raw, 1000, "p"),
    "gunzip_deflated": lambda raw: gunzip(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + raw, 1000, "p"),
}
OF_PARAMETERS: tuple[Callable[[ParameterSet], object], ...] = (
    families.firewall_ids,
    families.user_files,
    lambda found: families.user_files(found, text_is_base64=True),
    families.form_metadata,
    families.firewall_sources,
    families.tags,
    families.hardware_overrides,
)

# What parsers look for, so that the examples get past their first branch.
HINTS = st.lists(
    st.sampled_from(
        [
            *'%;/=&?#,:"\\*-+ \r\n\0\t',
            "%2F",
            "%zz",
            "%ff",
            "q=0.5",
            "*/*",
            "application/json",
            "bytes=",
            "0-1",
            "a",
            "1",
            "http://",
            "[",
            "é",
            "\xff",
        ]
    )
    | st.text(max_size=3),
    max_size=20,
).map("".join)
BYTES = st.lists(
    st.sampled_from(
        [
            b"--b",
            b"--b--",
            b"\r\n",
            b"\r\n\r\n",
            b"name=",
            b'"',
            b"\\",
            b"{",
            b"[",
            b'"tags":',
            b"Content-Type:",
            b"%",
            b"&",
            b"=",
        ]
    )
    | st.binary(max_size=6),
    max_size=20,
).map(b"".join)
NAMES = st.sampled_from(
    [
        "firewalls",
        "path",
        "content",
        "meta_name",
        "meta_value",
        "meta_params",
        "ip_address",
        "ip-address",
        "group",
        "tag_",
        "hwp_cpu",
        "hwp_memory",
    ]
)
FIELDS = st.lists(
    st.tuples(
        st.builds(lambda name, end: name + end, NAMES, st.sampled_from(["", "0", "1", "2", "1owner", "99"])), HINTS
    )
).map(tuple)


@pytest.mark.parametrize("parser", OF_TEXT.values(), ids=OF_TEXT)
@given(text=st.text(st.characters()) | HINTS | st.text(st.characters(max_codepoint=255)))
def test_a_parser_of_text_fails_in_no_other_way(parser: Callable[[str], object], text: str) -> None:
    with contextlib.suppress(DeltacloudError):
        parser(text)


@pytest.mark.parametrize("parser", OF_BYTES.values(), ids=OF_BYTES)
@given(raw=st.binary() | BYTES)
def test_a_parser_of_bytes_fails_in_no_other_way(parser: Callable[[bytes], object], raw: bytes) -> None:
    with contextlib.suppress(DeltacloudError):
        parser(raw)


@pytest.mark.parametrize("parser", OF_PARAMETERS)
@given(pairs=FIELDS)
def test_a_family_fails_in_no_other_way(
    parser: Callable[[ParameterSet], object], pairs: tuple[tuple[str, str], ...]
) -> None:
    with contextlib.suppress(DeltacloudError):
        parser(ParameterSet(pairs))


# Each would take minutes to hours in a parser that looks at its input a quadratic number of times.
LONG = 400_000
HOSTILE = [
    "," * LONG,
    ";" * LONG,
    ';a="\\"' * (LONG // 6),
    '"' + '\\"' * (LONG // 2),
    '"' * LONG + "\\",
    "; " * (LONG // 2),
    ";" + " " * LONG,
    ";a" + " " * LONG,
    ";" + "a" * LONG,
    "%" * LONG,
    "%41" * (LONG // 3),
    "/" * LONG,
    "/;" * (LONG // 2),
    "a=" * (LONG // 2),
    "&" * LONG,
    "\r\n" * (LONG // 2),
    "\r\n--" * (LONG // 4),
    "[" * LONG,
    '{"a":' * (LONG // 5),
    "9" * LONG,
    "1." * (LONG // 2),
    "*/*," * (LONG // 4),
    "q=0;" * (LONG // 4),
    "W/" * (LONG // 2),
]


@pytest.mark.parametrize("parser", OF_TEXT.values(), ids=OF_TEXT)
def test_a_parser_of_text_takes_linear_time(parser: Callable[[str], object]) -> None:
    for text in HOSTILE:
        with contextlib.suppress(DeltacloudError):
            parser(text)


@pytest.mark.parametrize("parser", OF_BYTES.values(), ids=OF_BYTES)
def test_a_parser_of_bytes_takes_linear_time(parser: Callable[[bytes], object]) -> None:
    for raw in [*(text.encode() for text in HOSTILE), gzip.compress(b"") * (LONG // 20)]:
        with contextlib.suppress(DeltacloudError):
            parser(raw)
