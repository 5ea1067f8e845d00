"""A load generator with a process of its own, so that its work is not counted as the server's.

``python loadgenerator.py`` reads one job from standard input and writes what came of it to standard output, as JSON.
"""

from __future__ import annotations

import json
import re
import resource
import select
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass, field

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)
_BLOCK = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Job:
    """Requests to send.

    Attributes:
        port: The port of the server, on this machine.
        head: The header of each request, its empty line included.
        requests: How many.
        connections: How many are kept open and busy at once.
        upload: Bytes of the body of each request.
        heads: Headers that connections have in turn, instead of ``head``.
    """

    port: int
    head: str = ""
    heads: list[str] = field(default_factory=list)
    requests: int = 1
    connections: int = 1
    upload: int = 0


@dataclass(kw_only=True)
class Outcome:
    """What came back.

    Attributes:
        seconds: From the first connection to the last byte.
        median: Of the times from a request to the last byte of its answer, in seconds.
        first_byte: The longest time from a request to the first byte of its answer, in seconds.
        answers: How many answers had which status and length of the body.
    """

    seconds: float = 0.0
    median: float = 0.0
    first_byte: float = 0.0
    answers: dict[str, int] = field(default_factory=dict)


def run(job: Job) -> Outcome:
    """Have another process do the job."""
    command = [sys.executable, "-I", __file__]
    done = subprocess.run(command, input=json.dumps(asdict(job)), stdout=subprocess.PIPE, text=True, check=True)
    return Outcome(**json.loads(done.stdout))


class _Connection:
    """One connection: a request, then its answer, again and again."""

    def __init__(self, job: Job, number: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", job.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (job.heads[number % len(job.heads)] if job.heads else job.head).encode("latin-1")
        self._upload = job.upload
        self._received = b""

    def ask(self) -> None:
        self.sent = time.perf_counter()
        self.first = 0.0
        self._received, self._missing, self.length = b"", 0, 0
        self.socket.sendall(self._head)
        block = memoryview(bytes(_BLOCK))
        left = self._upload
        while left:
            left -= self.socket.send(block[: min(left, _BLOCK)])

    def take(self, buffer: memoryview) -> bool:
        """Receive what is there; returns whether the answer is whole."""
        count = self.socket.recv_into(buffer)
        if not count:
            raise EOFError("the server closed the connection")
        self.first = self.first or time.perf_counter()
        if self._missing:
            self._missing -= count
            return not self._missing
        return self._begin(self._received + buffer[:count])

    def _begin(self, received: bytes) -> bool:
        self._received = received
        end = received.find(b"\r\n\r\n")
        if end < 0:
            return False
        found = _LENGTH.search(received, 0, end + 2)
        if found is None:
            raise ValueError("the answer does not say how long it is")
        self.status = received[9:12].decode()
        self.length = int(found[1])
        self._missing = self.length - (len(received) - end - 4)
        return not self._missing


def _load(job: Job) -> Outcome:
    """Send all requests, as many at once as there are connections."""
    began = time.perf_counter()
    poll = select.epoll()
    left = job.requests
    connections: dict[int, _Connection] = {}
    for number in range(min(job.connections, left)):
        connection = _Connection(job, number)
        connections[connection.socket.fileno()] = connection
        poll.register(connection.socket, select.EPOLLIN)
    for connection in connections.values():
        connection.ask()
        left -= 1
    buffer = memoryview(bytearray(_BLOCK))
    answers: Counter[str] = Counter()
    times: deque[float] = deque()
    outcome, running = Outcome(), len(connections)
    while running:
        for descriptor, _ in poll.poll():
            connection = connections[descriptor]
            if not connection.take(buffer):
                continue
            times.append(time.perf_counter() - connection.sent)
            outcome.first_byte = max(outcome.first_byte, connection.first - connection.sent)
            answers[f"{connection.status} {connection.length}"] += 1
            if left:
                left -= 1
                connection.ask()
            else:
                running -= 1
                poll.unregister(descriptor)
    outcome.seconds, outcome.median = time.perf_counter() - began, statistics.median(times)
    outcome.answers = dict(answers)
    return outcome


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    json.dump(asdict(_load(Job(**json.load(sys.stdin)))), sys.stdout)
