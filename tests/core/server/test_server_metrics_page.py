"""The page that Prometheus reads: where it is, in which forms, and where there is none."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client import parser as plain
from prometheus_client.openmetrics import parser as openmetrics

from apiclient import Client
from deltacloud.kernel import GatewaySettings
from deltacloud.server.metrics import BUCKETS, Metrics
from gateway import HOST, Deltacloudd, Gateway, NotStarted, find_free_port
from probeserver import PATIENCE
from processes import tied
from scrapes import Scrape, ask, counting_files, workers
from waiting import wait_until

pytestmark = pytest.mark.thorough

FAMILIES = {
    "deltacloud_http_requests": "counter",
    "deltacloud_http_request_duration_seconds": "histogram",
    "deltacloud_http_requests_in_progress": "gauge",
    "deltacloud_driver_calls": "counter",
    "deltacloud_driver_call_duration_seconds": "histogram",
    "deltacloud_driver_calls_in_progress": "gauge",
    "deltacloud_driver_calls_refused": "counter",
    "deltacloud_build_info": "gauge",
}
"""What every server tells once it has answered something; ``deltacloud_connections`` needs our own worker."""
AUTHORIZATION = "Basic bW9ja3VzZXI6bW9ja3Bhc3N3b3Jk"
TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0"

Start = Callable[..., Gateway]


@pytest.fixture(scope="module", name="start")
def start_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts servers with two workers, which stop at the end of the module."""
    servers = Deltacloudd(tmp_path_factory.mktemp("metrics"))
    yield lambda *options, **more: servers("--workers", "2", *options, **more)
    servers.stop()


@pytest.fixture(scope="module")
def gateway(start: Start) -> Gateway:
    """A server as usual, whose workers both run, and one of which has counted a request."""
    gateway = start()
    assert ask(gateway.port, "/api/realms", Accept="application/xml", Authorization=AUTHORIZATION).status == 200
    wait_until(lambda: len(Scrape(gateway.port).samples.get("deltacloud_connections", {})) == 2)
    wait_until(lambda: len(Scrape(gateway.port).calls()) > 0)
    wait_until(lambda: FAMILIES.keys() <= Scrape(gateway.port).families.keys())
    return gateway


def folder_of(gateway: Gateway) -> Path:
    """Where its workers count."""
    wait_until(lambda: len(workers(gateway.process.pid)) > 0)
    pid = workers(gateway.process.pid)[0]
    wait_until(lambda: len(counting_files(pid)) > 0)
    return counting_files(pid).pop().parent


def test_the_page_has_every_family_with_its_type_and_its_meaning(gateway: Gateway) -> None:
    scrape = Scrape(gateway.port)
    wanted = FAMILIES | {"deltacloud_connections": "gauge"}
    assert {name: family.type for name, family in scrape.families.items()} == wanted
    assert all(family.documentation for family in scrape.families.values())
    for name, kind in wanted.items():
        shown = f"{name}_total" if kind == "counter" else name
        assert f"# TYPE {shown} {kind}\n" in scrape.text
        assert f"# HELP {shown} " in scrape.text


def test_buckets_reach_from_a_few_milliseconds_to_two_minutes_and_only_grow(gateway: Gateway) -> None:
    buckets = Scrape(gateway.port).samples["deltacloud_http_request_duration_seconds_bucket"]
    of_one = {bound: count for (bound, operation), count in buckets.items() if operation == "realms.index"}
    assert [float(bound) for bound in of_one] == [*BUCKETS, float("inf")]
    assert (BUCKETS[0], BUCKETS[-1]) == (0.005, 120)
    assert list(of_one.values()) == sorted(of_one.values())


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", TEXT),
        ("*/*", TEXT),
        ("text/html", TEXT),
        ("text/plain;version=0.0.4;q=0.5,*/*;q=0.1", TEXT),
        ("application/openmetrics-text", OPENMETRICS),
        ("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75", OPENMETRICS),
        ("application/openmetrics-text;version=x", TEXT),
        ("application/openmetrics-text;version=1.x.\xff", TEXT),
        ("text/plain;version=1.0.0;escaping=allow-utf-8", "text/plain; version=1.0.0"),
    ],
)
def test_the_page_has_the_format_that_is_asked_for(gateway: Gateway, accept: str, content_type: str) -> None:
    told = ask(gateway.port, "/metrics", Accept=accept)
    assert told.status == 200
    assert told.headers["content-type"].startswith(content_type)
    assert told.headers["cache-control"] == "no-store"
    text = told.body.decode()
    parser = openmetrics if content_type == OPENMETRICS else plain
    assert FAMILIES.keys() <= {family.name for family in parser.text_string_to_metric_families(text)}
    assert text.endswith("# EOF\n") == (parser is openmetrics)


