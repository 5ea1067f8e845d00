"""What stands around every front end: ids, hosts, paths, headers, pages, errors. Called as any WSGI host calls it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from deltacloud.errors import ClientDisconnected, RequestTimeout
from deltacloud.kernel import ENVIRON_KEY, Application, GatewaySettings
from deltacloud.server import create_app
from deltacloud.server.intake import REPEATED


class Answer:
    """An answer of a WSGI application."""

    def __init__(self, application: Application, **environ: Any) -> None:
        self.started: list[tuple[int, list[tuple[str, str]]]] = []
        blocks = application(_environ(**environ), self._start)
        try:
            self.body = b"".join(blocks)
        finally:
            if hasattr(blocks, "close"):
                blocks.close()

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        assert not self.started or exc_info is not None
        self.started.append((int(status[:3]), headers))

    @property
    def status(self) -> int:
        return self.started[-1][0]

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.started[-1][1])

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


def _environ(target: str = "/probe/echo", **more: Any) -> dict[str, Any]:
    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": target, "PATH_INFO": "ignored", "QUERY_STRING": target.partition("?")[2],
        "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "3001", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost:3001", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
    }  # fmt: skip
    environ.update(more)
    return {name: value for name, value in environ.items() if value is not None}


def _application(**settings: Any) -> Application:
    return create_app(GatewaySettings(driver="probe", front_ends=("probe",), **settings))


@pytest.fixture(scope="module", autouse=True)
def _probe_is_installed(probe_path: Path) -> Iterator[None]:
    sys.path.insert(0, str(probe_path))
    yield
    sys.path.remove(str(probe_path))


@pytest.fixture(name="application", scope="module")
def application_fixture() -> Application:
    return _application()


# Ids


def test_every_answer_carries_an_id_of_its_own(application: Application) -> None:
    ids = {Answer(application, target=target).headers["X-Request-Id"] for target in ("/", "/nothing", "/probe/fail")}
    assert len(ids) == 3
    assert all(len(one) == 24 for one in ids)


def test_the_front_end_and_the_answer_have_the_same_id(application: Application) -> None:
    answer = Answer(application)
    assert answer.told["id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("peer", "sent", "taken"),
    [
        ("127.0.0.1", "Job-7.a_b", True),
        ("::1", "x" * 64, True),
        ("192.0.2.1", "Job-7", False),
        ("127.0.0.1", "x" * 65, False),
        ("127.0.0.1", "a b", False),
        ("127.0.0.1", "a\n", False),
        ("127.0.0.1", "", False),
    ],
)
def test_an_id_is_taken_over_from_trusted_proxies_if_it_is_sane(
    application: Application, peer: str, sent: str, taken: bool
) -> None:
    answer = Answer(application, REMOTE_ADDR=peer, HTTP_X_REQUEST_ID=sent)
    assert (answer.headers["X-Request-Id"] == sent) is taken


# Paths


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/probe/echo/a%2Fb%3Bc?x=/y", "/probe/echo/a%2Fb%3Bc"),
        ("//probe///echo//x", "//probe///echo//x"),
        ("/probe;driver=mock;provider=a%2Fb/echo", "/probe;driver=mock;provider=a%2Fb/echo"),
        ("/pro%62e/echo/1", "/pro%62e/echo/1"),
        ("http://other.example/probe/echo?x", "/probe/echo"),
    ],
)
def test_front_ends_get_the_path_as_it_was_sent(application: Application, target: str, path: str) -> None:
    assert Answer(application, target=target).told["raw_path"] == path


def test_without_a_raw_target_the_path_is_encoded_again(application: Application) -> None:
    answer = Answer(application, RAW_URI=None, PATH_INFO="/probe/echo/a b\xc3\xa9;x=1")
    assert answer.told["raw_path"] == "/probe/echo/a%20b%C3%A9;x=1"


def test_below_another_path_of_the_host_that_path_is_part_of_the_links(application: Application) -> None:
    told = Answer(application, target="/cloud/probe/echo", SCRIPT_NAME="/cloud").told
    assert (told["raw_path"], told["base_url"]) == ("/probe/echo", "http://localhost:3001/cloud")


@pytest.mark.parametrize("target", ["/probe/echo#x", "probe/echo", "ftp//x"])
def test_a_malformed_target_is_refused(application: Application, target: str) -> None:
    assert Answer(application, target=target).status == 400


# Hosts


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("localhost:3001", "http://localhost:3001"),
        ("cloud.example", "http://cloud.example"),
        ("cloud.example:80", "http://cloud.example"),
        ("cloud.example:", "http://cloud.example"),
        ("10.0.0.1:443", "http://10.0.0.1:443"),
        ("[2001:db8::1]:3001", "http://[2001:db8::1]:3001"),
    ],
)
def test_links_follow_the_host_header(application: Application, host: str, base: str) -> None:
    assert Answer(application, HTTP_HOST=host).told["base_url"] == base


@pytest.mark.parametrize(
    "host", ["", "a b", "a/b", "user@host", "host:port", "host:99999", "[::1", "[zz]", "[1:2]", "a,b", "-", "h\u00e9"]
)
def test_a_malformed_host_is_refused(application: Application, host: str) -> None:
    answer = Answer(application, HTTP_HOST=host)
    assert (answer.status, b"The Host header is malformed" in answer.body) == (400, True)


def test_a_missing_host_is_refused_but_for_simple_health_checks(application: Application) -> None:
    assert Answer(application, HTTP_HOST=None).status == 400
    old = Answer(application, HTTP_HOST=None, SERVER_PROTOCOL="HTTP/1.0")
    assert (old.status, b"Unable to find HTTP Host header" in old.body) == (400, True)
    assert Answer(application, target="/healthz", HTTP_HOST=None, SERVER_PROTOCOL="HTTP/1.0").status == 200
    assert Answer(application, target="/healthz", HTTP_HOST=None).status == 400


def test_a_whole_url_beats_the_host_header(application: Application) -> None:
    assert Answer(application, target="http://other.example/probe/echo").told["base_url"] == "http://other.example"


def test_the_public_url_beats_everything() -> None:
    told = Answer(_application(public_url="https://cloud.example/x"), HTTP_X_FORWARDED_HOST="other.example").told
    assert (told["base_url"], told["local"]) == ("https://cloud.example/x", False)


FORWARDED = {
    "HTTP_X_FORWARDED_HOST": "spoofed.example, cloud.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_FOR": "198.51.100.9, 203.0.113.7, 127.0.0.1",
}


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_forwarded_headers_of_trusted_proxies_count(application: Application, peer: str) -> None:
    told = Answer(application, REMOTE_ADDR=peer, **FORWARDED).told
    assert (told["base_url"], told["peer"]) == ("https://cloud.example", "203.0.113.7")


@pytest.mark.parametrize("peer", ["192.0.2.1", "2001:db8::1", ""])
def test_forwarded_headers_of_anybody_else_do_not_count(application: Application, peer: str) -> None:
    told = Answer(application, REMOTE_ADDR=peer, **FORWARDED).told
    assert (told["base_url"], told["peer"]) == ("http://localhost:3001", peer)


def test_the_operator_says_whom_to_trust() -> None:
    application = _application(trusted_proxies=("192.0.2.0/24",))
    assert Answer(application, REMOTE_ADDR="192.0.2.1", **FORWARDED).told["base_url"] == "https://cloud.example"
    assert Answer(application, REMOTE_ADDR="127.0.0.1", **FORWARDED).told["base_url"] == "http://localhost:3001"


@pytest.mark.parametrize(
    ("header", "peer"),
    [("nonsense", "127.0.0.1"), ("203.0.113.7, nonsense", "127.0.0.1"), ("203.0.113.7:4711", "203.0.113.7"),
     ("[2001:db8::7]:4711", "2001:db8::7"), ("2001:db8::7", "2001:db8::7"), ("127.0.0.2", "127.0.0.2")],
)  # fmt: skip
def test_the_forwarded_client_is_an_address_or_does_not_count(application: Application, header: str, peer: str) -> None:
    assert Answer(application, HTTP_X_FORWARDED_FOR=header).told["peer"] == peer


@pytest.mark.parametrize("proto", ["gopher", "https://x"])
def test_a_forwarded_scheme_must_be_one_of_the_web(application: Application, proto: str) -> None:
    assert Answer(application, HTTP_X_FORWARDED_PROTO=proto).status == 400


# Local requests


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:3001", "[::1]:3001"])
def test_a_request_within_one_machine_is_local(application: Application, host: str) -> None:
    assert Answer(application, HTTP_HOST=host).told["local"] is True


@pytest.mark.parametrize(
    "difference",
    [
        {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": ""}, {"HTTP_HOST": "cloud.example"},
        {"HTTP_HOST": "localhost.example"}, {"HTTP_HOST": "127.0.0.1.example"}, {"HTTP_FORWARDED": "for=x"},
        {"HTTP_VIA": "1.1 x"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_X_FORWARDED_PREFIX": "/x"},
        {"HTTP_X_FORWARDED_HOST": "localhost"}, {"RAW_URI": "http://cloud.example/probe/echo"},
    ],
)  # fmt: skip
def test_anything_in_between_makes_a_request_not_local(application: Application, difference: dict[str, str]) -> None:
    assert Answer(application, **difference).told["local"] is False


def test_no_request_is_local_when_the_server_listens_to_the_world() -> None:
    assert Answer(_application(bound_to_loopback=False)).told["local"] is False


def test_a_front_end_hears_of_headers_that_came_twice(application: Application) -> None:
    told = Answer(application, **{REPEATED: frozenset({"HTTP_X_DELTACLOUD_DRIVER"})}).told
    assert told["repeated"] == ["HTTP_X_DELTACLOUD_DRIVER"]


# Headers of answers


def test_header_names_are_written_as_people_write_them(application: Application) -> None:
    assert {"Content-Type", "ETag", "X-Deltacloud-Driver"} <= set(Answer(application, target="/probe/page").headers)
    assert "WWW-Authenticate" in Answer(application, target="/probe/refuse").headers


def test_every_answer_names_the_server_and_forbids_guessing(application: Application) -> None:
    for target in ("/", "/probe/echo", "/nothing", "/probe/fail"):
        headers = Answer(application, target=target).headers
        assert (headers["Server"], headers["X-Content-Type-Options"]) == ("Apache-Deltacloud/1.1.3", "nosniff")


def test_pages_get_the_headers_that_protect_them_and_data_does_not(application: Application) -> None:
    page, data = (Answer(application, target=f"/probe/{word}").headers for word in ("page", "echo"))
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "Content-Security-Policy" not in data


# Pages


@pytest.mark.parametrize("accept", [None, "", "text/html", "*/*", "application/xml", "application/json, text/html"])
def test_the_index_lists_the_front_ends(application: Application, accept: str | None) -> None:
    answer = Answer(application, target="/", HTTP_ACCEPT=accept)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html;charset=utf-8")
    assert b'<a href="/probe" rel="probe">probe</a>' in answer.body


@pytest.mark.parametrize("accept", ["application/json", "text/plain"])
def test_the_index_exists_as_a_page_only(application: Application, accept: str) -> None:
    answer = Answer(application, target="/", HTTP_ACCEPT=accept)
    assert (answer.status, answer.body) == (406, b"")


def test_robots_are_kept_out(application: Application) -> None:
    assert Answer(application, target="/robots.txt").body == b"User-Agent: *\nDisallow: /\n"


@pytest.mark.parametrize(("path", "word"), [("/healthz", "ok"), ("/readyz", "ready")])
def test_machines_can_ask_how_the_server_is(application: Application, path: str, word: str) -> None:
    plain, as_json = (Answer(application, target=path, HTTP_ACCEPT=accept) for accept in ("*/*", "application/json"))
    assert (plain.status, plain.body) == (200, f"{word}\n".encode())
    assert as_json.told == {"status": word}


def test_a_server_whose_default_driver_does_not_load_is_not_ready() -> None:
    application = create_app(GatewaySettings(driver="broken", front_ends=("probe",)))
    answer = Answer(application, target="/readyz")
    assert (answer.status, answer.body.startswith(b"driver broken: ")) == (503, True)
    assert Answer(application, target="/healthz").status == 200


def test_pages_can_be_asked_for_without_their_body_and_not_changed(application: Application) -> None:
    head = Answer(application, target="/", REQUEST_METHOD="HEAD")
    assert (head.status, head.body, int(head.headers["Content-Length"]) > 100) == (200, b"", True)
    post = Answer(application, target="/", REQUEST_METHOD="POST")
    assert (post.status, post.headers["Allow"]) == (405, "GET, HEAD")


def test_the_server_as_a_whole_can_be_asked_for_its_methods(application: Application) -> None:
    answer = Answer(application, target="*", REQUEST_METHOD="OPTIONS")
    assert (answer.status, "PUT" in answer.headers["Allow"]) == (204, True)


# Errors


@pytest.mark.parametrize("target", ["/nothing", "/probes/echo", "/prob", "/healthz/x", "/*"])
def test_an_unknown_path_is_answered_with_a_document(application: Application, target: str) -> None:
    answer = Answer(application, target=f"{target};x=y?z")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/xml")
    error = etree.fromstring(answer.body)
    assert (error.get("status"), error.get("url"), error.findtext("message")) == ("404", target, "Not Found")
    assert error.find("backend").get("driver") == "probe"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [("application/json", "application/json"), ("text/html", "text/html;charset=utf-8"),
     ("text/xml", "application/xml"), ("*/*", "text/html;charset=utf-8"), ("image/png", "application/xml"),
     ("application/problem+json", "application/problem+json")],
)  # fmt: skip
def test_errors_have_the_format_that_the_client_accepts(
    application: Application, accept: str, content_type: str
) -> None:
    answer = Answer(application, target="/nothing", HTTP_ACCEPT=accept)
    assert (answer.headers["Content-Type"], answer.headers["X-Request-Id"].encode() in answer.body) == (
        content_type,
        True,
    )


def test_what_a_client_sends_cannot_break_an_error_document(application: Application) -> None:
    target = "/'><x>&\"]]>"
    assert etree.fromstring(Answer(application, target=target).body).get("url") == target
    assert b"<x>" not in Answer(application, target=target, HTTP_ACCEPT="text/html").body


@pytest.mark.parametrize("word", ["fail", "second-thoughts"])
def test_an_unexpected_fault_shows_nothing_internal(
    application: Application, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = Answer(application, target=f"/probe/{word}?password=sesame", HTTP_ACCEPT="application/json")
    assert (answer.status, answer.told["message"]) == (500, "Internal Server Error")
    assert "sesame" not in caplog.text
    assert f"[{answer.told['request_id']}] unexpected RuntimeError" in caplog.text
    assert "in _fail" in caplog.text or "in _second_thoughts" in caplog.text
    assert "X-First" not in answer.headers


def test_a_fault_in_the_middle_of_an_answer_breaks_it(
    application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(RuntimeError):
        Answer(application, target="/probe/break")
    assert "unexpected RuntimeError" in caplog.text
    assert "sesame" not in caplog.text


class _Body:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, size: int) -> bytes:  # noqa: ARG002 - as files have it
        raise self._error


def test_errors_of_ours_that_a_front_end_lets_pass_are_answered(application: Application) -> None:
    answer = Answer(application, **{"wsgi.input": _Body(RequestTimeout())})
    assert (answer.status, answer.headers["Cache-Control"]) == (408, "no-store")


def test_nobody_is_answered_when_the_client_is_gone(application: Application) -> None:
    with pytest.raises(ClientDisconnected):
        Answer(application, **{"wsgi.input": _Body(ClientDisconnected())})


@pytest.mark.parametrize(
    ("target", "route"),
    [
        ("/api;driver=mock/instances/inst1;password=x?state=RUNNING", "/api/instances/{id}"),
        ("/api/buckets/bucket1/a%2Fb/content", "/api/buckets/{id}/{blob_id}/content"),
        ("/api", "/api"),
        ("/healthz", "/healthz"),
        ("/", "/"),
        ("/api/nowhere", ""),
        ("/nowhere", ""),
    ],
)
def test_the_route_of_a_request_has_nothing_that_a_client_sent(target: str, route: str) -> None:
    environ = _environ(target=target, **{"wsgi.errors": io.StringIO()})
    for _ in create_app(GatewaySettings(driver="mock"))(environ, lambda *_: None):
        pass
    assert environ[ENVIRON_KEY].route == route
