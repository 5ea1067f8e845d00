"""Buckets and blobs, on moto and on SeaweedFS: an S3 by other people, which is not moto."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

import seaweedfs
from awscloud.accounts import ANY, Accounts, Keys, client
from awscloud.calls import Hooks
from deltacloud.errors import (
    AuthenticationFailed,
    ClientDisconnected,
    Conflict,
    CredentialsRequired,
    Forbidden,
    InvalidRequest,
    NotFound,
    RangeNotSatisfiable,
)
from deltacloud.inputs import BlobProperties, ByteRange, NewBucket, PageRequest
from deltacloud.testing.uploading import Upload
from emulators import Place

pytestmark = pytest.mark.doubles

MIB = 1024 * 1024
TEXT = "text/x-odd; charset=utf-8"


@dataclass
class Storage:
    """A storage: calls of the driver's hooks, a client that asks past it, and a bucket of this test alone."""

    hooks: Hooks
    s3: Any
    bucket: str

    def write(self, name: str, content: bytes, length: int | None = -1, **metadata: str) -> Any:
        upload = _upload(content, len(content) if length == -1 else length, **metadata)
        return self.hooks.call("write_blob", bucket_id=self.bucket, blob_id=name, upload=upload)

    def read(self, name: str, byte_range: ByteRange | None = None) -> bytes:
        content = self.hooks.call("read_blob", bucket_id=self.bucket, blob_id=name, byte_range=byte_range)
        try:
            return b"".join(content.chunks)
        finally:
            content.close()

    def blob(self, name: str) -> Any:
        return self.hooks.call("get_blob", bucket_id=self.bucket, blob_id=name)

    def uploads(self) -> list[Any]:
        """The uploads in parts that have not ended."""
        return list(self.s3.list_multipart_uploads(Bucket=self.bucket).get("Uploads", ()))


def _upload(content: bytes, length: int | None, **metadata: str) -> Upload:
    chunks = (content[start : start + MIB] for start in range(0, len(content), MIB))
    return Upload(chunks, length=length, content_type=TEXT, metadata=tuple(metadata.items()))


