"""What goes to Google, and what Google really sent: projects, locations, its own headers and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from awscloud.accounts import Keys
from awscloud.calls import Hooks
from awscloud.signatures import is_signed_with, signer_of
from deltacloud.errors import (
    AuthenticationFailed,
    Conflict,
    DeltacloudError,
    Forbidden,
    InvalidRequest,
    NotFound,
    ProviderBusy,
    ProviderError,
)
from deltacloud.inputs import NewBucket
from deltacloud.testing.uploading import Upload
from deltacloud_google import GoogleDriver
from loopback import Asked, Backend, reply
from yamlfiles import read_yaml

KEYS = Keys("GOOG1EXAMPLEEXAMPLEEXAMPLEEXAMPLE", "bGoa+V7g/yqDXvKRqq+JTFn4uQZbPiQJo4pf9RzJ")
BUCKETS = b"<?xml version='1.0'?><ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"
Serve = Callable[..., tuple[Hooks, Backend]]


@pytest.fixture(name="serve")
def serve_fixture() -> Iterator[Serve]:
    made: list[tuple[Hooks, Backend]] = []

    def serve(answer: Callable[[Asked], Iterable[bytes]], further: str = "") -> tuple[Hooks, Backend]:
        backend = Backend(answer)
        made.append((Hooks("google", f"s3={backend.url()}{further}", KEYS), backend))
        return made[-1]

    yield serve
    for hooks, backend in made:
        hooks.close()
        backend.close()


@pytest.mark.parametrize(
    ("further", "project"), [(";project=my-project-1", "my-project-1"), ("", None)], ids=["named", "by default"]
)
def test_buckets_are_those_of_the_named_project_and_the_signature_says_so(
    serve: Serve, further: str, project: str | None
) -> None:
    hooks, backend = serve(lambda _: reply(BUCKETS), further)
    assert hooks.list("buckets") == []
    (asked,) = backend.asked
    assert asked.headers.get("x-amz-project-id") == project
    assert is_signed_with(asked, KEYS.secret_key)
    assert ("x-amz-project-id" in asked.headers["authorization"]) == (project is not None)


@pytest.mark.parametrize("name", ["my-project-1", "another-project"])
def test_a_project_is_a_provider_at_googles_own_endpoint(name: str) -> None:
    provider = GoogleDriver.providers.resolve(name)
    assert (provider.name, provider.endpoints) == (name, {})


@pytest.mark.parametrize("text", ["A project", "x", "s3=127.0.0.1", "ec2=http://127.0.0.1", "project=my-project-1"])
def test_other_texts_are_no_provider(text: str) -> None:
    with pytest.raises(InvalidRequest):
        GoogleDriver.providers.resolve(text)


def test_an_upload_has_what_google_understands_and_nothing_else(serve: Serve) -> None:
    def answer(asked: Asked) -> Iterable[bytes]:
        return reply(b"") if asked.method == "PUT" else [b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"]

    hooks, backend = serve(answer)
    upload = Upload(iter([b"content"]), length=7, content_type="text/x-odd", metadata=(("colour", "red"),))
    hooks.call("write_blob", bucket_id="bucket.with.dots", blob_id="a//b c", upload=upload)
    asked = backend.asked[0]
    assert (asked.method, asked.path, asked.body) == ("PUT", "/bucket.with.dots/a//b%20c", b"content")
    assert (asked.headers["content-type"], asked.headers["x-amz-meta-colour"]) == ("text/x-odd", "red")
    assert signer_of(asked) == KEYS.access_key
    assert "/auto/s3/aws4_request" in asked.headers["authorization"]
    assert not [name for name in asked.headers if re.search("checksum|trailer|acl", name)]
    assert asked.headers.get("transfer-encoding") is None


@pytest.mark.parametrize(("location", "told"), [("EU", ["EU"]), ("EUROPE-WEST1", ["EUROPE-WEST1"]), (None, [])])
def test_a_location_is_sent_as_it_is_written(serve: Serve, location: str | None, told: list[str]) -> None:
    hooks, backend = serve(lambda _: reply(b""))
    hooks.call("create_bucket", new=NewBucket(name="new", location=location))
    (asked,) = backend.asked
    assert re.findall("<LocationConstraint>(.*)</LocationConstraint>", asked.body.decode()) == told


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("InvalidAccessKeyId", 403, AuthenticationFailed),
        ("InvalidSecurity", 403, AuthenticationFailed),
        ("SignatureDoesNotMatch", 403, AuthenticationFailed),
        ("AuthenticationRequired", 401, AuthenticationFailed),
        ("MissingSecurityHeader", 400, AuthenticationFailed),
        ("BucketNameUnavailable", 409, Conflict),
        ("BucketAlreadyOwnedByYou", 409, Conflict),
        ("BucketAlreadyExists", 409, Conflict),
        ("BucketNotEmpty", 409, Conflict),
        ("NoSuchBucket", 404, NotFound),
        ("NoSuchKey", 404, NotFound),
        ("AccessDenied", 403, Forbidden),
        ("UserProjectAccessDenied", 403, Forbidden),
        ("AccountProblem", 403, Forbidden),
        ("InvalidBucketName", 400, InvalidRequest),
        ("InvalidArgument", 400, InvalidRequest),
        ("InvalidLocationConstraint", 400, InvalidRequest),
        ("MissingProjectId", 400, InvalidRequest),
        ("SlowDown", 429, ProviderBusy),
        ("ServiceUnavailable", 503, ProviderBusy),
        ("InternalError", 500, ProviderError),
    ],
)
def test_googles_words_mean(serve: Serve, code: str, status: int, kind: type[DeltacloudError]) -> None:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>Google says no</Message></Error>".encode()
    hooks, _ = serve(lambda _: reply(body, f"{status} No"))
    with pytest.raises(kind) as raised:
        hooks.call("create_bucket", new=NewBucket(name="new"))
    assert type(raised.value) is kind
    if kind in {Conflict, NotFound, Forbidden, InvalidRequest}:
        assert raised.value.message == "Google says no"


def _recorded(recorded: Path) -> dict[str, dict[str, Any]]:
    """The recorded answers, by the first words of their files' names."""
    found = {}
    for path in sorted((recorded / "recorded/deltacloud/google").glob("*.yml")):
        (document,) = read_yaml(path.read_text(encoding="utf-8"))
        (exchange,) = document["http_interactions"]
        found[path.name[:9]] = exchange["response"]
    return found