def test_the_page_can_only_be_read(gateway: Gateway) -> None:
    told = ask(gateway.port, "/metrics", "POST")
    assert (told.status, told.headers["allow"]) == (405, "GET, HEAD")
    head = ask(gateway.port, "/metrics", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert ask(gateway.port, "/metrics/").status == 404


def test_scrapes_are_counted_by_a_name_of_their_own(gateway: Gateway) -> None:
    before = Scrape(gateway.port).value("deltacloud_http_requests_total", "", "GET", "server.metrics", "200")
    for _ in range(5):
        Scrape(gateway.port)
    label = ("", "GET", "server.metrics", "200")
    wait_until(lambda: Scrape(gateway.port).value("deltacloud_http_requests_total", *label) > before + 5)


def test_off_means_that_nothing_is_counted(start: Start) -> None:
    gateway = start("--metrics", "off")
    assert ask(gateway.port, "/metrics").status == 404
    assert ask(gateway.port, "/healthz").status == 200
    assert [path for pid in workers(gateway.process.pid) for path in counting_files(pid)] == []


# A port of its own


def test_metrics_may_have_a_port_of_their_own_and_then_they_are_nowhere_else(start: Start, free_port: int) -> None:
    gateway = start("--metrics", str(free_port))
    assert ask(gateway.port, "/metrics").status == 404
    assert ask(gateway.port, "/healthz").status == 200
    assert ask(gateway.port, "/api", Accept="application/xml").status == 200
    entry = ("mock", "GET", "api.entry", "200")
    wait_until(lambda: Scrape(free_port).requests().get(entry, 0) >= 1)
    assert [ask(free_port, path).status for path in ("/healthz", "/readyz")] == [200, 200]
    elsewhere = ("/", "/api", "/api/realms", "/robots.txt", "/api;driver=mock/realms", "//api")
    assert {ask(free_port, path).status for path in elsewhere} == {404}
    gateway.process.send_signal(signal.SIGHUP)
    old = set(workers(gateway.process.pid))
    wait_until(lambda: not old & set(workers(gateway.process.pid)))
    assert Scrape(free_port).value("deltacloud_http_requests_total", "mock", "GET", "api.entry", "200") >= 1
    assert ask(free_port, "/api").status == 404


def test_both_ports_are_served_by_all_workers(start: Start, free_port: int) -> None:
    gateway = start("--metrics", f"{HOST}:{free_port}")
    wait_until(lambda: len(workers(gateway.process.pid)) == 2)
    stopped = workers(gateway.process.pid)[0]
    os.kill(stopped, signal.SIGSTOP)
    try:
        assert any(_answers(free_port) for _ in range(10))
    finally:
        os.kill(stopped, signal.SIGCONT)


def _answers(port: int) -> bool:
    with socket.create_connection((HOST, port), timeout=2) as connection:
        connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        try:
            return connection.recv(100).startswith(b"HTTP/1.0 200 OK")
        except TimeoutError:
            return False


@pytest.mark.parametrize("where", ["{port}", "127.0.0.1:{port}"])
def test_a_port_that_is_taken_is_told_in_one_line_and_exit_code_2(where: str, tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        code, errors = _run("-p", str(find_free_port()), "--metrics", where.format(port=port), folder=tmp_path)
    assert code == 2
    assert errors == [f"deltacloudd: cannot listen on 127.0.0.1 port {port}: Address already in use"]


# The folder


def test_the_folder_is_private_and_goes_with_the_server(start: Start) -> None:
    gateway = start()
    folder = folder_of(gateway)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert gateway.stop() == 0
    assert not folder.exists()


def test_a_folder_that_somebody_clears_away_costs_the_counts_and_not_the_service(start: Start) -> None:
    gateway = start()
    wait_until(lambda: [len(counting_files(pid)) for pid in workers(gateway.process.pid)] == [5, 5])
    shutil.rmtree(folder_of(gateway))
    for pid in workers(gateway.process.pid):
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda pid=pid: _replaced(gateway, pid))  # type: ignore[misc]
    assert ask(gateway.port, "/nowhere").status == 404
    wait_until(lambda: Scrape(gateway.port).requests() == {("", "GET", "", "404"): 1})
    assert folder_of(gateway).stat().st_mode & 0o777 == 0o700


def _replaced(gateway: Gateway, pid: int) -> bool:
    now = workers(gateway.process.pid)
    return len(now) == 2 and pid not in now and any(len(counting_files(one)) == 5 for one in now)


def test_a_folder_that_the_environment_names_is_left_alone(start: Start, tmp_path: Path) -> None:
    other = tmp_path / "others.db"
    other.write_bytes(b"not ours")
    gateway = start(environment={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)})
    assert folder_of(gateway) != tmp_path
    assert Scrape(gateway.port).families
    gateway.stop()
    assert list(tmp_path.iterdir()) == [other]


