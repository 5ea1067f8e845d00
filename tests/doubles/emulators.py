"""Emulators of clouds, by other people: each run starts its own, empty, on free ports of the loopback interface."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway import find_free_port
from processes import tied
from programs import FOLDER, program

START_SECONDS = 60
"""How long an emulator may take to its first answer; SeaweedFS needs seven on a quiet machine."""
STOP_SECONDS = 3
"""SeaweedFS has to be killed after these."""
NODE_FOLDER = FOLDER.parent / "node"
"""Where ``nox -s doubles`` has put what runs on Node."""


@dataclass(frozen=True)
class Place:
    """What one emulator is started with.

    Attributes:
        folder: An empty one for all that it writes.
        ports: As many free ports as it asked for; the first is where its interface is.
        environment: Settings for this one alone, as the environment's variables.
    """

    folder: Path
    ports: tuple[int, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where its interface is, without a slash at the end."""
        return f"http://127.0.0.1:{self.ports[0]}"


@dataclass(frozen=True)
class Emulator:
    """How one emulator is started.

    Attributes:
        name: What it is called.
        missing: What is not installed, or None; asked before it is started.
        command: Writes what it needs into a place; returns the command.
        ready: Whether it can be used: its answering alone does not always say that.
        ports: How many it listens on.
    """

    name: str
    missing: Callable[[], str | None]
    command: Callable[[Place], list[str]]
    ready: Callable[[Place], bool]
    ports: int = 1


def answers(url: str) -> bool:
    """Whether anything is answered there, be it an error."""
    return _opened(url) is not None


def said(url: str) -> str:
    """What is answered there; nothing where there is no good answer."""
    return _opened(url) or ""


def _opened(url: str) -> str | None:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bytes(answer.read()).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        error.close()
        return ""
    except OSError:
        return None


def no_program(name: str) -> Callable[[], str | None]:
    """What is missing where a program is not installed."""
    return lambda: None if program(name) else name


def no_node_module(path: str) -> Callable[[], str | None]:
    """What is missing where Node, or a module's file below its folder, is not installed."""

    def missing() -> str | None:
        if program("node") is None:
            return "node"
        return None if (NODE_FOLDER / "node_modules" / path).is_file() else path.partition("/dist/")[0]

    return missing


def node(path: str, *arguments: str) -> list[str]:
    """The command that runs a module's file on Node."""
    return [str(program("node")), str(NODE_FOLDER / "node_modules" / path), *arguments]


@contextlib.contextmanager
def running(emulator: Emulator, folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Place]:
    """An emulator, empty, from its first answer on; it ends with the block, or with the process that started it.

    Where it is not installed the test is skipped, and says so; where it does not start, the test fails with its log.
    """
    missing = emulator.missing()
    if missing:
        pytest.skip(f"{missing} is not installed (nox -s doubles installs it): NOT TESTED against {emulator.name}")
    ports: list[int] = []
    while len(ports) < emulator.ports:
        port = find_free_port()
        if port not in ports:
            ports.append(port)
    place = Place(folder, tuple(ports), environment or {})
    log = folder / f"{emulator.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            tied(emulator.command(place)),
            cwd=folder,
            env={**os.environ, **place.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _await(emulator, place, process, log)
        yield place
    finally:
        _end(process)


def _await(emulator: Emulator, place: Place, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while not emulator.ready(place):
        if process.poll() is not None or time.monotonic() > until:
            told = log.read_text(encoding="utf-8", errors="replace")[-3000:]
            pytest.fail(f"{emulator.name} did not start:\n{told}", pytrace=False)
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends it and what it has started: it leads a group of its own, which holds nobody else."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(STOP_SECONDS)
