"""What goes to Spaces and where: the region's own host, its signature, the keys that sign, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from awscloud.accounts import Keys
from awscloud.calls import Hooks
from awscloud.scripted import Reply, Request, playing
from awscloud.signatures import is_signed_with, signer_of
from deltacloud.driver import read_settings
from deltacloud.errors import (
    AuthenticationFailed,
    CapabilityMissing,
    Conflict,
    CredentialsRequired,
    Forbidden,
    InvalidRequest,
    NotFound,
    ProviderBusy,
)
from deltacloud.inputs import NewBucket
from deltacloud.outbound import Policy
from deltacloud.testing.uploading import Upload
from deltacloud_digitalocean import DigitalOceanDriver
from deltacloud_digitalocean.settings import DigitalOceanSettings
from digitaloceancloud import TOKEN
from loopback import Asked, Backend, reply

ACCESS_KEY, SECRET_KEY = "DO00EXAMPLEEXAMPLE42", "zCkY83KVDXD8u83RouEYPKEm+dhPSPB45XsfnWj8fxQ"
BOTH = Keys(ACCESS_KEY, TOKEN, SECRET_KEY)
SPACES_ALONE = Keys(ACCESS_KEY, SECRET_KEY)
BUCKETS = b"<ListAllMyBucketsResult><Buckets><Bucket><Name>one</Name></Bucket></Buckets></ListAllMyBucketsResult>"
MISSING = b"<Error><Code>NoSuchBucket</Code><Message>no</Message></Error>"


def spaces(asked: Request) -> Reply:
    """A region with no bucket but those that are listed."""
    if asked.method == "GET":
        return Reply(200, BUCKETS) if asked.path == "/" else Reply(404, MISSING)
    return Reply(200)


@pytest.mark.parametrize(
    ("provider", "settings", "region"),
    [
        (None, {}, "nyc3"),
        (None, {"spaces-region": "sgp1"}, "sgp1"),
        ("fra1", {"spaces-region": "sgp1"}, "fra1"),
        ("AMS3", {}, "ams3"),
        ("default", {}, "nyc3"),
        ("anything_at-all", {}, "nyc3"),
        ("us-east-1", {}, "nyc3"),
    ],
)
def test_a_region_is_a_host_and_signed_for(provider: str | None, settings: dict[str, str], region: str) -> None:
    with playing(spaces, provider, BOTH, "digitalocean", settings=settings) as (hooks, played):
        assert [one.id for one in hooks.list("buckets")] == ["one"]
        hooks.call("create_bucket", new=NewBucket(name="new.bucket", location=region.upper()))
        upload = Upload(iter([b"content"]), length=7, content_type="text/plain", metadata=())
        hooks.call("write_blob", bucket_id="new.bucket", blob_id="a/b", upload=upload)
    assert {asked.host for asked in played.asked} == {f"{region}.digitaloceanspaces.com"}
    assert {asked.region for asked in played.asked} == {region}
    assert all(asked.url.startswith("https://") for asked in played.asked)
    made, written = (asked for asked in played.asked if asked.method == "PUT")
    assert (made.path, made.body) == ("/new.bucket", b"")
    assert (written.path, written.body) == ("/new.bucket/a/b", b"content")
    assert Policy(hosts=DigitalOceanDriver.hosts).is_cloud(f"{region}.digitaloceanspaces.com")


@pytest.mark.parametrize(
    "text", ["evil.example.com", "nyc3.evil", "nyc3/", "nyc3@evil", "nyc3#", "nyc3:80", "nyc\u00b93"]
)
def test_what_could_be_another_host_is_no_region(text: str) -> None:
    with pytest.raises(InvalidRequest):
        DigitalOceanDriver.providers.resolve(text)
    with pytest.raises(ValueError, match="spaces-region"):
        read_settings(DigitalOceanSettings, {"spaces-region": text}, {})


@pytest.mark.parametrize("login", [BOTH, SPACES_ALONE], ids=["with an API token", "alone"])
def test_the_pair_of_spaces_signs_and_nothing_secret_travels(login: Keys) -> None:
    backend = Backend(lambda _: reply(BUCKETS))
    hooks = Hooks("digitalocean", f"spaces={backend.url()};region=nyc3", login)
    assert [one.id for one in hooks.list("buckets")] == ["one"]
    (asked,) = backend.asked
    hooks.close()
    backend.close()
    assert signer_of(asked) == ACCESS_KEY
    assert is_signed_with(asked, SECRET_KEY)
    assert "/nyc3/s3/aws4_request" in asked.headers["authorization"]
    assert "x-amz-security-token" not in asked.headers
    assert [secret for secret in (TOKEN, SECRET_KEY) if secret in f"{asked.path} {asked.headers} {asked.body!r}"] == []


@pytest.mark.parametrize(
    "login",
    [
        Keys("anything", TOKEN),
        Keys(ACCESS_KEY, TOKEN),
        Keys("", TOKEN),
        Keys(ACCESS_KEY, SECRET_KEY, TOKEN),
        Keys(ACCESS_KEY, "5d" * 32),
        Keys("ann", TOKEN, SECRET_KEY),
        Keys("ann", SECRET_KEY),
    ],
    ids=["token", "token of who has an access key", "no name", "swapped", "an old token", "no access key", "no pair"],
)
def test_who_has_no_keys_of_spaces_is_told_which_and_nothing_is_sent(login: Keys) -> None:
    with playing(spaces, None, login, "digitalocean") as (hooks, played):
        with pytest.raises(AuthenticationFailed, match="Spaces has a pair of keys of its own"):
            hooks.list("buckets")
        for hook, arguments in (
            ("get_bucket", {"bucket_id": "one"}),
            ("create_bucket", {"new": NewBucket(name="new")}),
            ("read_blob", {"bucket_id": "one", "blob_id": "x", "byte_range": None}),
        ):
            with pytest.raises(AuthenticationFailed, match="Spaces has a pair of keys of its own") as raised:
                hooks.call(hook, **arguments)
            assert not any(secret and secret in str(raised.value) for secret in login[1:])
    assert played.asked == []


def test_an_api_token_signs_nothing_at_another_installation_either() -> None:
    backend = Backend(lambda _: reply(BUCKETS))
    hooks = Hooks("digitalocean", f"api={backend.url()};spaces={backend.url()}", Keys(ACCESS_KEY, TOKEN))
    with pytest.raises(AuthenticationFailed):
        hooks.list("buckets")
    hooks.close()
    backend.close()
    assert backend.asked == []


def test_the_api_is_not_told_the_secret_key_of_spaces() -> None:
    backend = Backend(lambda _: reply(BUCKETS))
    hooks = Hooks("digitalocean", f"api={backend.url()};spaces={backend.url()}", SPACES_ALONE)
    for collection in ("instances", "realms", "hardware_profiles", "images", "keys", "metrics"):
        with pytest.raises(AuthenticationFailed, match="personal access token"):
            hooks.list(collection)
    assert backend.asked == []
    assert hooks.call("inspect_account") == {"buckets", "drivers"}
    assert [signer_of(asked) for asked in backend.asked] == [ACCESS_KEY]
    hooks.close()
    backend.close()


def test_what_is_public_is_read_without_keys_and_nothing_else_is() -> None:
    def answer(asked: Asked) -> list[bytes]:
        return reply(b"picture", Content_Type="image/png") if asked.path == "/one/photo" else reply(MISSING, "404 No")

    backend = Backend(answer)
    hooks = Hooks("digitalocean", f"api={backend.url()};spaces={backend.url()}", Keys("", ""))
    content = hooks.call("read_blob", bucket_id="one", blob_id="photo", byte_range=None)
    assert b"".join(content.chunks) == b"picture"
    assert ["authorization" in asked.headers for asked in backend.asked] == [False]
    for collection in ("instances", "realms", "hardware_profiles", "buckets", "metrics"):
        with pytest.raises(CredentialsRequired):
            hooks.list(collection)
    for hook, arguments in (("create_bucket", {"new": NewBucket(name="new")}), ("inspect_account", {})):
        with pytest.raises(CredentialsRequired):
            hooks.call(hook, **arguments)
    hooks.close()
    backend.close()
    assert len(backend.asked) == 1


@pytest.mark.parametrize(
    ("provider", "asking", "missing"),
    [("{url}", "buckets", "spaces=URL"), ("api={url}", "buckets", "spaces=URL"), ("spaces={url}", "realms", "api=URL")],
)
def test_an_installation_without_an_endpoint_does_not_lead_to_digitalocean(
    provider: str, asking: str, missing: str
) -> None:
    backend = Backend(lambda _: reply())
    hooks = Hooks("digitalocean", provider.format(url=backend.url()), BOTH)
    with pytest.raises(CapabilityMissing, match=missing):
        hooks.list(asking)
    hooks.close()
    backend.close()
    assert backend.asked == []


def test_a_bucket_is_not_made_where_its_provider_would_not_find_it() -> None:
    with playing(spaces, "nyc3", BOTH, "digitalocean") as (hooks, played):
        for location in ("fra1", "us-east-1", "nyc3.evil.example"):
            with pytest.raises(InvalidRequest, match="which is nyc3 here"):
                hooks.call("create_bucket", new=NewBucket(name="new", location=location))
    assert played.asked == []


def test_a_bucket_of_the_same_name_is_a_conflict_though_spaces_makes_it_again() -> None:
    empty = b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
    mine = playing(lambda _: Reply(200, empty), "nyc3", BOTH, "digitalocean")
    with mine as (hooks, played), pytest.raises(Conflict):
        hooks.call("create_bucket", new=NewBucket(name="mine"))
    assert [asked.method for asked in played.asked] == ["GET"]


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("InvalidAccessKeyId", 403, AuthenticationFailed),
        ("SignatureDoesNotMatch", 403, AuthenticationFailed),
        ("AccessDenied", 403, Forbidden),
        ("BucketAlreadyExists", 409, Conflict),
        ("BucketNotEmpty", 409, Conflict),
        ("NoSuchBucket", 404, NotFound),
        ("InvalidBucketName", 400, InvalidRequest),
        ("SlowDown", 503, ProviderBusy),
    ],
)
def test_the_words_of_spaces_mean(code: str, status: int, kind: type[Exception]) -> None:
    def answer(_asked: Request) -> Reply:
        return Reply(status, f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode())

    with playing(answer, "nyc3", BOTH, "digitalocean", seconds=1) as (hooks, _), pytest.raises(kind) as raised:
        hooks.call("destroy_bucket", bucket_id="one")
    assert type(raised.value) is kind


def test_compute_loads_no_sdk_and_neither_does_its_failure() -> None:
    program = (
        "import sys\n"
        "from digitaloceancloud.asking import gateway\n"
        "from digitaloceancloud.state import Cloud\n"
        "cloud = Cloud(0)\n"
        "cloud.url = 'api=http://127.0.0.1:9;spaces=http://127.0.0.1:9'\n"
        "def loaded():\n"
        "    return any(name.partition('.')[0] == 'botocore' for name in sys.modules)\n"
        "with gateway(cloud) as api:\n"
        "    print(api.ask('GET', '/instances').status, loaded())\n"
        "with gateway(cloud, login=('DO00EXAMPLEEXAMPLE42', 'secret')) as api:\n"
        "    print(api.ask('GET', '/buckets').status, loaded())\n"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=_path())
    assert shown.stdout.splitlines() == ["502 False", "502 True"]


def _path() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(sys.path)}
