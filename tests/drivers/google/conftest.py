"""What the tests of this driver share."""

from __future__ import annotations

import pytest

from awscloud import recorder
from awscloud.accounts import Accounts
from awscloud.fixtures import calling, moto, seaweed

recorder.listen()

__all__ = ["calling", "moto", "seaweed"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    recorder.note_collected(items)


def pytest_deselected(items: list[pytest.Item]) -> None:
    recorder.note_deselected(items)


@pytest.fixture(scope="session")
def provider(moto: Accounts) -> str:
    """The provider's text that leads the driver to moto, which makes buckets in regions alone."""
    return f"s3={moto.url};region=us-east-1"
