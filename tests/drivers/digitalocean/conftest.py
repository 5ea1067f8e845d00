"""A fresh DigitalOcean for each test, and a gateway before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from awscloud import recorder
from awscloud.fixtures import calling, moto, seaweed
from awscloud.recorder import note_collected as pytest_collection_modifyitems
from awscloud.recorder import note_deselected as pytest_deselected
from digitaloceancloud import Cloud, digitalocean_cloud, digitalocean_document
from digitaloceancloud.asking import Gateway, gateway

recorder.listen()

__all__ = ["calling", "moto", "pytest_collection_modifyitems", "pytest_deselected", "seaweed"]


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """The cloud; its actions take two hundredths of a second."""
    with digitalocean_cloud(digitalocean_document(), seconds=0.02) as cloud:
        yield cloud


@pytest.fixture
def api(cloud: Cloud) -> Iterator[Gateway]:
    """The gateway."""
    with gateway(cloud) as api:
        yield api