def test_without_a_folder_the_server_starts_and_says_in_one_line_that_there_are_no_metrics(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import errno, os, tempfile\n"
        "def mkdtemp(*arguments, **named):\n"
        "    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))\n"
        "tempfile.mkdtemp = mkdtemp\n"
    )
    gateway = start("--metrics", str(find_free_port()), environment={"PYTHONPATH": str(tmp_path)})
    told = [line for line in gateway.log.read_text().splitlines() if line.startswith("deltacloudd: ")]
    assert told == ["deltacloudd: there is no folder for metrics (No space left on device), so there are none"]
    assert ask(gateway.port, "/metrics").status == 404
    assert ask(gateway.port, "/api", Accept="application/xml").status == 200


def test_a_worker_that_cannot_count_serves_all_the_same_and_says_so(start: Start, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import errno, os, tempfile\n"
        "made = tempfile.mkdtemp\n"
        "def mkdtemp(*arguments, **named):\n"
        "    folder = made(*arguments, **named)\n"
        "    os.mkdir(folder + '/counter_0.db')\n"
        "    return folder\n"
        "tempfile.mkdtemp = mkdtemp\n"
    )
    gateway = start("--workers", "1", environment={"PYTHONPATH": str(tmp_path)})
    assert ask(gateway.port, "/api", Accept="application/xml").status == 200
    assert ask(gateway.port, "/metrics").status == 404
    told = [line for line in gateway.log.read_text().splitlines() if "keeps no metrics" in line]
    assert len(told) == 1
    assert told[0].endswith("keeps no metrics: Is a directory")


OPENING_PROGRAM = """
import os, sys
os.environ["PROMETHEUS_MULTIPROC_DIR"] = sys.argv[1]
from deltacloud.server import metrics_values
from deltacloud.server.metrics import Metrics

opened = metrics_values.MmapedDict

def observed(path):
    print(os.path.basename(path), os.stat(path).st_size)
    return opened(path)

metrics_values.MmapedDict = observed
metrics_values.count_in_files_of(3)
Metrics(["mock"], dict).refresh(1)
"""


def test_a_scrape_never_finds_an_empty_file(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENING_PROGRAM, str(tmp_path)]
    opened = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()
    sizes = {name: int(size) for name, size in (line.split() for line in opened)}
    assert sizes.keys() == {path.name for path in tmp_path.iterdir()}
    assert len(sizes) == 5
    assert min(sizes.values()) > 0


