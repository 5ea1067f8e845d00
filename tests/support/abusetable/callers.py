"""Who is asking: malformed credentials, foreign pages, hosts that are none."""

from __future__ import annotations

from abusetable.row import PASSWORD, SECRET, USER, Row, ask, basic, each, family, post

_CHALLENGE = (("www-authenticate", 'Basic realm="mock-deltacloud@[^"]*"'),)


def _as(account: str) -> bytes:
    return ask(account=account)


def _host(value: str) -> bytes:
    return ask(host=f"Host: {value}")


CALLERS = (
    *family(
        "credentials",
        *each(
            Row(status=401, headers=_CHALLENGE),
            {
                "absent": _as(""),
                "empty": _as("Authorization:"),
                "scheme-alone": _as("Authorization: Basic"),
                "scheme-and-blanks": _as("Authorization: Basic    "),
                "no-colon": _as(basic(SECRET)),
                "no-base64": _as(f"Authorization: Basic {SECRET}:{SECRET}!"),
                "plain": _as(f"Authorization: Basic {USER}:{PASSWORD}"),
                "cut-base64": _as(basic(f"{USER}:{SECRET}")[:-3]),
                "url-safe-base64": _as("Authorization: Basic bW9ja3VzZXI6_w-_"),
                "blank-in-base64": _as("Authorization: Basic bW9ja3Vz ZXI6bW9ja3Bhc3N3b3Jk"),
                "raw-bytes": _as("Authorization: Basic \xff\xfe\xfd"),
                "other-scheme": _as(f"Authorization: Bearer {SECRET}"),
                "digest": _as(f'Authorization: Digest username="{USER}", response="{SECRET}"'),
                "no-scheme": _as("Authorization: bW9ja3VzZXI6bW9ja3Bhc3N3b3Jk"),
                "two-headers": _as(basic(f"{USER}:{PASSWORD}") + "\r\n" + basic(f"{USER}:{PASSWORD}")),
                "two-in-one-header": _as(basic(f"{USER}:{PASSWORD}") + ", Basic x"),
                "no-utf-8": _as(basic(b"\xff\xfe:" + SECRET.encode())),
                "ten-kilobytes": _as(basic("u" * 5000 + ":" + SECRET * 400)),
                "control-characters": _as(basic(f"{USER}\n:{PASSWORD}")),
                "nul": _as(basic(f"{USER}:{PASSWORD}\0")),
                "wrong": _as(basic(f"{USER}:{SECRET}")),
                "of-nobody": _as(basic(f"nobody:{SECRET}")),
                "other-case": _as(basic(f"{USER.upper()}:{PASSWORD}")),
                "anonymous": _as(basic(":")),
                "no-password": _as(basic(f"{USER}:")),
                "markup": _as(basic(f"<script>:{SECRET}")),
                "token-alone": ask("GET", "/api/realms", f"X-Deltacloud-Session-Token: {SECRET}", account=""),
                "of-a-proxy": ask("GET", "/api/realms", f"Proxy-{basic(f'{USER}:{PASSWORD}')}", account=""),
                "in-the-query": ask(target=f"/api/realms?username={USER}&password={SECRET}", account=""),
                "for-a-form": post("/api/keys", "").replace(basic(f"{USER}:{PASSWORD}").encode(), b"X-Nothing: x"),
                "checked-at-the-entry": ask(target="/api?force_auth=1", account=basic(f"{USER}:{SECRET}")),
                "absent-at-the-checked-entry": ask(target="/api?force_auth=", account=""),
            },
        ),
        *each(
            Row(status=200),
            {
                "wrong-at-the-entry": ask(target="/api", account=basic(f"{USER}:{SECRET}")),
                "malformed-at-the-entry": ask(target="/api", account="Authorization: \xff"),
                "scheme-in-capitals": _as(basic(f"{USER}:{PASSWORD}").replace("Basic", "BASIC")),
                "several-blanks": _as(basic(f"{USER}:{PASSWORD}").replace("Basic ", "Basic    ")),
            },
        ),
        Row(
            name="over-the-limit-of-headers",
            request=_as(basic("u" * 20_000 + ":" + SECRET)),
            status=431,
            closes=True,
        ),
        Row(
            name="in-a-malformed-header",
            request=_as(f"Authorization Basic {SECRET}"),
            status=400,
            closes=True,
        ),
    ),
    *family(
        "foreign",
        *each(
            Row(status=403),
            {
                "cross-site-post": ask("POST", "/api/keys", "Sec-Fetch-Site: cross-site", body="name=x"),
                "same-site-post": ask("POST", "/api/keys", "Sec-Fetch-Site: same-site", body="name=x"),
                "odd-site-post": ask("POST", "/api/keys", "Sec-Fetch-Site: \xff"),
                "site-sent-twice": ask("POST", "/api/keys", "Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"),
                "delete": ask("DELETE", "/api/keys/test-key", "Sec-Fetch-Site: cross-site"),
                "put": ask("PUT", "/api/buckets/bucket1/foreign", "Origin: https://evil.example", body="x"),
                "action": ask("POST", "/api/instances/inst1/stop", "Origin: https://evil.example"),
                "override": ask("POST", "/api/keys/test-key?_method=DELETE", "Origin: https://evil.example"),
                "override-to-get-that-selects": ask(
                    "POST", "/api;driver=mock/realms", "X-HTTP-Method-Override: GET", "Origin: https://evil.example"
                ),
                "switch": ask("POST", "/api", "Origin: https://evil.example", body="driver=mock", account=""),
                "origin-null": ask("POST", "/api/keys", "Origin: null"),
                "origin-of-another-port": ask("POST", "/api/keys", "Origin: http://localhost:81"),
                "origin-of-another-scheme": ask("POST", "/api/keys", "Origin: https://localhost"),
                "origin-with-our-name-in-it": ask("POST", "/api/keys", "Origin: http://localhost.evil.example"),
                "origin-with-userinfo": ask("POST", "/api/keys", "Origin: http://localhost@evil.example"),
                "origin-malformed": ask("POST", "/api/keys", "Origin: http://[::1"),
                "origin-of-an-odd-port": ask("POST", "/api/keys", "Origin: http://localhost:99999"),
                "two-origins": ask("POST", "/api/keys", "Origin: http://localhost", "Origin: http://evil.example"),
                "referer": ask("POST", "/api/keys", "Referer: https://evil.example/http://localhost/"),
                "referer-malformed": ask("POST", "/api/keys", "Referer: about:blank"),
                "origin-beats-referer": ask(
                    "POST", "/api/keys", "Origin: https://evil.example", "Referer: http://localhost/api"
                ),
                "site-beats-origin": ask("POST", "/api/keys", "Sec-Fetch-Site: cross-site", "Origin: http://localhost"),
                "driver-by-matrix": ask("GET", "/api;driver=mock/realms", "Sec-Fetch-Site: cross-site"),
                "provider-by-matrix": ask("GET", "/api;provider=x/realms", "Referer: https://evil.example/"),
                "driver-by-query": ask("GET", "/api/realms?api[driver]=mock", "Sec-Fetch-Site: same-site"),
                "head": ask("HEAD", "/api;driver=mock/realms", "Sec-Fetch-Site: cross-site"),
            },
        ),
        *each(
            Row(status=200),
            {
                "reading": ask("GET", "/api/realms", "Sec-Fetch-Site: cross-site"),
                "reading-by-link": ask("GET", "/api/realms", "Referer: https://evil.example/"),
                "typed": ask("GET", "/api;driver=mock/realms", "Sec-Fetch-Site: none"),
                "site-is-ours": ask(
                    "GET", "/api;driver=mock/realms", "Sec-Fetch-Site: same-origin", "Origin: https://evil.example"
                ),
                "driver-by-header": ask(
                    "GET", "/api/realms", "X-Deltacloud-Driver: mock", "Sec-Fetch-Site: cross-site"
                ),
            },
        ),
        Row(
            name="without-credentials",
            request=ask("POST", "/api/keys", "Origin: https://evil.example", account=""),
            status=401,
        ),
        Row(
            name="with-an-unknown-driver",
            request=ask("GET", "/api;driver=nosuch/realms", "Origin: https://evil.example"),
            status=400,
            blames="driver",
        ),
    ),
    *family(
        "host",
        *each(
            Row(status=400),
            {
                "missing": ask(host=""),
                "missing-beside-a-whole-url": ask(target="http://localhost/api/realms", host=""),
                "empty": _host(""),
                "blank": _host("a b"),
                "path": _host("localhost/x"),
                "userinfo": _host(f"user:{SECRET}@localhost"),
                "userinfo-in-a-url": ask(target=f"http://user:{SECRET}@localhost/api/realms"),
                "port-of-letters": _host("localhost:http"),
                "port-too-high": _host("localhost:65536"),
                "port-very-long": _host("localhost:" + "9" * 5000),
                "open-bracket": _host("[::1"),
                "no-address": _host("[zz]"),
                "zone": _host("[fe80::1%25eth0]"),
                "list": _host("localhost,evil.example"),
                "markup": _host("<script>"),
                "quotes": _host("\"'"),
                "raw-bytes": _host("\xff\xfe"),
                "very-long": _host("a" * 10_000),
                "hyphen": _host("-"),
                "url-without-one": ask(target="http:///api/realms"),
                "scheme-of-another-kind": ask(target="ftp-x://localhost/api/realms"),
                "forwarded-path": ask("GET", "/api/realms", "X-Forwarded-Host: evil.example/x"),
                "forwarded-markup": ask("GET", "/api/realms", "X-Forwarded-Host: <script>"),
                "forwarded-scheme": ask("GET", "/api/realms", "X-Forwarded-Proto: gopher"),
                "forwarded-scheme-with-more": ask("GET", "/api/realms", "X-Forwarded-Proto: http://x"),
            },
        ),
        *each(
            Row(status=400, closes=True),
            {
                "missing-in-old-http": ask(host="", version="HTTP/1.0"),
                "twice": ask("GET", "/api/realms", "Host: localhost"),
                "twice-and-different": ask("GET", "/api/realms", "host: evil.example"),
                "control-character": _host("local\x00host"),
            },
        ),
        *each(
            Row(status=200),
            {
                "foreign": _host("evil.example"),
                "beaten-by-a-whole-url": ask(target="http://other.example/api/realms"),
                "forwarded-nonsense-peer": ask("GET", "/api/realms", "X-Forwarded-For: <script>, \xff"),
                "odd-request-id": ask("GET", "/api/realms", "X-Request-Id: <script>alert(1)</script>"),
                "long-request-id": ask("GET", "/api/realms", "X-Request-Id: " + "x" * 8000),
                "forwarded-nothing": ask("GET", "/api/realms", "X-Forwarded-Host: ,", "X-Forwarded-Proto:"),
            },
        ),
    ),
)
