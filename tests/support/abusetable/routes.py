"""Paths that are none, and methods that paths do not know."""

from __future__ import annotations

from abusetable.row import FORM, Row, ask, each, family, post

_READ = (("allow", "GET, HEAD, OPTIONS"),)
_KEY = (("allow", "DELETE, GET, HEAD, OPTIONS"),)

ROUTES = (
    *family(
        "route",
        *each(
            Row(status=404),
            {
                "unknown": ask(target="/api/nosuch"),
                "below-one": ask(target="/api/instances/inst1/nosuch"),
                "below-an-action": ask("POST", "/api/instances/inst1/stop/now"),
                "below-a-blob": ask(target="/api/buckets/bucket1/blob1/nosuch"),
                "very-deep": ask(target="/api" + "/a" * 5000),
                "slash-behind-a-collection": ask(target="/api/instances/"),
                "slashes-behind-a-collection": ask(target="/api/instances//"),
                "slash-behind-one": ask(target="/api/instances/inst1/"),
                "other-case": ask(target="/api/Instances"),
                "mount-in-other-case": ask(target="/API/realms"),
                "mount-with-a-tail": ask(target="/apis"),
                "outside": ask(target="/etc/passwd"),
                "dots": ask(target="/api/../etc/passwd"),
                "dots-in-front": ask(target="/../api/realms"),
                "encoded-dots": ask(target="/api/%2e%2e/%2e%2e/etc/passwd"),
                "encoded-slashes": ask(target="/api/..%2f..%2fetc%2fpasswd"),
                "encoded-slash-for-a-slash": ask(target="/api%2frealms"),
                "one-dot": ask(target="/api/./realms"),
                "backslashes": ask(target="/api\\realms"),
                "twice-encoded": ask(target="/api/%2572ealms"),
                "host-in-the-path": ask(target="//evil.example/api/realms"),
                "healthz-with-a-slash": ask(target="/healthz/"),
                "markup": ask(target="/api/<script>alert('x')</script>\"&]]>"),
                "percent-outside": ask(target="/%zz"),
                "markup-outside": ask(target="/<script>alert('x')</script>\"&]]>"),
                "documentation-of-nothing": ask(target="/api/docs/%3Cscript%3E", account=""),
                "driver-that-is-none": ask(target="/api/drivers/..%2f..%2fetc", account=""),
            },
        ),
        *each(
            Row(status=200),
            {
                "doubled-slashes": ask(target="//api///realms"),
                "encoded-letters": ask(target="/%61pi/%72ealms"),
                "question-mark-alone": ask(target="/api/realms?"),
                "question-marks": ask(target="/api/realms??a=b?c=d"),
                "entry-with-a-slash": ask(target="/api/"),
            },
        ),
        *each(
            Row(status=400),
            {
                "percent-alone": ask(target="/api/keys/%"),
                "percent-cut": ask(target="/api/keys/%2"),
                "percent-not-hexadecimal": ask(target="/api/keys/%zz"),
                "percent-in-unicode-form": ask(target="/api/keys/%u0041"),
                "overlong-utf-8": ask(target="/api/keys/%c0%af"),
                "cut-utf-8": ask(target="/api/keys/%e2%82"),
                "surrogate-in-utf-8": ask(target="/api/keys/%ed%a0%80"),
                "beyond-unicode": ask(target="/api/keys/%f4%90%80%80"),
                "latin-1": ask(target="/api/keys/%e9"),
                "fragment": ask(target="/api/realms#fragment"),
                "percent-in-the-query": ask(target="/api/realms?x=%"),
                "percent-in-a-name-of-the-query": ask(target="/api/realms?%zz=x"),
                "latin-1-in-the-query": ask(target="/api/realms?x=%e9"),
                "thousands-of-parameters": ask(target="/api/realms?" + "a&" * 2000),
            },
        ),
    ),
    *family(
        "method",
        *each(
            Row(status=405, headers=_READ),
            {
                "put": ask("PUT", body="x"),
                "patch": ask("PATCH", body="x"),
                "delete": ask("DELETE"),
                "post": post("/api/realms", "a=b"),
                "trace": ask("TRACE"),
                "unknown": ask("BREW"),
                "of-files": ask("PROPFIND"),
                "websocket": ask("WEBSOCKET"),
                "with-odd-characters": ask("M-SEARCH"),
                "at-the-entry": ask("DELETE", "/api/hardware_profiles"),
            },
        ),
        *each(
            Row(status=405, headers=_KEY),
            {
                "patch-of-one": ask("PATCH", "/api/keys/test-key"),
                "trace-of-one": ask("TRACE", "/api/keys/test-key"),
                "unknown-of-one": ask("BREW", "/api/keys/test-key"),
                "put-without-credentials": ask("PUT", "/api/keys/test-key", account=""),
            },
        ),
        Row(name="connect", request=ask("CONNECT"), status=405, headers=_READ, closes=True),
        *each(
            Row(status=404),
            {
                "unknown-of-nothing": ask("BREW", "/api/nosuch"),
                "trace-of-nothing": ask("TRACE", "/api/nosuch"),
                "options-of-one": ask("OPTIONS", "/api/instances/inst1"),
                "unknown-outside": ask("BREW", "/nosuch"),
            },
        ),
        *each(
            Row(status=405, headers=(("allow", "GET, HEAD"),)),
            {"delete-of-a-page": ask("DELETE", "/healthz"), "unknown-of-a-page": ask("BREW", "/")},
        ),
        *each(
            Row(status=400, closes=True),
            {
                "lower-case": ask("get"),
                "too-short": ask("GO"),
                "too-long": ask("A" * 21),
                "no-token": ask("G(T"),
                "empty": ask(""),
                "connect-to-somewhere": ask("CONNECT", "evil.example"),
            },
        ),
        Row(name="connect-to-a-port", request=ask("CONNECT", "evil.example:443"), status=400, closes=True),
    ),
    *family(
        "override",
        *each(
            Row(status=405, headers=_READ),
            {
                "to-an-unknown-method": ask("POST", "/api/realms", "X-HTTP-Method-Override: BREW"),
                "to-trace": ask("POST", "/api/realms", "X-HTTP-Method-Override: TRACE"),
                "to-connect": ask("POST", "/api/realms?_method=CONNECT"),
                "to-patch": post("/api/realms", "_method=patch"),
                "to-options-and-more": ask("POST", "/api/realms", "X-HTTP-Method-Override: OPTIONS, GET"),
                "twice": ask("POST", "/api/realms", "X-HTTP-Method-Override: GET", "X-HTTP-Method-Override: GET"),
                "to-nothing": ask("POST", "/api/realms?_method="),
                "with-controls": ask("POST", "/api/realms?_method=GET%0d%0aX:y"),
                "of-a-put": ask("PUT", "/api/realms", "X-HTTP-Method-Override: GET"),
                "to-head": ask("POST", "/api/realms?_method=HEAD"),
                "to-head-by-header": ask("POST", "/api/realms", "X-HTTP-Method-Override: HEAD"),
            },
        ),
        *each(
            Row(status=200),
            {
                "of-a-get": ask(target="/api/keys/test-key?_method=DELETE"),
                "of-a-get-by-header": ask("GET", "/api/keys/test-key", "X-HTTP-Method-Override: DELETE"),
                "to-get": post("/api/realms", "_method=get"),
                "at-last": post("/api/realms", "_method=BREW&_method=GET"),
                "among-raw-bytes": post("/api/realms", b"x=\xff&_method=GET"),
            },
        ),
        Row(
            name="in-a-large-form",
            request=post("/api/realms", "_method=GET&x=" + "x" * 70_000),
            status=405,
            headers=_READ,
            closes=True,
        ),
        Row(
            name="to-delete-without-credentials",
            request=ask("POST", "/api/keys/test-key?_method=DELETE", account=""),
            status=401,
        ),
        Row(
            name="in-a-malformed-form-without-credentials",
            request=ask("POST", "/api/keys", body="_method=%zz", kind=FORM, account=""),
            status=401,
        ),
    ),
)
