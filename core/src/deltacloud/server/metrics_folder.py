"""Where the worker processes keep what they count, so that each of them can tell the sum, and none takes it along.

prometheus-client has a file in one folder for each process. Here the files belong to the workers' numbers, from 0: the
successor of a worker that has died goes on in its files, so counts are never lost and files never pile up.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that tells prometheus-client, and what else counts with it in our processes, where the folder is."""

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it is made anew, and for us alone


@contextlib.contextmanager
def shared_folder() -> Iterator[str | None]:
    """Have a new, empty and private folder while this process runs; processes that it forks leave it alone.

    In memory where that is possible: on a full disk a write to a mapped file would kill the process that counts.

    Yields:
        None; or why there is no folder.
    """
    owner, before = os.getpid(), os.environ.get(FOLDER)
    try:
        folder = _made()
    except OSError as error:
        yield error.strerror or str(error)
        return
    os.environ[FOLDER] = folder
    try:
        yield None
    finally:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)
            del os.environ[FOLDER]
            if before is not None:
                os.environ[FOLDER] = before


def prepare() -> None:
    """A worker comes: if somebody has cleared the folder away, the counts are lost, but the service goes on."""
    Path(os.environ[FOLDER]).mkdir(mode=0o700, exist_ok=True)


def free_number(taken: Iterable[int]) -> int:
    """The lowest number that no living worker has."""
    held = set(taken)
    return next(number for number in itertools.count() if number not in held)


def forget(number: int) -> None:
    """A worker has died: what was in progress in it is no more; what it has counted stays."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - the master seldom needs it

    mark_process_dead(number)  # type: ignore[no-untyped-call]


def _made() -> str:
    if os.access(_IN_MEMORY, os.W_OK | os.X_OK):
        with contextlib.suppress(OSError):
            return tempfile.mkdtemp(prefix="deltacloud-", dir=_IN_MEMORY)
    return tempfile.mkdtemp(prefix="deltacloud-")
