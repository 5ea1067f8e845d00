"""Azure behind the gateway: how fast contents pass beside the SDK alone, and how little memory that takes."""

from __future__ import annotations

import base64
import io
import statistics
import time
from collections.abc import Callable, Iterator
from typing import IO, cast

import pytest
from azure.storage.blob import BlobClient

from azureaccounts import AzureCloud, azure_cloud, new_key
from benchmarks.contenders import MIB, TYPES, Contender, fields, header, ours
from benchmarks.figures import Report
from blobservice import BlobService
from gateway import Deltacloudd
from loopback import Backend

pytestmark = [pytest.mark.doubles, pytest.mark.timeout(900)]

ROUNDS = 3
SIZE = 1024 * MIB
LEAST = 96 * MIB
"""What is smaller the SDK sends in one piece, and its speed says nothing about ours."""
PARALLEL = 4
"""Blocks and pieces under way at once, with the driver as with the SDK."""
BLOBS = 1_000_000


class Source(io.RawIOBase):
    """Zeros, as a client sends them: read once, a mebibyte at a time."""

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = min(self._left, MIB if size < 0 else size)
        self._left -= size
        return bytes(size)


class Sink(io.RawIOBase):
    """Counts what is written to any place, for the SDK writes where it wants."""

    def __init__(self) -> None:
        self.count = self._place = 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, _whence: int = 0) -> int:
        self._place = offset
        return offset

    def tell(self) -> int:
        return self._place

    def write(self, data: object) -> int:
        self.count += len(data)  # type: ignore[arg-type]
        return len(data)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureCloud]:
    with azure_cloud(tmp_path_factory.mktemp("azurite")) as cloud:
        yield cloud


def _described(login: tuple[str, str], form: str = "xml") -> dict[str, str]:
    return fields(form) | {"Authorization": "Basic " + base64.b64encode(":".join(login).encode()).decode()}


def _gateway(deltacloudd: Deltacloudd, url: str) -> Contender:
    return ours(deltacloudd("--workers", "1", "-P", url, driver="azure"))


def _upload(gateway: Contender, login: tuple[str, str], size: int) -> None:
    described = _described(login) | {"Content-Length": str(size), "Content-Type": "application/octet-stream"}
    outcome = gateway.ask(header("PUT", "/api/buckets/bench/ours", described), upload=size)
    assert all(answer.startswith("200 ") for answer in outcome.answers), outcome.answers


def _download(gateway: Contender, login: tuple[str, str], size: int) -> None:
    outcome = gateway.ask(header("GET", "/api/buckets/bench/ours/content", _described(login)))
    assert outcome.answers == {f"200 {size}": 1}


def _sdk_upload(blob: BlobClient, size: int) -> None:
    blob.upload_blob(Source(size), length=size, overwrite=True, max_concurrency=PARALLEL)


def _sdk_download(blob: BlobClient, size: int) -> None:
    sink = Sink()
    blob.download_blob(max_concurrency=PARALLEL).readinto(cast("IO[bytes]", sink))
    assert sink.count == size


def _speed(work: Callable[[], None], size: int) -> float:
    began = time.perf_counter()
    work()
    return size / MIB / (time.perf_counter() - began)


def test_contents_pass_as_fast_as_with_the_sdk_alone_in_bounded_memory(
    azurite: AzureCloud, deltacloudd: Deltacloudd, report: Report
) -> None:
    size, login = report.sized(SIZE, LEAST), azurite.logins[0]
    gateway, service = _gateway(deltacloudd, azurite.url), azurite.past(login)
    service.create_container("bench")
    blob = service.get_blob_client("bench", "sdk")
    _upload(gateway, login, 9 * MIB)  # what is loaded at the first use is no growth
    _download(gateway, login, 9 * MIB)
    ways: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "upload": (lambda: _upload(gateway, login, size), lambda: _sdk_upload(blob, size)),
        "download": (lambda: _download(gateway, login, size), lambda: _sdk_download(blob, size)),
    }
    for way, (mine, theirs) in ways.items():
        growth, ours_speed, sdk_speed = list[float](), list[float](), list[float]()
        for _ in range(ROUNDS):
            with gateway.growth(growth):
                ours_speed.append(_speed(mine, size))
            sdk_speed.append(_speed(theirs, size))
        here, there = statistics.median(ours_speed), statistics.median(sdk_speed)
        report.reach(f"azure-{way}", here / there, f"{here:.0f} MiB/s, the SDK {there:.0f} MiB/s")
        report.reach(f"azure-{way}-memory", max(growth), f"{size // MIB} MiB")


@pytest.mark.parametrize("form", TYPES)
def test_a_container_of_a_million_blobs_is_listed_whole_in_bounded_memory(
    deltacloudd: Deltacloudd, report: Report, form: str
) -> None:
    service = BlobService({"account": new_key()}, many=report.sized(BLOBS))
    service.blobs[("account", "many")] = {}
    login = ("account", service.keys["account"])
    server = Backend(service.answer)
    try:
        gateway = _gateway(deltacloudd, server.url())
        b"".join(gateway.stream("/api/buckets/many?limit=1000", _described(login, form)))
        growth, began = list[float](), time.perf_counter()
        with gateway.growth(growth):
            seen = sum(block.count(_ENTRY[form]) for block in _lines(gateway, login, form))
        assert seen == service.many
        seconds = time.perf_counter() - began
        details = f"{service.many} blobs, {seconds:.1f} s, {seconds / service.many * 1e6:.0f} us a blob"
        report.reach(f"azure-blobs-{form}-memory", growth[0], details)
    finally:
        server.close()


_ENTRY = {"xml": b"<blob ", "json": b'"rel":"blob"'}


def _lines(gateway: Contender, login: tuple[str, str], form: str) -> Iterator[bytes]:
    """A document in blocks that end where an entry does."""
    rest = b""
    for block in gateway.stream("/api/buckets/many", _described(login, form)):
        whole, end, rest = (rest + block).rpartition(_ENTRY[form])
        yield whole + end
    yield rest