def test_the_life_of_a_bucket_in_2012_is_understood(serve: Serve, recorded: Path) -> None:
    answers = _recorded(recorded)
    turns = iter([f"test_000{number}" for number in (1, 2, 4, 3, 3, 5, 6, 7, 8)])

    def answer(_asked: Asked) -> list[bytes]:
        one = answers[next(turns)]
        lines = [f"HTTP/1.1 {one['status']['code']} {one['status']['message']}"]
        lines += [
            f"{name}: {value[0]}" for name, value in one["headers"].items() if name.lower() != "transfer-encoding"
        ]
        return ["\r\n".join(lines).encode() + b"\r\n\r\n" + one["body"]["string"].encode()]

    hooks, backend = serve(answer)
    bucket, blob = "testbucki2rpux3wdelmegoogel", "testblobk1ds91kVdelmegoogel"
    hooks.call("create_bucket", new=NewBucket(name=bucket))
    made = hooks.call("write_blob", bucket_id=bucket, blob_id=blob, upload=Upload(iter([b"x"]), length=1))
    assert (made.content_length, made.content_type, made.etag) == (
        24436,
        "image/png",
        "6051b502c4281855ff32dc3e924fe3b0",
    )
    assert made.user_metadata == (("name1", "Author"), ("name2", "foo"), ("value1", "deltacloud"), ("value2", "bar"))
    assert made.last_modified is not None
    assert made.last_modified.isoformat() == "2012-09-26T11:04:47+00:00"
    assert hooks.call("get_bucket", bucket_id=bucket).id == bucket
    (entry,) = hooks.blobs(bucket).items
    assert (entry.id, entry.content_length) == (blob, 24436)
    hooks.call("replace_blob_metadata", bucket_id=bucket, blob_id=blob, metadata=(("a", "b"),))
    hooks.call("destroy_blob", bucket_id=bucket, blob_id=blob)
    hooks.call("destroy_bucket", bucket_id=bucket)
    assert [asked.method for asked in backend.asked] == [
        "PUT",
        "PUT",
        "HEAD",
        "GET",
        "GET",
        "HEAD",
        "PUT",
        "DELETE",
        "DELETE",
    ]
