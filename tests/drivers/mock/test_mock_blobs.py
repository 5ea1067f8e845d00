"""Buckets and blobs of the pretend cloud: names, lists, ranges, streams and uploads in parts."""

from __future__ import annotations

import fcntl
import os
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

import pytest

from deltacloud.errors import (
    BackendError,
    ClientDisconnected,
    Conflict,
    Forbidden,
    InvalidRequest,
    NotFound,
    RangeNotSatisfiable,
)
from deltacloud.inputs import BlobProperties, ByteRange, NewBucket, PageRequest
from deltacloud.testing.uploading import Upload, whole
from mockcloud import Clock, Cloud

MIB = 1024 * 1024


@pytest.fixture
def bucket(cloud: Cloud) -> Cloud:
    """A cloud with an empty bucket ``b``."""
    cloud.call("create_bucket", new=NewBucket(name="b"))
    return cloud


def put(cloud: Cloud, blob: str, content: bytes = b"x", **kind: object) -> None:
    cloud.call("write_blob", bucket_id="b", blob_id=blob, upload=Upload(content, **kind))  # type: ignore[arg-type]


# Buckets


def test_a_new_bucket_is_empty_and_its_name_is_taken(cloud: Cloud) -> None:
    made = cloud.call("create_bucket", new=NewBucket(name="b"))
    assert (made.id, made.name, made.size, made.blob_ids) == ("b", "b", 0, ())
    with pytest.raises(Conflict):
        cloud.call("create_bucket", new=NewBucket(name="b"))


def test_the_size_of_a_bucket_is_the_true_count(bucket: Cloud) -> None:
    for blob in ("one", "two", "two"):
        put(bucket, blob)
    assert bucket.call("get_bucket", bucket_id="b").size == 2
    bucket.call("destroy_blob", bucket_id="b", blob_id="one")
    assert bucket.call("get_bucket", bucket_id="b").size == 1


def test_only_an_empty_bucket_is_deleted(bucket: Cloud) -> None:
    with pytest.raises(Forbidden, match="not empty"):
        bucket.call("destroy_bucket", bucket_id="bucket1")
    bucket.call("destroy_bucket", bucket_id="b")
    for hook in ("destroy_bucket", "get_bucket"):
        with pytest.raises(NotFound):
            bucket.call(hook, bucket_id="b")


# Blobs


