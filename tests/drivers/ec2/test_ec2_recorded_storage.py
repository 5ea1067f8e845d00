"""What S3 really sent, years ago, read by today's driver."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from awscloud.accounts import Keys
from awscloud.calls import Hooks
from deltacloud.errors import AuthenticationFailed
from loopback import Asked, Backend, reply
from yamlfiles import read_yaml

KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "x")


def _exchanges(recorded: Path, name: str) -> Iterator[dict[str, Any]]:
    for document in read_yaml((recorded / "recorded/deltacloud/ec2" / name).read_text(encoding="utf-8")):
        yield from document["http_interactions"]


def _serving(*answers: dict[str, Any] | str) -> Backend:
    """A backend that gives recorded answers in turn."""
    turns = iter(answers)

    def answer(_asked: Asked) -> list[bytes]:
        one = next(turns)
        if isinstance(one, str):
            return reply(one.encode())
        kept = {name: value[0] for name, value in one["headers"].items() if name.lower() in {"etag", "content-type"}}
        return reply(one["body"]["string"].encode(), f"{one['status']['code']} {one['status']['message']}", **kept)

    return Backend(answer)


def _hooks(backend: Backend) -> Hooks:
    return Hooks("ec2", f"s3={backend.url()}", KEYS)


def test_a_refused_key_of_2012_is_a_refused_key(recorded: Path) -> None:
    (exchange,) = _exchanges(recorded, "test_0001_must_throw_error_when_wrong_credentials_for_buckets.yml")
    backend = _serving(exchange["response"])
    hooks = _hooks(backend)
    with pytest.raises(AuthenticationFailed) as raised:
        hooks.list("buckets")
    assert raised.value.backend_code == "InvalidAccessKeyId"
    hooks.close()
    backend.close()


def test_a_bucket_of_2012_is_shown_listed_and_deleted(recorded: Path) -> None:
    exchanges = list(_exchanges(recorded, "test_0002_must_handle_us-east_buckets_from_other_regions.yml"))
    listing = next(one["response"] for one in exchanges if "ListBucketResult" in one["response"]["body"]["string"])
    gone = exchanges[-1]["response"]
    backend = _serving(listing, listing, gone)
    hooks = _hooks(backend)
    name = "deltacloud-unit-test-bucket-2012-08-20-1704"
    assert hooks.call("get_bucket", bucket_id=name).name == name
    assert list(hooks.blobs(name).items) == []
    hooks.call("destroy_bucket", bucket_id=name)
    assert [asked.method for asked in backend.asked] == ["GET", "GET", "DELETE"]
    hooks.close()
    backend.close()


@pytest.mark.parametrize("folder", ["s3", "google_storage"])
def test_recorded_lists_lose_nothing(recorded: Path, folder: str) -> None:
    place = recorded / "recorded/libcloud/storage" / folder
    buckets = (place / "list_containers.xml").read_text(encoding="utf-8")
    backend = _serving(buckets, (place / "list_containers_empty.xml").read_text(encoding="utf-8"))
    hooks = _hooks(backend)
    names = re.findall(r"<Name>(.*?)</Name>", buckets)
    assert [one.id for one in hooks.list("buckets")] == names
    assert names
    assert hooks.list("buckets") == []
    hooks.close()
    backend.close()


@pytest.mark.parametrize("folder", ["s3", "google_storage"])
def test_recorded_pages_of_blobs_are_joined(recorded: Path, folder: str) -> None:
    place = recorded / "recorded/libcloud/storage" / folder
    texts = [
        (place / f"list_container_objects_not_exhausted{number}.xml").read_text(encoding="utf-8") for number in (1, 2)
    ]
    # The driver asks for pages in the newer way, whose answers have a marker of their own.
    first = texts[0].replace("<IsTruncated>true</IsTruncated>", "<IsTruncated>true</IsTruncated>"
                             "<NextContinuationToken>next</NextContinuationToken>")  # fmt: skip
    last = (
        texts[1] if "<IsTruncated>true" not in texts[1] else texts[1].replace("<IsTruncated>true", "<IsTruncated>false")
    )
    backend = _serving(first, last)
    hooks = _hooks(backend)
    entries = list(hooks.blobs("test_container").items)
    assert [one.id for one in entries] == [key for text in texts for key in re.findall(r"<Key>(.*?)</Key>", text)]
    assert [one.content_length for one in entries] == [
        int(size) for text in texts for size in re.findall(r"<Size>(.*?)</Size>", text)
    ]
    assert all(one.last_modified and one.last_modified.tzinfo and one.etag for one in entries)
    assert "continuation-token=next" in backend.asked[1].path
    hooks.close()
    backend.close()
