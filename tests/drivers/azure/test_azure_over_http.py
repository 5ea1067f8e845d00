"""A real server in front of Azurite: transfers side by side, and clients that go away in the middle."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from azure.storage.blob import ContainerClient

from azureaccounts import AzureCloud, Login
from canaries.sending import break_off
from gateway import Deltacloudd, Gateway

pytestmark = pytest.mark.doubles

MIB = 1024 * 1024
PATIENCE = 60


@pytest.fixture(scope="module")
def login(azurite: AzureCloud) -> Login:
    return azurite.logins[0]


@pytest.fixture(scope="module")
def container(azurite: AzureCloud, login: Login) -> ContainerClient:
    return azurite.past(login).create_container(f"http-{secrets.token_hex(4)}")


@pytest.fixture(scope="module")
def gateway(azurite: AzureCloud, deltacloudd: Deltacloudd) -> Gateway:
    return deltacloudd("--workers", "1", "-P", azurite.url, driver="azure")


@pytest.fixture(scope="module")
def bucket(gateway: Gateway, container: ContainerClient) -> str:
    """The bucket's URL."""
    return f"{gateway.url}/api/buckets/{container.container_name}"


def test_transfers_side_by_side_do_not_mix(bucket: str, login: Login) -> None:
    def there_and_back(number: int) -> bool:
        content = bytes([number]) * (5 * MIB + number)
        chunked = number % 2

        def pieces() -> Iterator[bytes]:
            for start in range(0, len(content), MIB):
                yield content[start : start + MIB]

        sent = requests.put(
            f"{bucket}/blob{number}", data=pieces() if chunked else content, auth=login, timeout=PATIENCE
        )
        got = requests.get(f"{bucket}/blob{number}/content", auth=login, timeout=PATIENCE)
        return (sent.status_code, got.status_code) == (200, 200) and _digest(got.content) == _digest(content)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(there_and_back, range(10)))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("coding", ["Content-Length: 9437184", "Transfer-Encoding: chunked"])
def test_a_client_that_goes_away_while_it_sends_leaves_what_was_there(
    gateway: Gateway, bucket: str, container: ContainerClient, login: Login, coding: str
) -> None:
    container.upload_blob("old", b"as it was", overwrite=True)
    piece = bytes(6 * MIB)
    body = b"%x\r\n%s" % (9 * MIB, piece) if "chunked" in coding else piece
    for name in ("old", "new"):
        break_off(gateway.port, _head("PUT", f"{bucket}/{name}", login, coding) + body)
    _await_quiet(gateway)
    assert container.download_blob("old").readall() == b"as it was"
    assert requests.get(f"{bucket}/new", auth=login, timeout=PATIENCE, headers=_JSON).status_code == 404


def test_a_client_that_goes_away_while_it_reads_keeps_nobody_waiting(
    gateway: Gateway, bucket: str, container: ContainerClient, login: Login
) -> None:
    container.upload_blob("large", bytes(40 * MIB), overwrite=True)
    for _ in range(5):
        break_off(gateway.port, _head("GET", f"{bucket}/large/content", login, "Accept: */*"))
    with requests.get(f"{bucket}/large/content", auth=login, timeout=PATIENCE, stream=True) as answer:
        next(answer.iter_content(1000))
    _await_quiet(gateway)


_JSON = {"Accept": "application/json"}


def _head(method: str, url: str, login: Login, line: str) -> bytes:
    authorization = base64.b64encode(":".join(login).encode()).decode()
    path = url.partition("//")[2].partition("/")[2]
    return f"{method} /{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {authorization}\r\n{line}\r\n\r\n".encode()


def _await_quiet(gateway: Gateway) -> None:
    """Until no call of the driver is in progress."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        text = requests.get(f"{gateway.url}/metrics", timeout=PATIENCE).text
        lines = [line for line in text.splitlines() if "in_progress" in line and 'driver="azure"' in line]
        if lines and all(float(line.rpartition(" ")[2]) == 0 for line in lines):
            return
        time.sleep(0.1)
    pytest.fail("calls of the driver stay in progress")
