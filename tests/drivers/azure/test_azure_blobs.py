"""Blobs in Azure: names, metadata, kinds, and contents that change or end in the middle."""

from __future__ import annotations

import gzip
import secrets
import threading
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from azure.storage.blob import ContainerClient, ContentSettings

from azureaccounts import AzureCloud
from azurehooks import azure_hooks
from deltacloud.blobs import BlobContent
from deltacloud.errors import ClientDisconnected, Conflict, DeltacloudError
from deltacloud.inputs import ByteRange
from deltacloud.testing.caller import Caller
from deltacloud.testing.uploading import Upload, whole
from deltacloud.testing.wsgi import Answer

pytestmark = pytest.mark.doubles

Api = Callable[..., Answer]
MIB = 1024 * 1024
ODD_NAMES = (
    "/leading", "trailing/", "a//b", "///", ".dot", "d.ot", "~tilde~", "100%", "%2F", "%252e%252E", "a+b c",
    "q?comp=list&restype=container#f", "semi;colon=x", "\u00e9 composed", "e\u0301 decomposed", "漢字/か",
    "\U0001f680",
    "x" * 1024, "$root", "content", "metadata", "blob:with:colons", "[brackets]", "|pipe|", "`tick`", "{braces}", "^",
    "'quote'", '"double"', "<xml>&amp;", "a=b", "@at", "!$&'()*,", "a\u2028b", "nb\u00a0sp", "sp ", " sp",
)  # fmt: skip
REFUSED_NAMES = (
    ".",
    "..",
    "a/../b",
    "../other/blob",
    "a/./b",
    "./a",
    "dot.",
    "dot./a",
    "...",
    "a/...",
    "x" * 1025,
    "a\nb",
    "a\x7fb",
    "/".join(["s"] * 255),
)


@pytest.fixture(scope="module")
def bucket(api: Api) -> str:
    name = f"blobs-{secrets.token_hex(4)}"
    assert api("POST", "/api/buckets", {"name": name}).status == 201
    return name


@pytest.fixture
def container(azurite: AzureCloud, bucket: str) -> ContainerClient:
    """The bucket, past the driver."""
    return azurite.past(azurite.logins[0]).get_container_client(bucket)


@pytest.fixture
def path(bucket: str) -> str:
    """The path of a blob of this test's own."""
    return f"/api/buckets/{bucket}/{secrets.token_hex(4)}"


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_a_name_is_kept_whatever_it_holds(api: Api, bucket: str, container: ContainerClient, name: str) -> None:
    path = f"/api/buckets/{bucket}/{quote(name, safe='')}"
    written = api("PUT", path, name.encode(), X_Deltacloud_Blobmeta_Kept="yes")
    assert written.status == 200
    assert written.json["blob"]["id"] == name
    assert container.download_blob(name).readall() == name.encode()
    assert api("GET", f"{path}/content").body == name.encode()
    assert api("GET", path).json["blob"]["id"] == name
    assert name in [one["id"] for one in api("GET", f"/api/buckets/{bucket}").json["bucket"]["blob_list"]]
    prefixed = api("GET", f"/api/buckets/{bucket}?prefix={quote(name, safe='')}").json["bucket"]["blob_list"]
    assert name in [one["id"] for one in prefixed]
    assert api("DELETE", path).status == 204
    assert api("GET", path).status == 404


@pytest.mark.parametrize("name", REFUSED_NAMES, ids=lambda name: ascii(name[:12]))
def test_a_name_that_means_something_else_on_its_way_is_refused_and_reaches_nothing(
    azurite: AzureCloud, api: Api, bucket: str, name: str
) -> None:
    api("POST", "/api/buckets", {"name": "other"})
    api("PUT", "/api/buckets/other/blob", b"of another bucket")
    with azure_hooks(azurite.url, azurite.logins[0]) as hooks:
        said = []
        for hook, further in (
            ("write_blob", {"upload": Upload(b"x")}), ("get_blob", {}), ("read_blob", {"byte_range": None}),
            ("replace_blob_metadata", {"metadata": ()}), ("destroy_blob", {}),
        ):  # fmt: skip
            with pytest.raises(DeltacloudError) as raised:
                hooks.call(hook, bucket_id=bucket, blob_id=name, **further)
            said.append(raised.value.status)
    assert said == [400, 404, 404, 404, 404]
    assert api("GET", "/api/buckets/other/blob/content").body == b"of another bucket"


