"""Workers are killed under load, again and again: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from gateway import Deltacloudd, Gateway
from journals import LISTED, Journal, Verdict, listed, name_of
from soaking import seeded, show, times, workers_of
from strictclient import StrictClient
from writers import Writer

KILLS = times(100, "DELTACLOUD_KILLS")
WORKERS = 4
WRITERS = 16
LARGEST_LOG = 32 * 1024 * 1024
"""Bytes that SQLite's log may have grown to; it begins anew at every checkpoint."""

pytestmark = [pytest.mark.soak, pytest.mark.timeout(KILLS * 15 + 180)]


def test_no_acknowledged_write_is_lost_when_workers_are_killed(deltacloudd: Deltacloudd) -> None:
    seed, chance = seeded("kills")
    began = time.monotonic()
    gateway = deltacloudd("--workers", str(WORKERS))
    with StrictClient(gateway.port) as client:
        before = {collection: set(_names(client, collection)) for collection in LISTED}
    journals, killed = _kill_under_load(gateway, seed, chance)
    with StrictClient(gateway.port) as client:
        verdict = Verdict(client, journals, before)
        faults = verdict.faults()
        volumes = sum(name.startswith("Volumevolume_") for name in _names(client, "storage_volumes"))
    state = _State(gateway.storage)

    acknowledged = sum((journal.acknowledged for journal in journals), Counter[str]())
    unknown = sum((journal.unknown for journal in journals), Counter[str]())
    show(
        f"Workers killed under load (seed {seed})",
        {
            "seconds": f"{time.monotonic() - began:.0f}",
            "workers killed": killed,
            "writes acknowledged": f"{acknowledged.total()}: {dict(sorted(acknowledged.items()))}",
            "writes unknown": f"{unknown.total()}: {dict(verdict.kept)}",
            "sent again with the same key": sum(journal.again for journal in journals),
            "ids given out": sum(len(journal.lives) for journal in journals),
            "files of contents": f"{len(state.files)}, {len(state.unneeded())} of them left by kills",
            "log of the database": f"{state.log_size} bytes",
        },
    )
    assert faults == []
    assert state.faults() == []
    with_volume = "instances with a volume"
    assert acknowledged[with_volume] <= volumes <= acknowledged[with_volume] + unknown[with_volume]
    assert gateway.process.poll() is None
    assert gateway.stop() == 0

    again = deltacloudd("--workers", "1", environment={"DELTACLOUD_MOCK_STORAGE": str(gateway.storage)})
    with StrictClient(again.port) as client:
        assert Verdict(client, journals, before).faults() == []
        assert client.ask("PUT", "/api/buckets/bucket1/last", b"the last one").status == 200
    assert _State(gateway.storage).unneeded() == set()


def _kill_under_load(gateway: Gateway, seed: int, chance: random.Random) -> tuple[list[Journal], int]:
    """Writes and kills; what the writers know, and how many workers were killed."""
    writers = [Writer(number, gateway.port, random.Random(f"{number} {seed}")) for number in range(WRITERS)]  # noqa: S311
    stop = Event()
    killed = 0
    with ThreadPoolExecutor(len(writers)) as pool:
        working = [pool.submit(writer.work, stop) for writer in writers]
        try:
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.05, 2.0))
                _check(working)
                killed += _kill(gateway, 2 if chance.random() < 0.2 else 1, chance)
            time.sleep(1)
        finally:
            stop.set()
        return [one.result() for one in working], killed


def _kill(gateway: Gateway, count: int, chance: random.Random) -> int:
    """Kills some workers at once, as soon as there are more than that."""
    end = time.monotonic() + 30
    while len(workers := workers_of(gateway.process.pid)) <= count:
        assert time.monotonic() < end, "the master does not replace its workers"
        time.sleep(0.02)
    for worker in chance.sample(workers, count):
        os.kill(worker, signal.SIGKILL)
    return count


def _check(working: list[Future[Journal]]) -> None:
    """Raises what a writer has raised."""
    for one in working:
        if one.done():
            one.result()


def _names(client: StrictClient, collection: str) -> list[str]:
    return [name_of(collection, one) for one in listed(client, collection)]


class _State:
    """What the pretend cloud has on disk, while nobody writes."""

    def __init__(self, storage: Path) -> None:
        contents = storage / "contents"
        self.files = {path.name: path.stat().st_size for path in contents.iterdir()}
        self.others = {path.name for path in storage.iterdir()} - {contents.name}
        log = storage / "mock.sqlite3-wal"
        self.log_size = log.stat().st_size if log.exists() else 0
        with closing(sqlite3.connect(storage / "mock.sqlite3")) as connection:
            self._damage = [
                *(f"database: {row[0]}" for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"),
                *(f"reference: {row}" for row in connection.execute("PRAGMA foreign_key_check")),
            ]
            blobs = connection.execute("SELECT file, body FROM blobs").fetchall()
            self._lengths = {file: json.loads(body)["content_length"] for file, body in blobs}
            self._parts = {row[0] for row in connection.execute("SELECT file FROM segments")}
            self._instances, self._volumes = (
                {one["id"]: one for one in map(json.loads, bodies)}
                for bodies in (_bodies(connection, "instances"), _bodies(connection, "storage_volumes"))
            )

    def unneeded(self) -> set[str]:
        """Files that nothing refers to."""
        return set(self.files) - set(self._lengths) - self._parts

    def faults(self) -> list[str]:
        """All that is damaged, or half there."""
        return [*self._damage, *self._torn_contents(), *self._torn_attachments(), *self._foreign()]

    def _torn_contents(self) -> Iterator[str]:
        for file, length in self._lengths.items():
            if self.files.get(file) != length:
                yield f"content {file} has {self.files.get(file)} bytes, and its blob {length}"

    def _torn_attachments(self) -> Iterator[str]:
        told = {
            (volume_id, one["id"], device)
            for one in self._instances.values()
            for volume_id, device in one.get("storage_volumes") or ()
        }
        held = {
            (one["id"], one["instance_id"], one["device"])
            for one in self._volumes.values()
            if one.get("instance_id") and one["id"] != "vol3"  # whose instance does not list it, as the original had it
        }
        yield from (f"attachment {one} is half there" for one in told ^ held)

    def _foreign(self) -> Iterator[str]:
        known = {"mock.sqlite3", "mock.sqlite3-wal", "mock.sqlite3-shm"}
        yield from (f"nobody knows what {name} is" for name in self.others - known)
        if self.log_size > LARGEST_LOG:
            yield f"the log of the database has {self.log_size} bytes"


def _bodies(connection: sqlite3.Connection, kind: str) -> list[bytes]:
    rows = connection.execute("SELECT body FROM things WHERE kind = ?", (kind,))
    return [row[0] for row in rows]
