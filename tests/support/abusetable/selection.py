"""Drivers, providers and formats that are none, in headers, matrix parameters and query strings."""

from __future__ import annotations

from abusetable.row import Row, ask, each, family, post

_DRIVER, _PROVIDER = "X-Deltacloud-Driver: ", "X-Deltacloud-Provider: "


def _accepting(text: str, target: str = "/api/realms") -> bytes:
    return ask("GET", target, f"Accept: {text}", accept=False)


def _with_accept(format_parameter: str) -> bytes:
    return ask(target=f"/api/realms?format={format_parameter}")


SELECTION = (
    *family(
        "driver",
        *each(
            Row(status=400, blames="driver"),
            {
                "unknown": ask("GET", "/api/realms", f"{_DRIVER}nosuch"),
                "unknown-by-matrix": ask(target="/api;driver=nosuch/realms"),
                "unknown-by-query": ask(target="/api/realms?api%5Bdriver%5D=nosuch"),
                "unknown-at-the-entry": ask(target="/api;driver=nosuch", account=""),
                "unknown-at-last": ask(target="/api;driver=mock;driver=nosuch/realms"),
                "too-long": ask("GET", "/api/realms", _DRIVER + "x" * 65),
                "very-long": ask("GET", "/api/realms", _DRIVER + "x" * 16_000),
                "with-markup": ask(target="/api;driver=%3Cscript%3Ealert(1)%3C%2Fscript%3E/realms"),
                "with-a-nul": ask(target="/api;driver=mock%00/realms"),
                "with-line-breaks": ask(target="/api;driver=mock%0d%0aX-Injected:%20yes/realms"),
                "of-a-path": ask(target="/api;driver=..%2f..%2fetc%2fpasswd/realms"),
                "with-other-letters": ask(target="/api;driver=m%C3%B6ck/realms"),
                "with-raw-bytes": ask("GET", "/api/realms", f"{_DRIVER}m\xf6ck"),
                "blank-by-matrix": ask(target="/api;driver=%20/realms"),
                "of-a-module": ask("GET", "/api/realms", f"{_DRIVER}os.system"),
                "unknown-with-options": ask("OPTIONS", "/api", f"{_DRIVER}nosuch"),
            },
        ),
        *each(
            Row(status=400),
            {
                "twice": ask("GET", "/api/realms", f"{_DRIVER}mock", f"{_DRIVER}mock"),
                "twice-and-by-matrix": ask("GET", "/api;driver=mock/realms", f"{_DRIVER}mock", f"{_DRIVER}mock"),
            },
        ),
        Row(name="with-comma", request=ask("GET", "/api/realms", f"{_DRIVER}mock,mock"), status=400, blames="driver"),
        Row(
            name="with-a-control-character",
            request=ask("GET", "/api/realms", f"{_DRIVER}mo\x01ck"),
            status=400,
            closes=True,
        ),
        Row(
            name="switched-to-markup",
            request=post("/api", "driver=%3Cscript%3E%0d%0aX-Injected:%20yes"),
            status=303,
            headers=(("location", "http://localhost/api;driver=%3Cscript%3E%0D%0AX-Injected%3A%20yes"),),
            answers="empty",
        ),
        *each(
            Row(status=200, headers=(("x-deltacloud-driver", "mock"),)),
            {
                "empty": ask("GET", "/api/realms", _DRIVER),
                "blank": ask("GET", "/api/realms", f"{_DRIVER}\t "),
                "empty-by-matrix": ask(target="/api;driver=/realms"),
                "in-capitals": ask("GET", "/api/realms", f"{_DRIVER}MOCK"),
                "with-an-underscore": ask("GET", "/api/realms", "X_Deltacloud_Driver: nosuch"),
                "on-another-segment": ask(target="/api/realms;driver=nosuch"),
            },
        ),
    ),
    *family(
        "provider",
        *each(
            Row(status=400, blames="provider"),
            {
                "too-long": ask("GET", "/api/realms", _PROVIDER + "x" * 2049),
                "with-line-breaks": ask(target="/api;provider=x%0d%0aX-Injected:%20yes/realms"),
                "with-a-nul": ask(target="/api;provider=x%00/realms"),
                "with-a-nul-by-query": ask(target="/api/realms?api[provider]=%00"),
            },
        ),
        Row(name="twice", request=ask("GET", "/api/realms", f"{_PROVIDER}a", f"{_PROVIDER}b"), status=400),
        Row(
            name="with-a-control-character",
            request=ask("GET", "/api/realms", f"{_PROVIDER}a\x02b"),
            status=400,
            closes=True,
        ),
        *each(
            Row(status=200),
            {
                "empty": ask("GET", "/api/realms", _PROVIDER),
                "with-comma": ask("GET", "/api/realms", f"{_PROVIDER}a,b"),
                "with-markup": ask("GET", "/api", f"{_PROVIDER}'><script>alert(1)</script>]]>"),
                "with-raw-bytes": ask("GET", "/api", f"{_PROVIDER}\xff\xfe\xed\xa0\x80"),
                "with-other-letters": ask(target="/api;provider=%C3%BC%E2%98%83%F0%9F%A6%8A"),
                "with-non-characters": ask(target="/api;provider=%EF%BF%BE%C2%85%E2%80%A8"),
                "of-a-link": ask(target="/api;provider=javascript:alert(1)"),
            },
        ),
        Row(
            name="in-an-error",
            request=ask(target="/api;provider=%3Cscript%3E'%22&]]%3E/realms/nosuch"),
            status=404,
        ),
        *each(
            Row(status=400, blames="provider"),
            {
                "switched-to-line-breaks": ask("POST", "/api?provider=%0d%0aX-Injected:%20yes", account=""),
                "switched-to-a-nul": post("/api", "provider=%00"),
            },
        ),
    ),
    *family(
        "format",
        *each(
            Row(status=406, answers="xml"),
            {
                "unknown": _with_accept("foo"),
                "empty": _with_accept(""),
                "in-capitals": _with_accept("XML"),
                "of-another-operation": _with_accept("png"),
                "of-problems": _with_accept("problem"),
                "with-blanks": _with_accept("xml%20"),
                "with-markup": _with_accept("%3Cscript%3E"),
                "media-type": _with_accept("application/json"),
                "unknown-at-last": _with_accept("json&format=foo"),
                "unknown-before-anything-happens": ask("DELETE", "/api/keys/test-key?format=foo"),
            },
        ),
        *each(
            Row(status=406),
            {
                "unknown-type": _accepting("image/png"),
                "type-of-nothing": _accepting("a/b/c"),
                "star-alone": _accepting("*"),
                "no-type": _accepting(";q=1"),
                "separators": _accepting(",;,;,=,;"),
                "all-excluded": _accepting("application/xml;q=0, */*;q=0.0"),
                "quoted": _accepting('"application/xml"'),
                "unclosed-quote": _accepting('text/plain; a="application/xml'),
                "raw-bytes": _accepting("\xff\xfe/\x80"),
                "very-long": _accepting("text/plain;a=" + "b" * 15_000),
                "thousands-of-types": _accepting("a/b," * 4000),
                "capitals-of-nothing": _accepting("APPLICATION/MSWORD"),
                "form-page-in-another-format": _accepting("application/xml", "/api/keys/new"),
                "before-the-driver": _accepting("image/png", "/api;driver=nosuch/realms"),
                "before-anything-happens": ask("DELETE", "/api/keys/test-key", "Accept: image/png", accept=False),
            },
        ),
        *each(
            Row(status=200),
            {
                "absent": ask(accept=False),
                "blank": _accepting(" ,, ,"),
                "weight-of-nothing": _accepting("application/xml;q=abc"),
                "weight-without-end": _accepting("application/xml;q=" + "9" * 5000),
                "weight-below-nothing": _accepting("application/xml;q=-1"),
                "capitals": _accepting("APPLICATION/XML"),
                "with-parameters": _accepting('application/xml;a="b,c;d";q=0.5'),
            },
        ),
        Row(
            name="index-page-for-machines",
            request=ask("GET", "/", "Accept: application/json", accept=False),
            status=406,
            answers="empty",
        ),
        Row(name="problem-excluded", request=_accepting("application/problem+json;q=0"), status=406),
        Row(
            name="problem-of-another-type",
            request=_accepting("application/problem+json, image/png", "/api/nosuch"),
            status=404,
            answers="problem",
        ),
    ),
    *family(
        "matrix",
        *each(
            Row(status=200),
            {
                "empty": ask(target="/api;;;/realms"),
                "no-value": ask(target="/api;driver/realms"),
                "no-name": ask(target="/api;=nosuch/realms"),
                "malformed-percent": ask(target="/api;driver=%zz/realms"),
                "latin-1": ask(target="/api;driver=%ff/realms"),
                "encoded-name": ask(target="/api;%64river=nosuch/realms"),
                "thousands": ask(target="/api" + ";a=b" * 8000 + "/realms"),
                "encoded-equals": ask(target="/api;driver%3Dnosuch/realms"),
                "on-a-leaf": ask(target="/api/realms;x=%zz;;y"),
            },
        ),
        *each(
            Row(status=400, blames="driver"),
            {
                "two-equals": ask(target="/api;driver==mock/realms"),
                "pair-in-a-value": ask(target="/api;driver=mock%3Bprovider=x/realms"),
            },
        ),
        *each(
            Row(status=404),
            {
                "encoded-semicolon": ask(target="/api%3Bdriver=mock/realms"),
                "before-the-mount": ask(target="/;driver=mock/api/realms"),
            },
        ),
    ),
)