def test_metadata_is_kept_word_for_word_and_native_tools_can_read_it(
    api: Api, azurite: AzureCloud, bucket: str, container: ContainerClient
) -> None:
    given = (
        ("plain", "a b"), ("under_score", "x"), ("with-hyphen", "y"), ("-front", "z"), ("_front", "w"), ("empty", ""),
        ("accents", "Grün ₿ \U0001f680"), ("blanks", " a  b "), ("mixed", "KEEP Case"), ("looks", "=?UTF-8?B?eA==?="),
        ("punctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    )  # fmt: skip
    with azure_hooks(azurite.url, azurite.logins[0]) as hooks:
        hooks.call("write_blob", bucket_id=bucket, blob_id="meta", upload=Upload(b"x", metadata=given))
        assert sorted(hooks.call("get_blob", bucket_id=bucket, blob_id="meta").user_metadata) == sorted(given)
        hooks.call("replace_blob_metadata", bucket_id=bucket, blob_id="meta", metadata=given[::-1])
        assert sorted(hooks.call("get_blob", bucket_id=bucket, blob_id="meta").user_metadata) == sorted(given)
    native = container.get_blob_client("meta").get_blob_properties().metadata
    assert (native["plain"], native["under_score"], native["with__hyphen"]) == ("a b", "x", "y")
    container.get_blob_client("meta").set_blob_metadata({"CreatedBy": "another tool", "word": "=?UTF-8?B?!?="})
    shown = api("GET", f"/api/buckets/{bucket}/meta").json["blob"]["user_metadata"]
    assert shown == {"createdby": "another tool", "word": "=?UTF-8?B?!?="}


@pytest.mark.parametrize("name", ["1st", "dot.ted", "a_-b", "a-_b", "a__b", "ü", "a b", "", "a:b", "a\r\nx-ms-b"])
def test_a_name_of_metadata_that_the_cloud_cannot_keep_is_refused(azurite: AzureCloud, bucket: str, name: str) -> None:
    with azure_hooks(azurite.url, azurite.logins[0]) as hooks, pytest.raises(DeltacloudError) as raised:
        hooks.call("write_blob", bucket_id=bucket, blob_id="refused", upload=Upload(b"x", metadata=((name, "v"),)))
    assert raised.value.status == 400


def test_new_metadata_leaves_the_content_type_alone(api: Api, path: str) -> None:
    api("PUT", path, b"x", CONTENT_TYPE="text/x-kept; charset=utf-8", X_Deltacloud_Blobmeta_Old="1")
    assert api("POST", path, b"", X_Deltacloud_Blobmeta_New="2").status == 204
    blob = api("GET", path).json["blob"]
    assert (blob["content_type"], blob["user_metadata"]) == ("text/x-kept; charset=utf-8", {"new": "2"})
    assert api("GET", f"{path}/content").headers["content-type"] == "text/x-kept; charset=utf-8"


def test_a_content_that_is_stored_packed_comes_as_it_is_stored(
    api: Api, bucket: str, container: ContainerClient
) -> None:
    packed = gzip.compress(b"unpacked " * 300_000, compresslevel=0)
    settings = ContentSettings(content_type="text/plain", content_encoding="gzip")
    container.upload_blob("packed", packed, content_settings=settings, overwrite=True)
    answer = api("GET", f"/api/buckets/{bucket}/packed/content")
    assert answer.body == packed
    assert answer.headers["content-length"] == str(len(packed))
    part = api("GET", f"/api/buckets/{bucket}/packed/content", Range="bytes=5-99")
    assert (part.status, part.body) == (206, packed[5:100])


def test_blobs_of_every_kind_are_read_and_can_be_written_over(
    api: Api, bucket: str, container: ContainerClient
) -> None:
    append, page = container.get_blob_client("append"), container.get_blob_client("page")
    append.create_append_blob()
    append.append_block(b"appended")
    page.create_page_blob(1024)
    page.upload_page(b"p" * 512, offset=512, length=512)
    assert api("GET", f"/api/buckets/{bucket}/append/content").body == b"appended"
    assert api("GET", f"/api/buckets/{bucket}/page/content").body == bytes(512) + b"p" * 512
    for name in ("append", "page"):
        refused = api("PUT", f"/api/buckets/{bucket}/{name}", bytes(5 * MIB))
        assert (refused.status, "another kind" in refused.json["message"]) == (409, True)
        assert api("PUT", f"/api/buckets/{bucket}/{name}", b"block").status == 200
        assert api("GET", f"/api/buckets/{bucket}/{name}/content").body == b"block"


def test_a_blob_goes_with_its_snapshots(api: Api, bucket: str, container: ContainerClient) -> None:
    blob = container.upload_blob("snapped", b"old", overwrite=True)
    blob.create_snapshot()
    assert api("DELETE", f"/api/buckets/{bucket}/snapped").status == 204
    assert [one.name for one in container.list_blobs(include=["snapshots"]) if one.name == "snapped"] == []


def test_an_unknown_blob_can_be_destroyed_but_not_in_an_unknown_bucket(api: Api, path: str) -> None:
    assert api("DELETE", path).status == 204
    assert api("DELETE", "/api/buckets/no-such-bucket/blob").status == 404


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 4 * MIB, 4 * MIB + 1, 9 * MIB + 7])
@pytest.mark.parametrize("told", [True, False], ids=["with length", "without length"])
def test_a_content_of_any_size_comes_back_whole_and_in_parts(
    azurite: AzureCloud, bucket: str, size: int, *, told: bool
) -> None:
    content = secrets.token_bytes(size)
    pieces = iter([content[start : start + 300_000] for start in range(0, size, 300_000)])
    with azure_hooks(azurite.url, azurite.logins[0]) as hooks:
        upload = Upload(pieces, length=size if told else None)
        written = hooks.call("write_blob", bucket_id=bucket, blob_id="sized", upload=upload)
        assert (written.content_length, written.etag) == (size, _read(hooks, bucket, None).etag)
        assert whole(_read(hooks, bucket, None)) == content
        for wanted in _ranges(size):
            start, end = wanted.within(size) or (0, 0)
            part = _read(hooks, bucket, wanted)
            assert (part.length, part.content_range) == (end - start, (start, end - 1, size))
            assert whole(part) == content[start:end]


