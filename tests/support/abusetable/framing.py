"""Bytes that are no request, or that two readers would take apart in different ways."""

from __future__ import annotations

from collections.abc import Iterator

from abusetable.row import FORM, GOOD, Row, ask, each, family, post

_MORE = b"GET /api/keys HTTP/1.1\r\nHost: localhost\r\n\r\n"
"""A request that must not be answered: it would be one smuggled in."""


def _line(text: str) -> bytes:
    """A request line with a good head behind it."""
    return text.encode("latin-1") + b"\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n"


def _with(header: str, body: bytes = b"") -> bytes:
    """A POST with one more header."""
    return ask("POST", "/api/keys", header, kind=FORM) + body


def _chunked(body: bytes, *headers: str) -> bytes:
    return ask("POST", "/api/keys", "Transfer-Encoding: chunked", *headers, kind=FORM) + body


def _unterminated() -> Iterator[bytes]:
    yield b"fffffff\r\n"
    for _ in range(64):
        yield bytes(65536)


_REFUSED = Row(status=400, closes=True)
_TAIL = b"\r\n0\r\n\r\n"

FRAMING = (
    *family(
        "line",
        *each(
            _REFUSED,
            {
                "http-0.9": b"GET /api\r\n\r\n",
                "http-2-preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "http-9.9": _line("GET /api HTTP/9.9"),
                "http-2": _line("GET /api HTTP/2.0"),
                "http-0.1": _line("GET /api HTTP/0.1"),
                "http-of-two-digits": _line("GET /api HTTP/1.10"),
                "http-in-lower-case": _line("GET /api http/1.1"),
                "no-version": _line("GET /api "),
                "no-target": _line("GET HTTP/1.1"),
                "empty-target": _line("GET  HTTP/1.1"),
                "relative-target": _line("GET api/realms HTTP/1.1"),
                "asterisk": _line("GET * HTTP/1.1"),
                "two-blanks": _line("GET  /api HTTP/1.1"),
                "blank-in-the-target": _line("GET /api /realms HTTP/1.1"),
                "blank-in-front": _line(" GET /api HTTP/1.1"),
                "blank-behind": _line("GET /api HTTP/1.1 "),
                "tab": _line("GET\t/api\tHTTP/1.1"),
                "raw-bytes-in-the-target": _line("GET /api/\xff HTTP/1.1"),
                "nul-in-the-target": _line("GET /api/\x00 HTTP/1.1"),
                "bare-line-feed": b"GET /api HTTP/1.1\nHost: localhost\n\n",
                "carriage-return-in-it": _line("GET /api\r HTTP/1.1"),
                "mail": b"EHLO evil.example\r\n\r\n",
                "shell": b"SSH-2.0-OpenSSH_9.0\r\n\r\n",
                "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
                "zeros": bytes(100) + b"\r\n\r\n",
                "two-empty-lines-in-front": b"\r\n\r\n" + ask(),
            },
        ),
        Row(name="too-long", request=ask(target="/api/" + "x" * 70_000), status=414, closes=True),
        Row(name="too-long-query", request=ask(target="/api?" + "x" * 70_000), status=414, closes=True),
        Row(name="endless", request=b"GET /" + b"x" * 200_000, status=414, closes=True),
        *each(
            Row(status=200),
            {
                "empty-line-in-front": b"\r\n" + ask(),
                "fifty-kilobytes": ask(target="/api/realms?" + "x" * 50_000),
            },
        ),
        Row(name="old-http", request=ask(version="HTTP/1.0"), status=200, closes=True),
        Row(name="asterisk-for-options", request=ask("OPTIONS", "*"), status=204, answers="empty"),
    ),
    *family(
        "header",
        *each(
            _REFUSED,
            {
                "folded": ask("GET", "/api/realms", "X-Folded: a\r\n b"),
                "folded-with-a-tab": ask("GET", "/api/realms", "X-Folded: a\r\n\tb"),
                "folded-at-first": b"GET /api HTTP/1.1\r\n Host: localhost\r\n\r\n",
                "no-colon": ask("GET", "/api/realms", "nonsense"),
                "no-name": ask("GET", "/api/realms", ": nothing"),
                "blank-before-the-colon": ask("GET", "/api/realms", "X-Odd : a"),
                "blank-in-the-name": ask("GET", "/api/realms", "X Odd: a"),
                "brackets-in-the-name": ask("GET", "/api/realms", "X(Odd): a"),
                "raw-bytes-in-the-name": ask("GET", "/api/realms", "X-\xff: a"),
                "nul-in-the-name": ask("GET", "/api/realms", "X-\x00: a"),
                "nul-in-the-value": ask("GET", "/api/realms", "X-Nul: a\x00b"),
                "bell-in-the-value": ask("GET", "/api/realms", "X-Bell: a\x07b"),
                "delete-in-the-value": ask("GET", "/api/realms", "X-Delete: a\x7fb"),
                "bare-carriage-return": ask("GET", "/api/realms", "X-Odd: a\rX-Injected: yes"),
                "bare-line-feed": ask("GET", "/api/realms", "X-Odd: a\nX-Injected: yes"),
                "bare-line-feeds": b"GET /api HTTP/1.1\r\nHost: localhost\n\n",
                "two-content-types": ask("POST", "/api/keys", f"Content-Type: {FORM}", kind=FORM),
            },
        ),
        *each(
            Row(status=431, closes=True),
            {
                "too-long": ask("GET", "/api/realms", "X-Long: " + "x" * 17_000),
                "too-long-name": ask("GET", "/api/realms", "X" * 17_000 + ": a"),
                "too-many": ask("GET", "/api/realms", *(f"X-{number}: x" for number in range(250))),
                "too-large-together": ask("GET", "/api/realms", *(f"X-{n}: {'x' * 15_000}" for n in range(10))),
                "endless": ask("GET", "/api/realms")[:-2] + b"X-Long: " + b"x" * 300_000,
                "too-many-cookies": ask("GET", "/api/realms", *["Cookie: a=b"] * 250),
            },
        ),
        *each(
            Row(status=200),
            {
                "hundred-and-fifty": ask("GET", "/api/realms", *(f"X-{number}: x" for number in range(150))),
                "fifteen-kilobytes": ask("GET", "/api/realms", "X-Long: " + "x" * 15_000),
                "raw-bytes": ask("GET", "/api/realms", "X-Raw: \x80\xff"),
                "empty": ask("GET", "/api/realms", "X-Empty:"),
                "upgrade": ask("GET", "/api/realms", "Connection: Upgrade", "Upgrade: h2c"),
            },
        ),
    ),
    *family(
        "length",
        *each(
            _REFUSED,
            {
                "twice": _with("Content-Length: 6\r\nContent-Length: 6", b"name=x"),
                "twice-and-different": _with("Content-Length: 6\r\nContent-Length: 60", b"name=x" + _MORE),
                "list": _with("Content-Length: 6, 6", b"name=x"),
                "negative": _with("Content-Length: -6", b"name=x"),
                "signed": _with("Content-Length: +6", b"name=x"),
                "hexadecimal": _with("Content-Length: 0x6", b"name=x"),
                "with-blanks": _with("Content-Length: 6 6", b"name=x"),
                "with-an-underscore": _with("Content-Length: 1_0", b"name=x"),
                "letters": _with("Content-Length: six", b"name=x"),
                "empty": _with("Content-Length:", b"name=x"),
                "fraction": _with("Content-Length: 6.0", b"name=x"),
                "superscript": _with("Content-Length: \xb2", b"na"),
                "very-long": _with("Content-Length: " + "9" * 5000),
                "and-chunks": _with("Content-Length: 6\r\nTransfer-Encoding: chunked", b"0\r\n\r\n" + _MORE),
                "and-chunks-the-other-way-round": _with(
                    "Transfer-Encoding: chunked\r\nContent-Length: 6", b"0\r\n\r\n" + _MORE
                ),
            },
        ),
        Row(name="huge", request=_with("Content-Length: 99999999999999999999"), status=413, closes=True),
    ),
    *family(
        "coding",
        *each(
            _REFUSED,
            {
                "identity": _with("Transfer-Encoding: identity", b"name=x"),
                "gzip-alone": _with("Transfer-Encoding: gzip", b"name=x"),
                "chunked-first": _with("Transfer-Encoding: chunked, gzip", b"0\r\n\r\n"),
                "chunked-twice": _with("Transfer-Encoding: chunked, chunked", b"0\r\n\r\n"),
                "chunked-in-two-headers": _with(
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"
                ),
                "and-identity": _with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", b"0\r\n\r\n"),
                "blank-before-the-colon": _with("Transfer-Encoding : chunked", b"0\r\n\r\n"),
                "folded": _with("Transfer-Encoding:\r\n chunked", b"0\r\n\r\n"),
                "vertical-tab": _with("Transfer-Encoding: \x0bchunked", b"0\r\n\r\n"),
                "old-http": ask("POST", "/api/keys", "Transfer-Encoding: chunked", kind=FORM, version="HTTP/1.0")
                + b"0\r\n\r\n",
            },
        ),
        *each(
            Row(status=501, closes=True),
            {
                "empty": _with("Transfer-Encoding:", b"name=x"),
                "unknown": _with("Transfer-Encoding: shrunk", b"0\r\n\r\n"),
                "almost-chunked": _with("Transfer-Encoding: xchunked", b"0\r\n\r\n"),
                "quoted": _with('Transfer-Encoding: "chunked"', b"0\r\n\r\n"),
                "with-a-parameter": _with("Transfer-Encoding: chunked;q=1", b"0\r\n\r\n"),
                "and-unknown": _with("Transfer-Encoding: shrunk, chunked", b"0\r\n\r\n"),
                "compressed": _with("Transfer-Encoding: gzip, chunked", b"0\r\n\r\n"),
                "compressed-in-two-headers": _with(
                    "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"
                ),
            },
        ),
        Row(
            name="in-capitals",
            request=_with("Transfer-Encoding: CHUNKED", b"2\r\na=" + _TAIL),
            status=400,
            blames="name",
            says="name",
        ),
    ),
    *family(
        "chunk",
        *each(
            _REFUSED,
            {
                "size-of-letters": _chunked(b"xyz\r\nname=x" + _TAIL + _MORE),
                "size-empty": _chunked(b"\r\nname=x" + _TAIL + _MORE),
                "size-negative": _chunked(b"-1\r\nname=x" + _TAIL + _MORE),
                "size-signed": _chunked(b"+6\r\nname=x" + _TAIL + _MORE),
                "size-in-c": _chunked(b"0x6\r\nname=x" + _TAIL + _MORE),
                "size-with-a-blank-in-front": _chunked(b" 6\r\nname=x" + _TAIL + _MORE),
                "size-with-a-blank-behind": _chunked(b"6 \r\nname=x" + _TAIL + _MORE),
                "size-with-an-underscore": _chunked(b"0_6\r\nname=x" + _TAIL + _MORE),
                "size-too-small": _chunked(b"4\r\nname=x" + _TAIL + _MORE),
                "size-with-a-line-feed": _chunked(b"6\nname=x" + _TAIL + _MORE),
                "size-without-end": _chunked(b"6" * 100_000),
                "extension-with-a-carriage-return": _chunked(b"6;a\rb\r\nname=x" + _TAIL + _MORE),
                "extension-malformed": _chunked(b"6;=\r\nname=x" + _TAIL + _MORE),
                "no-line-break": _chunked(b"6\r\nname=x0\r\n\r\n" + _MORE),
                "trailer-without-colon": _chunked(b"0\r\nnonsense\r\n\r\n" + _MORE),
                "trailer-of-a-host": _chunked(b"0\r\nHost: evil.example\r\n\r\n" + _MORE),
                "trailer-of-a-length": _chunked(b"0\r\nContent-Length: 5\r\n\r\n" + _MORE),
                "trailer-of-credentials": _chunked(b"0\r\n" + GOOD.encode() + b"\r\n\r\n" + _MORE),
                "trailer-with-a-line-feed": _chunked(b"0\r\nA: b\n\r\n\r\n" + _MORE),
                "trailers-too-many": _chunked(b"0\r\n" + b"A: b\r\n" * 250 + b"\r\n" + _MORE),
                "trailer-too-long": _chunked(b"0\r\nA: " + b"b" * 17_000 + b"\r\n\r\n" + _MORE),
            },
        ),
        *each(
            Row(status=400, blames="name", says="name"),
            {
                "extension-very-long": _chunked(b"2;" + b"a" * 20_000 + b"\r\nx=" + _TAIL),
                "extension": _chunked(b'2;a=b;c="d;\xff"\r\nx=' + _TAIL),
                "trailer": _chunked(b"2\r\nx=\r\n0\r\nX-Trailer: a\r\n\r\n"),
                "trailer-of-a-driver": _chunked(b"0\r\nX-Deltacloud-Driver: nosuch\r\n\r\n"),
                "size-with-zeros": _chunked(b"0000000000000000000000002\r\nx=" + _TAIL),
                "one-byte-each": _chunked(b"1\r\nx\r\n" * 900 + b"0\r\n\r\n"),
            },
        ),
        Row(name="huge", request=_chunked(b""), body=_unterminated, status=413, closes=True),
    ),
    *family(
        "expect",
        *each(
            Row(status=417, closes=True),
            {
                "miracles": ask("POST", "/api/keys", "Expect: miracles"),
                "empty": ask("POST", "/api/keys", "Expect:"),
                "continue-and-more": ask("POST", "/api/keys", "Expect: 100-continue, miracles"),
                "raw-bytes": ask("POST", "/api/keys", "Expect: \xff"),
                "with-get": ask("GET", "/api/realms", "Expect: the-unexpected"),
            },
        ),
        *each(
            Row(status=401, closes=True),
            {
                "continue-without-credentials": ask(
                    "POST", "/api/keys", "Expect: 100-continue", "Content-Length: 6", kind=FORM, account=""
                ),
                "continue-with-an-upload-without-credentials": ask(
                    "PUT", "/api/buckets/bucket1/x", "Expect: 100-continue", "Content-Length: 6", account=""
                ),
            },
        ),
        Row(
            name="continue-for-an-unknown-route",
            request=ask("POST", "/api/nosuch", "Expect: 100-continue", "Content-Length: 6", kind=FORM),
            status=404,
            closes=True,
        ),
        Row(
            name="continue-from-a-foreign-page",
            request=ask(
                "POST", "/api/keys", "Expect: 100-continue", "Content-Length: 6", "Origin: http://x.example", kind=FORM
            ),
            status=403,
            closes=True,
        ),
        Row(
            name="continue-over-the-limit",
            request=ask("POST", "/api/keys", "Expect: 100-continue", "Content-Length: 60000000", kind=FORM),
            status=413,
            closes=True,
        ),
        Row(
            name="continue-for-a-wrong-form",
            request=ask("POST", "/api/keys", "Expect: 100-continue", "Content-Length: 6", kind=FORM),
            body=lambda: iter([b"nome=x"]),
            continues=True,
            status=400,
            blames="name",
        ),
        Row(
            name="continue-twice",
            request=ask("POST", "/api/keys", "Expect: 100-continue", "Expect: 100-continue", kind=FORM),
            status=400,
            blames="name",
        ),
        Row(name="continue-without-a-body", request=ask("GET", "/api/realms", "Expect: 100-continue"), status=200),
        Row(
            name="continue-in-old-http",
            request=ask("POST", "/api/keys", "Expect: 100-continue", body="nome=x", kind=FORM, version="HTTP/1.0"),
            status=400,
            blames="name",
            closes=True,
        ),
    ),
    *family(
        "body",
        Row(name="of-a-get", request=ask(body="x" * 5000), status=200),
        Row(name="of-a-large-get", request=ask("GET", "/api/realms", body="x" * 500_000), status=200, closes=True),
        Row(name="of-a-delete", request=ask("DELETE", "/api/keys/nosuch", body=_MORE), status=404),
        Row(name="of-what-is-nothing", request=post("/api/nosuch", _MORE), status=404),
        Row(
            name="of-an-unauthorised-upload",
            request=ask("PUT", "/api/buckets/bucket1/x", body="x" * 300_000, account=""),
            status=401,
            closes=True,
        ),
    ),
)