def _pattern(size: int) -> bytes:
    return (hashlib.sha256(str(size).encode()).digest() * (size // 32 + 1))[:size]


@pytest.fixture(scope="module", params=["moto", "seaweedfs"], name="cloud")
def cloud_fixture(request: pytest.FixtureRequest, calling: Callable[[Hooks], Hooks]) -> tuple[Hooks, Any]:
    if request.param == "moto":
        moto: Accounts = request.getfixturevalue("moto")
        return calling(Hooks("ec2", moto.provider(), moto.main)), moto.client("s3")
    place: Place = request.getfixturevalue("seaweed")
    keys = Keys(seaweedfs.USER, seaweedfs.SECRET)
    return calling(Hooks("ec2", f"s3={place.url}", keys)), client("s3", place.url, keys)


@pytest.fixture(name="storage")
def storage_fixture(cloud: tuple[Hooks, Any]) -> Iterator[Storage]:
    """The same bucket again and again, empty: SeaweedFS has room for few."""
    hooks, s3 = cloud
    storage = Storage(hooks, s3, "the-bucket-of-these-tests")
    if storage.bucket not in [one["Name"] for one in s3.list_buckets()["Buckets"]]:
        hooks.call("create_bucket", new=NewBucket(name=storage.bucket))
    yield storage
    if storage.bucket in [one["Name"] for one in s3.list_buckets()["Buckets"]]:
        for one in s3.list_objects_v2(Bucket=storage.bucket).get("Contents", ()):
            s3.delete_object(Bucket=storage.bucket, Key=one["Key"])


@pytest.mark.parametrize("known", [True, False], ids=["length known", "length not known"])
@pytest.mark.parametrize("size", [0, 1, 5 * MIB - 1, 5 * MIB, 5 * MIB + 1, 16 * MIB, 17 * MIB + 3])
def test_contents_of_all_sizes_come_back_as_they_were(storage: Storage, size: int, known: bool) -> None:
    content = _pattern(size)
    made = storage.write("blob", content, -1 if known else None, colour="red")
    assert (made.content_length, made.content_type, made.user_metadata) == (size, TEXT, (("colour", "red"),))
    assert storage.read("blob") == content
    assert storage.blob("blob").last_modified == made.last_modified
    assert storage.uploads() == []


@pytest.mark.parametrize("length", [64 * MIB, None])
def test_a_large_content_is_never_held(storage: Storage, length: int | None) -> None:
    """A few of its parts are at a time."""
    storage.write("blob", b"what is loaded at first use is no growth")
    upload = Upload((bytes(MIB) for _ in range(64)), length=length)
    tracemalloc.start(1)
    storage.hooks.call("write_blob", bucket_id=storage.bucket, blob_id="blob", upload=upload)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * MIB
    assert storage.blob("blob").content_length == 64 * MIB


def test_a_client_that_breaks_off_leaves_no_upload_behind(storage: Storage) -> None:
    storage.write("blob", b"old")

    def broken() -> Iterator[bytes]:
        yield from (bytes(MIB) for _ in range(12))
        raise ClientDisconnected

    for length in (64 * MIB, None):
        upload = Upload(broken(), length=length, content_type=TEXT, metadata=())
        with pytest.raises(ClientDisconnected):
            storage.hooks.call("write_blob", bucket_id=storage.bucket, blob_id="blob", upload=upload)
    assert storage.uploads() == []
    assert storage.read("blob") == b"old"


@pytest.mark.parametrize(
    "value",
    ["plain", "Grüße, 世界", " spaces  in a row ", "=?UTF-8?B?bm90IGVuY29kZWQ=?=", "a" * 900, "100 %", 'say "x"'],
)
def test_metadata_are_kept_as_they_were_written(storage: Storage, value: str) -> None:
    storage.write("blob", b"x", note=value)
    assert storage.blob("blob").user_metadata == (("note", value),)


def test_new_metadata_leave_everything_else_as_it_was(storage: Storage) -> None:
    storage.s3.put_object(
        Bucket=storage.bucket,
        Key="blob",
        Body=b"content",
        ContentType=TEXT,
        CacheControl="max-age=60",
        ContentDisposition="attachment",
        ContentEncoding="identity",
        ContentLanguage="de",
        Metadata={"old": "1"},
    )
    storage.hooks.call("replace_blob_metadata", bucket_id=storage.bucket, blob_id="blob", metadata=(("new", "zwölf"),))
    found = storage.s3.head_object(Bucket=storage.bucket, Key="blob")
    kept = ("CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType")
    assert [found[name] for name in kept] == ["max-age=60", "attachment", "identity", "de", TEXT]
    assert storage.blob("blob").user_metadata == (("new", "zwölf"),)
    assert storage.read("blob") == b"content"
    storage.hooks.call("replace_blob_metadata", bucket_id=storage.bucket, blob_id="blob", metadata=())
    assert storage.blob("blob").user_metadata == ()
    with pytest.raises(NotFound):
        storage.hooks.call("replace_blob_metadata", bucket_id=storage.bucket, blob_id="nothing", metadata=())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (ByteRange(first=0, last=3), slice(0, 4)),
        (ByteRange(first=5), slice(5, None)),
        (ByteRange(first=1, last=10**12), slice(1, None)),
        (ByteRange(suffix=3), slice(-3, None)),
        (ByteRange(suffix=10**6), slice(0, None)),
    ],
)
def test_ranges_are_exact(storage: Storage, asked: ByteRange, expected: slice) -> None:
    content = b"0123456789"
    storage.write("blob", content)
    assert storage.read("blob", asked) == content[expected]


def test_a_range_past_the_end_tells_the_length(storage: Storage) -> None:
    storage.write("blob", b"0123456789")
    with pytest.raises(RangeNotSatisfiable) as raised:
        storage.read("blob", ByteRange(first=10))
    assert raised.value.length == 10


def test_a_segmented_upload_of_any_lengths_becomes_one_blob(storage: Storage) -> None:
    bucket, blob = storage.bucket, "joined"
    properties = BlobProperties(content_type=TEXT, metadata=(("from", "parts"),))
    place = {"bucket_id": bucket, "blob_id": blob}
    upload_id = storage.hooks.call("begin_segmented_upload", **place, properties=properties)
    parts = {1: _pattern(5 * MIB), 2: _pattern(6 * MIB), 3: b"end"}
    segments = [
        (
            number,
            storage.hooks.call(
                "write_segment",
                **place,
                upload_id=upload_id,
                number=number,
                upload=_upload(content, None if number == 2 else len(content)),
            ),
        )
        for number, content in reversed(parts.items())
    ]
    made = storage.hooks.call(
        "finish_segmented_upload", **place, upload_id=upload_id, segments=tuple(segments), properties=properties
    )
    assert (made.content_type, made.user_metadata) == (TEXT, (("from", "parts"),))
    assert storage.read(blob) == b"".join(parts.values())


