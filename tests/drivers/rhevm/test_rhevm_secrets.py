"""Passwords and logins get out by no way, also when every logger tells all and engines repeat what they were sent."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote_plus
from xml.sax.saxutils import escape

import pytest
import requests

from canaries.distribution import install
from canaries.places import look_at_folder
from canaries.search import Search, found_in
from canaries.sending import ask
from canaries.spelling import Canary
from gateway import Deltacloudd
from loopback import Asked, Backend, Reset, reply

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(120)]

USER, LOGIN = "admin@internal", Canary("login").text
TOKEN = "a.token.that.is.kept.for.its.caller.alone"
CENTER = "645e425e-66fe-4ac9-8874-537bd10ef08d"
FAULTS = ("", "refused", "denied", "failing", "page", "garbage", "broken", "reset", "odd")
"""How an engine answers; with a dash before it, how it answers to logins."""
VERSIONS = (3, 4)


def _engine(asked: Asked) -> Iterable[bytes]:
    """An engine whose faults repeat the request with all that is in it; the path above its API says how it fails."""
    _, fault, rest = asked.path.split("/", 2)
    is_login = rest.startswith("ovirt-engine/sso")
    told = escape(json.dumps([asked.headers, unquote_plus(asked.body.decode("latin-1"))]))
    fault = fault.removeprefix("-") if is_login == fault.startswith("-") else ""
    if is_login and not fault:
        return reply(json.dumps({"access_token": TOKEN}).encode(), Content_Type="application/json")
    return _answers(fault, told)


def _answers(fault: str, told: str) -> Iterable[bytes]:
    match fault:
        case "refused":
            return reply(f"<html>{told}</html>".encode(), "401 Unauthorized")
        case "denied":
            told = json.dumps({"error_code": "access_denied", "error": told})
            return reply(told.encode(), "400 Bad Request", Content_Type="application/json")
        case "failing":
            return reply(told.encode(), "500 Internal Server Error")
        case "page":
            return reply(f"<html>{told}<br></html>".encode(), "404 Not Found")
        case "garbage":
            return reply(told.encode())
        case "broken":
            return [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + told.encode()]
        case "reset":
            raise Reset
        case "odd":
            return [told.encode() + b"\r\n\r\n"]
    center = f'<data_center id="{CENTER}"><name>Default</name><status>up</status></data_center>'
    return reply(f"<things>{center}</things>".encode())


@dataclass
class Aftermath:
    """What there was to be found."""

    answers: Search = field(default_factory=Search)
    log: Search = field(default_factory=Search)
    files: Search = field(default_factory=Search)
    tokens: list[str] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)
    statuses: set[int] = field(default_factory=set)


@pytest.fixture(scope="module", name="aftermath", params=VERSIONS)
def aftermath_fixture(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    folder = tmp_path_factory.mktemp("secrets")
    left = folder / "left"
    left.mkdir()
    lines = ["[server]", "workers = 1", "timeout = 1", 'extensions = ["leakprobe"]', "[extensions.leakprobe]"]
    lines += ["debug = true", "[drivers.rhevm]", f"api-version = {request.param}"]
    (folder / "server.toml").write_text("\n".join(lines))
    backend, servers, after = Backend(_engine), Deltacloudd(left), Aftermath()
    variables = {"PYTHONPATH": install(folder / "site"), "TMPDIR": str(left)}
    server = servers("-c", str(folder / "server.toml"), "-V", driver="rhevm", environment=variables)
    try:
        with ThreadPoolExecutor(16) as threads:
            for what, answer in threads.map(lambda one: _ask(server.url, *one), _requests(backend.url())):
                after.statuses.add(answer.status_code)
                after.answers.look(what, answer.content)
                after.tokens += [what] if TOKEN in answer.text else []
        time.sleep(2)
        after.memory = ask(server.port, "/leakprobe/memory")
        after.records = ask(server.port, "/leakprobe/records")
    finally:
        servers.stop()
        backend.close()
    log = server.log.read_bytes()
    after.tokens += ["the log"] if TOKEN.encode() in log else []
    after.log.look("log", log)
    look_at_folder(after.files, left)
    return after


def _ask(url: str, place: str, method: str, path: str, form: dict[str, str]) -> tuple[str, requests.Response]:
    headers = {"X-Deltacloud-Provider": place, "Accept": "application/json", "Connection": "close"}
    answer = requests.request(method, f"{url}/api{path}", data=form, headers=headers, auth=(USER, LOGIN), timeout=60)
    return f"{method} {path} at {place}", answer


def _requests(engine: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    secret = base64.b64encode(Canary("data").text.encode()).decode()
    made = {"image_id": CENTER, "realm_id": CENTER, "user_data": secret}
    for fault in [*FAULTS, *(f"-{one}" for one in FAULTS if one)]:
        place = f"{engine}/{fault or 'sound'}/ovirt-engine/api"
        for path in ("?force_auth=1", f"/instances/{CENTER}", "/drivers/rhevm"):
            yield place, "GET", path, {}
        yield f"{place};{CENTER};USER", "GET", "/instances", {}
        yield f"{place};{CENTER}", "POST", "/instances", made
    for nowhere in ("http://127.0.0.1:1", f"https://x:{quote(LOGIN)}@127.0.0.1", "nowhere", ""):
        yield nowhere, "GET", "/realms", {}


def test_the_search_knows_these_secrets() -> None:
    assert found_in(LOGIN)
    assert found_in(base64.b64encode(f"{USER}:{LOGIN}".encode()).decode())


def test_no_password_and_no_login_gets_out_or_is_shown(aftermath: Aftermath) -> None:
    assert {200, 400, 401, 404, 502} <= aftermath.statuses, "all went well, and nothing did"
    for place in ("answers", "log", "files"):
        search: Search = getattr(aftermath, place)
        assert search.searched > 0
        assert [str(hit) for hit in search.hits] == [], place
    assert aftermath.tokens == []
    assert aftermath.records["records"]["urllib3.connectionpool DEBUG"] > 30, "libraries tell all that they know"
    assert aftermath.records["with secrets"] == {}, "no logger was told any"
    assert aftermath.memory["shown"] == [], "no object shows any"
    assert aftermath.memory["held"] == [], "no password is kept once its request is over"
