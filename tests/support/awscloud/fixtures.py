"""Fixtures of tests of drivers that speak Amazon's protocols; a folder's ``conftest.py`` imports what it wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from awscloud import images
from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from awscloud.front import keeping_tokens
from awsmoto import MOTO
from emulators import Place, running
from seaweedfs import SEAWEEDFS


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    """A moto that checks signatures, with two accounts; one for all tests of a process."""
    folder = tmp_path_factory.mktemp("moto")
    with running(MOTO, folder, {"MOTO_AMIS_PATH": str(images.written(folder))}) as place:
        yield Accounts(place.url)


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A SeaweedFS; one for all tests of a process."""
    with running(SEAWEEDFS, tmp_path_factory.mktemp("seaweedfs")) as place:
        yield place


@pytest.fixture(scope="session")
def front(moto: Accounts) -> Iterator[str]:
    """The URL of a way to moto that knows ``ClientToken``."""
    known = {keys.access_key: keys.secret_key for keys in (moto.main, moto.other)}
    with keeping_tokens(moto.url, known) as url:
        yield url


@pytest.fixture(scope="module")
def calling() -> Iterator[Callable[[Hooks], Hooks]]:
    """Takes what calls hooks, and lets go of it when the tests of a file are over."""
    with ExitStack() as stack:

        def keep(hooks: Hooks) -> Hooks:
            stack.callback(hooks.close)
            return hooks

        yield keep
