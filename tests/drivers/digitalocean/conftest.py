"""A fresh DigitalOcean for each test, and a gateway before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digitaloceancloud import Cloud, digitalocean_cloud, digitalocean_document
from digitaloceancloud.asking import Gateway, gateway


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
