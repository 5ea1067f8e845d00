"""Clients of every kind at work at once, which account for each request that they send."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from deltacloud.testing.wsgi import Answer
from strictclient import BLOCK, Closed, NoAnswer, Refused, StrictClient

MIB = 1024 * 1024
UPLOAD = 4 * MIB
DOWNLOAD = 12 * MIB
"""More than the kernel holds between a server and a client that reads slowly."""
PLACE = "/api/buckets/bucket1/download"
SLOW_DRIVER = "mockplus"
"""The driver that the server under test makes slow."""
_PAUSE = 0.01
_ATTEMPTS = 2


class Over(Exception):
    """The caller's work is done: the server is gone."""


@dataclass
class Account:
    """What became of all requests; each has a mark that it carries in ``X-Mark``.

    Attributes:
        answered: Marks of those that were answered completely.
        kinds: How many of them there were of each kind.
        retried: Marks of those that were sent again: their connection had been used before, and ended unanswered.
        refused: How many found nobody who listens.
        unaccepted: Marks of those on a new connection that ended unanswered while the server stopped: the kernel had
            made it, and drops it when nobody listens any more.
        failures: All else that went wrong, in words.
        kept: Digests of what was uploaded and acknowledged, by target.
    """

    answered: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    retried: set[str] = field(default_factory=set)
    refused: int = 0
    unaccepted: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)

    def faults(self, begun: Mapping[str, int]) -> list[str]:
        """What the server did that it must not do.

        Args:
            begun: The marks of all requests that it began to serve, and where.
        """
        return [
            *self.failures,
            *(
                f"{mark} was begun, and its connection was closed without an answer"
                for mark in begun.keys() - self.answered
            ),
            *(f"{mark} was answered, and nobody has served it" for mark in self.answered - begun.keys()),
        ]


class Load:
    """Callers at work, from the beginning of a ``with`` block to its end.

    Attributes:
        account: What became of their requests.
        stopping: To be set before the server is told to stop.

    Args:
        port: The server's.
        seed: What they do when.
        account: Where they write down what became of it.
        name: What all their marks begin with.
    """

    def __init__(self, port: int, seed: int, account: Account, name: str = "") -> None:
        self.account = account
        self.stopping = threading.Event()
        self._over = threading.Event()
        callers = [
            Caller(self, port, f"{name}{kind}{number}", seed)
            for kind, count in _KINDS.items()
            for number in range(count)
        ]
        self._threads = [threading.Thread(target=caller.work, args=(self._over,)) for caller in callers]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let all end what they do; those that have lost their server have ended."""
        self._over.set()
        self.join()

    def join(self) -> None:
        """Wait until all have ended of themselves, because the server is gone."""
        for thread in self._threads:
            thread.join()


class Caller:
    """One client of one kind."""

    def __init__(self, load: Load, port: int, name: str, seed: int) -> None:
        self._load = load
        self._account = load.account
        self._name = name
        self._kind = name.rstrip("0123456789").rpartition(" ")[2]
        self._chance = random.Random(f"{name} {seed}")  # noqa: S311
        self._sent = 0
        self._keep = self._kind != "fresh"
        self._client = StrictClient(port, dribble=0.25 if self._kind == "dribbling" else 0.0)
        self._round: Callable[[], None] = getattr(self, f"_{self._kind}")

    def work(self, over: threading.Event) -> None:
        """Go on until told to stop, or the server is gone."""
        with self._client:
            while not over.is_set():
                try:
                    self._round()
                except Over:
                    return
                except Exception as error:  # noqa: BLE001 - whatever it was, the test must hear of it
                    self._account.failures.append(f"{self._name}: {error!r}")
                    return

    # What the kinds do

    def _short(self) -> None:
        target = self._chance.choice(("/api/realms", "/api/instances/inst1", "/api/keys", "/api"))
        self._ask("GET", target)
        time.sleep(self._chance.random() * 3 * _PAUSE)

    _fresh = _short

    def _slow(self) -> None:
        self._keep = self._chance.random() < 0.5
        self._ask("GET", "/api/realms", {"X-Deltacloud-Driver": SLOW_DRIVER})

    _dribbling = _short

    def _uploading(self) -> None:
        target = f"/api/buckets/bucket1/{self._name.replace(' ', '-')}"
        content = self._chance.randbytes(UPLOAD)
        self._keep = self._chance.random() < 0.5
        headers = {"Content-Length": str(UPLOAD)} if self._chance.random() < 0.5 else {}
        self._ask("PUT", target, headers, lambda: _slowly(content))
        self._account.kept[target] = hashlib.sha256(content).hexdigest()
        read = self._ask("GET", f"{target}/content")
        if hashlib.sha256(read.body).hexdigest() != self._account.kept[target]:
            self._account.failures.append(f"{target} is not what was uploaded")

    def _downloading(self) -> None:
        self._keep = self._chance.random() < 0.5
        read = self._ask("GET", f"{PLACE}/content", pause=_PAUSE / 2)
        if len(read.body) != DOWNLOAD:
            self._account.failures.append(f"a download ended after {len(read.body)} bytes")

    def _ask(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        body: Callable[[], Iterator[bytes]] | None = None,
        pause: float = 0.0,
    ) -> Answer:
        """A request as clients send it: once more when the server has closed a connection that it knew."""
        for attempt in range(_ATTEMPTS):
            self._sent += 1
            mark = f"{self._name.replace(' ', '-')}-{self._sent}"
            if not self._keep:
                self._client.close()
            fields = {**(headers or {}), "X-Mark": mark}
            try:
                answer = self._client.ask(method, target, body and body(), fields, pause)
            except NoAnswer as error:
                self._judge(mark, error, last=attempt == _ATTEMPTS - 1)
                continue
            self._account.answered.add(mark)
            self._account.kinds[self._kind] += 1
            if answer.status != 200:
                self._account.failures.append(f"{mark} {method} {target}: {answer.status} {answer.body[:300]!r}")
            return answer
        raise Over

    def _judge(self, mark: str, error: NoAnswer, *, last: bool) -> None:
        """Returns when the request may be sent again."""
        stopping = self._load.stopping.is_set()
        if isinstance(error, Refused) and stopping:
            self._account.refused += 1
        elif isinstance(error, Closed) and error.reused and not error.begun and not last:
            self._account.retried.add(mark)
            return
        elif isinstance(error, Closed) and not error.reused and not error.begun and stopping:
            self._account.unaccepted.add(mark)
        else:
            self._account.failures.append(f"{mark}: {error!r}")
        raise Over


_KINDS = {"short": 12, "fresh": 6, "slow": 6, "uploading": 3, "downloading": 3, "dribbling": 4}


def _slowly(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), BLOCK):
        yield content[start : start + BLOCK]
        time.sleep(_PAUSE)
