"""Real ``deltacloudd`` processes that serve the probe front end, and raw clients for them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from processes import tied
from waiting import wait_until

HOST = "127.0.0.1"
PATIENCE = 20
"""Seconds after which a test gives up on something that should take a moment."""


class Reply:
    """An HTTP answer as it came: status, headers (names in lower case), body."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.raw = raw
        self.head = lines
        self.status = int(lines[0].split()[1]) if raw else 0
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}

    @property
    def told(self) -> dict[str, Any]:
        """The JSON of the body."""
        return dict(json.loads(self.body))


class Client:
    """A raw connection, for clients that do not behave."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection

    def send(self, data: bytes | str) -> Client:
        self.socket.sendall(data.encode("latin-1") if isinstance(data, str) else data)
        return self

    def rest(self) -> bytes:
        """Everything that comes until the server closes the connection; a reset counts as the end."""
        blocks = []
        try:
            while block := self.socket.recv(65536):
                blocks.append(block)
        except ConnectionResetError:
            pass
        return b"".join(blocks)

    def reply(self) -> Reply:
        """The answer on a connection that the server closes after it."""
        return Reply(self.rest())

    def one_reply(self) -> Reply:
        """One answer with a Content-Length; the connection stays."""
        raw = b""
        while b"\r\n\r\n" not in raw:
            raw += self._more()
        length = int(Reply(raw).headers["content-length"])
        while len(Reply(raw).body) < length:
            raw += self._more()
        return Reply(raw)

    def _more(self) -> bytes:
        block = self.socket.recv(65536)
        assert block, "the server closed the connection"
        return block

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Server:
    """A running ``deltacloudd``."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], variables: Mapping[str, str]) -> None:
        self.folder = folder
        self.log = folder / "stderr"
        command = tied([sys.executable, "-m", "deltacloud.cli", "-r", HOST, "-p", "0", *arguments])
        with self.log.open("wb") as errors:
            self.process = subprocess.Popen(
                tied(command),
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(variables),
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout is not None
        self.start_line = self.process.stdout.readline().rstrip("\n")
        found = re.search(r"(https?)://\S+?:(\d+)/", self.start_line)
        assert found, f"no start line: {self.start_line!r} {self.log.read_text()}"
        self.scheme, self.port = found[1], int(found[2])
        self.url = f"{self.scheme}://{HOST}:{self.port}"

    def connect(self, context: ssl.SSLContext | None = None) -> Client:
        connection = socket.create_connection((HOST, self.port), timeout=PATIENCE)
        return Client(connection if context is None else context.wrap_socket(connection, server_hostname="localhost"))

    def ask(self, target: str, *headers: str, method: str = "GET", body: bytes = b"") -> Reply:
        """One request on a connection of its own."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {HOST}:{self.port}", "Connection: close", *headers]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        with self.connect() as client:
            return client.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body).reply()

    def lines(self) -> list[str]:
        """What it has logged so far."""
        return self.log.read_text().splitlines()

    def line_with(self, text: str) -> str:
        """The log line that holds the text, as soon as it is there."""
        wait_until(lambda: any(text in line for line in self.lines()))
        return next(line for line in self.lines() if text in line)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> int:
        """Stop it as an operator would; its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(PATIENCE)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
