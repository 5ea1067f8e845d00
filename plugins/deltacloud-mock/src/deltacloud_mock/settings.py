"""What an operator can decide about the pretend cloud."""

from __future__ import annotations

import getpass
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import msgspec

from deltacloud.driver import Settings, from_environment
from deltacloud.hookspecs import ComputeSpec, StorageSpec
from deltacloud_mock.failures import FAILURES

PERSISTENT = Path("/var/tmp")  # noqa: S108 - who owns what is found there is checked
"""Where temporary files outlive a restart of the machine."""

DEFAULT_USERS: Mapping[str, str] = MappingProxyType({"mockuser": "mockpassword"})
"""The pair that every client of the original knows."""


class MockSettings(Settings, frozen=True, kw_only=True):
    """The ``[drivers.mock]`` table."""

    storage: Annotated[str, from_environment("DELTACLOUD_MOCK_STORAGE")] = ""
    """Directory of the state; empty for a directory of the user's own below the system's persistent temporary one."""
    users: dict[str, str] = msgspec.field(default_factory=lambda: dict(DEFAULT_USERS))
    """Passwords by user name. Each user is a tenant with things of its own; images are public."""
    page_size: Annotated[int, msgspec.Meta(ge=1)] = 1000
    """The most that one page of a list holds."""
    delay_seconds: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """How long every call takes."""
    transition_seconds: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """How long instances stay PENDING and STOPPING."""
    fail: dict[str, str] = msgspec.field(default_factory=dict)
    """Hooks that fail, with the word for how (``list_images = "provider_busy"``)."""

    def __post_init__(self) -> None:
        for hook, word in self.fail.items():
            if not any(hook in vars(spec) for spec in (ComputeSpec, StorageSpec)):
                raise ValueError(f"fail: {hook!r} is no hook")
            if word not in FAILURES:
                raise ValueError(f"fail.{hook}: not one of {', '.join(sorted(FAILURES))}")

    def __repr__(self) -> str:
        return "MockSettings(...)"  # it holds passwords


def default_storage() -> Path:
    """``/var/tmp/deltacloud-LOGIN/mock``, made if it is not there.

    Raises:
        PermissionError: the directory of that name belongs to someone else.
    """
    temporary = PERSISTENT if PERSISTENT.is_dir() else Path(tempfile.gettempdir())
    home = temporary / f"deltacloud-{_login()}"
    home.mkdir(mode=0o750, exist_ok=True)
    status = home.lstat()
    if home.is_symlink() or (hasattr(os, "geteuid") and status.st_uid != os.geteuid()):
        raise PermissionError(f"{home} belongs to someone else; set DELTACLOUD_MOCK_STORAGE to a directory of your own")
    return home / "mock"


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without an entry in the password file
        return str(os.getuid())
