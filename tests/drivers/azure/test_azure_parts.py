"""Uploads in parts, which Azure alone keeps: whatever a client says about them is checked."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from azureaccounts import AzureCloud
from azurehooks import azure_hooks
from deltacloud.errors import DeltacloudError, InvalidRequest, NotFound
from deltacloud.inputs import BlobProperties, NewBucket
from deltacloud.testing.caller import Caller
from deltacloud.testing.uploading import Upload, whole

pytestmark = pytest.mark.doubles

MIB = 1024 * 1024
PROPERTIES = BlobProperties(content_type="text/x-parts", metadata=(("made-of", "parts"),))


class Parts:
    """A blob that is uploaded in parts."""

    def __init__(self, hooks: Caller, bucket: str) -> None:
        self.hooks = hooks
        self.where = {"bucket_id": bucket, "blob_id": f"in-parts/{secrets.token_hex(4)}"}
        self.id: str = hooks.call("begin_segmented_upload", properties=PROPERTIES, **self.where)

    def write(self, number: int, content: Upload | bytes) -> tuple[int, str]:
        upload = content if isinstance(content, Upload) else Upload(content)
        found = self.hooks.call("write_segment", upload_id=self.id, number=number, upload=upload, **self.where)
        return number, found

    def finish(self, *segments: tuple[int, str], upload_id: str | None = None) -> int:
        named = self.id if upload_id is None else upload_id
        blob = self.hooks.call(
            "finish_segmented_upload", upload_id=named, segments=segments, properties=PROPERTIES, **self.where
        )
        return int(blob.content_length)

    def abort(self, upload_id: str | None = None) -> None:
        self.hooks.call("abort_segmented_upload", upload_id=upload_id or self.id, **self.where)

    @property
    def content(self) -> bytes:
        return whole(self.hooks.call("read_blob", byte_range=None, **self.where))


@pytest.fixture(scope="module")
def hooks(azurite: AzureCloud) -> Iterator[Caller]:
    with azure_hooks(azurite.url, azurite.logins[0]) as hooks:
        yield hooks


@pytest.fixture(scope="module")
def bucket(hooks: Caller) -> str:
    return str(hooks.call("create_bucket", new=NewBucket(name=f"parts-{secrets.token_hex(4)}")).id)


@pytest.fixture
def parts(hooks: Caller, bucket: str) -> Parts:
    return Parts(hooks, bucket)


def test_parts_of_any_size_are_joined_by_their_numbers(parts: Parts) -> None:
    large = Upload(iter([bytes([number]) * MIB for number in range(6)]))
    segments = [parts.write(7, b"end"), parts.write(2, large), parts.write(5, b""), parts.write(1, b"begin")]
    assert parts.finish(*segments) == len(parts.content) == 6 * MIB + 8
    assert parts.content == b"begin" + b"".join(bytes([number]) * MIB for number in range(6)) + b"end"


def test_no_parts_at_all_make_an_empty_blob(parts: Parts) -> None:
    assert parts.finish() == 0
    assert parts.content == b""


def test_a_part_that_is_sent_again_is_the_one_that_is_named_at_the_end(parts: Parts) -> None:
    first, second = parts.write(1, b"first try"), parts.write(1, b"second try")
    assert first != second
    parts.finish(first)
    assert parts.content == b"first try"


def test_a_part_that_breaks_off_is_none(parts: Parts) -> None:
    def breaking() -> Iterator[bytes]:
        yield bytes(3 * MIB)
        raise ConnectionError

    good = parts.write(1, b"good")
    with pytest.raises(DeltacloudError):
        parts.write(2, Upload(breaking()))
    parts.finish(good)
    assert parts.content == b"good"


def test_nothing_is_there_before_the_end_and_an_older_blob_stays_until_then(parts: Parts, hooks: Caller) -> None:
    hooks.call("write_blob", upload=Upload(b"older"), **parts.where)
    parts = _again(parts)
    segment = parts.write(1, b"newer")
    assert parts.content == b"older"
    parts.finish(segment)
    assert parts.content == b"newer"


def _again(parts: Parts) -> Parts:
    """Another upload of the same blob."""
    parts.id = parts.hooks.call("begin_segmented_upload", properties=PROPERTIES, **parts.where)
    return parts


def test_an_upload_ends_once(parts: Parts) -> None:
    segment = parts.write(1, b"x")
    parts.finish(segment)
    for again in (lambda: parts.finish(segment), parts.abort):
        with pytest.raises(NotFound):
            again()
    assert parts.content == b"x"


def test_an_upload_that_was_thrown_away_cannot_be_finished_or_thrown_away_again(parts: Parts) -> None:
    segment = parts.write(1, b"x")
    parts.abort()
    for again in (lambda: parts.finish(segment), parts.abort):
        with pytest.raises(NotFound):
            again()
    with pytest.raises(NotFound):
        assert parts.content


def test_an_upload_ends_when_its_blob_is_written_by_other_means(parts: Parts, hooks: Caller) -> None:
    """Azure does so, however it is written; Azurite does not when a blob is so small that it is written at once."""
    segment = parts.write(1, b"x")
    hooks.call("write_blob", upload=Upload(bytes(MIB) for _ in range(2)), **parts.where)
    with pytest.raises(NotFound):
        parts.finish(segment)
    assert parts.content == bytes(2 * MIB)


def test_two_uploads_of_one_blob_do_not_take_each_others_parts(parts: Parts) -> None:
    mine, my_id = parts.write(1, b"mine"), parts.id
    theirs = _again(parts).write(1, b"theirs")
    for upload_id, segment in ((my_id, theirs), (parts.id, mine)):
        with pytest.raises(InvalidRequest):
            parts.finish(segment, upload_id=upload_id)
    parts.finish(mine, upload_id=my_id)
    assert parts.content == b"mine"


@pytest.mark.parametrize("upload_id", ["", "x", "0" * 16, "0" * 15 + "g", "../0000000000000", "0" * 17, "F" * 16])
def test_an_upload_that_nobody_has_begun_is_not_there(parts: Parts, upload_id: str) -> None:
    segment = parts.write(1, b"x")
    with pytest.raises(NotFound):
        parts.finish(segment, upload_id=upload_id)
    with pytest.raises(NotFound):
        parts.abort(upload_id or "-")


@pytest.mark.parametrize("segment", ["", "x", "0" * 16, "0" * 16 + "-1", "0" * 16 + "-99999", "-1", "-" * 16 + "-1"])
def test_a_part_that_nobody_has_sent_is_refused(parts: Parts, segment: str) -> None:
    with pytest.raises(InvalidRequest):
        parts.finish((1, segment))
    with pytest.raises(NotFound):
        assert parts.content


def test_more_blocks_than_were_sent_are_refused(parts: Parts) -> None:
    number, segment = parts.write(1, b"x")
    with pytest.raises(InvalidRequest):
        parts.finish((number, segment.removesuffix("1") + "2"))


def test_an_upload_begins_in_a_bucket_that_is_there(hooks: Caller) -> None:
    with pytest.raises(NotFound):
        Parts(hooks, "no-such-bucket")
