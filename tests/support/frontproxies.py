"""The proxies of ``deploy/proxy``, started from the very files: only ports, paths and certificates change."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway import HOST, find_free_port
from processes import tied
from programs import SYSTEM_FOLDERS, program

EXAMPLES = Path(__file__).parents[2] / "deploy" / "proxy"
NAME = "cloud.example.com"
"""The host that the examples serve."""
START_SECONDS = 20
ROOT = os.geteuid() == 0
"""Then proxies give their rights away, and must be told to whom."""
MODULES = Path("/usr/lib/apache2/modules")
APACHE_MODULES = (
    "mpm_event", "authz_core", "headers", "mime", "proxy", "proxy_http", "reqtimeout", "socache_shmcb", "ssl",
    "unique_id",
)  # fmt: skip


@dataclass(frozen=True)
class Certificate:
    """Files in PEM form: the certificate with its chain, the key, both in one, and who signed it."""

    chain: Path
    key: Path
    both: Path
    authority: Path


@dataclass(frozen=True)
class Place:
    """What one proxy is started with.

    Attributes:
        folder: For all that it writes.
        port: Where it shall listen.
        gateway: The gateway's port.
        certificate: What it shall show.
    """

    folder: Path
    port: int
    gateway: int
    certificate: Certificate


@dataclass(frozen=True)
class Recipe:
    """How one proxy is started.

    Attributes:
        name: The program's name.
        example: The file in ``deploy/proxy``.
        prepare: Writes the configuration for a place; returns the arguments that name it.
        check: Arguments that have it checked, before those.
        serve: Arguments that have it serve in the foreground, before those.
    """

    name: str
    example: str
    prepare: Callable[[Place], list[str]]
    check: tuple[str, ...]
    serve: tuple[str, ...]

    @property
    def program(self) -> str | None:
        """The program's path; None where it is not installed."""
        return program(self.name)


@dataclass(frozen=True)
class Proxy:
    """A running proxy."""

    name: str
    port: int
    pid: int
    authority: Path
    log: Path

    @contextmanager
    def connection(self, timeout: float = 30.0) -> Iterator[http.client.HTTPConnection]:
        """A connection as a client from elsewhere has it: TLS, to the public name."""
        connection = _PublicConnection(self.port, self.authority, timeout)
        try:
            yield connection
        finally:
            connection.close()


class _PublicConnection(http.client.HTTPConnection):
    """Speaks TLS with the public name, wherever that may be served."""

    def __init__(self, port: int, authority: Path, timeout: float) -> None:
        super().__init__(NAME, timeout=timeout)
        self._port = port
        self._context = ssl.create_default_context(cafile=str(authority))

    def connect(self) -> None:
        plain = socket.create_connection((HOST, self._port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=NAME)


@contextmanager
def running(recipe: Recipe, folder: Path, gateway: int, certificate: Certificate) -> Iterator[Proxy]:
    """A proxy in front of a gateway; it ends with the block."""
    folder.mkdir()
    place = Place(folder, find_free_port(), gateway, certificate)
    command = [str(recipe.program), *recipe.serve, *recipe.prepare(place)]
    log = folder / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(
            tied(command),
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(place.port, process, log)
        yield Proxy(recipe.name, place.port, process.pid, certificate.authority, log)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def check(recipe: Recipe, place: Place) -> subprocess.CompletedProcess[str]:
    """What the proxy itself says about the example."""
    command = [str(recipe.program), *recipe.check, *recipe.prepare(place)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        cwd=place.folder,
        env=_environment(place.folder),
    )


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": SYSTEM_FOLDERS, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((HOST, port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"it does not listen:\n{log.read_text('utf-8', 'replace')}")


def _rewritten(example: str, *changes: tuple[str, str]) -> str:
    """The example with its ports, paths and certificates replaced; each has to be there."""
    text = (EXAMPLES / example).read_text("utf-8")
    for old, new in changes:
        assert old in text, f"{example} does not say '{old}'"
        text = text.replace(old, new)
    return text


def _nginx(place: Place) -> list[str]:
    site = _rewritten(
        "nginx.conf",
        ("listen 443 ssl", f"listen {HOST}:{place.port} ssl"),
        ("127.0.0.1:3001", f"{HOST}:{place.gateway}"),
        ("/etc/ssl/deltacloud/fullchain.pem", str(place.certificate.chain)),
        ("/etc/ssl/deltacloud/privkey.pem", str(place.certificate.key)),
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "\n".join(f"{kind}_temp_path {place.folder / kind};" for kind in kinds)
    file = place.folder / "nginx.conf"
    file.write_text(
        f"daemon off;\nworker_processes 1;\npid {place.folder / 'pid'};\nerror_log stderr;\n"
        f"events {{ }}\nhttp {{\n{paths}\naccess_log off;\n{site}\n}}\n",
        "utf-8",
    )
    if ROOT:
        file.write_text(f"user root;\n{file.read_text('utf-8')}", "utf-8")
    return ["-p", str(place.folder), "-c", str(file), "-e", "stderr"]


def _caddy(place: Place) -> list[str]:
    certificate = f"tls {place.certificate.chain} {place.certificate.key}"
    text = _rewritten(
        "Caddyfile",
        ("{\n\t# No redirect", "{\n\tadmin off\n\t# No redirect"),
        (f"\n{NAME} {{", f"\nhttps://{NAME}:{place.port} {{\n\tbind {HOST}\n\t{certificate}"),
        ("127.0.0.1:3001", f"{HOST}:{place.gateway}"),
    )
    file = place.folder / "Caddyfile"
    file.write_text(text, "utf-8")
    return ["--adapter", "caddyfile", "--config", str(file)]


def _haproxy(place: Place) -> list[str]:
    text = _rewritten(
        "haproxy.cfg",
        ("bind :443", f"bind {HOST}:{place.port}"),
        ("/etc/haproxy/certs/cloud.example.com.pem", str(place.certificate.both)),
        ("127.0.0.1:3001", f"{HOST}:{place.gateway}"),
    )
    file = place.folder / "haproxy.cfg"
    file.write_text(text, "utf-8")
    return ["-f", str(file)]


def _apache(place: Place) -> list[str]:
    site = _rewritten(
        "apache.conf",
        ("*:443", f"{HOST}:{place.port}"),
        ("127.0.0.1:3001", f"{HOST}:{place.gateway}"),
        ("/etc/ssl/deltacloud/fullchain.pem", str(place.certificate.chain)),
        ("/etc/ssl/deltacloud/privkey.pem", str(place.certificate.key)),
    )
    modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in APACHE_MODULES)
    file = place.folder / "apache.conf"
    file.write_text(
        f"ServerRoot {place.folder}\nServerName {NAME}\nPidFile {place.folder / 'pid'}\nErrorLog /dev/stderr\n"
        f"DefaultRuntimeDir {place.folder}\n{modules}\nTypesConfig /dev/null\nListen {HOST}:{place.port}\n"
        f"StartServers 1\nThreadsPerChild 16\nMaxRequestWorkers 32\n{site}",
        "utf-8",
    )
    if ROOT:
        file.write_text(f"User nobody\nGroup nogroup\n{file.read_text('utf-8')}", "utf-8")
    return ["-f", str(file)]


RECIPES = (
    Recipe("nginx", "nginx.conf", _nginx, ("-t",), ()),
    Recipe("caddy", "Caddyfile", _caddy, ("validate",), ("run",)),
    Recipe("haproxy", "haproxy.cfg", _haproxy, ("-c",), ("-db",)),
    Recipe("apache2", "apache.conf", _apache, ("-t",), ("-DFOREGROUND",)),
)
