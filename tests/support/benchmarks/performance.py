"""The page of the documentation about speed: made of one run, never by hand."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import Report

_COMMAND = "nox -s bench"
_GIB = 1024**3

_TEXT = """\
# Performance

`{command}` wrote this page: all figures are of one run.

| run | |
| --- | --- |
| date | {date} |
| commit | {commit} |
| processor | {processor}, {cores} cores |
| memory | {memory:.0f} GiB |
| software | Python {python}, Linux {kernel} |
| load | {load:.1f} on the average of the last quarter of an hour; figures of a busy machine are worse than its best |
{size}
## Figures

| figure | must reach | reached | verdict | measured |
| --- | --- | --- | --- | --- |
{rows}

## How they are measured

Wherever a figure is a ratio, the other side is a **bare** server: a Falcon application under gunicorn with gevent and
one worker. It answers with bytes which are there already, writes no log and knows nothing of clouds. Ours is
`deltacloudd` with one worker and its defaults: a line about each request goes to a file, and each answer has an id and
an ETag. No answer is cached. Both get the same requests from a load generator in a process of its own, on 16
connections that stay open. They take turns, and what is divided or subtracted are the medians of the rounds.

* **Processor time** is what Linux counts for the worker, of the user and of the system. It is steadier than requests a
  second, and does not depend on the speed of the client.
* **Instances** come from a driver that builds each of them anew for every request, with all that an instance usually
  has (about 1.7 kB in XML).
* **Added time** is that of one client with one connection; the driver returns an empty list.
* **Streams** go to the mock cloud and come from it. The bare server writes the file and syncs it at the end; the mock
  cloud syncs every 16 MiB, so that nobody waits long for the disk.
* **Growth of memory** is the peak of the worker's resident memory meanwhile, less what it used before.
* **Requests that wait** are sent at once, each on a connection of its own, to a server with default settings. Each
  asks an HTTP server through `context.http`, which answers after a second.
* **Many blobs** come from a driver that yields them one by one; the list is read to its end and counted.
* **Azure** is Azurite on the same machine. The SDK alone has as many blocks or pieces under way as the driver. It sends
  what it has in memory, and the gateway what comes from a client: three processes to the SDK's two.
* **Starting and importing** are medians of several times. That the import loads no driver, and nothing that only
  drivers need, is checked and not measured.
"""


def write_page(path: Path, report: Report) -> None:
    """Write the page about a run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = "" if report.complete else f"| size | {report.share:g} of the full run |\n"
    text = _TEXT.format(
        command=_COMMAND,
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        commit=_commit(),
        processor=_first("/proc/cpuinfo", "model name"),
        cores=len(os.sched_getaffinity(0)),
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB,
        python=platform.python_version(),
        kernel=".".join(platform.release().split(".")[:2]),
        load=os.getloadavg()[2],
        size=size,
        rows="\n".join(f"| {' | '.join(_bold(row))} |" for row in report.rows()),
    )
    path.write_text(text, encoding="utf-8")


def _bold(row: tuple[str, ...]) -> list[str]:
    return ["**MISSED**" if cell == "MISSED" else cell for cell in row]


def _commit() -> str:
    """The commit, and whether anything but this page differs from it."""
    name = _git("rev-parse", "--short", "HEAD")
    changed = [line for line in _git("status", "--porcelain").splitlines() if not line.endswith("docs/performance.md")]
    return f"{name}{'+changes' if changed else ''}"


def _git(*arguments: str) -> str:
    """What git says; ``unknown`` where there is none."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.rstrip()


def _first(path: str, name: str) -> str:
    """The first value of a name in one of the kernel's tables."""
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return platform.machine()