def test_a_blob_is_what_was_stored(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud(clock=Clock(1_800_000_000.9))
    upload = Upload(bytes(range(256)), content_type="image/png", metadata=(("author", "é"), ("empty", "")))
    made = cloud.call("write_blob", bucket_id="bucket1", blob_id="new", upload=upload)
    assert made == cloud.call("get_blob", bucket_id="bucket1", blob_id="new")
    assert (made.content_length, made.content_type, made.user_metadata) == (
        256, "image/png", (("author", "é"), ("empty", "")),
    )  # fmt: skip
    assert made.last_modified == datetime.fromtimestamp(1_800_000_000, UTC)
    read = cloud.call("read_blob", bucket_id="bucket1", blob_id="new", byte_range=None)
    assert (read.length, read.content_type, read.content_range, read.etag) == (256, "image/png", None, made.etag)
    assert whole(read) == bytes(range(256))


def test_an_empty_blob_is_a_blob(bucket: Cloud) -> None:
    bucket.call("write_blob", bucket_id="b", blob_id="empty", upload=Upload(b""))
    assert bucket.call("get_blob", bucket_id="b", blob_id="empty").content_length == 0
    assert bucket.content("b", "empty") == b""


def test_the_same_name_in_two_buckets_is_two_blobs(bucket: Cloud) -> None:
    put(bucket, "blob1", b"another")
    assert bucket.content("bucket1", "blob1") == b"content of blob 1"
    assert bucket.content("b", "blob1") == b"another"
    bucket.call("destroy_blob", bucket_id="b", blob_id="blob1")
    assert bucket.content("bucket1", "blob1") == b"content of blob 1"


@pytest.mark.parametrize(
    "name",
    ["a/b", "../../etc/passwd", "..", "/", "a\\b", "日本 語", "metadata", "x" * 1024, "a%2Fb", "tab\tin"],
)
def test_any_text_is_the_name_of_a_blob(bucket: Cloud, name: str) -> None:
    put(bucket, name, name.encode())
    assert bucket.content("b", name) == name.encode()
    assert bucket.ids("list_blobs", bucket_id="b", prefix=None, delimiter=None) == [name]
    outside = [path for path in bucket.storage.parent.rglob("*") if not path.is_relative_to(bucket.storage)]
    assert outside == []


@pytest.mark.parametrize("name", ["", "é" * 513])
def test_a_blob_has_a_name_of_at_most_1024_bytes(bucket: Cloud, name: str) -> None:
    with pytest.raises(InvalidRequest):
        put(bucket, name)


def test_a_new_content_has_a_new_etag_and_leaves_one_file(bucket: Cloud) -> None:
    before = bucket.files()
    etags = set()
    for content in (b"one", b"two", b"two"):
        put(bucket, "blob", content)
        etags.add(bucket.call("get_blob", bucket_id="b", blob_id="blob").etag)
    assert len(etags) == 3
    assert bucket.content("b", "blob") == b"two"
    assert len(bucket.files() - before) == 1


def test_metadata_is_replaced_and_the_content_is_not(bucket: Cloud) -> None:
    put(bucket, "blob", b"content", metadata=(("old", "1"), ("both", "1")))
    before = bucket.call("get_blob", bucket_id="b", blob_id="blob")
    bucket.call("replace_blob_metadata", bucket_id="b", blob_id="blob", metadata=(("both", "2"),))
    found = bucket.call("get_blob", bucket_id="b", blob_id="blob")
    assert found.user_metadata == (("both", "2"),)
    assert (found.content_type, found.etag) == (before.content_type, before.etag)
    assert bucket.content("b", "blob") == b"content"
    with pytest.raises(NotFound):
        bucket.call("replace_blob_metadata", bucket_id="b", blob_id="nosuch", metadata=())


def test_deleting_an_unknown_blob_is_no_error_but_its_bucket_must_be_there(bucket: Cloud) -> None:
    bucket.call("destroy_blob", bucket_id="b", blob_id="nosuch")
    with pytest.raises(NotFound, match="BucketNotExist"):
        bucket.call("destroy_blob", bucket_id="nosuch", blob_id="blob")


def test_what_is_not_there_is_not_read(bucket: Cloud) -> None:
    for place in ({"bucket_id": "b", "blob_id": "nosuch"}, {"bucket_id": "nosuch", "blob_id": "blob1"}):
        with pytest.raises(NotFound):
            bucket.call("get_blob", **place)
        with pytest.raises(NotFound):
            bucket.call("read_blob", byte_range=None, **place)


def test_an_upload_into_an_unknown_bucket_is_refused_unread(cloud: Cloud) -> None:
    chunks = iter([b"content"])
    with pytest.raises(NotFound, match="BucketNotExist"):
        cloud.call("write_blob", bucket_id="nosuch", blob_id="x", upload=Upload(chunks))
    assert next(chunks) == b"content"


def test_a_blob_in_a_bucket_that_vanishes_meanwhile_is_not_stored(bucket: Cloud) -> None:
    before = bucket.files()

    def chunks() -> Iterator[bytes]:
        yield b"begun"
        bucket.call("destroy_bucket", bucket_id="b")
        yield b"ended"

    with pytest.raises(NotFound, match="BucketNotExist"):
        bucket.call("write_blob", bucket_id="b", blob_id="x", upload=Upload(chunks()))
    assert bucket.files() == before


@pytest.mark.parametrize(
    ("wanted", "content", "placed"),
    [
        (ByteRange(first=0, last=3), b"0123", (0, 3, 10)),
        (ByteRange(first=4, last=4), b"4", (4, 4, 10)),
        (ByteRange(first=7), b"789", (7, 9, 10)),
        (ByteRange(first=7, last=99), b"789", (7, 9, 10)),
        (ByteRange(suffix=2), b"89", (8, 9, 10)),
        (ByteRange(suffix=99), b"0123456789", (0, 9, 10)),
    ],
)
def test_a_part_of_a_blob(bucket: Cloud, wanted: ByteRange, content: bytes, placed: tuple[int, int, int]) -> None:
    put(bucket, "digits", b"0123456789")
    part = bucket.call("read_blob", bucket_id="b", blob_id="digits", byte_range=wanted)
    assert (part.length, part.content_range) == (len(content), placed)
    assert whole(part) == content


@pytest.mark.parametrize("wanted", [ByteRange(first=10), ByteRange(first=99, last=100), ByteRange(suffix=0)])
def test_a_part_outside_of_a_blob(bucket: Cloud, wanted: ByteRange) -> None:
    put(bucket, "digits", b"0123456789")
    with pytest.raises(RangeNotSatisfiable) as refused:
        bucket.call("read_blob", bucket_id="b", blob_id="digits", byte_range=wanted)
    assert refused.value.length == 10


# Streams


def test_a_large_blob_streams_in_and_out_in_constant_memory(bucket: Cloud) -> None:
    count, chunk = 64, bytes(MIB)
    tracemalloc.start()
    try:
        put_chunks = Upload(chunk for _ in range(count))
        bucket.call("write_blob", bucket_id="b", blob_id="large", upload=put_chunks)
        content = bucket.call("read_blob", bucket_id="b", blob_id="large", byte_range=None)
        assert sum(len(one) for one in content.chunks) == count * MIB
        content.close()
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


def test_a_broken_upload_leaves_the_older_blob_and_nothing_else(bucket: Cloud) -> None:
    put(bucket, "blob", b"older")
    before = bucket.files()

    def chunks() -> Iterator[bytes]:
        yield b"newer"
        raise ClientDisconnected

    for blob in ("blob", "first"):
        with pytest.raises(ClientDisconnected):
            bucket.call("write_blob", bucket_id="b", blob_id=blob, upload=Upload(chunks()))
    assert bucket.files() == before
    assert bucket.content("b", "blob") == b"older"
    assert bucket.call("get_bucket", bucket_id="b").size == 1


def test_who_reads_a_blob_reads_it_to_the_end_whatever_is_written(bucket: Cloud) -> None:
    old = os.urandom(3 * MIB)
    put(bucket, "blob", old)
    content = bucket.call("read_blob", bucket_id="b", blob_id="blob", byte_range=None)
    chunks = iter(content.chunks)
    read = next(chunks)
    put(bucket, "blob", b"new")
    bucket.call("destroy_blob", bucket_id="b", blob_id="blob")
    assert read + b"".join(chunks) == old
    content.close()


def lowest_free_descriptor() -> int:
    with open(os.devnull) as opened:  # noqa: PTH123 - it is the descriptor that counts
        return opened.fileno()


def test_a_content_that_is_closed_unread_keeps_no_file_open(bucket: Cloud) -> None:
    put(bucket, "blob", b"content")
    before = lowest_free_descriptor()
    content = bucket.call("read_blob", bucket_id="b", blob_id="blob", byte_range=None)
    assert lowest_free_descriptor() > before
    content.close()
    assert lowest_free_descriptor() == before


def test_a_content_that_someone_has_deleted_is_an_error_and_not_waited_for(bucket: Cloud) -> None:
    before = bucket.files()
    put(bucket, "blob", b"content")
    for name in bucket.files() - before:
        (bucket.storage / "contents" / name).unlink()
    with pytest.raises(BackendError):
        bucket.call("read_blob", bucket_id="b", blob_id="blob", byte_range=None)


def test_what_a_killed_process_has_left_is_swept_up_and_what_is_being_written_is_not(
    make_cloud: Callable[..., Cloud],
) -> None:
    cloud = make_cloud()
    cloud.call("create_bucket", new=NewBucket(name="b"))
    before = cloud.files()
    (cloud.storage / "contents" / "orphan").write_bytes(b"lost")

    def chunks() -> Iterator[bytes]:
        yield b"begun, "
        assert len(cloud.files() - before) == 1, "the writer has swept the orphan, and has begun a file of its own"
        (cloud.storage / "contents" / "orphan").write_bytes(b"lost again")
        another = make_cloud()
        assert another.content("bucket1", "blob1") == b"content of blob 1"
        assert len(another.files() - before) == 1
        yield b"and ended"

    cloud.call("write_blob", bucket_id="b", blob_id="blob", upload=Upload(chunks()))
    assert cloud.content("b", "blob") == b"begun, and ended"
    assert len(cloud.files() - before) == 1


def test_a_file_that_is_swept_away_before_its_writer_holds_it_is_made_anew(
    bucket: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    swept: list[str] = []

    def swept_before(file: BinaryIO, operation: int) -> None:
        if not swept:
            swept.append(file.name)
            os.unlink(file.name)  # noqa: PTH108 - as another process would
        lock(file, operation)

    monkeypatch.setattr(fcntl, "flock", swept_before)
    put(bucket, "blob", b"content")
    assert bucket.content("b", "blob") == b"content"


# Lists


NAMES = ["a", "a/1", "a/2", "a/b/1", "b", "b/1", "c"]


def listed(cloud: Cloud, prefix: str | None, delimiter: str | None) -> list[str]:
    return cloud.ids("list_blobs", bucket_id="b", prefix=prefix, delimiter=delimiter)


def test_blobs_are_listed_by_prefix_and_folded_at_a_delimiter(bucket: Cloud) -> None:
    for name in NAMES:
        put(bucket, name)
    assert listed(bucket, None, None) == NAMES
    assert listed(bucket, "a/", None) == ["a/1", "a/2", "a/b/1"]
    assert listed(bucket, None, "/") == ["a", "a/", "b", "b/", "c"]
    assert listed(bucket, "a/", "/") == ["a/1", "a/2", "a/b/"]
    assert listed(bucket, "nosuch", "/") == []
    assert listed(bucket, "", "") == NAMES


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_pages_of_blobs_are_the_whole_list(make_cloud: Callable[..., Cloud], size: int) -> None:
    cloud = make_cloud(page_size=size)
    cloud.call("create_bucket", new=NewBucket(name="b"))
    for name in NAMES:
        put(cloud, name)
    assert listed(cloud, None, None) == NAMES
    assert listed(cloud, None, "/") == ["a", "a/", "b", "b/", "c"]
    page = cloud.call("list_blobs", bucket_id="b", prefix=None, delimiter=None, page=PageRequest(limit=7))
    assert len(page.items) == min(size, 7)
    assert (page.next_marker is None) == (size >= 7)


def test_names_at_the_end_of_all_text_are_listed_too(bucket: Cloud) -> None:
    names = ["\ud7ff", "\ud7ffx", "\ue000", "\U0010ffff", "\U0010ffff\U0010ffff", "\U0010ffff\U0010ffffx"]
    for name in names:
        put(bucket, name)
    assert listed(bucket, None, None) == names
    assert listed(bucket, "\ud7ff", None) == ["\ud7ff", "\ud7ffx"]
    assert listed(bucket, "\U0010ffff", None) == names[3:]
    assert listed(bucket, None, "\U0010ffff") == ["\ud7ff", "\ud7ffx", "\ue000", "\U0010ffff"]


def test_an_entry_says_what_the_blob_is(bucket: Cloud) -> None:
    put(bucket, "a/b", b"four")
    (entry,) = bucket.items("list_blobs", bucket_id="b", prefix=None, delimiter=None)
    blob = bucket.call("get_blob", bucket_id="b", blob_id="a/b")
    assert (entry.content_length, entry.last_modified, entry.etag, entry.is_prefix) == (
        4, blob.last_modified, blob.etag, False,
    )  # fmt: skip
    (folded,) = bucket.items("list_blobs", bucket_id="b", prefix=None, delimiter="/")
    assert (folded.id, folded.is_prefix, folded.content_length) == ("a/", True, None)


def test_an_unknown_bucket_has_no_list(cloud: Cloud) -> None:
    with pytest.raises(NotFound):
        cloud.items("list_blobs", bucket_id="nosuch", prefix=None, delimiter=None)


# Uploads in parts


@pytest.fixture
def parted(bucket: Cloud) -> tuple[Cloud, dict[str, str]]:
    """A cloud with an upload that was begun, and where it is."""
    place = {"bucket_id": "b", "blob_id": "whole"}
    properties = BlobProperties(content_type="text/csv", metadata=(("k", "v"),))
    upload_id = bucket.call("begin_segmented_upload", properties=properties, **place)
    assert upload_id.isalnum()
    return bucket, {**place, "upload_id": upload_id}


def test_a_blob_is_made_of_its_parts_in_the_order_of_their_numbers(parted: tuple[Cloud, dict[str, str]]) -> None:
    cloud, upload = parted
    before = cloud.files()
    third = cloud.call("write_segment", number=3, upload=Upload(b"three"), **upload)
    cloud.call("write_segment", number=1, upload=Upload(b"first"), **upload)
    first = cloud.call("write_segment", number=1, upload=Upload(b"one"), **upload)
    unwanted = cloud.call("write_segment", number=9, upload=Upload(b"nine"), **upload)
    assert unwanted
    assert cloud.ids("list_blobs", bucket_id="b", prefix=None, delimiter=None) == []
    made = cloud.call("finish_segmented_upload", segments=((3, third), (1, first)), **upload)
    assert cloud.content("b", "whole") == b"onethree"
    assert (made.content_length, made.content_type, made.user_metadata) == (8, "text/csv", (("k", "v"),))
    assert len(cloud.files() - before) == 1
    with pytest.raises(NotFound):
        cloud.call("write_segment", number=1, upload=Upload(b"late"), **upload)


def test_a_blob_is_not_made_of_parts_that_are_not_there(parted: tuple[Cloud, dict[str, str]]) -> None:
    cloud, upload = parted
    segment = cloud.call("write_segment", number=1, upload=Upload(b"one"), **upload)
    for segments in (((1, "other"),), ((2, segment),), ()):
        with pytest.raises(InvalidRequest):
            cloud.call("finish_segmented_upload", segments=segments, **upload)
    cloud.call("finish_segmented_upload", segments=((1, segment),), **upload)


def test_an_upload_that_is_thrown_away_leaves_nothing(parted: tuple[Cloud, dict[str, str]]) -> None:
    cloud, upload = parted
    before = cloud.files()
    cloud.call("write_segment", number=1, upload=Upload(b"one"), **upload)
    cloud.call("abort_segmented_upload", **upload)
    assert cloud.files() == before
    with pytest.raises(NotFound):
        cloud.call("abort_segmented_upload", **upload)


def test_a_broken_part_leaves_nothing(parted: tuple[Cloud, dict[str, str]]) -> None:
    cloud, upload = parted
    before = cloud.files()

    def chunks() -> Iterator[bytes]:
        yield b"begun"
        raise ClientDisconnected

    with pytest.raises(ClientDisconnected):
        cloud.call("write_segment", number=1, upload=Upload(chunks()), **upload)
    assert cloud.files() == before


def test_a_part_of_an_upload_that_is_thrown_away_meanwhile_is_not_kept(parted: tuple[Cloud, dict[str, str]]) -> None:
    cloud, upload = parted
    before = cloud.files()

    def chunks() -> Iterator[bytes]:
        yield b"begun"
        cloud.call("abort_segmented_upload", **upload)
        yield b"ended"

    with pytest.raises(NotFound):
        cloud.call("write_segment", number=1, upload=Upload(chunks()), **upload)
    assert cloud.files() == before


def test_an_upload_belongs_to_its_blob_and_ends_with_its_bucket(parted: tuple[Cloud, dict[str, str]]) -> None:
    cloud, upload = parted
    with pytest.raises(NotFound):
        cloud.call("write_segment", number=1, upload=Upload(b"x"), **{**upload, "blob_id": "other"})
    cloud.call("destroy_bucket", bucket_id="b")
    with pytest.raises(NotFound):
        cloud.call("write_segment", number=1, upload=Upload(b"x"), **upload)


def test_an_upload_left_alone_for_a_week_is_dropped(make_cloud: Callable[..., Cloud]) -> None:
    clock = Clock()
    place = {"bucket_id": "bucket1", "blob_id": "whole"}
    cloud = make_cloud(clock=clock)
    upload_id = cloud.call("begin_segmented_upload", properties=BlobProperties(content_type="a/b"), **place)
    clock.now += 8 * 24 * 3600
    again = make_cloud(clock=clock)
    again.content("bucket1", "blob1")
    with pytest.raises(NotFound):
        again.call("abort_segmented_upload", upload_id=upload_id, **place)
