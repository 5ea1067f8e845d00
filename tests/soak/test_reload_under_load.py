"""Reloading and stopping under load: what a server has begun it ends, and a reload turns nobody away."""

from __future__ import annotations

import hashlib
import signal
import time
from collections import Counter

import pytest

from callers import Account, Load
from gateway import Gateway
from markedserver import MarkedServer
from soaking import seeded, show, times, workers_of
from strictclient import StrictClient

RELOADS = times(50, "DELTACLOUD_RELOADS")
STOPS = times(20, "DELTACLOUD_STOPS")
PATIENCE = 60

pytestmark = [pytest.mark.soak, pytest.mark.timeout(max(RELOADS, STOPS) * 15 + 180)]


def test_reloads_under_load_lose_no_request_and_refuse_no_connection(marked: MarkedServer) -> None:
    seed, chance = seeded("reloads")
    began = time.monotonic()
    gateway = marked.start()
    account = Account()
    with Load(gateway.port, seed, account):
        for _ in range(RELOADS):
            time.sleep(chance.uniform(0.2, 1.5))
            _reload(gateway, workers=2)
        time.sleep(0.5)
    assert gateway.stop() == 0
    _show(f"Reloads under load (seed {seed})", account, began, reloads=RELOADS)
    assert account.faults(marked.begun()) == []


def test_stops_under_load_answer_all_that_was_begun(marked: MarkedServer) -> None:
    seed, chance = seeded("stops")
    began = time.monotonic()
    account = Account()
    for number in range(STOPS):
        gateway = marked.start()
        _check_kept(gateway, account)
        with Load(gateway.port, seed, account, f"{number} ") as load:
            time.sleep(chance.uniform(0.5, 2.5))
            load.stopping.set()
            assert gateway.stop() == 0
            load.join()
    _check_kept(marked.start(), account)
    _show(f"Stops under load (seed {seed})", account, began, stops=STOPS)
    assert account.faults(marked.begun()) == []
    assert account.unaccepted & marked.begun().keys() == set()


def test_a_reload_with_broken_settings_under_load_keeps_the_old_ones(marked: MarkedServer) -> None:
    gateway = marked.start()
    account = Account()
    with Load(gateway.port, 1, account):
        time.sleep(0.5)
        marked.file.write_text("[server]\nworkers = 1\nworker = 1\n")
        _reload(gateway, workers=2)
        seen = marked.begun().keys()
        time.sleep(1.5)
    assert "not reloaded, the settings stay as they were" in gateway.log.read_text()
    assert marked.begun().keys() - seen, "the new workers have lost their extension"
    assert account.faults(marked.begun()) == []


def test_a_reload_under_load_can_change_the_number_of_workers(marked: MarkedServer) -> None:
    marked.write(workers=1)
    gateway = marked.start()
    account = Account()
    with Load(gateway.port, 2, account):
        for workers in (3, 1):
            time.sleep(0.5)
            marked.write(workers)
            _reload(gateway, workers)
    assert account.faults(marked.begun()) == []


def _reload(gateway: Gateway, workers: int) -> None:
    """Reloads, and waits until all workers are new ones."""
    before = set(workers_of(gateway.process.pid))
    gateway.process.send_signal(signal.SIGHUP)
    end = time.monotonic() + PATIENCE
    while True:
        now = set(workers_of(gateway.process.pid))
        if len(now) == workers and not now & before:
            return
        assert time.monotonic() < end, f"the workers are {now}, and were {before}"
        time.sleep(0.05)


def _check_kept(gateway: Gateway, account: Account) -> None:
    """What was uploaded and acknowledged is there, also after a restart."""
    with StrictClient(gateway.port) as client:
        for target, digest in account.kept.items():
            assert hashlib.sha256(client.ask("GET", f"{target}/content").body).hexdigest() == digest


def _show(title: str, account: Account, began: float, **events: int) -> None:
    show(
        title,
        {
            "seconds": f"{time.monotonic() - began:.0f}",
            **events,
            "requests answered": f"{len(account.answered)}: {dict(Counter(account.kinds))}",
            "sent again on a new connection": len(account.retried),
            "refused by a stopping server": account.refused,
            "not accepted by a stopping server": len(account.unaccepted),
            "failures": len(account.failures),
        },
    )
