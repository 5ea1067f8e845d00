"""What is sent again to Azure when something fails in passing, and what is sent but once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import pytest

from azurehooks import azure_hooks
from blobservice import BlobService, Call, error
from deltacloud.errors import DeltacloudError, ProviderBusy, ProviderTimeout
from deltacloud.inputs import BlobProperties, NewBucket
from deltacloud.testing.caller import Caller
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.uploading import Upload, whole
from loopback import Reset

MIB = 1024 * 1024
Service = tuple[BlobService, str]


def _reset(_call: Call) -> Iterator[bytes]:
    """The connection is reset when the request has been read."""
    yield b""
    raise Reset


def _half(_call: Call) -> Iterator[bytes]:
    """The answer ends in the middle of its content."""
    yield b"HTTP/1.1 206 Partial Content\r\nContent-Length: 100\r\nContent-Range: bytes 0-99/100\r\n\r\nhalf"
    raise ConnectionError  # the server closes


FAILURES: dict[str, Callable[[Call], Iterable[bytes]]] = {
    "busy": lambda _: error(503, "ServerBusy"),
    "reset": _reset,
    "gateway": lambda _: error(502, "BadGateway"),
}
READS: dict[str, Callable[[Caller], object]] = {
    "GET account list": lambda hooks: hooks.items(RESOURCES["buckets"]),
    "GET container": lambda hooks: hooks.call("get_bucket", bucket_id="box"),
    "GET container list": lambda hooks: list(hooks.lister.blobs("box", None, None, None).items),
    "HEAD blob": lambda hooks: hooks.call("get_blob", bucket_id="box", blob_id="blob"),
    "GET blob": lambda hooks: whole(hooks.call("read_blob", bucket_id="box", blob_id="blob", byte_range=None)),
}
_BLOB = {"bucket_id": "box", "blob_id": "blob"}
WRITES: dict[str, Callable[[Caller], object]] = {
    "PUT container": lambda hooks: hooks.call("create_bucket", new=NewBucket(name="new")),
    "DELETE container": lambda hooks: hooks.call("destroy_bucket", bucket_id="empty"),
    "PUT blob": lambda hooks: hooks.call("write_blob", upload=Upload(b"small"), **_BLOB),
    "PUT blob blocklist": lambda hooks: hooks.call("write_blob", upload=Upload(bytes(6 * MIB)), **_BLOB),
    "PUT blob metadata": lambda hooks: hooks.call("replace_blob_metadata", metadata=(("a", "b"),), **_BLOB),
    "DELETE blob": lambda hooks: hooks.call("destroy_blob", **_BLOB),
}


@pytest.fixture
def hooks(service: Service) -> Iterator[Caller]:
    blobs, url = service
    blobs.blobs[("account", "box")] = {"blob": b"content"}
    blobs.blobs[("account", "empty")] = {}
    with azure_hooks(url, next(iter(blobs.keys.items())), seconds=10) as hooks:
        yield hooks


def _failing(blobs: BlobService, operation: str, failure: Callable[[Call], Iterable[bytes]], times: int) -> None:
    """Have an operation fail so often."""
    left = [times]

    def fault(call: Call) -> Iterable[bytes] | None:
        if call.name != operation or not left[0]:
            return None
        left[0] -= 1
        return failure(call)

    blobs.fault = fault


def _sent(blobs: BlobService, operation: str) -> int:
    return Counter(call.name for call in blobs.calls)[operation]


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("operation", READS)
def test_what_only_reads_is_sent_again(service: Service, hooks: Caller, operation: str, failure: str) -> None:
    _failing(service[0], operation, FAILURES[failure], 2)
    assert READS[operation](hooks)
    assert _sent(service[0], operation) == 3
    assert service[0].forged == []


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("operation", WRITES)
def test_what_may_have_had_its_effect_is_sent_once(
    service: Service, hooks: Caller, operation: str, failure: str
) -> None:
    _failing(service[0], operation, FAILURES[failure], 99)
    with pytest.raises(DeltacloudError) as raised:
        WRITES[operation](hooks)
    assert raised.value.status in (502, 503)
    assert _sent(service[0], operation) == 1


@pytest.mark.parametrize("failure", FAILURES)
def test_a_block_is_sent_again_since_it_takes_its_own_place(service: Service, hooks: Caller, failure: str) -> None:
    content = b"".join(bytes([number]) * MIB for number in range(6))
    _failing(service[0], "PUT blob block", FAILURES[failure], 3)
    hooks.call("write_blob", upload=Upload(content), **_BLOB)
    assert service[0].blobs[("account", "box")]["blob"] == content
    assert _sent(service[0], "PUT blob block") == 6 + 3
    identifiers = {call.query["blockid"] for call in service[0].calls if call.name == "PUT blob block"}
    assert len(identifiers) == 6


def test_an_upload_in_parts_begins_even_if_the_first_answer_is_lost(service: Service, hooks: Caller) -> None:
    _failing(service[0], "PUT blob block", _reset, 1)
    hooks.call("begin_segmented_upload", properties=BlobProperties(content_type="text/plain"), **_BLOB)
    assert len(service[0].blocks[("account", "box", "blob")]) == 1


def test_a_piece_whose_body_breaks_off_is_asked_for_again(service: Service, hooks: Caller) -> None:
    _failing(service[0], "GET blob", _half, 1)
    assert whole(hooks.call("read_blob", byte_range=None, **_BLOB)) == b"content"
    assert _sent(service[0], "GET blob") == 2


def test_a_download_that_breaks_off_again_and_again_ends_within_its_time(service: Service) -> None:
    blobs, url = service
    blobs.blobs[("account", "box")] = {"blob": b"content"}
    _failing(blobs, "GET blob", _half, 99)
    for seconds in (0.5, 20):
        began = time.monotonic()
        with azure_hooks(url, next(iter(blobs.keys.items())), seconds=seconds) as hooks:
            with pytest.raises(DeltacloudError) as raised:
                hooks.call("read_blob", byte_range=None, **_BLOB)
            assert raised.value.status == 502
        assert time.monotonic() - began < max(5 * seconds, 20)
        assert _sent(blobs, "GET blob") == (1 if seconds < 1 else 1 + 3)  # the SDK asks thrice


def test_a_busy_cloud_is_not_asked_again_when_it_wants_more_time_than_there_is(service: Service, hooks: Caller) -> None:
    service[0].fault = lambda _: error(503, "ServerBusy", Retry_After="60")
    with pytest.raises(ProviderBusy) as raised:
        hooks.call("get_bucket", bucket_id="box")
    assert raised.value.retry_after == 60
    assert len(service[0].calls) == 1


def test_an_upload_to_a_cloud_that_falls_silent_ends_in_time(service: Service) -> None:
    blobs, url = service
    blobs.blobs[("account", "box")] = {}
    waiting = time.monotonic()

    def silent(call: Call) -> list[bytes] | None:
        if call.name == "PUT blob block":
            time.sleep(8)
        return None

    blobs.fault = silent
    with azure_hooks(url, next(iter(blobs.keys.items())), seconds=1) as hooks, pytest.raises(ProviderTimeout):
        hooks.call("write_blob", upload=Upload(bytes(6 * MIB)), **_BLOB)
    assert time.monotonic() - waiting < 5
    assert blobs.blobs[("account", "box")] == {}
