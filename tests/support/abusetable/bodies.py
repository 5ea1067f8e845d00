"""Plain forms that are malformed, bodies of a type that nobody reads, and bodies over the limits."""

from __future__ import annotations

import json
from collections.abc import Iterator

from abusetable.row import FORM, JSON, MULTIPART, Row, ask, each, family, parts, post

_KEYS, _BUCKET = "/api/keys", "/api/buckets/bucket1"
_NAME = '; name="name"'
LIMIT = 1024 * 1024
"""The server's ``json-limit``."""
SPOOL = 2 * LIMIT
"""The server's ``body-limit``."""


def _form(body: bytes | str, kind: str = FORM) -> bytes:
    return post(_KEYS, body, kind)


def _multipart(body: bytes) -> bytes:
    return post(_KEYS, body, MULTIPART)


def _in_chunks(method: str, target: str, kind: str) -> bytes:
    return ask(method, target, "Transfer-Encoding: chunked", kind=kind)


def _endless_form() -> Iterator[bytes]:
    for _ in range(200):
        yield b"4000\r\n" + b"x" * 0x4000 + b"\r\n"


def _endless_field() -> Iterator[bytes]:
    head = f"--b\r\nContent-Disposition: form-data{_NAME}\r\n\r\n".encode()
    yield b"%x\r\n%b\r\n" % (len(head), head)
    yield from _endless_form()


_MISSING = Row(status=400, blames="name", says="Required parameter 'name' not found")

BODIES = (
    *family(
        "form",
        *each(
            Row(status=400),
            {
                "percent-alone": _form("name=%"),
                "percent-not-hexadecimal": _form("name=%zz"),
                "no-utf-8": _form(b"name=\xff"),
                "encoded-surrogate": _form("name=%ed%a0%80"),
                "overlong-utf-8": _form("name=%c0%80"),
                "thousands-of-fields": _form("a=b&" * 2000),
                "hundred-thousand-fields": _form("&".join(f"firewalls{n}=x" for n in range(60_000))),
            },
        ),
        *each(
            _MISSING,
            {
                "empty": ask("POST", _KEYS, kind=FORM),
                "absent": ask("POST", _KEYS),
                "separators": _form("&&&=&=&;;;"),
                "no-name": _form("=x"),
                "blanks": _form("   "),
                "other-case": _form("NAME=x"),
                "nul-in-the-name": _form("name%00=x"),
                "json-without-saying-so": _form('{"name": "x"}'),
            },
        ),
        *each(
            Row(status=400, blames="name"),
            {
                "empty-value": _form("name="),
                "no-value": _form("name"),
                "nul-in-the-value": _form("name=%00"),
                "path-as-a-name": _form("name=../../etc/passwd"),
                "very-long-value": _form("name=" + "x" * 100_000),
            },
        ),
    ),
    *family(
        "type",
        *each(
            Row(status=415),
            {
                "garbage": _form("name=x", "garbage"),
                "empty-type": _form("name=x", ";;;"),
                "xml": _form("<name>x</name>", "application/xml"),
                "plain": _form("name=x", "text/plain"),
                "octets": _form("name=x", "application/octet-stream"),
                "mixed": _form(parts((_NAME, "x")), "multipart/mixed; boundary=b"),
                "related-json": _form("{}", "application/json-patch+json"),
                "raw-bytes": _form("name=x", "\xff/\xfe"),
                "markup": _form("name=x", "<script>alert(1)</script>"),
                "very-long": _form("name=x", "a/" + "b" * 15_000),
                "of-another-encoding": _form("name=x", f"{FORM}; charset=utf-16"),
                "of-an-encoding-that-is-none": _form("name=x", f"{FORM}; charset=<script>"),
                "list": _form("name=x", f"{FORM}, {JSON}"),
                "blob-as-xml": post(_BUCKET, "<x/>", "application/xml"),
            },
        ),
        Row(name="with-a-control-character", request=_form("name=x", f"{FORM}\x01"), status=400, closes=True),
        *each(
            _MISSING,
            {
                "garbage-without-a-body": ask("POST", _KEYS, kind="garbage"),
                "in-capitals": _form("nome=x", FORM.upper()),
                "with-parameters": _form("nome=x", f'{FORM}; charset="UTF-8"; a=";=,"'),
            },
        ),
    ),
    *family(
        "limit",
        *each(
            Row(status=413, closes=True),
            {
                "form": _form("name=" + "x" * LIMIT),
                "json": post(_KEYS, json.dumps({"name": "x" * LIMIT}), JSON),
                "blob-form": post(_BUCKET, "blob_id=abuse&blob_data=" + "x" * LIMIT),
            },
        ),
        *each(
            Row(status=413),
            {
                "text-of-a-multipart": _multipart(parts((_NAME, "x" * (LIMIT + 1)))),
                "texts-together": _multipart(parts(*[('; name="a"', "x" * (LIMIT // 8))] * 12)),
                "file-of-a-multipart": _multipart(parts((_NAME + '; filename="f"', "x" * (LIMIT + 1)))),
                "file-before-its-name": post(
                    _BUCKET, parts(('; name="blob_data"; filename="f"', bytes(SPOOL + 1))), MULTIPART
                ),
            },
        ),
        Row(
            name="form-in-chunks",
            request=_in_chunks("POST", _KEYS, FORM),
            body=_endless_form,
            status=413,
            closes=True,
        ),
        Row(
            name="json-in-chunks",
            request=_in_chunks("POST", _KEYS, JSON),
            body=_endless_form,
            status=413,
            closes=True,
        ),
        Row(
            name="multipart-in-chunks",
            request=_in_chunks("POST", _KEYS, MULTIPART),
            body=_endless_field,
            status=413,
            closes=True,
        ),
        Row(
            name="segments-list-in-chunks",
            request=_in_chunks("PUT", f"{_BUCKET}/abuse?blob_type=segmented&segmented_blob=x", "text/plain"),
            body=_endless_form,
            status=413,
            closes=True,
        ),
    ),
)
