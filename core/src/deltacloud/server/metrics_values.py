"""A worker's numbers, in the files that prometheus-client reads."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

from prometheus_client import values
from prometheus_client.mmap_dict import MmapedDict, mmap_key

from deltacloud.server.metrics_folder import FOLDER

_SIZE = 64 * 1024
"""Bytes that a file begins with; it doubles as it must."""


def count_in_files_of(number: int) -> None:
    """Have all metrics that this process makes from now on count in the shared folder, as the worker of that number.

    prometheus-client's own values take a lock and ask for the process id at every step, which costs three times as much
    as the step itself. A worker does not fork, and an addition is not interrupted.
    """
    values.ValueClass = _Files(number)


class _Files:
    """Makes values: what prometheus-client calls where it would make one of its own."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._files: dict[str, MmapedDict] = {}
        self._lock = threading.Lock()

    def __call__(
        self,
        kind: str,
        metric: str,
        name: str,
        label_names: Sequence[str],
        label_values: Sequence[str],
        help_text: str,
        multiprocess_mode: str = "",
        **_more: object,
    ) -> _Value:
        beginning = f"{kind}_{multiprocess_mode}" if kind == "gauge" else kind
        key = mmap_key(metric, name, list(label_names), list(label_values), help_text)
        with self._lock:
            file = self._files.get(beginning)
            if file is None:
                file = self._files[beginning] = _opened(Path(os.environ[FOLDER], f"{beginning}_{self._number}.db"))
            return _Value(file, key)


def _opened(path: Path) -> MmapedDict:
    """The file; a new one gets its name when it has its size, because a scrape fails on a file that is empty yet."""
    if not path.exists():
        unnamed = path.with_suffix(".new")
        with unnamed.open("wb") as fresh:
            fresh.truncate(_SIZE)
        unnamed.replace(path)
    return MmapedDict(str(path))  # type: ignore[no-untyped-call]


class _Value:
    """One number. It goes on where the worker's predecessor ended."""

    __slots__ = ("_file", "_key", "_value")

    def __init__(self, file: MmapedDict, key: str) -> None:
        self._file = file
        self._key = key
        self._value: float = file.read_value(key)[0]  # type: ignore[no-untyped-call]

    def inc(self, amount: float) -> None:
        """Add."""
        self._value += amount
        self._file.write_value(self._key, self._value, 0.0)  # type: ignore[no-untyped-call]

    def set(self, value: float, timestamp: float | None = None) -> None:
        """Replace."""
        self._value = value
        self._file.write_value(self._key, value, timestamp or 0.0)  # type: ignore[no-untyped-call]

    def get(self) -> float:
        """The number."""
        return self._value

    def set_exemplar(self, exemplar: object) -> None:
        """Files hold no exemplars."""

    def get_exemplar(self) -> None:
        """There is none."""