@pytest.mark.parametrize("options", [["-i", "nosuch"], ["-p", "taken"], ["--metrics", "taken"]])
def test_a_server_that_does_not_start_leaves_no_folder_behind(options: list[str], tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        given = [str(taken.getsockname()[1]) if one == "taken" else one for one in options]
        (tmp_path / "sitecustomize.py").write_text(
            "import tempfile\n"
            "made = tempfile.mkdtemp\n"
            f"tempfile.mkdtemp = lambda prefix, dir=None: made(prefix=prefix, dir={str(tmp_path)!r})\n"
        )
        code, _ = _run(*given, folder=tmp_path, PYTHONPATH=str(tmp_path))
    assert code in (1, 2)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("deltacloud-")] == []


def _run(*options: str, folder: Path, **variables: str) -> tuple[int, list[str]]:
    """A server that does not start: its exit code and what it says."""
    command = [sys.executable, "-m", "deltacloud.cli", "-r", HOST, *options]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("API_", "DELTACLOUD_"))}
    kept |= {"DELTACLOUD_MOCK_STORAGE": str(folder / "mock"), **variables}
    done = subprocess.run(tied(command), env=kept, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr.splitlines()


# Under another WSGI server

HOST_PROGRAM = """
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from deltacloud.server import create_app

class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

class Handler(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass

server = make_server("127.0.0.1", int(sys.argv[1]), create_app(), Server, Handler)
print("ready", flush=True)
server.serve_forever()
"""


@contextlib.contextmanager
def other_host(folder: Path, **variables: str) -> Iterator[int]:
    """Another WSGI server that serves the gateway; its port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("API_", "DELTACLOUD_"))}
    kept |= {"DELTACLOUD_MOCK_STORAGE": str(folder / "mock"), "API_DRIVER": "mock", **variables}
    port = find_free_port()
    command = tied([sys.executable, "-c", HOST_PROGRAM, str(port)])
    with subprocess.Popen(command, env=kept, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE)


def test_another_wsgi_server_has_the_same_page_about_its_one_process(tmp_path: Path) -> None:
    with other_host(tmp_path) as port:
        for _ in range(7):
            assert ask(port, "/api/realms", Accept="application/xml", Authorization=AUTHORIZATION).status == 200
        assert ask(port, "/nowhere").status == 404
        wait_until(lambda: Scrape(port).value("deltacloud_http_requests_in_progress") == 1)
        scrape = Scrape(port)
    assert {name: family.type for name, family in scrape.families.items()} == FAMILIES
    assert scrape.requests() == {("mock", "GET", "realms.index", "200"): 7, ("", "GET", "", "404"): 1}
    assert scrape.calls() == {("mock", "list_realms", "ok"): 7}


def test_several_processes_of_another_wsgi_server_count_together_in_a_folder_that_they_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "counts"
    folder.mkdir()
    variables = {"PROMETHEUS_MULTIPROC_DIR": str(folder)}
    with other_host(tmp_path, **variables) as one, other_host(tmp_path, **variables) as other:
        for port in (one, other, other):
            assert ask(port, "/nowhere").status == 404
        for port in (one, other):
            wait_until(lambda port=port: Scrape(port).requests() == {("", "GET", "", "404"): 3})  # type: ignore[misc]


def test_a_gateway_made_of_its_settings_alone_counts_nothing(tmp_path: Path) -> None:
    client = Client(GatewaySettings(driver="mock", drivers={"mock": {"storage": str(tmp_path)}}))
    assert client("GET", "/metrics").status == 404
    assert client("GET", "/healthz").status == 200


def test_the_documentation_has_every_family() -> None:
    text = (Path(__file__).parents[3] / "docs" / "running.md").read_text("utf-8")
    page, _ = Metrics((), dict).page(None)
    families = {family.name: family.type for family in plain.text_string_to_metric_families(page.decode())}
    for name, kind in (families | {"deltacloud_connections": "gauge"}).items():
        assert f"\n| `{name}{'_total' if kind == 'counter' else ''}` | {kind} | " in text


def test_a_mistake_in_the_setting_is_exit_code_1(deltacloudd: Deltacloudd) -> None:
    with pytest.raises(NotStarted, match=r"--metrics must be on, off, or a port such as 9100 or 127\.0\.0\.1:9100"):
        deltacloudd("--metrics", "0")
