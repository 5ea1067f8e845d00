"""Engines with a state, and what the driver reaches them by."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from ovirtcloud import Engine, ovirt_engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    """A fresh engine."""
    with ovirt_engine() as running:
        yield running


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who vouches for the engines over HTTPS."""
    return trustme.CA()


@pytest.fixture(scope="module")
def certificates(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority's certificate, in a file."""
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


@pytest.fixture
def secure_engine(authority: trustme.CA) -> Iterator[Engine]:
    """A fresh engine over HTTPS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with ovirt_engine(tls=context) as running:
        yield running
