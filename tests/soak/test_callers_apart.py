"""Thousands of calls of many callers at once: each reaches the cloud with its own credentials, and no others.

Callers share the client's connections, the server's connections to the cloud, its workers and its caches; calls are
retried, redirected, slow and broken. The server has credentials of its own within reach: a netrc file, proxies with a
password, and variables. What the cloud got is compared call by call with who had made it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from gateway import HOST, Deltacloudd, Gateway
from soaking import SECONDS, seeded, show, times
from wirecloud import Record, WireCloud, wire_cloud

CALLS = times(100_000, "DELTACLOUD_CALLS")
IN_FLIGHT = 256
CALLERS = 500
SERVERS_OWN = "the-servers-own"
BEHAVIOURS = (
    *["ok"] * 6, "delay,0.05", "first,reset", "first,status,503", "first,empty", "redirect", "status,401", "status,500",
    "nonsense", "half",
)  # fmt: skip
"""What the cloud does with a call."""
ENTRY_POINT = "/api"
OPERATIONS = (
    ("GET", "/instances/{owner}", ""),
    ("GET", "/instances", ""),
    ("GET", ENTRY_POINT, ""),
    ("POST", "/instances", "image_id=image1&name={owner}"),
    ("POST", "/keys", "name={owner}"),
    ("POST", "/instances/{owner}/reboot", ""),
    ("PUT", "/buckets/b/{owner}", "the content of {owner}"),
    ("DELETE", "/buckets/b/{owner}", ""),
)
ANSWERS = frozenset({200, 201, 202, 204, 303, 401, 502, 503})

pytestmark = [pytest.mark.soak, pytest.mark.timeout(SECONDS * 1.5 + 300)]


class Caller:
    """Somebody with credentials; some have a session token, too. Even ones have an account with fewer collections."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = f"caller{number}"
        self.password = f"password of {number}"
        self.token = f"token-of-{number}" if number % 3 == 0 else None

    @property
    def authorization(self) -> str:
        return "Basic " + base64.b64encode(f"{self.name}:{self.password}".encode()).decode()


