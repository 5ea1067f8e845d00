"""Real servers on loopback addresses, names that resolve to them, and ways out that lead there."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from deltacloud.context import Context, Credentials, Deadline
from deltacloud.outbound import Policy, Resolver, WayOut
from deltacloud.providers import ParsedProvider
from deltacloud.secret import Secret


class Reset(Exception):
    """Raised by an answer: the server resets the connection."""


@dataclass
class Asked:
    """A request as a backend got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int


Answer = Callable[[Asked], Iterable[bytes]]


def reply(body: bytes = b"ok", status: str = "200 OK", **headers: str) -> list[bytes]:
    """A whole answer; underscores in header names are hyphens."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ["\r\n".join(lines).encode() + b"\r\n\r\n" + body]


class Backend:
    """A small HTTP server whose every byte the test decides."""

    def __init__(
        self, answer: Answer, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        self.connections = 0
        self.ended = 0
        self._tls = tls
        self._open: list[socket.socket] = []
        self._listening = socket.create_server((host, port))
        self.host, self.port = self._listening.getsockname()[:2]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def url(self, host: str | None = None) -> str:
        return f"{'https' if self._tls else 'http'}://{host or self.host}:{self.port}"

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        self.connections += 1
        number = self.connections
        with contextlib.suppress(OSError, ValueError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            with connection, connection.makefile("rb") as file:
                while asked := _read(file, number):
                    self.asked.append(asked)
                    try:
                        for part in self.answer(asked):
                            connection.sendall(part)
                    except Reset:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        return
        self.ended += 1


def _read(file: Any, connection: int) -> Asked | None:
    line = file.readline().decode("latin-1")
    if not line.strip():
        return None
    method, path, _ = line.split(" ", 2)
    headers: dict[str, str] = {}
    while (line := file.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(file.readline(), 16):
            body += file.read(size)
            file.readline()
        file.readline()
    else:
        body = file.read(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body, connection)


@dataclass
class Names:
    """A name server: each name's answers in order, the last one again and again."""

    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def set(self, name: str, *answers: list[str]) -> None:
        self.answers[name] = list(answers)

    def look_up(self, name: str) -> list[str]:
        self.asked.append(name)
        answers = self.answers.get(name)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Outside:
    """What a test builds its ways out and backends with; everything is closed when it ends."""

    def __init__(self) -> None:
        self.names = Names()
        self._stack = contextlib.ExitStack()

    def serve(
        self,
        answer: Answer = lambda _: reply(),
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> Backend:
        backend = Backend(answer, host, port, tls)
        self._stack.callback(backend.close)
        return backend

    def way(
        self,
        *,
        allow: Iterable[str] | None = ("127.0.0.0/8",),
        hosts: Iterable[str] = (),
        entry_points: Iterable[str] = (),
        own: Iterable[str] = (),
        ca_file: str | None = None,
        ssh: bool = False,
        driver: str = "tiny",
    ) -> WayOut:
        resolver = Resolver(self.names.look_up)
        policy = Policy(hosts=hosts, entry_points=entry_points, own=own, allow=allow)
        way = WayOut(driver, policy, ca_file=ca_file, ssh=ssh, resolver=resolver)
        self._stack.callback(resolver.close)
        self._stack.callback(way.close)
        return way

    def context(
        self,
        way: WayOut | None = None,
        *,
        user: str | None = "alice",
        password: str = "secret of alice",  # noqa: S107 - made up
        provider: str | None = None,
        seconds: float = 20.0,
        idle: float | None = None,
        reading: bool = False,
        local: bool = False,
    ) -> Context:
        return Context(
            way or self.way(),
            credentials=None if user is None else Credentials(user, Secret(password)),
            provider=ParsedProvider(text=provider),
            deadline=Deadline(seconds, idle),
            reading=reading,
            local=local,
        )

    def close(self) -> None:
        self._stack.close()