def test_a_segmented_upload_can_be_given_up(storage: Storage) -> None:
    place = {"bucket_id": storage.bucket, "blob_id": "given-up"}
    upload_id = storage.hooks.call("begin_segmented_upload", **place, properties=BlobProperties(content_type=TEXT))
    storage.hooks.call("write_segment", **place, upload_id=upload_id, number=1, upload=_upload(b"x", 1))
    storage.hooks.call("abort_segmented_upload", **place, upload_id=upload_id)
    assert storage.uploads() == []


def test_listings_have_prefixes_delimiters_and_pages(storage: Storage) -> None:
    names = ["a", "b/1", "b/2", "b/c/3", "d%2Fe", "ä/ö", "z z"]
    for name in names:
        storage.write(name, name.encode())
    assert [one.id for one in storage.hooks.blobs(storage.bucket).items] == names_in_order(names)
    assert [one.id for one in storage.hooks.blobs(storage.bucket, prefix="b/").items] == ["b/1", "b/2", "b/c/3"]
    folded = list(storage.hooks.blobs(storage.bucket, delimiter="/").items)
    assert [(one.id, one.is_prefix) for one in folded] == [
        (name, name.endswith("/")) for name in names_in_order({"a", "b/", "d%2Fe", "ä/", "z z"})
    ]
    found, marker = [], None
    for _ in names:
        page = storage.hooks.blobs(storage.bucket, page=PageRequest(limit=2, marker=marker))
        found += [one.id for one in page.items]
        marker = page.next_marker
        if marker is None:
            break
    assert found == names_in_order(names)


def names_in_order(names: Any) -> list[str]:
    return sorted(names, key=str.encode)


def test_a_bucket_with_blobs_is_not_deleted(storage: Storage) -> None:
    storage.write("blob", b"x")
    with pytest.raises(Conflict):
        storage.hooks.call("destroy_bucket", bucket_id=storage.bucket)
    storage.hooks.call("destroy_blob", bucket_id=storage.bucket, blob_id="blob")
    storage.hooks.call("destroy_bucket", bucket_id=storage.bucket)
    with pytest.raises(NotFound):
        storage.hooks.call("get_bucket", bucket_id=storage.bucket)


def test_a_bucket_that_is_there_is_not_made_again(storage: Storage) -> None:
    with pytest.raises(Conflict):
        storage.hooks.call("create_bucket", new=NewBucket(name=storage.bucket))


@pytest.mark.parametrize("name", ["no/bucket", "arn:aws:s3:us-east-1:123456789012:accesspoint/x", "", "..", "a b"])
def test_what_can_be_no_bucket_is_none(storage: Storage, name: str) -> None:
    with pytest.raises(NotFound):
        storage.hooks.call("get_bucket", bucket_id=name)
    with pytest.raises(InvalidRequest):
        storage.hooks.call("create_bucket", new=NewBucket(name=name))


def test_wrong_keys_are_told_from_a_lack_of_rights_even_where_an_answer_has_no_body(storage: Storage) -> None:
    storage.write("blob", b"x")
    keys = storage.hooks.caller.login
    assert keys is not None
    wrong = Hooks("ec2", storage.hooks.caller.place.text, Keys(keys[0], "wrong" * 8))
    for hook, arguments in (("get_blob", {"blob_id": "blob"}), ("get_bucket", {})):
        with pytest.raises(AuthenticationFailed):
            wrong.call(hook, bucket_id=storage.bucket, **arguments)
    wrong.close()


