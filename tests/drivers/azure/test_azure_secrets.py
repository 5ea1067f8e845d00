"""Keys and signatures of Azure's callers get out of a server by no way, while every logger tells all it knows."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from blobservice import BlobService, Call, error
from canaries.distribution import install
from canaries.places import family, look_at_folder, look_at_process
from canaries.search import Search, found_in
from canaries.sending import ask, break_off, exchange
from canaries.spelling import MARK
from gateway import Deltacloudd, Gateway, find_free_port
from loopback import Backend, Reset, reply

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(120)]

MIB = 1024 * 1024
KEY = base64.b64encode(f"{MARK}.key.00001.".encode().ljust(64, b"k")).decode()
FORGED = base64.b64encode(f"{MARK}.forged.00002.".encode().ljust(64, b"f")).decode()
SIGNATURE = f"sv=2026-10-06&ss=b&srt=sco&sp=rwdlac&sig={MARK}.sas.00003.%2B%3D"
LOGINS = {
    "bykey": KEY,
    "bysignature": SIGNATURE,
    "forged": FORGED,
    "forgedsas": f"?{SIGNATURE}%2F",
    "nokey": f"{MARK}!",
}
ACCOUNTS = {"bykey": KEY, "bysignature": SIGNATURE}


def _gone() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
    raise Reset


def _telling(call: Call) -> Iterable[bytes] | None:
    """A cloud that repeats what it got, or breaks off; which, the container's name says."""
    got = f"{call.asked.headers.get('authorization', '')} {call.asked.path}"
    told = got.replace("&", "&amp;")
    return {
        "repeats": lambda: error(403, "AuthenticationFailed", f"String to sign used was {told}"),
        "busy": lambda: error(503, "ServerBusy", told),
        "unknown": lambda: error(409, "NeverSeen", told, x_ms_error_code="Odd/Code", x_ms_request_id=got[:60]),
        "moved": lambda: reply(b"", "307 Temporary Redirect", Location=f"http://127.0.0.1:9{call.asked.path}"),
        "nonsense": lambda: reply(got.encode(), Content_Type="application/xml"),
        "garbage": lambda: [got.encode() + b"\r\n\r\n"],
        "gone": _gone,
    }.get(call.container, lambda: None)()


@dataclass
class Aftermath:
    """What there was to be found: statuses of all answers, searches by place, and what the process holds."""

    statuses: list[int] = field(default_factory=list)
    places: dict[str, Search] = field(default_factory=dict)
    memory: Any = None
    records: Any = None

    def at(self, place: str) -> Search:
        return self.places.setdefault(place, Search())


def _request(user: str, method: str, path: str, body: bytes = b"", provider: str = "") -> bytes:
    login = base64.b64encode(f"{user}:{LOGINS[user]}".encode()).decode()
    lines = [f"{method} /api/{path} HTTP/1.1", "Host: localhost", "Connection: close", "Accept: application/json",
             f"Authorization: Basic {login}", f"Content-Length: {len(body)}"]  # fmt: skip
    if provider:
        lines.append(f"X-Deltacloud-Provider: {provider}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _requests() -> Iterator[bytes]:
    nowhere = f"http://127.0.0.1:{find_free_port()}"
    for user in LOGINS:
        for bucket in ("box", "repeats", "busy", "unknown", "moved", "nonsense", "garbage", "gone", "no-such-bucket"):
            blob = f"buckets/{bucket}/{user}"
            yield _request(user, "GET", f"buckets/{bucket}")
            yield _request(user, "PUT", blob, b"small")
            yield _request(user, "PUT", f"{blob}-large", bytes(3 * MIB))
            for path in (blob, f"{blob}/content", f"{blob}-large/content", f"buckets/{bucket}?prefix=b&delimiter=l"):
                yield _request(user, "GET", path)
            yield _request(user, "PUT", f"{blob}?blob_type=segmented")
            yield _request(user, "POST", blob)
            yield _request(user, "DELETE", blob)
            yield _request(user, "DELETE", f"buckets/{bucket}")
        for provider in ("", nowhere, "http://169.254.169.254", "nowhere", f"http://x:{quote(KEY, safe='')}@127.0.0.1"):
            yield _request(user, "GET", "buckets", provider=provider)
            yield _request(user, "GET", "?force_auth=1", provider=provider)


def _aftermath(folder: Path, site: Path) -> Aftermath:
    """Everything that happens, and what is to be seen of it."""
    service = BlobService(ACCOUNTS, fault=_telling)
    service.blobs = {(account, "box"): {} for account in ACCOUNTS}
    cloud, servers = Backend(service.answer), Deltacloudd(folder)
    try:
        server = _start(servers, folder, site, cloud.url())
        return _ask_and_look(Aftermath(), server, folder)
    finally:
        servers.stop()
        cloud.close()


def _start(servers: Deltacloudd, folder: Path, site: Path, cloud: str) -> Gateway:
    settings = {"workers": 1, "timeout": 5, "extensions": ["leakprobe"]}
    lines = ["[server]", *(f"{key} = {json.dumps(value)}" for key, value in settings.items())]
    file = site / "settings.toml"
    file.write_text("\n".join([*lines, "[extensions.leakprobe]", "debug = true"]))
    variables = {"PYTHONPATH": install(site / "leakprobe")}
    for variable in ("HOME", "TMPDIR"):
        variables[variable] = str(folder / variable)
        (folder / variable).mkdir()
    return servers("-c", str(file), "-V", "-P", cloud, driver="azure", environment=variables)


def _ask_and_look(after: Aftermath, server: Gateway, folder: Path) -> Aftermath:
    with ThreadPoolExecutor(16) as threads:
        for answer in threads.map(lambda data: exchange(server.port, data), _requests()):
            after.statuses.append(int(answer[9:12] or b"0"))
            after.at("answers").look("answer", answer)
    for user in ACCOUNTS:  # clients that go away in the middle
        head = _request(user, "PUT", f"buckets/box/{user}-broken", bytes(5 * MIB))
        break_off(server.port, head[: 3 * MIB])
        break_off(server.port, _request(user, "GET", f"buckets/box/{user}-large/content"))
    time.sleep(1)
    after.memory = ask(server.port, "/leakprobe/memory")
    after.records = ask(server.port, "/leakprobe/records")
    metrics = exchange(server.port, b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    after.at("metrics").look("metrics", metrics)
    for pid in family(server.process.pid):
        look_at_process(after.at("processes"), pid)
    server.stop()
    after.at("log").look("log", server.log.read_bytes())
    look_at_folder(after.at("files"), folder)
    return after


def test_the_search_knows_these_secrets() -> None:
    assert all(found_in(one) for one in (KEY, FORGED, SIGNATURE, base64.b64decode(KEY), quote(SIGNATURE)))


def test_no_key_and_no_signature_gets_out_or_is_kept(tmp_path_factory: pytest.TempPathFactory) -> None:
    after = _aftermath(tmp_path_factory.mktemp("left"), tmp_path_factory.mktemp("site"))
    assert {200, 204, 400, 401, 403, 404, 409, 502, 503} <= set(after.statuses), "all went well, and nothing did"
    assert after.records["records"]["urllib3.connectionpool DEBUG"] > 100, "libraries tell all that they know"
    for place in ("answers", "metrics", "processes", "log", "files"):
        assert after.places[place].searched > 0
        assert [str(hit) for hit in after.places[place].hits] == [], place
    assert after.records["with secrets"] == {}, "no logger was told any"
    assert after.memory["shown"] == [], "no object shows any"
    assert after.memory["held"] == [], "none is kept once its request is over"
