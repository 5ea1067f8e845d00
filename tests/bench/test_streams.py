"""Large answers and large bodies: how fast they pass, and how little memory that takes."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.contenders import MIB, TYPES, Contender, bare, fields, header
from benchmarks.figures import Report

pytestmark = pytest.mark.timeout(600)

ROUNDS = 3
SIZE = 1024 * MIB
BLOB = "/api/buckets/bench/large"
BLOBS = 1_000_000
ENTRY = {"xml": b"<blob ", "json": b'"rel":"blob"'}
SIZE_AT_END = {"xml": rb"<size>(\d+)</size>\s*</bucket>\s*\Z", "json": rb'\],"size":(\d+)\}\}\Z'}

Transfer = Callable[[Contender, str, int], float]


def _upload(contender: Contender, path: str, size: int) -> float:
    """Send a file, and return how many MiB a second went."""
    described = fields() | {"Content-Length": str(size), "Content-Type": "application/octet-stream"}
    outcome = contender.ask(header("PUT", path, described), upload=size)
    assert all(answer.startswith("200 ") for answer in outcome.answers), outcome.answers
    return size / MIB / outcome.seconds


def _download(contender: Contender, path: str, size: int) -> float:
    """Fetch it, and return how many MiB a second came."""
    outcome = contender.ask(header("GET", path, fields()))
    assert outcome.answers == {f"200 {size}": 1}
    return size / MIB / outcome.seconds


def _compare(report: Report, key: str, transfer: Transfer, size: int, ours: Contender, raw: Contender) -> None:
    """The figures of speed and memory of transfers one way."""
    path = {ours: BLOB if key == "upload" else f"{BLOB}/content", raw: "/stream"}
    speeds: dict[Contender, list[float]] = {ours: [], raw: []}
    growths: dict[Contender, list[float]] = {ours: [], raw: []}
    for _ in range(ROUNDS):
        for contender in (ours, raw):
            with contender.growth(growths[contender]):
                speeds[contender].append(transfer(contender, path[contender], size))
    mine, theirs = statistics.median(speeds[ours]), statistics.median(speeds[raw])
    report.reach(key, mine / theirs, f"{mine:.0f} MiB/s, bare {theirs:.0f} MiB/s")
    report.reach(f"{key}-memory", max(growths[ours]), f"bare {max(growths[raw]):.1f} MiB")


def test_blobs_pass_as_fast_as_a_bare_stream_in_constant_memory(
    mock: Contender, report: Report, tmp_path: Path
) -> None:
    size = report.sized(SIZE)
    mock.post("/api/buckets", {"name": "bench"})
    with bare(tmp_path) as raw:
        for contender, path in ((mock, BLOB), (raw, "/stream")):
            _upload(contender, path, MIB)  # what is loaded at the first use is no growth
        _download(mock, f"{BLOB}/content", MIB)
        _compare(report, "upload", _upload, size, mock, raw)
        _compare(report, "download", _download, size, mock, raw)
    (tmp_path / "stream").unlink()


def _read_list(contender: Contender, form: str, count: int) -> tuple[float, float]:
    """Read a list of blobs to its end; returns the seconds until its first byte and until its last."""
    began, first = time.perf_counter(), 0.0
    entries, text = 0, b""
    for block in contender.stream(f"/api/buckets/{count}", fields(form)):
        first = first or time.perf_counter() - began
        text = text[1 - len(ENTRY[form]) :] + block
        entries += text.count(ENTRY[form])
    seconds = time.perf_counter() - began
    found = re.search(SIZE_AT_END[form], text)
    assert found is not None
    assert int(found[1]) == entries == count
    return first, seconds


@pytest.mark.parametrize("form", TYPES)
def test_a_bucket_of_a_million_blobs_is_listed_whole_in_constant_memory(
    bench: Contender, report: Report, form: str
) -> None:
    count = report.sized(BLOBS)
    _read_list(bench, form, 2000)
    growth: list[float] = []
    with bench.growth(growth):
        first, seconds = _read_list(bench, form, count)
    report.reach(f"blobs-{form}", first, f"{seconds:.1f} s until the last, {seconds / count * 1e6:.1f} us a blob")
    report.reach(f"blobs-{form}-memory", growth[0], f"{count} blobs")
