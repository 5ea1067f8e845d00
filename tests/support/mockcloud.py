"""A pretend cloud in this process, called as the kernel calls it, for tests of the mock driver itself."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from deltacloud.context import Context, Credentials, Deadline
from deltacloud.inputs import Filters, PageRequest
from deltacloud.models import Page
from deltacloud.outbound import WayOut
from deltacloud.providers import ParsedProvider
from deltacloud.secret import Secret
from deltacloud.testing.uploading import whole
from deltacloud_mock import MockDriver, MockSettings

USER, PASSWORD = "mockuser", "mockpassword"


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Cloud:
    """A mock driver on a directory.

    Args:
        storage: The directory.
        clock: The time.
        randomness: Where fake keys and samples come from.
        settings: Further settings of the driver.
    """

    def __init__(
        self,
        storage: Path,
        clock: Callable[[], float] = time.time,
        randomness: random.Random | None = None,
        **settings: Any,
    ) -> None:
        self.storage = storage
        self.driver = MockDriver(MockSettings(storage=str(storage), **settings), clock, randomness)

    def context(
        self,
        user: str | None = USER,
        password: str = PASSWORD,
        *,
        key: str | None = None,
        extra: Mapping[str, object] = MappingProxyType({}),
        seconds: float = 60,
    ) -> Context:
        """A call's context; without a user, one without credentials."""
        return Context(
            cast("WayOut", None),  # the mock never leaves the house
            credentials=None if user is None else Credentials(user, Secret(password)),
            provider=ParsedProvider(),
            deadline=Deadline(seconds),
            extra=extra,
            idempotency_key=key,
        )

    def call(self, hook: str, *, by: Any = None, **arguments: Any) -> Any:
        """Call a hook by its keyword arguments, in a context or that of the first user."""
        return getattr(self.driver, hook)(context=by or self.context(), **arguments)

    def items(self, hook: str, *, by: Any = None, **arguments: Any) -> list[Any]:
        """All of a list, through its pages."""
        if hook == "list_images":
            arguments.setdefault("filters", Filters())
        found: list[Any] = []
        marker: str | None = None
        while True:
            page: Page[Any] = self.call(hook, by=by, page=PageRequest(marker=marker), **arguments)
            found.extend(page.items)
            marker = page.next_marker
            if marker is None:
                return found

    def ids(self, hook: str, **arguments: Any) -> list[str]:
        """The ids of all of a list."""
        return [item.id for item in self.items(hook, **arguments)]

    def content(self, bucket: str, blob: str) -> bytes:
        """A blob's whole content."""
        return whole(self.call("read_blob", bucket_id=bucket, blob_id=blob, byte_range=None))

    def files(self) -> set[str]:
        """The names of all files of contents on disk."""
        return {entry.name for entry in (self.storage / "contents").iterdir()}
