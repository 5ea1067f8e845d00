"""Objects of S3 in models and back, parts of contents, copies of large objects, lists of a million names."""

from __future__ import annotations

import contextvars
import itertools
import os
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awscloud.accounts import Accounts, Keys
from awscloud.calls import Hooks
from deltacloud.context import enter
from deltacloud.errors import Conflict
from deltacloud.inputs import ByteRange
from deltacloud.models import Blob, BlobEntry
from deltacloud.testing.shapes import faults
from deltacloud_ec2 import objects
from deltacloud_ec2.bodies import MIB, PART, Limited, body, read, sizes
from deltacloud_ec2.copies import replace_metadata
from deltacloud_ec2.mapping.blobs import blob_from, entries_from, from_metadata, to_metadata
from deltacloud_ec2.storage import StorageHooks
from deltacloud_ec2.uploads import Target
from loopback import Asked, Backend, reply

MOMENT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_metadata_pass_through_headers_whatever_they_hold() -> None:
    assert from_metadata(to_metadata((("b", "Grüße"), ("a", "plain")))) == (("a", "plain"), ("b", "Grüße"))
    assert from_metadata({"Name": "value"}) == (("name", "value"),)


def test_an_object_becomes_a_blob() -> None:
    record = {
        "ContentLength": 3, "ContentType": "text/plain", "LastModified": MOMENT, "ETag": '"abc"',
        "Metadata": {"B": "2", "a": "1"},
    }  # fmt: skip
    blob = blob_from(record, "bucket", "key")
    assert blob == Blob(
        id="key", bucket_id="bucket", content_length=3, content_type="text/plain", last_modified=MOMENT, etag="abc",
        user_metadata=(("a", "1"), ("b", "2")),
    )  # fmt: skip
    assert not list(faults(blob, Blob))
    assert blob_from({}, "bucket", "key").content_length is None


def test_a_page_is_in_the_order_of_names_folded_ones_included() -> None:
    page = {
        "Contents": [{"Key": "a", "Size": 1, "ETag": '"1"', "LastModified": MOMENT}, {"Key": "c"}, {"Key": "ä"}],
        "CommonPrefixes": [{"Prefix": "b/"}, {"Prefix": "z/"}],
    }
    entries = list(entries_from(page))
    assert [one.id for one in entries] == ["a", "b/", "c", "z/", "ä"]
    assert entries[0] == BlobEntry(id="a", content_length=1, last_modified=MOMENT, etag="1")
    assert list(entries_from({})) == []


@pytest.mark.parametrize(
    ("asked", "header"),
    [
        (ByteRange(first=0, last=9), "bytes=0-9"),
        (ByteRange(first=5), "bytes=5-"),
        (ByteRange(suffix=7), "bytes=-7"),
    ],
)
def test_a_range_is_written_as_http_has_it(asked: ByteRange, header: str) -> None:
    assert objects.range_header(asked) == header