def _read(hooks: Caller, bucket: str, wanted: ByteRange | None) -> BlobContent:
    content: BlobContent = hooks.call("read_blob", bucket_id=bucket, blob_id="sized", byte_range=wanted)
    return content


def _ranges(size: int) -> Iterator[ByteRange]:
    """Ranges that begin and end around the places where pieces do."""
    edges = [edge for edge in (0, 1, MIB - 1, MIB, 5 * MIB, size - 1) if 0 <= edge < size]
    for edge in edges:
        yield ByteRange(first=edge)
        yield ByteRange(first=edge, last=edge)
        yield ByteRange(first=edge, last=edge + MIB)
        yield ByteRange(suffix=edge + 1)
    if size:
        yield ByteRange(suffix=size * 2)


def test_a_part_beyond_the_end_is_refused_with_the_length(api: Api, path: str) -> None:
    api("PUT", path, b"0123456789")
    for wanted in ("bytes=10-", "bytes=10-20", "bytes=-0"):
        answer = api("GET", f"{path}/content", Range=wanted)
        assert (answer.status, answer.headers.get("content-range")) == (416, "bytes */10"), wanted
    api("PUT", path, b"")
    assert api("GET", f"{path}/content", Range="bytes=0-").headers["content-range"] == "bytes */0"
    assert api("GET", f"{path}/content", Range="bytes=-5").status == 416


def test_a_blob_that_is_replaced_while_it_is_read_is_never_mixed(azurite: AzureCloud, bucket: str) -> None:
    with azure_hooks(azurite.url, azurite.logins[0], parallel=1) as hooks:
        for letter in (b"a", b"b"):
            upload = Upload(letter * MIB * 6)
            if letter == b"b":
                content = hooks.call("read_blob", bucket_id=bucket, blob_id="mixed", byte_range=None)
                chunks = iter(content.chunks)
                assert next(chunks) == b"a" * MIB
            hooks.call("write_blob", bucket_id=bucket, blob_id="mixed", upload=upload)
        with pytest.raises(Conflict):
            list(chunks)
        content.close()


def test_of_several_uploads_at_once_one_wins_whole(azurite: AzureCloud, bucket: str) -> None:
    said: list[str] = []

    def write(letter: bytes) -> None:
        with azure_hooks(azurite.url, azurite.logins[0]) as hooks:
            upload = Upload(letter * MIB for _ in range(6))
            try:
                hooks.call("write_blob", bucket_id=bucket, blob_id="raced", upload=upload)
            except Conflict:
                said.append("conflict")
            else:
                said.append("written")

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with azure_hooks(azurite.url, azurite.logins[0]) as hooks:
        content = whole(hooks.call("read_blob", bucket_id=bucket, blob_id="raced", byte_range=None))
    assert len(content) == 6 * MIB
    assert content == content[:1] * len(content)
    assert "written" in said
    assert len(said) == 3


@pytest.mark.parametrize("sent", [0, 1, 5], ids=lambda sent: f"{sent} MiB")
def test_an_upload_that_breaks_off_leaves_what_was_there_before(
    azurite: AzureCloud, bucket: str, container: ContainerClient, sent: int
) -> None:
    def breaking() -> Iterator[bytes]:
        for _ in range(sent):
            yield bytes(MIB)
        raise ClientDisconnected

    container.upload_blob("old", b"as it was", overwrite=True)
    with azure_hooks(azurite.url, azurite.logins[0]) as hooks:
        for name in ("old", "new"):
            with pytest.raises(ClientDisconnected):
                hooks.call("write_blob", bucket_id=bucket, blob_id=name, upload=Upload(breaking(), length=9 * MIB))
    assert container.download_blob("old").readall() == b"as it was"
    assert [one.name for one in container.list_blobs(name_starts_with="new")] == []


def test_blocks_that_others_left_behind_do_not_stand_in_the_way(
    api: Api, bucket: str, container: ContainerClient
) -> None:
    """All blocks of a blob must have ids of one length; ours have that of the SDK's."""
    blob = container.get_blob_client("left")
    blob.upload_blob((bytes(MIB) for _ in range(3)), max_concurrency=1)  # the SDK's ids, committed
    blob.stage_block(f"{1:048d}", b"left behind")
    assert api("PUT", f"/api/buckets/{bucket}/left", b"n" * 6 * MIB).status == 200
    assert api("GET", f"/api/buckets/{bucket}/left").json["blob"]["content_length"] == 6 * MIB
