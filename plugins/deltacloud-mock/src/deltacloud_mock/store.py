"""The state of the pretend cloud: SQLite, for many processes, threads and greenlets at once.

A write takes the database's one write lock at its start (``BEGIN IMMEDIATE``), so what it reads stays true until it
ends: two callers never get the same id. **Nothing may wait for anything between the start and the end of a write**:
under gevent another greenlet would run, ask for the same lock in the same thread, and the process would stand still for
good. So a write block holds computing, SQL and plain files only: no lock, no sleep, no import, no network, no logging.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from deltacloud.errors import BackendError
from deltacloud_mock.session import Session

VERSION = 1
"""Of the schema; a directory of another version is refused."""

BUSY_SECONDS = 10.0
"""How long a call waits for the write lock."""
_IDLE_CONNECTIONS = 8
_PAUSE_SECONDS = 0.05
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)  # the last byte of an extended error code is the plain one


class Store:
    """The database in a directory.

    Args:
        directory: Where it is; called at first use, so that making a store touches nothing.
        seed: Reads what a new database holds; what it returns fills one, within the write that makes it.
        clock: Unix seconds.
    """

    def __init__(
        self,
        directory: Callable[[], Path],
        seed: Callable[[Path], Callable[[Session], None]],
        clock: Callable[[], float],
    ) -> None:
        self._find_directory = directory
        self._seed = seed
        self._clock = clock
        self._lock = threading.Lock()
        self._directory: Path | None = None
        self._idle: deque[sqlite3.Connection] = deque()

    @property
    def directory(self) -> Path:
        """The directory, with the database ready."""
        if self._directory is None:
            with self._lock:
                if self._directory is None:
                    self._directory = self._prepared()
        return self._directory

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that reads; each of its statements sees one moment."""
        connection = self._take()
        try:
            yield Session(connection, self._clock())
        finally:
            self._give_back(connection)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that alone may write, until the block ends; what raises leaves no trace."""
        connection = self._take()
        try:
            with _transaction(connection):
                yield Session(connection, self._clock())
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Close all idle connections."""
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return _connect(self.directory)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction or len(self._idle) >= _IDLE_CONNECTIONS:
            connection.close()  # which rolls back what could not be ended
        else:
            self._idle.append(connection)

    def _prepared(self) -> Path:
        directory = self._find_directory()
        directory.mkdir(mode=0o750, parents=True, exist_ok=True)
        connection = _connect(directory)
        end = time.monotonic() + BUSY_SECONDS
        try:
            while True:
                try:
                    self._create(connection, directory)
                except sqlite3.OperationalError as error:
                    if not is_busy(error) or time.monotonic() > end:
                        raise
                    time.sleep(_PAUSE_SECONDS)  # another process makes it ready just now
                else:
                    return directory
        finally:
            connection.close()

    def _create(self, connection: sqlite3.Connection, directory: Path) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        if _version(connection) == VERSION:
            return
        schema = files(__package__).joinpath("schema.sql").read_text().split(";\n")
        plant = self._seed(directory)
        with _transaction(connection):
            version = _version(connection)
            if version == VERSION:
                return
            if version:
                raise BackendError(f"The mock cloud's storage has format {version}; this version knows {VERSION}")
            for statement in schema:
                connection.execute(statement)
            plant(Session(connection, self._clock()))
            connection.execute(f"PRAGMA user_version = {VERSION}")


def is_busy(error: Exception) -> bool:
    """Whether the database was only locked by someone else."""
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in _LOCKED


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _connect(directory: Path) -> sqlite3.Connection:
    # Greenlets and threads hand connections on, one user at a time, through the idle ones.
    connection = sqlite3.connect(
        directory / "mock.sqlite3", timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
