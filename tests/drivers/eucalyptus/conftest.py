"""What the tests of this driver share."""

from __future__ import annotations

import pytest

from awscloud import recorder
from awscloud.accounts import Accounts
from awscloud.fixtures import calling, moto
from awscloud.recorder import note_collected as pytest_collection_modifyitems
from awscloud.recorder import note_deselected as pytest_deselected

recorder.listen()

__all__ = ["calling", "moto", "provider", "pytest_collection_modifyitems", "pytest_deselected"]


@pytest.fixture(scope="session")
def provider(moto: Accounts) -> str:
    """The provider's text that leads the driver to moto, which answers at the path ``/`` alone."""
    return provider_at(moto.url)


def provider_at(url: str) -> str:
    """The same for what is at a URL."""
    place = url.removeprefix("http://")
    return ";".join(f"{role}={place}/" for role in ("ec2", "s3", "elb", "mon"))
