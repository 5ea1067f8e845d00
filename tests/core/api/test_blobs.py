"""Blobs through the API: contents, ranges, metadata, forms, and uploads in parts."""

from __future__ import annotations

import pytest

from apiclient import Client
from deltacloud.errors import ClientDisconnected

BLOB = "/api/buckets/bucket1/fresh"


def test_a_blob_goes_up_and_comes_down_as_it_was(client: Client) -> None:
    content = bytes(range(256)) * 1000
    up = client("PUT", BLOB, content, content_type="image/png", x_deltacloud_blobmeta_colour="b\xc3\xbcro")
    assert up.status == 200
    assert up.json["blob"]["content_length"] == len(content)
    down = client("GET", BLOB + "/content")
    assert down.body == content
    assert down.headers["content-type"] == "image/png"
    assert "fresh" in down.headers["content-disposition"]
    assert client("GET", BLOB).json["blob"]["user_metadata"] == {"colour": "büro"}


def test_ranges_are_parts(client: Client) -> None:
    client("PUT", BLOB, b"0123456789")
    part = client("GET", BLOB + "/content", range="bytes=2-4")
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    assert client("GET", BLOB + "/content", range="bytes=-3").body == b"789"
    assert client("GET", BLOB + "/content", range="bytes=0-1,4-5").body == b"0123456789"
    beyond = client("GET", BLOB + "/content", range="bytes=10-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, "bytes */10")


def test_metadata_is_replaced_as_a_whole_whatever_the_client_accepts(client: Client) -> None:
    client("PUT", BLOB, b"x", x_deltacloud_blobmeta_one="1")
    for accept in ("*/*", "application/json", None):
        answer = client("POST", BLOB, accept=accept, x_deltacloud_blobmeta_two="2")
        assert answer.status == 204
        assert answer.headers["x-deltacloud-blobmeta-two"] == "2"
    head = client("HEAD", BLOB, accept="*/*")
    assert head.status == 204
    assert "x-deltacloud-blobmeta-one" not in head.headers
    assert head.headers["x-deltacloud-blobmeta-two"] == "2"


def test_a_blob_can_be_uploaded_in_parts(client: Client) -> None:
    started = client("PUT", BLOB + "?blob_type=segmented", content_type="text/plain")
    upload = started.headers["x-deltacloud-segmentedblob"]
    parts = []
    for number, text in ((2, b"world"), (1, b"hello ")):
        part = client("PUT", f"{BLOB}?blob_type=segmented&segmented_blob={upload}&segment_order={number}", text)
        assert part.status == 204
        parts.append(f"{number}={part.headers['x-deltacloud-blobsegmentid']}")
    done = client("PUT", BLOB, " , ".join(parts), x_deltacloud_blobtype="segmented", x_deltacloud_segmentedblob=upload)
    assert done.status == 200
    assert client("GET", BLOB + "/content").body == b"hello world"


def test_an_upload_in_parts_can_be_thrown_away(client: Client) -> None:
    upload = client("PUT", BLOB + "?blob_type=segmented").headers["x-deltacloud-segmentedblob"]
    assert client("DELETE", f"{BLOB}?segmented_blob={upload}").status == 204
    late = client("PUT", f"{BLOB}?blob_type=segmented&segmented_blob={upload}&segment_order=1", b"x")
    assert late.status == 404


def test_an_upload_that_breaks_off_leaves_nothing(client: Client) -> None:
    client("PUT", BLOB, b"old")
    with pytest.raises(ClientDisconnected):  # nobody is left to answer: the server closes the connection
        client("PUT", BLOB, b"short", content_length="100")
    assert client("GET", BLOB + "/content").body == b"old"


def test_prefix_and_delimiter_are_folders(client: Client) -> None:
    client("POST", "/api/buckets", "name=tree")
    for name in ("a%2F1", "a%2F2", "b"):
        client("PUT", f"/api/buckets/tree/{name}", b"x")
    folded = client("GET", "/api/buckets/tree?delimiter=/").json["bucket"]["blob_list"]
    assert sorted(one["id"] for one in folded) == ["a/", "b"]
    inside = client("GET", "/api/buckets/tree?prefix=a/").json["bucket"]["blob_list"]
    assert [one["id"] for one in inside] == ["a/1", "a/2"]


def test_a_long_list_of_blobs_is_streamed_with_its_size_at_the_end(client: Client) -> None:
    client("POST", "/api/buckets", "name=many")
    for number in range(1001):
        client("PUT", f"/api/buckets/many/b{number:04}", b"")
    xml = client("GET", "/api/buckets/many", accept="application/xml")
    assert "etag" not in xml.headers
    assert "content-length" not in xml.headers
    assert [child.tag for child in xml.xml][-1] == "size"
    assert xml.xml.findtext("size") == "1001"
    assert client("GET", "/api/buckets/many").json["bucket"]["size"] == 1001


def test_deleting_twice_is_no_error_but_an_unknown_bucket_is(client: Client) -> None:
    client("PUT", BLOB, b"x")
    assert client("DELETE", BLOB).status == 204
    assert client("DELETE", BLOB).status == 204
    assert client("DELETE", "/api/buckets/nosuch/x").status == 404
    assert client("PUT", "/api/buckets/nosuch/x", b"x").status == 404
