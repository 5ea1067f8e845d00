"""A shell that stays, for samples in which one command leans on another."""

from __future__ import annotations

import doctest
import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

_CHECKER = doctest.OutputChecker()
_SECONDS = 120
_SECONDS_TO_START = 30
_SHELLS_OWN = re.compile(r"--- \d+ done: |bash: line \d+: +\d+ Terminated |\[\d+\].? +Terminated ")
"""The mark of a command's end, and what bash says of jobs that were ended."""


def alike(expected: str, shown: str) -> bool:
    """Whether an output is what a page says; ``...`` stands for anything there, and space for any space."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return _CHECKER.check_output(f"{expected.rstrip()}\n", f"{shown.rstrip()}\n", flags)


class Terminal:
    """A bash of its own; what it has started in the background ends with it.

    Args:
        folder: Where it begins.
        variables: Its environment.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self._marks = 0
        self._bash = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._write("set -m")  # jobs are known to the shell, as in one that people sit at

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._bash.communicate(b"kill $(jobs -p)\nexit\n", timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self._bash.pid, signal.SIGKILL)
            self._bash.communicate()

    def run(self, command: str, expected: str) -> str:
        """Run a command; one in the background is waited for until it has shown what is expected.

        Returns:
            What was shown.
        """
        self._marks += 1
        mark = f"--- {self._marks} done: "
        self._write(f"{command}\nprintf '\\n{mark}%s\\n' $?")
        started = command.endswith("&")
        shown, end = "", time.monotonic() + (_SECONDS_TO_START if started else _SECONDS)
        while time.monotonic() < end:
            shown += self._read()
            done = mark in shown
            told = "\n".join(line for line in shown.splitlines() if not _SHELLS_OWN.match(line))
            if done and (not started or alike(expected, told)):
                break
        return told

    def _write(self, text: str) -> None:
        assert self._bash.stdin
        self._bash.stdin.write(f"{text}\n".encode())
        self._bash.stdin.flush()

    def _read(self) -> str:
        assert self._bash.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(self._bash.stdout, selectors.EVENT_READ)
            ready = selector.select(0.1)
        return os.read(self._bash.stdout.fileno(), 65536).decode(errors="replace") if ready else ""
