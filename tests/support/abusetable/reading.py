"""Reading with ranges, tags, limits and markers that are none."""

from __future__ import annotations

from abusetable.row import Row, ask, each, family
from deltacloud.api.parsing.markers import encode_marker, list_digest
from deltacloud.inputs import Filters

_CONTENT = "/api/buckets/bucket1/blob1/content"


def _range(value: str) -> bytes:
    return ask("GET", _CONTENT, f"Range: {value}")


def _tag(value: str) -> bytes:
    return ask("GET", "/api/realms", f"If-None-Match: {value}")


def _list(query: str, collection: str = "instances") -> bytes:
    return ask(target=f"/api/{collection}?{query}")


_FOREIGN = encode_marker("img1", list_digest("images", "mock", None, Filters(), "json"))
_STALE = encode_marker("gone", list_digest("realms", "mock", None, Filters(), "xml"))

READING = (
    *family(
        "range",
        *each(
            Row(status=416, headers=(("content-range", r"bytes \*/[0-9]+"),)),
            {
                "past-the-end": _range("bytes=999999-"),
                "past-the-end-at-both-ends": _range("bytes=999999-9999999"),
                "suffix-of-nothing": _range("bytes=-0"),
            },
        ),
        *each(
            Row(status=200, answers="other"),
            {
                "empty": _range(""),
                "unit-alone": _range("bytes"),
                "unit-of-another-kind": _range("furlongs=0-1"),
                "nothing": _range("bytes="),
                "hyphen": _range("bytes=-"),
                "letters": _range("bytes=a-b"),
                "reversed": _range("bytes=5-1"),
                "negative": _range("bytes=--1"),
                "several": _range("bytes=0-0,1-1"),
                "hundreds": _range("bytes=" + ",".join(f"{n}-{n}" for n in range(900))),
                "overlapping-hundreds": _range("bytes=" + "0-," * 900),
                "too-many-digits": _range("bytes=0-" + "9" * 5000),
                "raw-bytes": _range("bytes=\xff-"),
                "two-headers": ask("GET", _CONTENT, "Range: bytes=0-0", "Range: bytes=1-1"),
                "condition-of-nothing": ask("GET", _CONTENT, "Range: bytes=0-0", 'If-Range: "nosuch"'),
            },
        ),
        Row(name="far-beyond", request=_range("bytes=0-999999999999999999"), status=206, answers="other"),
    ),
    *family(
        "tag",
        *each(
            Row(status=200),
            {
                "of-nothing": _tag('"nosuch"'),
                "garbage": _tag("garbage"),
                "unclosed": _tag('"unclosed'),
                "quotes": _tag('"' * 999),
                "thousands": _tag('"a",' * 3000),
                "raw-bytes": _tag('"\xff\xfe"'),
                "stars": _tag("**"),
                "empty": _tag(""),
                "date-of-nothing": ask("GET", "/api/realms", "If-Modified-Since: yesterday"),
            },
        ),
        Row(name="any", request=_tag("*"), status=304, answers="empty"),
    ),
    *family(
        "paging",
        *each(
            Row(status=400, blames="limit"),
            {
                "zero": _list("limit=0"),
                "negative": _list("limit=-1"),
                "over": _list("limit=1001"),
                "letters": _list("limit=many"),
                "fraction": _list("limit=1.5"),
                "exponent": _list("limit=1e2"),
                "hexadecimal": _list("limit=0x10"),
                "huge": _list("limit=" + "9" * 30),
                "endless": _list("limit=" + "9" * 5000),
                "other-digits": _list("limit=%D9%A1"),
                "of-blobs": ask(target="/api/buckets/bucket1?limit=0"),
                "with-a-nul": _list("limit=1%00"),
            },
        ),
        *each(
            Row(status=400, blames="marker"),
            {
                "marker-of-nothing": _list("limit=1&marker=nosuch"),
                "marker-of-bytes": _list("marker=%00%01"),
                "marker-of-other-letters": _list("marker=%C3%A9"),
                "marker-without-end": _list("marker=" + "a" * 20_000),
                "marker-of-another-list": _list(f"marker={_FOREIGN}"),
                "marker-of-another-list-of-one-kind": _list(f"marker={_FOREIGN}&architecture=i386", "images"),
                "marker-with-padding": _list(f"marker={_FOREIGN}=", "images"),
                "marker-of-blobs": ask(target="/api/buckets/bucket1?marker=x"),
            },
        ),
        Row(
            name="marker-of-what-is-gone",
            request=_list(f"marker={_STALE}&format=xml", "realms"),
            status=400,
            blames="marker",
            answers="xml",
        ),
        *each(
            Row(status=200),
            {
                "empty": _list("limit=&marker="),
                "in-the-body": ask("GET", "/api/realms", body="limit=0"),
                "filters-of-nothing": _list("id=%00&state=%3Cscript%3E&realm_id='"),
                "filters-by-the-hundred": _list("&".join(f"id={number}" for number in range(900))),
                "prefix-of-nothing": ask(target="/api/buckets/bucket1?prefix=%00&delimiter=%3Cscript%3E"),
            },
        ),
    ),
)
