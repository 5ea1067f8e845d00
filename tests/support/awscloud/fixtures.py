"""Fixtures of tests of drivers that speak Amazon's protocols; a folder's ``conftest.py`` imports what it wants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from awscloud import images
from awscloud.accounts import Accounts
from awscloud.front import keeping_tokens
from awsmoto import MOTO
from emulators import running


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Accounts]:
    """A moto that checks signatures, with two accounts; one for all tests of a process."""
    folder = tmp_path_factory.mktemp("moto")
    with running(MOTO, folder, {"MOTO_AMIS_PATH": str(images.written(folder))}) as place:
        yield Accounts(place.url)


@pytest.fixture(scope="session")
def front(moto: Accounts) -> Iterator[str]:
    """The URL of a way to moto that knows ``ClientToken``."""
    with keeping_tokens(moto.url) as url:
        yield url
