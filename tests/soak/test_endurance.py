"""A gateway under mixed load for a long time gives right answers to the end, and does not grow."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from gateway import Deltacloudd
from processes import Usage, usage
from soaking import SECONDS, show

CALLERS = 6
WARM_UP = 0.25
"""The share of the run after which caches and pools have their size."""
MAY_GROW = 12 * 1024 * 1024
"""Bytes that all processes together may gain after the warm-up, however long the run is."""

pytestmark = [pytest.mark.soak, pytest.mark.timeout(SECONDS * 1.5 + 120)]


class Caller:
    """One client, with a bucket and instances of its own, that does everything in turn."""

    def __init__(self, url: str, number: int) -> None:
        self.api = f"{url}/api"
        self.name = f"soak{number}"
        self.session = requests.Session()
        self.session.auth = ("mockuser", "mockpassword")
        self.answers: Counter[str] = Counter()
        self.content = (b"%d," % number) * 50_000

    def expect(self, status: int, method: str, path: str, accept: str = "application/xml", **sent: object) -> str:
        answer = self.session.request(method, self.api + path, headers={"Accept": accept}, timeout=60, **sent)  # type: ignore[arg-type]
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        self.answers[f"{method} {status}"] += 1
        return answer.text

    def round(self) -> None:
        self.read()
        self.live()
        self.keep()
        self.err()

    def read(self) -> None:
        assert "<instance " in self.expect(200, "GET", "/instances")
        assert '"images"' in self.expect(200, "GET", "/images", accept="application/json")
        assert "<html" in self.expect(200, "GET", "/realms", accept="text/html")

    def live(self) -> None:
        made = self.expect(201, "POST", "/instances", "application/json", data={"image_id": "img1", "name": self.name})
        identity = made.split('"id":')[1].split('"')[1]
        self.expect(202, "POST", f"/instances/{identity}/stop")
        self.expect(204, "DELETE", f"/instances/{identity}")

    def keep(self) -> None:
        self.expect(201, "POST", "/buckets", data={"name": self.name})
        self.expect(200, "PUT", f"/buckets/{self.name}/content", data=self.content)
        assert self.expect(200, "GET", f"/buckets/{self.name}/content/content", "*/*") == self.content.decode()
        self.expect(204, "DELETE", f"/buckets/{self.name}/content")
        self.expect(204, "DELETE", f"/buckets/{self.name}")

    def err(self) -> None:
        self.expect(404, "GET", "/images/nothing")
        self.expect(400, "POST", "/instances")
        wrong = requests.get(f"{self.api}/instances", auth=("mockuser", "wrong"), timeout=60)
        assert wrong.status_code == 401

    def work_until(self, end: float) -> Counter[str]:
        while time.monotonic() < end:
            self.round()
        return self.answers


def test_a_gateway_under_mixed_load_answers_right_and_does_not_grow(deltacloudd: Deltacloudd) -> None:
    gateway = deltacloudd()
    callers = [Caller(gateway.url, number) for number in range(CALLERS)]

    warm = _work(callers, SECONDS * WARM_UP, gateway.process.pid)
    end = _work(callers, SECONDS * (1 - WARM_UP), gateway.process.pid)

    total = sum((caller.answers for caller in callers), Counter[str]())
    show(
        "Mixed load",
        {
            "seconds": f"{SECONDS:.0f}",
            "callers": CALLERS,
            "requests answered": f"{total.total()}: {dict(total)}",
            "after the warm-up": warm,
            "at the end": end,
        },
    )
    assert gateway.process.poll() is None
    assert end.memory - warm.memory < MAY_GROW
    assert end.files <= warm.files + CALLERS


def _work(callers: list[Caller], seconds: float, pid: int) -> Usage:
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(len(callers)) as pool:
        for done in [pool.submit(caller.work_until, end) for caller in callers]:
            done.result()
    return usage(pid)
