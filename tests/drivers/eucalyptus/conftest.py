"""What the tests of this driver share."""

from __future__ import annotations

import pytest

from awscloud import recorder
from awscloud.accounts import Accounts
from awscloud.fixtures import calling, moto

recorder.listen()

__all__ = ["calling", "moto", "provider"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    recorder.note_collected(items)


def pytest_deselected(items: list[pytest.Item]) -> None:
    recorder.note_deselected(items)


@pytest.fixture(scope="session")
def provider(moto: Accounts) -> str:
    """The provider's text that leads the driver to moto, which answers at the path ``/`` alone."""
    return provider_at(moto.url)


def provider_at(url: str) -> str:
    """The same for what is at a URL."""
    place = url.removeprefix("http://")
    return ";".join(f"{role}={place}/" for role in ("ec2", "s3", "elb", "mon"))