class TestOnMoto:
    """What SeaweedFS does not do: odd names, locations, public objects, session tokens, other accounts."""

    @pytest.fixture(name="storage")
    def storage_on_moto(self, moto: Accounts, ec2: Hooks) -> Storage:
        storage = Storage(ec2, moto.client("s3"), f"test-{uuid4().hex}")
        ec2.call("create_bucket", new=NewBucket(name=storage.bucket))
        return storage

    @pytest.mark.parametrize(
        "name",
        [
            "a//b", "/a", "//", "a/", ".", "..", "a/../b", "./a", "a b+c", "a%2Fb", "a?b#c&d=e;f", "Grüße/世界", "~",
            "x" * 1024, "é" * 512, "'\"<>`|\\^{}[]", "content", "metadata",
        ],
    )  # fmt: skip
    def test_a_blob_may_have_any_name(self, storage: Storage, name: str) -> None:
        storage.write(name, name.encode(), origin="here")
        assert storage.read(name) == name.encode()
        assert storage.blob(name).user_metadata == (("origin", "here"),)
        storage.hooks.call("replace_blob_metadata", bucket_id=storage.bucket, blob_id=name, metadata=(("a", "b"),))
        assert storage.blob(name).user_metadata == (("a", "b"),)
        assert [one["Key"] for one in storage.s3.list_objects_v2(Bucket=storage.bucket)["Contents"]] == [name]
        assert [one.id for one in storage.hooks.blobs(storage.bucket).items] == [name]
        storage.hooks.call("destroy_blob", bucket_id=storage.bucket, blob_id=name)
        assert list(storage.hooks.blobs(storage.bucket).items) == []

    @pytest.mark.parametrize("name", ["with.dots.in.it", "xn--looks-like-a-label", "Upper_Case", "a" * 63])
    def test_a_bucket_may_have_any_name_that_is_legal_or_was(self, moto: Accounts, ec2: Hooks, name: str) -> None:
        ec2.call("create_bucket", new=NewBucket(name=name))
        assert name in [one.id for one in ec2.list("buckets")]
        assert ec2.call("get_bucket", bucket_id=name).name == name
        ec2.call("destroy_bucket", bucket_id=name)
        assert name not in [one["Name"] for one in moto.client("s3").list_buckets()["Buckets"]]

    @pytest.mark.parametrize("location", ["eu-west-1", "ap-southeast-2"])
    def test_a_bucket_is_made_where_it_is_asked_for(self, moto: Accounts, ec2: Hooks, location: str) -> None:
        name = f"test-{uuid4().hex}"
        ec2.call("create_bucket", new=NewBucket(name=name, location=location))
        assert moto.client("s3").get_bucket_location(Bucket=name)["LocationConstraint"] == location

    def test_what_is_public_can_be_read_without_keys(self, moto: Accounts) -> None:
        nobody = Hooks("ec2", moto.provider(), Keys("", ""))
        with moto.unchecked():
            s3, bucket = moto.client("s3", ANY), f"test-{uuid4().hex}"
            s3.create_bucket(Bucket=bucket)
            s3.put_object(Bucket=bucket, Key="open", Body=b"for all", ACL="public-read")
            s3.put_object(Bucket=bucket, Key="closed", Body=b"for me")
            content = nobody.call("read_blob", bucket_id=bucket, blob_id="open", byte_range=None)
            assert b"".join(content.chunks) == b"for all"
            assert nobody.call("get_blob", bucket_id=bucket, blob_id="open").content_length == 7
            with pytest.raises(Forbidden):
                nobody.call("read_blob", bucket_id=bucket, blob_id="closed", byte_range=None)
        for collection in ("buckets", "keys"):
            with pytest.raises(CredentialsRequired):
                nobody.list(collection)
        with pytest.raises(CredentialsRequired):
            nobody.call("create_bucket", new=NewBucket(name="nobodys"))
        nobody.close()

    def test_temporary_keys_work_with_their_token_and_not_without(self, moto: Accounts, storage: Storage) -> None:
        keys = moto.temporary()
        with_token = Hooks("ec2", moto.provider(), keys)
        assert storage.bucket in [one.id for one in with_token.list("buckets")]
        assert with_token.list("keys") == []
        without = Hooks("ec2", moto.provider(), Keys(keys.access_key, keys.secret_key))
        for collection in ("buckets", "keys"):
            with pytest.raises(AuthenticationFailed):
                without.list(collection)
        with_token.close()
        without.close()

    def test_another_accounts_bucket_is_refused(self, moto: Accounts, storage: Storage) -> None:
        storage.write("blob", b"mine")
        other = Hooks("ec2", moto.provider(), moto.other)
        for hook, arguments in (("get_bucket", {}), ("get_blob", {"blob_id": "blob"})):
            with pytest.raises(Forbidden):
                other.call(hook, bucket_id=storage.bucket, **arguments)
        with pytest.raises((Conflict, Forbidden)):
            other.call("create_bucket", new=NewBucket(name=storage.bucket))
        other.close()