@pytest.mark.parametrize("length", [17 * MIB, 48 * 1024 * MIB, 10**12, 5 * 1024**4, 50 * 10**12])
def test_no_content_has_more_parts_than_an_object_can_have(length: int) -> None:
    size = next(sizes(length))
    assert size >= PART
    assert 1 + -(-(length - PART) // size) <= 10_000


def test_parts_of_a_content_of_unknown_length_grow_so_that_it_may_be_large() -> None:
    parts = list(itertools.islice(sizes(None), 9_999))
    assert parts[0] == PART
    assert parts == sorted(parts)
    assert PART + sum(parts) > 300 * 1024**3
    assert len(set(parts)) == 5


class Content:
    """A content that comes in small pieces."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, size: int = -1) -> bytes:
        count = min(7, len(self._content) if size < 0 else size)
        piece, self._content = self._content[:count], self._content[count:]
        return piece


@given(content=st.binary(max_size=200), size=st.integers(1, 50))
def test_every_part_is_full_but_the_last(content: bytes, size: int) -> None:
    source = Content(content)
    parts = list(itertools.takewhile(bool, (bytes(read(source, size)) for _ in itertools.count())))
    assert b"".join(parts) == content
    assert all(len(part) == size for part in parts[:-1])


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("length", [0, 10, None])
def test_a_body_is_whole_and_its_length_is_said(length: int | None, private: bool) -> None:
    whole = b"" if length == 0 else b"0123456789"
    with body(Content(whole), length, private=private) as (content, said):
        assert b"".join(iter(content.read, b"")) == whole
        assert said == len(whole)


def test_a_limited_content_ends_with_its_limit_and_leaves_the_rest() -> None:
    content = Content(b"abcdefgh")
    limited = Limited(content, 5)
    assert [limited.read(3), limited.read(), limited.read(), limited.read(4)] == [b"abc", b"de", b"", b""]
    assert content.read() == b"fgh"


def _listing(asked: Asked) -> list[bytes]:
    query = parse_qs(urlsplit(asked.path).query)
    first = int(query.get("continuation-token", ["0"])[0])
    keys = "".join(
        f"<Contents><Key>object-{number:07d}</Key><Size>{number}</Size></Contents>"
        for number in range(first, first + 1000)
    )
    more = "true" if first + 1000 < NAMES else "false"
    token = f"<IsTruncated>{more}</IsTruncated><NextContinuationToken>{first + 1000}</NextContinuationToken>"
    return reply(f"<ListBucketResult>{token}{keys}</ListBucketResult>".encode())


NAMES = int(os.environ.get("DELTACLOUD_NAMES", "20000"))
"""A million on demand; the memory that a list takes does not depend on it."""


def test_a_list_of_very_many_names_is_read_page_by_page_in_little_memory() -> None:
    backend = Backend(_listing)
    hooks = Hooks("ec2", f"s3={backend.url()}", Keys("AKIAIOSFODNN7EXAMPLE", "x"), settings={"page-size": 1000})
    names: Iterator[Any] = iter(hooks.blobs("bucket").items)
    next(names)
    tracemalloc.start()
    count = 1 + sum(1 for _ in names)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    hooks.close()
    backend.close()
    assert count == NAMES
    assert len(backend.asked) == NAMES // 1000
    assert peak < 16 * MIB


def test_the_older_listing_goes_on_after_the_last_name() -> None:
    def answer(asked: Asked) -> list[bytes]:
        query = parse_qs(urlsplit(asked.path).query)
        assert "list-type" not in query
        names = sorted(["a", "b", "c", "d", "e"])
        left = [name for name in names if name > query.get("marker", [""])[0]]
        keys = "".join(f"<Contents><Key>{name}</Key></Contents>" for name in left[:2])
        more = "true" if len(left) > 2 else "false"
        return reply(f"<ListBucketResult><IsTruncated>{more}</IsTruncated>{keys}</ListBucketResult>".encode())

    backend = Backend(answer)
    provider = f"ec2={backend.url()}/;s3={backend.url()}/"
    hooks = Hooks("eucalyptus", provider, Keys("AKIAIOSFODNN7EXAMPLE", "x"))
    assert [one.id for one in hooks.blobs("bucket").items] == ["a", "b", "c", "d", "e"]
    hooks.close()
    backend.close()


@pytest.mark.doubles
class TestCopies:
    """An object that is too large for one request is copied in parts; the sizes here are made smaller."""

    @pytest.mark.parametrize("length", [6 * MIB, 11 * MIB])
    def test_metadata_of_a_very_large_object_are_replaced_in_parts(self, moto: Accounts, length: int) -> None:
        s3, bucket = moto.client("s3"), f"test-{uuid4().hex}"
        s3.create_bucket(Bucket=bucket)
        content = bytes(range(256)) * (length // 256)
        s3.put_object(Bucket=bucket, Key="key", Body=content, ContentType="text/x-odd", CacheControl="no-store")

        def change(target: Target) -> None:
            found = objects.head(target.bucket, target.key)
            replace_metadata(target, found, {"new": "1"}, largest=5 * MIB, part=5 * MIB)

        _with_target(moto, bucket, change)
        found = s3.get_object(Bucket=bucket, Key="key")
        kept = (found["Metadata"], found["ContentType"], found["CacheControl"])
        assert kept == ({"new": "1"}, "text/x-odd", "no-store")
        assert found["Body"].read() == content
        assert found["ETag"].strip('"').endswith("-2" if length < 10 * MIB else "-3")


def test_what_is_written_to_meanwhile_is_not_changed_by_a_copy_of_what_it_was() -> None:
    def answer(asked: Asked) -> list[bytes]:
        if asked.method == "HEAD":
            return [b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\nETag: "old"\r\n\r\n']
        return reply(b"<Error><Code>PreconditionFailed</Code><Message>no</Message></Error>", "412 Precondition Failed")

    backend = Backend(answer)
    hooks = Hooks("ec2", f"s3={backend.url()}", Keys("AKIAIOSFODNN7EXAMPLE", "x"))
    with pytest.raises(Conflict):
        hooks.call("replace_blob_metadata", bucket_id="bucket", blob_id="key", metadata=(("a", "b"),))
    hooks.close()
    backend.close()
    copy = backend.asked[-1].headers
    assert copy["x-amz-copy-source-if-match"] == '"old"'
    assert (copy["x-amz-metadata-directive"], copy["content-type"]) == ("REPLACE", "text/plain")
    assert not [name for name in copy if "acl" in name or "checksum" in name]


def _with_target(moto: Accounts, bucket: str, work: Callable[[Target], None]) -> None:
    """Does something to the object ``key`` of a bucket within a call of the driver."""
    hooks = Hooks("ec2", moto.provider(), moto.main)
    (driver,) = (one for one in hooks.driver.plugins.get_plugins() if isinstance(one, StorageHooks))
    context = hooks.caller.context("replace_blob_metadata")

    def call() -> None:
        enter(context)
        work(driver._target(context, bucket, "key"))

    contextvars.Context().run(call)
    hooks.close()