class Client:
    """One connection that is kept, and serves whoever comes."""

    def __init__(self, gateway: Gateway, cloud: WireCloud, seed: int) -> None:
        self._gateway = gateway
        self._cloud = cloud
        self._random = random.Random(seed)  # noqa: S311 - nothing secret comes from it
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.answers: Counter[int] = Counter()

    async def call(self, number: int, caller: Caller) -> None:
        method, path, body = self._random.choice(OPERATIONS)
        behaviour = self._random.choice(BEHAVIOURS)
        status, document = await self._ask(
            method,
            path.replace("{owner}", caller.name),
            {
                "Authorization": caller.authorization,
                "X-Deltacloud-Provider": self._cloud.url(behaviour),
                "X-Request-Id": f"{caller.name}-{number}",
                "Content-Type": "application/x-www-form-urlencoded",
                **({} if caller.token is None else {"X-Deltacloud-Session-Token": caller.token}),
                **({"Idempotency-Key": f"{caller.name}-{number}"} if number % 4 == 0 else {}),
            },
            body.replace("{owner}", caller.name).encode(),
        )
        assert status in ANSWERS, f"{method} {path} with {behaviour}: {status} {document[:300]!r}"
        named = set(re.findall(rb"caller\d+", document))
        assert named <= {caller.name.encode()}, f"{caller.name} was told of {named}"
        if (method, path, status) == ("GET", "/instances", 200):
            owners = [instance["owner"] for instance in json.loads(document)["instances"]]
            assert owners == [caller.name] * len(owners), "somebody else's instances"
        if (path, behaviour) == (ENTRY_POINT, "ok"):
            few = {link["rel"] for link in json.loads(document)["api"]["links"]} == {"drivers", "instances", "keys"}
            assert few == (caller.number % 2 == 0), "somebody else's account"
        self.answers[status] += 1

    async def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if self._streams is None or self._streams[0].at_eof():
            self._streams = await asyncio.open_connection(HOST, self._gateway.port)
        reader, writer = self._streams
        target = path if path == ENTRY_POINT else f"/api{path}"
        headers |= {"Host": f"{HOST}:{self._gateway.port}", "Accept": "application/json"}
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write("\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = re.search(r"content-length: (\d+)", head)
        document = b"" if length is None else await reader.readexactly(int(length[1]))
        if "connection: close" in head:
            await self.close()
        return int(head.split(" ", 2)[1]), document

    async def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _load(clients: list[Client], callers: list[Caller], calls: int, order: random.Random) -> None:
    numbers = iter(range(calls))

    async def work(client: Client) -> None:
        try:
            for number in numbers:
                await client.call(number, order.choice(callers))
        finally:
            await client.close()

    await asyncio.gather(*map(work, clients))


def _wrong(record: Record, callers: dict[str, Caller]) -> str | None:
    """What a call carried that it should not, or lacked."""
    caller = callers[record.headers["x-wire-request"].partition("-")[0]]
    if record.headers.get("authorization") != caller.authorization:
        return f"{caller.name} came as {record.headers.get('authorization')}"
    if record.headers.get("x-wire-token") != caller.token:
        return f"{caller.name} came with the token {record.headers.get('x-wire-token')}"
    if "cookie" in record.headers or "proxy-authorization" in record.headers:
        return f"{caller.name} came with headers that nobody sent"
    text = f"{record.query} {record.body} {record.headers}"
    if SERVERS_OWN in text:
        return f"{caller.name} came with something of the server's own"
    others = set(re.findall(r"caller\d+", text)) - {caller.name}
    return f"{caller.name} came with data of {others}" if others else None


def test_no_call_carries_the_credentials_of_another_caller_or_of_the_server(
    deltacloudd: Deltacloudd, tmp_path: Path
) -> None:
    seed, order = seeded("callers apart")
    (tmp_path / ".netrc").write_text(f"default login {SERVERS_OWN} password {SERVERS_OWN}\n")
    (tmp_path / ".netrc").chmod(0o600)
    proxy = f"http://{SERVERS_OWN}:{SERVERS_OWN}@{HOST}:9"
    environment = {
        "HOME": str(tmp_path), "NETRC": str(tmp_path / ".netrc"), "API_USER": SERVERS_OWN, "API_PASSWORD": SERVERS_OWN,
        "http_proxy": proxy, "HTTP_PROXY": proxy, "https_proxy": proxy, "all_proxy": proxy, "no_proxy": "",
    }  # fmt: skip
    callers = [Caller(number) for number in range(CALLERS)]
    with wire_cloud() as cloud:
        gateway = deltacloudd("--workers", "2", driver="wire", environment=environment)
        clients = [Client(gateway, cloud, seed + number) for number in range(IN_FLIGHT)]
        asyncio.run(_load(clients, callers, CALLS, order))
        records = cloud.records()
        gateway.stop()
    by_name = {caller.name: caller for caller in callers}
    wrong = [text for record in records if (text := _wrong(record, by_name)) is not None]
    assert not wrong, f"{len(wrong)} of {len(records)}: {wrong[:5]}"
    asked = Counter(record.headers["x-wire-request"] for record in records)
    assert len(asked) > CALLS * 0.9, "nearly every call reaches the cloud"
    answers = sum((client.answers for client in clients), Counter())
    assert answers.total() == CALLS
    show(
        f"Callers apart (DELTACLOUD_SOAK_SEED={seed})",
        {
            "calls, in flight, callers": f"{CALLS}, {IN_FLIGHT}, {CALLERS}",
            "requests at the cloud": len(records),
            "calls that were tried again": sum(1 for count in asked.values() if count > 1),
            "connections to the cloud": len({record.connection for record in records}),
            "answers by status": dict(sorted(answers.items())),
            "foreign credentials": 0,
        },
    )
