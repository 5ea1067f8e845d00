"""Multipart forms that are malformed, and blobs that come as such."""

from __future__ import annotations

from abusetable.row import MULTIPART, Row, ask, each, family, parts, post

_KEYS, _BUCKET = "/api/keys", "/api/buckets/bucket1"
_NAME, _COUNT = '; name="name"', '; name="meta_params"'
_BLOB = ('; name="blob_id"', "abuse")
_FILE = '; name="blob_data"; filename="f"'
_SEGMENTED = f"{_BUCKET}/abuse?blob_type=segmented&segmented_blob="


def _multipart(body: bytes | str, target: str = _KEYS, kind: str = MULTIPART) -> bytes:
    return post(target, body, kind)


def _upload(*described: tuple[str, str | bytes]) -> bytes:
    return _multipart(parts(*described), _BUCKET)


_MISSING = Row(status=400, blames="name", says="Required parameter 'name' not found")

MULTIPARTS = (
    *family(
        "multipart",
        *each(
            Row(status=400),
            {
                "no-boundary": _multipart(parts((_NAME, "x")), kind="multipart/form-data"),
                "empty-boundary": _multipart(parts((_NAME, "x")), kind="multipart/form-data; boundary="),
                "long-boundary": _multipart("x", kind="multipart/form-data; boundary=" + "b" * 71),
                "odd-boundary": _multipart("x", kind='multipart/form-data; boundary="b\xff"'),
                "wrong-boundary": _multipart(parts((_NAME, "x")), kind="multipart/form-data; boundary=c"),
                "empty-body": _multipart("\r\n"),
                "unterminated": _multipart(parts((_NAME, "x"), end="")),
                "cut-in-a-header": _multipart(b"--b\r\nContent-Dispo"),
                "cut-in-a-delimiter": _multipart(parts((_NAME, "x"), end="--")),
                "text-behind-a-delimiter": _multipart("--b nonsense\r\n\r\n--b--"),
                "ten-thousand-parts": _multipart(parts(*[('; name="a"', "x")] * 10_000)),
                "thousands-of-empty-names": _multipart(parts(*[('; name=""', "x")] * 2_000)),
                "huge-header-of-a-part": _multipart(parts((_NAME + "\r\nX: " + "x" * 9000, "x"))),
                "many-headers-of-a-part": _multipart(parts((_NAME + "\r\nX: x" * 3000, "x"))),
                "endless-header-of-a-part": _multipart("--b\r\nX: " + "x" * 500_000),
                "header-without-colon": _multipart(parts((_NAME + "\r\nnonsense", "x"))),
                "no-name": _multipart(parts(("", "x"))),
                "no-disposition": _multipart("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--"),
                "other-disposition": _multipart("--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--"),
                "long-preamble": _multipart("x" * 70_000 + "\r\n--b--\r\n"),
                "transfer-encoding-of-a-part": _multipart(
                    parts((_NAME + "\r\nContent-Transfer-Encoding: base64", "eA=="))
                ),
                "no-utf-8-in-a-text": _multipart(parts((_NAME, b"\xff"))),
                "line-feeds-alone": _multipart(parts((_NAME, "x")).replace(b"\r", b"")),
                "six-files": _multipart(parts(*[('; name="a"; filename="f"', "x")] * 6)),
            },
        ),
        *each(
            _MISSING,
            {
                "nothing-in-it": _multipart("--b--\r\n"),
                "empty-names": _multipart(parts(('; name=""', "x"))),
                "name-with-a-nul": _multipart(parts(('; name="name\0"', "x"))),
            },
        ),
        *each(
            Row(status=400, blames="name"),
            {
                "file-for-a-text": _multipart(parts((_NAME + '; filename="x"', "x"))),
                "nested": _multipart(
                    parts((_NAME + "\r\nContent-Type: multipart/mixed; boundary=c", "--c\r\n\r\nx\r\n--c--"))
                ),
                "empty-text": _multipart(parts((_NAME, ""))),
            },
        ),
        Row(
            name="encoding-of-a-part",
            request=_multipart(parts((_NAME + "\r\nContent-Type: text/plain; charset=utf-7", "+AGE-"))),
            status=415,
        ),
    ),
    *family(
        "blob",
        Row(name="with-a-delimiter-in-it", request=_upload(_BLOB, (_FILE, "x\r\n--b-\r\n")), status=400),
        Row(name="without-a-name", request=_upload((_FILE, "x")), status=400, blames="blob_id"),
        Row(name="without-a-content", request=_upload(_BLOB), status=400, blames="blob_data"),
        Row(
            name="with-an-empty-name",
            request=_upload(('; name="blob_id"', ""), (_FILE, "x")),
            status=400,
            blames="blob_id",
        ),
        Row(name="with-two-files", request=_upload((_FILE, "x"), (_FILE, "y"), _BLOB), status=400, blames="blob_data"),
        Row(
            name="cut-in-the-file",
            request=_multipart(parts(_BLOB, (_COUNT, "0"), (_FILE, "x"), end=""), _BUCKET),
            status=400,
        ),
        Row(
            name="with-a-name-behind-the-file",
            request=_upload(_BLOB, (_COUNT, "0"), (_FILE, "x"), _BLOB),
            status=400,
            blames="blob_id",
        ),
        *each(
            Row(status=400, blames="meta_params"),
            {
                "with-metadata-of-letters": _upload(_BLOB, (_COUNT, "many"), (_FILE, "x")),
                "with-too-much-metadata": _upload(_BLOB, (_COUNT, "1001"), (_FILE, "x")),
                "with-less-than-no-metadata": _upload(_BLOB, (_COUNT, "-1"), (_FILE, "x")),
            },
        ),
        *each(
            Row(status=400, blames="metadata"),
            {
                "with-odd-metadata": _upload(
                    _BLOB,
                    (_COUNT, "1"),
                    ('; name="meta_name1"', "a b"),
                    ('; name="meta_value1"', "x"),
                    (_FILE, "x"),
                ),
                "with-control-characters-in-metadata": _upload(
                    _BLOB,
                    (_COUNT, "1"),
                    ('; name="meta_name1"', "a"),
                    ('; name="meta_value1"', "x\0"),
                    (_FILE, "x"),
                ),
                "with-metadata-that-is-no-utf-8": ask(
                    "PUT", "/api/buckets/bucket1/abuse", "X-Deltacloud-Blobmeta-A: \xff", body="x"
                ),
            },
        ),
        *each(
            Row(status=400, blames="segment_order"),
            {
                "segment-zero": ask("PUT", f"{_SEGMENTED}x&segment_order=0"),
                "segment-of-letters": ask("PUT", f"{_SEGMENTED}x&segment_order=a"),
            },
        ),
        Row(
            name="of-an-unknown-type",
            request=ask("PUT", f"{_BUCKET}/abuse?blob_type=folded"),
            status=400,
            blames="blob_type",
        ),
        Row(
            name="of-segments-in-disorder",
            request=ask("PUT", f"{_SEGMENTED}x", body="1=a;2=b c"),
            status=400,
            blames="segments",
        ),
        Row(
            name="of-segments-of-nothing",
            request=ask("PUT", f"{_SEGMENTED}../../etc", body="1=a"),
            status=404,
        ),
        Row(name="in-an-unknown-bucket", request=ask("PUT", "/api/buckets/nosuch/abuse", body="x"), status=404),
        *each(
            Row(status=201),
            {
                "with-a-path-as-a-file-name": _upload(_BLOB, ('; name="blob_data"; filename="../../etc/passwd"', "x")),
                "with-a-nul-in-a-file-name": _upload(_BLOB, ('; name="blob_data"; filename="a\0b"', "x")),
                "with-an-endless-file-name": _upload(_BLOB, (f'; name="blob_data"; filename="{"x" * 7000}"', "x")),
                "with-an-unclosed-file-name": _upload(_BLOB, ('; name="blob_data"; filename="x', "x")),
                "with-an-encoded-file-name": _upload(_BLOB, ("; name=\"blob_data\"; filename*=UTF-8''%zz", "x")),
                "with-markup-as-a-type": _upload(_BLOB, (f"{_FILE}\r\nContent-Type: <script>alert(1)</script>", "x")),
                "with-almost-a-delimiter-in-it": _upload(_BLOB, (_FILE, " --b\r\n-b--\r\n\r--b--\n--b--\r\n--")),
            },
        ),
    ),
)
