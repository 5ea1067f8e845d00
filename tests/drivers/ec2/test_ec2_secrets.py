"""Nothing secret stays in a server that has spoken to Amazon, or gets out of it, even when every logger tells all."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
import requests

from canaries.distribution import install
from canaries.places import look_at_folder
from canaries.search import Search
from canaries.sending import ask
from canaries.spelling import Canary
from gateway import Deltacloudd
from loopback import Asked, Backend, Reset, reply

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

USER = "AKIAIOSFODNN7EXAMPLE"
LOGIN, TOKEN, DATA, PEM = (Canary(kind).text for kind in ("login", "token", "data", "pem"))
INSTANCE = (
    "<instancesSet><item><instanceId>i-1</instanceId><imageId>ami-1</imageId><instanceState><name>running</name>"
    "</instanceState></item></instancesSet>"
)
ANSWERS = {
    "DescribeVpcs": "<vpcSet/>",
    "DescribeKeyPairs": "<keySet><item><keyName>one</keyName></item></keySet>",
    "CreateKeyPair": f"<keyName>new</keyName><keyMaterial>{escape(PEM)}</keyMaterial>",
    "ImportKeyPair": "<keyName>new</keyName>",
    "DescribeInstances": f"<reservationSet><item>{INSTANCE}</item></reservationSet>",
    "RunInstances": INSTANCE,
    "DescribeAvailabilityZones": "<availabilityZoneInfo/>",
}
FAULTS = ("", "throttled", "refused", "signature", "garbage", "reset", "html", "broken")


class Cloud:
    """EC2 and S3; the path that it is asked below says how it fails, and its error answers repeat the request."""

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        fault = asked.path.removeprefix("/").partition("/")[0].partition("?")[0]
        told = escape(json.dumps([asked.headers, asked.body.decode("latin-1")]))
        if fault == "throttled":
            return reply(_error("RequestLimitExceeded", told), "503 Busy")
        if fault in {"refused", "signature"}:
            code = "SignatureDoesNotMatch" if fault == "signature" else "AuthFailure"
            return reply(_error(code, told), "403 Forbidden")
        if fault == "garbage":
            return reply(told.encode())
        if fault == "html":
            return reply(f"<html>{told}</html>".encode(), "500 Error")
        if fault == "broken":
            return [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + told.encode()]
        if fault == "reset":
            raise Reset
        return self._answer(asked)

    def _answer(self, asked: Asked) -> Iterable[bytes]:
        if asked.method != "POST" or b"Action=" not in asked.body:
            return reply(b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>")
        action = asked.body.decode().partition("Action=")[2].partition("&")[0]
        return reply(f"<{action}Response>{ANSWERS.get(action, '')}</{action}Response>".encode())


def _error(code: str, message: str) -> bytes:
    return (
        f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors></Response>".encode()
    )


@dataclass
class Aftermath:
    """What there was to be found."""

    answers: Search = field(default_factory=Search)
    log: Search = field(default_factory=Search)
    files: Search = field(default_factory=Search)
    memory: dict[str, Any] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)
    statuses: set[int] = field(default_factory=set)
    tokens: int = 0


@pytest.fixture(scope="module", name="aftermath")
def aftermath_fixture(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    folder = tmp_path_factory.mktemp("secrets")
    left = folder / "left"
    left.mkdir()
    configuration = folder / "server.toml"
    configuration.write_text(
        '[server]\nworkers = 1\ntimeout = 1\nextensions = ["leakprobe"]\n[extensions.leakprobe]\ndebug = true\n'
    )
    backend = Backend(Cloud())
    servers = Deltacloudd(left)
    variables = {"PYTHONPATH": install(folder / "site"), "TMPDIR": str(left)}
    server = servers("-c", str(configuration), "-V", driver="ec2", environment=variables)
    after = Aftermath()
    for fault in FAULTS:
        for method, path, form in _requests():
            place = f"{backend.url()}/{fault}".rstrip("/")
            _send(after, server.url, f"ec2={place};s3={place};elb={place};mon={place}", (method, path, form))
    time.sleep(0.5)
    after.memory = ask(server.port, "/leakprobe/memory")
    after.records = ask(server.port, "/leakprobe/records")
    after.tokens = sum("x-amz-security-token" in asked.headers for asked in backend.asked)
    servers.stop()
    backend.close()
    after.log.look("log", server.log.read_bytes())
    look_at_folder(after.files, left)
    return after


def _requests() -> list[tuple[str, str, dict[str, str]]]:
    data = base64.b64encode(DATA.encode()).decode()
    return [
        ("GET", "/api", {}),
        ("GET", "/api?force_auth=1", {}),
        ("GET", "/api/keys", {}),
        ("GET", "/api/instances", {}),
        ("GET", "/api/buckets", {}),
        ("GET", "/api/buckets/bucket/blob/content", {}),
        ("POST", "/api/keys", {"name": "new"}),
        ("POST", "/api/instances", {"image_id": "ami-1", "hwp_id": "t3.micro", "user_data": data}),
        ("PUT", "/api/buckets/bucket/blob", {"content": DATA}),
        ("POST", "/api/load_balancers", {"name": "x", "realm_id": quote("us-east-1a")}),
    ]


def _send(after: Aftermath, url: str, provider: str, request: tuple[str, str, dict[str, str]]) -> None:
    method, path, form = request
    basic = base64.b64encode(f"{USER}:{LOGIN}".encode()).decode()
    headers: dict[str, str | bytes | None] = {
        "Authorization": f"Basic {basic}",
        "X-Deltacloud-Session-Token": TOKEN.encode(),
        "X-Deltacloud-Provider": provider,
        "Accept": "application/json",
    }
    answer = requests.request(
        method, f"{url}{path}", headers=headers, data=form.get("content", form), timeout=60, allow_redirects=False
    )
    after.statuses.add(answer.status_code)
    contract = {"pem"} if path == "/api/keys" and method == "POST" else set()
    if not (path.endswith("/content") and answer.ok):  # what a blob holds is its owner's affair
        after.answers.look(f"{method} {path}", answer.content, contract)


def test_no_answer_holds_a_secret_but_the_new_private_key(aftermath: Aftermath) -> None:
    assert [str(hit) for hit in aftermath.answers.hits] == []
    assert ("POST /api/keys", "pem") in aftermath.answers.returned
    assert {200, 201, 401, 502, 503} <= aftermath.statuses
    assert aftermath.tokens > 20


@pytest.mark.parametrize("place", ["log", "files"])
def test_no_secret_is_in(aftermath: Aftermath, place: str) -> None:
    search: Search = getattr(aftermath, place)
    assert search.searched > 0
    assert [str(hit) for hit in search.hits] == []


def test_no_object_holds_or_shows_a_secret_afterwards(aftermath: Aftermath) -> None:
    assert aftermath.memory["texts"] > 10_000
    assert aftermath.memory["held"] == []
    assert aftermath.memory["shown"] == []


def test_botocore_had_secrets_to_tell(aftermath: Aftermath) -> None:
    """Otherwise it would be no wonder that the log has none."""
    told = aftermath.records["with secrets"]
    for name in ("botocore.endpoint DEBUG", "botocore.parsers DEBUG", "botocore.auth DEBUG"):
        assert told.get(name, 0) > 0, name
