"""What the tests of this driver share."""

from __future__ import annotations

import pytest

from awscloud import recorder
from awscloud.accounts import Accounts
from awscloud.fixtures import calling, moto, seaweed
from awscloud.recorder import note_collected as pytest_collection_modifyitems
from awscloud.recorder import note_deselected as pytest_deselected

recorder.listen()

__all__ = ["calling", "moto", "pytest_collection_modifyitems", "pytest_deselected", "seaweed"]


@pytest.fixture(scope="session")
def provider(moto: Accounts) -> str:
    """The provider's text that leads the driver to moto, which makes buckets in regions alone."""
    return f"s3={moto.url};region=us-east-1"
