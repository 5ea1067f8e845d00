"""What is measured of droplets: a reading every two minutes of those that run, and nothing of any others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from digitaloceancloud.server import HANDLERS, Answer, Call
from digitaloceancloud.state import Record

STEP = 120
_GIB = 1024**3
CPU_MODES = {"idle": 60.0, "iowait": 30.0, "system": 10.0, "user": 20.0}
"""Seconds that the processors spend in a mode from one reading to the next."""
MOUNTED = {"/": 25 * _GIB, "/mnt/data": 2 * _GIB}
"""How large the disks are."""

Series = Iterator[tuple[dict[str, str], Callable[[int], str]]]
"""Labels, and the reading at a moment."""


def _measuring(name: str, series: Callable[[Call], Series]) -> None:
    def handle(call: Call) -> Answer:
        droplet = call.query["host_id"]
        found = call.account.droplets.get(int(droplet)) if droplet.isdigit() else None
        runs = found is not None and found["status"] == "active"
        start, end = int(call.query["start"]), int(call.query["end"])
        moments = range(start + -start % STEP, end + 1, STEP) if runs else range(0)
        result: list[Record] = [
            {"metric": {"host_id": droplet, **labels}, "values": [[moment, reading(moment)] for moment in moments]}
            for labels, reading in series(call)
            if moments
        ]
        return 200, {"status": "success", "data": {"resultType": "matrix", "result": result}}

    HANDLERS[f"monitoring_get_{name}Metrics"] = handle


def _constant(value: float) -> Callable[[int], str]:
    return lambda _moment: str(value)


def _grows(seconds: float) -> Callable[[int], str]:
    return lambda moment: str(moment // STEP * seconds)


def _same(value: float) -> Callable[[Call], Series]:
    return lambda _call: iter([({}, _constant(value))])


def _disks(part: float) -> Callable[[Call], Series]:
    return lambda _call: iter(
        ({"device": "/dev/vda1", "fstype": "ext4", "mountpoint": place}, _constant(int(size * part)))
        for place, size in MOUNTED.items()
    )


def _bandwidth(call: Call) -> Series:
    labels = {name: call.query[name] for name in ("direction", "interface")}
    yield labels, _constant(0.5 if call.query["interface"] == "public" else 0)


_measuring("DropletCpu", lambda _call: iter(({"mode": mode}, _grows(spent)) for mode, spent in CPU_MODES.items()))
_measuring("dropletBandwidth", _bandwidth)
for _number, _load in ((1, 0.25), (5, 0.5), (15, 1)):
    _measuring(f"dropletLoad{_number}", _same(_load))
for _word, _bytes in (("Total", _GIB), ("Free", _GIB // 4), ("Available", _GIB // 2), ("Cached", _GIB // 8)):
    _measuring(f"dropletMemory{_word}", _same(_bytes))
_measuring("dropletFilesystemSize", _disks(1))
_measuring("dropletFilesystemFree", _disks(0.5))
