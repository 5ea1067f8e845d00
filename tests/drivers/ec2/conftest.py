"""What the tests of this driver share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from awscloud import recorder
from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from awscloud.fixtures import calling, front, moto, seaweed
from awscloud.recorder import note_collected as pytest_collection_modifyitems
from awscloud.recorder import note_deselected as pytest_deselected

recorder.listen()

__all__ = ["calling", "front", "moto", "pytest_collection_modifyitems", "pytest_deselected", "seaweed"]


@pytest.fixture(scope="session")
def provider(moto: Accounts, front: str) -> str:
    """The provider's text that leads the driver to moto."""
    return moto.provider(ec2=front)


@pytest.fixture(scope="module")
def ec2(moto: Accounts, provider: str, calling: Callable[[Hooks], Hooks]) -> Hooks:
    """Calls the driver's hooks as the gateway does, with the main account's keys."""
    return calling(Hooks("ec2", provider, moto.main))
