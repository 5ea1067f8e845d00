"""Servers' processes: what they use, read from the kernel, and that none outlives the tests that started it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
_TIED = "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.execv(sys.argv[1], sys.argv[1:])"
"""Asks Linux (PR_SET_PDEATHSIG) for SIGTERM when the parent ends, and becomes the command, which keeps that wish."""


def tied(command: Sequence[str]) -> list[str]:
    """The command, made to end when the thread that starts it ends, be it killed; its process id is its own.

    Its first part is the path of a program. Elsewhere than on Linux the command stays as it is.
    """
    return [sys.executable, "-c", _TIED, *command] if sys.platform == "linux" else list(command)


class Usage(NamedTuple):
    """What a process and its children use together.

    Attributes:
        cpu: Seconds of processor time so far.
        memory: Resident memory in bytes.
        files: Open file descriptors.
    """

    cpu: float
    memory: int
    files: int


def usage(pid: int) -> Usage:
    """What a process and all its descendants use now."""
    processes = [_Process(int(path.name)) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    family = {pid}
    for _ in range(8):  # more generations than any server has
        family |= {process.pid for process in processes if process.parent in family}
    members = [process for process in processes if process.pid in family]
    return Usage(
        sum(process.cpu for process in members),
        sum(process.memory for process in members),
        sum(process.files() for process in members),
    )


class _Process:
    """One line of the process table; a process that has just ended counts as nothing."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.parent, self.cpu, self.memory = -1, 0.0, 0
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return
        self.parent = int(fields[1])
        self.cpu = (int(fields[11]) + int(fields[12])) / TICKS
        self.memory = int(fields[21]) * PAGE_SIZE

    def files(self) -> int:
        try:
            return len(os.listdir(f"/proc/{self.pid}/fd"))  # noqa: PTH208 - names are enough
        except OSError:
            return 0
