"""Nothing secret that a client sends, a driver says or an operator configures gets out of a server.

Requests carry searchable secrets in every way into every operation and every kind of failure, while every logger tells
all it knows. Then everything that came out is searched, and everything that was left behind: answers, logs, metrics,
files, the processes and their memory. Leaks that are planted on purpose show that the search finds them.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme

from canaries.attempts import Attempt, attempts, rows
from canaries.distribution import install
from canaries.malformed import broken_heads, broken_off
from canaries.places import children, family, look_at_folder, look_at_process
from canaries.planting import PLACES
from canaries.search import Search, found_in
from canaries.sending import HOST, all_at_once, ask, break_off, exchange
from canaries.spelling import MARK, SPELLINGS, Canary
from gateway import Deltacloudd, Gateway
from probeserver import Server
from waiting import wait_until
from wirecloud import WireCloud, wire_cloud

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

BODY_LIMIT = 64 * 1024
ACCOUNT, OPERATOR, SETTING = Canary("account").text, Canary("operator").text, Canary("setting").text
CONFIGURED = {"account", "operator", "setting"}
"""Kinds that the operator has configured: a server has to keep them, and its configuration file holds them."""

RETURNED: dict[tuple[str, str], str] = {
    (f"{collection}.{operation}", form): kind
    for collection, kind in (("keys", "pem"), ("instances", "machine"))
    for operation in ("index", "show", "create")
    for form in ("xml", "json", "problem", "html")
    if (operation, form) != ("index", "html")
}
"""What a client is told by contract, and nobody else: private keys, and passwords of instances."""


@dataclass
class Aftermath:
    """What there was to be found.

    Attributes:
        requests: How many were sent.
        statuses: (row, failure, status) of the answers.
        answers: The search of answers.
        places: The searches of everything else, by name.
        memories: What the processes hold, by server.
        records: What loggers were told, by server.
        core_sizes: The largest core dumps that the processes may leave.
    """

    requests: int = 0
    statuses: set[tuple[str, str, int]] = field(default_factory=set)
    answers: Search = field(default_factory=Search)
    places: dict[str, Search] = field(default_factory=dict)
    memories: dict[str, Any] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)
    core_sizes: set[str] = field(default_factory=set)

    def at(self, place: str) -> Search:
        """The search of a place."""
        return self.places.setdefault(place, Search())


@dataclass(frozen=True)
class Surroundings:
    """A folder for everything that servers leave, and a way to start them there."""

    folder: Path
    start: Deltacloudd
    cloud: WireCloud

    def server(self, name: str, *options: str, **settings: object) -> Gateway:
        """A server with a home and a temporary folder below ours."""
        variables = {"PYTHONPATH": install(self.folder.parent / f"{name}-site")}
        for variable, place in (("HOME", "home"), ("TMPDIR", "temporary")):
            folder = self.folder / name / place
            folder.mkdir(parents=True)
            variables[variable] = str(folder)
        file = self.folder.parent / f"{name}.toml"  # outside of what is searched: it holds what is configured
        file.write_text(_configuration(self.cloud.url("").rstrip("/"), settings))
        return self.start("-c", str(file), *options, environment=variables)


def _configuration(cloud: str, settings: dict[str, object]) -> str:
    server = {"workers": 1, "timeout": 2, "idle-timeout": 2, "json-limit": BODY_LIMIT, "extensions": ["leakprobe"]}
    tables: dict[str, dict[str, object]] = {
        "server": {**server, **settings},
        "extensions.leakprobe": {"debug": True},
        "drivers.mock.users": {"mockuser": ACCOUNT},
        "drivers.leaky": {"key": SETTING, "cloud": cloud},
        "drivers.unloadable": {"key": SETTING},
        "drivers.misconfigured": {"key": SETTING},
    }
    lines = []
    for name, table in tables.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    return "\n".join(lines)


@pytest.fixture(scope="module", name="surroundings")
def surroundings_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    folder = tmp_path_factory.mktemp("leaks") / "left"
    folder.mkdir()
    servers = Deltacloudd(folder)
    try:
        with wire_cloud() as cloud:
            yield Surroundings(folder, servers, cloud)
    finally:
        servers.stop()


@pytest.fixture(scope="module", name="aftermath")
def aftermath_fixture(surroundings: Surroundings) -> Aftermath:
    """Everything that happens, and what is to be seen of it."""
    after = Aftermath()
    log = surroundings.folder / "log.json"
    servers = {
        "text": surroundings.server("text", "-V"),
        "json": surroundings.server("json", "-V", "--log-format", "json", "-L", str(log)),
        "own": surroundings.server("own", user="operator", password=OPERATOR, **{"server-credentials": True}),
    }
    _send_everything(after, surroundings.cloud, servers)
    for name, server in servers.items():
        exchange(server.port, _plain("/healthz"))
        after.at("metrics").look(f"metrics of {name}", exchange(server.port, _plain("/metrics")))
        after.memories[name] = ask(server.port, "/leakprobe/memory")
        after.records[name] = ask(server.port, "/leakprobe/records")
        for pid in family(server.process.pid):
            look_at_process(after.at("processes"), pid)
            limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii").splitlines()
            after.core_sizes.add(next(line.split()[4] for line in limits if line.startswith("Max core")))
    look_at_folder(after.at("files"), surroundings.folder)
    _kill_workers(surroundings.cloud, servers["text"])
    for server in servers.values():
        server.process.terminate()
    for server in servers.values():
        server.stop()
        after.at("logs").look(str(server.log), server.log.read_bytes())
    after.at("logs").look(str(log), log.read_bytes())
    look_at_folder(after.at("files"), surroundings.folder)
    return after


def _plain(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()


def _send_everything(after: Aftermath, cloud: WireCloud, servers: dict[str, Gateway]) -> None:
    ports = [servers["text"].port, servers["json"].port]
    todo = list(attempts(ACCOUNT, cloud.url, BODY_LIMIT))
    work = [(ports[number % 2], one) for number, one in enumerate(todo)]
    work += [(servers["own"].port, one) for one in todo[::11]]

    def send(what: tuple[int, Attempt]) -> bytes:
        return exchange(what[0], what[1].data)

    for (_, attempt), answer in all_at_once(send, work):
        after.requests += 1
        after.statuses.add((attempt.row, attempt.failure, int(answer[9:12] or b"0")))
        kind = RETURNED.get((attempt.row, attempt.format))
        contract = {kind} if kind and answer.startswith(b"HTTP/1.1 20") else set()
        after.answers.look(f"{attempt.row} {attempt.format}" if contract else attempt.name, answer, contract)
    for port in ports:
        for broken in broken_heads(90_000 + port):
            after.requests += 1
            after.answers.look(broken.name, exchange(port, broken.data, ends=True))
        for driver, provider in (("wire", cloud.url("delay,1")), ("mock", "x"), ("leaky", "lazily")):
            for broken in broken_off(80_000, driver, provider):
                after.requests += 1
                break_off(port, broken.data)
    time.sleep(1.5)  # until the requests that wait for the cloud have ended as well


def _kill_workers(cloud: WireCloud, server: Gateway) -> None:
    """Kill workers while they serve requests."""
    stalled = list(broken_off(70_000, "wire", cloud.url("delay,1")))[-1]
    for number in (signal.SIGABRT, signal.SIGSEGV):
        break_off(server.port, stalled.data)
        (worker,) = children(server.process.pid)
        os.kill(worker, number)
        wait_until(lambda old=worker: children(server.process.pid) not in ([old], []))  # type: ignore[misc]
    wait_until(lambda: exchange(server.port, _plain("/healthz")).startswith(b"HTTP/1.1 200"))


def test_no_answer_holds_a_secret_but_where_the_contract_has_it(aftermath: Aftermath) -> None:
    assert [str(hit) for hit in aftermath.answers.hits] == []
    assert aftermath.answers.returned == {(f"{row} {form}", kind) for (row, form), kind in RETURNED.items()}


@pytest.mark.parametrize("place", ["logs", "metrics", "files", "processes"])
def test_no_secret_is_in(aftermath: Aftermath, place: str) -> None:
    assert aftermath.places[place].searched > 0
    assert [str(hit) for hit in aftermath.places[place].hits] == []


@pytest.mark.parametrize("server", ["text", "json", "own"])
def test_no_object_shows_a_secret(aftermath: Aftermath, server: str) -> None:
    memory = aftermath.memories[server]
    assert memory["reprs"] > 100
    assert memory["shown"] == []


@pytest.mark.parametrize("server", ["text", "json", "own"])
def test_no_secret_of_a_request_is_kept(aftermath: Aftermath, server: str) -> None:
    memory = aftermath.memories[server]
    held = [one for one in memory["held"] if not any(f"{MARK}.{kind}." in one["text"] for kind in CONFIGURED)]
    assert memory["texts"] > 10_000
    assert held == []
    assert len(memory["held"]) > 0, "what is configured is there, so a search that sees nothing is blind"


def test_every_operation_succeeded_and_failed(aftermath: Aftermath) -> None:
    classes: dict[str, set[int]] = {}
    for row, _, status in aftermath.statuses:
        classes.setdefault(row, set()).add(status // 100)
    expected = {f"{collection}.{operation.name}" for collection, operation in rows()}
    assert set(classes) == expected
    assert {row for row, found in classes.items() if not found & {2, 3}} == set()
    assert {row for row, found in classes.items() if 4 not in found} == set()
    asking = {row for row, failure, status in aftermath.statuses if failure == "driver: raises" and status == 500}
    assert len(asking) > 60


def test_every_failure_came_about(aftermath: Aftermath) -> None:
    found = Counter(failure for _, failure, status in aftermath.statuses if status >= 400)
    failures = {failure for _, failure, _ in aftermath.statuses}
    harmless = {"none, leaky", "none, cloud", "driver by path", "server's own page", "driver: logs", "driver: stray",
                "driver: closes", "driver: signs", "provider: a word", "cloud: defect"}  # fmt: skip
    assert failures - set(found) - harmless == set()
    statuses = {status for _, _, status in aftermath.statuses}
    assert statuses >= {200, 201, 204, 303, 400, 401, 403, 404, 405, 406, 412, 413, 415, 500, 502, 503, 504} - {412}


def test_libraries_had_secrets_to_tell(aftermath: Aftermath) -> None:
    """Otherwise it would be no wonder that the log has none."""
    for server in ("text", "json"):
        told, all_told = aftermath.records[server]["with secrets"], aftermath.records[server]["records"]
        assert all_told["urllib3.connectionpool DEBUG"] > 0
        assert "urllib3.connectionpool DEBUG" not in told, "its lines lose their queries before anybody reads them"
        assert told["urllib3.connection WARNING"] > 0
        assert told["vendor.sdk ERROR"] > 0
        assert told["py.warnings WARNING"] > 0


def test_the_log_of_every_server_tells_of_requests_and_of_what_went_wrong(
    aftermath: Aftermath, surroundings: Surroundings
) -> None:
    assert aftermath.requests > 3000
    for log in (surroundings.start.started[0].log, surroundings.folder / "log.json"):
        text = log.read_text()
        for line in ("unexpected RuntimeError", "failed: Explosion", "a thread ended with Explosion",
                     "a greenlet ended with Explosion", "could not be thrown away: Explosion",
                     "closing a kept value failed: Explosion", "vendor.sdk: refused: ***",
                     "that cannot be written", "UserWarning: deprecated: ***", "/api/instances"):  # fmt: skip
            assert line in text, line


def test_verbose_lines_tell_of_parameters(aftermath: Aftermath, surroundings: Surroundings) -> None:  # noqa: ARG001
    log = surroundings.start.started[0].log.read_text()
    assert '{"cmd": "uptime", "port": "22", "id": "inst1"} ' in log
    assert '"image_id": "img1"' in log
    assert '"user_data"' not in log


def test_no_core_is_dumped(aftermath: Aftermath) -> None:
    assert aftermath.core_sizes == {"0"}


def test_what_comes_to_a_port_for_tls_is_not_told(start: Callable[..., Server], tmp_path: Path) -> None:
    issued = trustme.CA().issue_cert("localhost", HOST)
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "certificate.pem")
    server = start("-s", "-k", str(tmp_path / "key.pem"), "-C", str(tmp_path / "certificate.pem"), "-V")
    search = Search()
    for broken in broken_heads(60_000):
        search.look(broken.name, exchange(server.port, broken.data, ends=True))
    server.stop()
    search.look("log", server.log.read_bytes())
    assert search.hits == []


# The search finds what there is to be found.


@dataclass(frozen=True)
class Found:
    """What the search has found of planted leaks: texts by place."""

    texts: dict[str, list[str]]


EXPECTED: dict[str, str] = {
    "log": "log", "log of a library": "log", "standard error": "log", "error document": "answer", "header": "answer",
    "body": "answer", "file": "file", "file at home": "file", "temporary file": "file", "open file": "open file",
    "exception": "shown", "object of the project": "shown", "cache": "memory", "local variable": "memory",
    "command line": "cmdline", "environment": "environ",
}  # fmt: skip
"""Where the search must find what is planted in each place."""


@pytest.fixture(scope="module", name="found")
def found_fixture(surroundings: Surroundings) -> Found:
    """Everything planted, and everything found."""
    server = surroundings.server("planted")
    answers, processes, files = Search(), Search(), Search()
    for place in PLACES:
        for spelling in SPELLINGS:
            path = f"/leakprobe/plant/{place}/{spelling}".replace(" ", "%20")
            answers.look("answer", exchange(server.port, _plain(path)))
    for pid in family(server.process.pid):
        look_at_process(processes, pid)
    memory = ask(server.port, "/leakprobe/memory")
    server.stop()
    look_at_folder(files, surroundings.folder / "planted")
    look_at_folder(files, server.log.parent)
    log = Search()
    log.look("log", server.log.read_bytes())
    return Found({
        "log": [hit.around for hit in log.hits],
        "answer": [hit.around for hit in answers.hits],
        "file": [hit.around for hit in files.hits if not hit.where.endswith("log")],
        "open file": [hit.around for hit in processes.hits if "(deleted)" in hit.where],
        "shown": memory["shown"],
        "memory": [one["text"] for one in memory["held"]],
        "cmdline": [hit.around.replace("\0", " ") for hit in processes.hits if hit.where.startswith("cmdline")],
        "environ": [hit.around for hit in processes.hits if hit.where.startswith("environ")],
    })  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("place", PLACES)
def test_a_planted_leak_is_found(found: Found, place: str, spelling: str) -> None:
    label = f"[{place}: {spelling}]"
    assert any(label in text for text in found.texts[EXPECTED[place]])


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_found_in_the_middle_of_anything(spelling: str) -> None:
    secret = SPELLINGS[spelling](Canary("planted", 7).text)
    assert found_in(f"before{secret}after")
    assert found_in(secret.encode())
    assert not found_in(SPELLINGS[spelling]("something else, of the same length"))
