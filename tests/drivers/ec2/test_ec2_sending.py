"""How requests are sent: under nobody's settings but ours, again only where that is safe, and in time."""

from __future__ import annotations

import ast
import itertools
import json
import logging
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

import guardtable
from awscloud.accounts import Keys
from awscloud.calls import Hooks
from awscloud.signatures import signer_of
from canaries.search import found_in
from canaries.spelling import Canary
from deltacloud.context import Context
from deltacloud.errors import (
    DeltacloudError,
    Forbidden,
    NotFound,
    ProviderBusy,
    ProviderError,
    ProviderTimeout,
)
from deltacloud.inputs import NewInstance, NewKey
from deltacloud.models import Instance
from deltacloud.outbound import endpoints
from deltacloud.testing.endpoints import closed
from deltacloud.testing.uploading import Upload
from deltacloud_ec2.client import Clients
from deltacloud_ec2.endpoints import Place
from deltacloud_ec2.sending import Sender
from guardtable import Row, Target
from loopback import Asked, Backend, Outside, Reset, reply

KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
MIB = 1024 * 1024
NOTHING = b"<DescribeKeyPairsResponse><keySet/></DescribeKeyPairsResponse>"
BUCKETS = b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"
LAUNCHED = (
    b"<RunInstancesResponse><ownerId>1</ownerId><instancesSet><item><instanceId>i-1</instanceId><imageId>ami-1</imageId>"
    b"<instanceState><name>pending</name></instanceState></item></instancesSet></RunInstancesResponse>"
)
REFUSED = "<Response><Errors><Error><Code>{code}</Code><Message>no</Message></Error></Errors></Response>"


class Cloud:
    """EC2 and S3 with answers in turn; the last one again and again."""

    def __init__(self, *answers: Callable[[Asked], Iterable[bytes]]) -> None:
        turns = itertools.chain(answers, itertools.repeat(answers[-1]))

        def answer(asked: Asked) -> Iterable[bytes]:
            return next(turns)(asked)

        self.backend = Backend(answer)

    @property
    def asked(self) -> list[Asked]:
        return self.backend.asked

    def hooks(self, **options: object) -> Hooks:
        url = self.backend.url()
        return Hooks("ec2", f"ec2={url};s3={url}", KEYS, **options)  # type: ignore[arg-type]


@pytest.fixture(name="cloud")
def cloud_fixture() -> Iterator[Callable[..., Cloud]]:
    made: list[Cloud] = []

    def make(*answers: Callable[[Asked], Iterable[bytes]]) -> Cloud:
        made.append(Cloud(*answers))
        return made[-1]

    yield make
    for one in made:
        one.backend.close()


def says(body: bytes, status: str = "200 OK", **headers: str) -> Callable[[Asked], Iterable[bytes]]:
    return lambda _: reply(body, status, **headers)


def refuses(code: str, status: str = "503 Service Unavailable", **headers: str) -> Callable[[Asked], Iterable[bytes]]:
    return says(REFUSED.format(code=code).encode(), status, **headers)


def resets(_asked: Asked) -> Iterable[bytes]:
    raise Reset


def breaks_off(_asked: Asked) -> Iterable[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Desc"
    raise Reset


FAULTS = {
    "reset": resets,
    "broken off": breaks_off,
    "throttled": refuses("RequestLimitExceeded"),
    "internal error": refuses("InternalError", "500 Internal Server Error"),
    "unavailable": refuses("Unavailable"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_only_reads_is_asked_again(cloud: Callable[..., Cloud], fault: Callable[[Asked], Iterable[bytes]]) -> None:
    amazon = cloud(fault, fault, says(NOTHING))
    hooks = amazon.hooks()
    assert hooks.list("keys") == []
    assert len(amazon.asked) == 3
    hooks.close()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_changes_something_is_asked_once(
    cloud: Callable[..., Cloud], fault: Callable[[Asked], Iterable[bytes]]
) -> None:
    amazon = cloud(fault)
    hooks = amazon.hooks()
    changes: list[tuple[str, dict[str, object]]] = [
        ("create_key", {"new": NewKey(name="new")}),
        ("reboot_instance", {"instance": Instance(id="i-1", state="RUNNING")}),
        ("destroy_blob", {"bucket_id": "bucket", "blob_id": "blob"}),
        ("write_blob", {"bucket_id": "bucket", "blob_id": "blob", "upload": Upload(iter([b"x"]), length=1)}),
    ]
    for number, (hook, arguments) in enumerate(changes, 1):
        with pytest.raises((ProviderError, ProviderBusy)):
            hooks.call(hook, **arguments)
        assert len(amazon.asked) == number, hook
    hooks.close()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_launch_is_asked_for_again_under_the_same_token(
    cloud: Callable[..., Cloud], fault: Callable[[Asked], Iterable[bytes]]
) -> None:
    vpcs = says(b"<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>")
    turns = iter([fault, fault, says(LAUNCHED)])

    def answer(asked: Asked) -> Iterable[bytes]:
        return (vpcs if b"Action=DescribeVpcs" in asked.body else next(turns))(asked)

    amazon = cloud(answer)
    hooks = amazon.hooks()
    made = hooks.call("create_instance", new=NewInstance(image_id="ami-1", hardware_profile_id="t3.micro"))
    assert made.id == "i-1"
    launches = [asked.body for asked in amazon.asked if b"Action=RunInstances" in asked.body]
    assert len(launches) == 3
    assert len(set(launches)) == 1
    assert b"ClientToken=" in launches[0]
    hooks.close()


def test_a_part_is_sent_again_for_the_same_number_is_the_same_part(cloud: Callable[..., Cloud]) -> None:
    begun = b"<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
    failed = iter([True])

    def answer(asked: Asked) -> Iterable[bytes]:
        if "uploads" in asked.path:
            return reply(begun)
        if "partNumber=2" in asked.path and next(failed, False):
            return reply(REFUSED.format(code="SlowDown").encode(), "503 Slow Down")
        if asked.method == "POST":
            return reply(b"<CompleteMultipartUploadResult><ETag>1</ETag></CompleteMultipartUploadResult>")
        if asked.method == "HEAD":
            return [b"HTTP/1.1 200 OK\r\nContent-Length: 11534336\r\n\r\n"]
        return reply(b"", ETag='"1"')

    amazon = cloud(answer)
    hooks = amazon.hooks()
    upload = Upload((bytes(MIB) for _ in range(11)), length=None)
    assert hooks.call("write_blob", bucket_id="bucket", blob_id="blob", upload=upload).content_length == 11 * MIB
    parts = sorted(asked.path.partition("?")[2] for asked in amazon.asked if asked.method == "PUT")
    assert parts == [f"uploadId=u&partNumber={number}" for number in (1, 2, 2, 3)] or len(parts) == 4
    hooks.close()


def test_an_upload_whose_parts_fail_is_thrown_away(cloud: Callable[..., Cloud]) -> None:
    begun = b"<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"

    def answer(asked: Asked) -> Iterable[bytes]:
        if "uploads" in asked.path:
            return reply(begun)
        if asked.method == "DELETE":
            return reply(b"", "204 No Content")
        return reply(REFUSED.format(code="AccessDenied").encode(), "403 Forbidden")

    amazon = cloud(answer)
    hooks = amazon.hooks()
    upload = Upload((bytes(MIB) for _ in range(30)), length=30 * MIB)
    with pytest.raises(Forbidden):
        hooks.call("write_blob", bucket_id="bucket", blob_id="blob", upload=upload)
    assert [asked.path for asked in amazon.asked if asked.method == "DELETE"] == ["/bucket/blob?uploadId=u"]
    hooks.close()


@pytest.mark.parametrize(
    "code", ["RequestLimitExceeded", "Throttling", "SlowDown", "ServiceUnavailable", "Unavailable"]
)
def test_throttling_is_told_with_the_time_to_wait(cloud: Callable[..., Cloud], code: str) -> None:
    amazon = cloud(refuses(code, Retry_After="7"))
    hooks = amazon.hooks(seconds=2)
    with pytest.raises(ProviderBusy) as raised:
        hooks.list("keys")
    assert (raised.value.retry_after, raised.value.backend_code) == (7, code)
    hooks.close()


def test_a_cloud_that_does_not_answer_is_given_up_at_the_deadline(cloud: Callable[..., Cloud]) -> None:
    released = threading.Event()

    def wait(_asked: Asked) -> Iterable[bytes]:
        released.wait(30)
        return reply(NOTHING)

    amazon = cloud(wait)
    hooks = amazon.hooks(seconds=1)
    for collection in ("keys", "buckets"):
        begun = time.monotonic()
        with pytest.raises(ProviderTimeout):
            hooks.list(collection)
        assert time.monotonic() - begun < 5
    released.set()
    hooks.close()


def test_no_pause_between_attempts_outlasts_the_deadline(cloud: Callable[..., Cloud]) -> None:
    amazon = cloud(refuses("RequestLimitExceeded", x_amz_retry_after="60000"))
    hooks = amazon.hooks(seconds=1)
    begun = time.monotonic()
    with pytest.raises((ProviderBusy, ProviderTimeout)):
        hooks.list("keys")
    assert time.monotonic() - begun < 5
    hooks.close()


def test_a_place_where_nobody_listens_is_told_at_once() -> None:
    with closed() as url:
        hooks = Hooks("ec2", f"ec2={url};s3={url}", KEYS)
        for collection in ("keys", "buckets"):
            with pytest.raises(ProviderError, match="cannot be reached"):
                hooks.list(collection)
        hooks.close()


def test_a_content_that_breaks_off_is_no_shorter_content(cloud: Callable[..., Cloud]) -> None:
    def answer(_asked: Asked) -> Iterable[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + bytes(2_000_000)
        raise Reset

    amazon = cloud(answer)
    hooks = amazon.hooks()
    content = hooks.call("read_blob", bucket_id="bucket", blob_id="blob", byte_range=None)
    with pytest.raises(ProviderError):
        list(content.chunks)
    content.close()
    hooks.close()


def test_an_error_within_an_answer_of_success_is_an_error(cloud: Callable[..., Cloud]) -> None:
    """S3 begins to answer a copy before it is made."""
    gone = b"<?xml version='1.0'?><Error><Code>InternalError</Code><Message>no</Message></Error>"

    def answer(asked: Asked) -> Iterable[bytes]:
        if asked.method == "HEAD":
            return [b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: "1"\r\n\r\n']
        return reply(gone)

    hooks = cloud(answer).hooks()
    with pytest.raises(ProviderError):
        hooks.call("replace_blob_metadata", bucket_id="bucket", blob_id="blob", metadata=(("a", "b"),))
    hooks.close()


def test_redirects_are_not_followed(cloud: Callable[..., Cloud]) -> None:
    other = cloud(says(NOTHING))
    amazon = cloud(says(b"", "302 Found", Location=other.backend.url()))
    hooks = amazon.hooks(seconds=10)
    for collection in ("keys", "buckets"):
        with pytest.raises(DeltacloudError):
            hooks.list(collection)
    with pytest.raises(DeltacloudError):
        hooks.call("get_bucket", bucket_id="bucket")
    assert other.asked == []
    assert len(amazon.asked) <= 12
    hooks.close()


_HOSTILE = {
    "AWS_ACCESS_KEY_ID": "AKIAENVIRONMENTENVIR",
    "AWS_SECRET_ACCESS_KEY": "environment",
    "AWS_SESSION_TOKEN": "environment",
    "AWS_PROFILE": "hostile",
    "AWS_DEFAULT_REGION": "sa-east-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
    "AWS_USE_FIPS_ENDPOINT": "true",
    "AWS_USE_DUALSTACK_ENDPOINT": "true",
    "AWS_RETRY_MODE": "adaptive",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:9",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x",
    "AWS_CA_BUNDLE": "/nowhere",
    "AWS_CSM_ENABLED": "true",
    "AWS_REQUEST_CHECKSUM_CALCULATION": "when_supported",
    "AWS_BEARER_TOKEN_BEDROCK": "environment",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
    "BOTO_CONFIG": "/nowhere",
}


def test_nothing_of_the_servers_environment_files_or_netrc_gets_into_a_request(
    cloud: Callable[..., Cloud], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".aws"
    folder.mkdir()
    keys = "aws_access_key_id=AKIAFILEFILEFILEFILE\naws_secret_access_key=file\naws_session_token=file\n"
    for name in ("default", "hostile"):
        with (folder / "credentials").open("a") as file:
            file.write(f"[{name}]\n{keys}")
    extra = "region=sa-east-1\nendpoint_url=http://127.0.0.1:9\ns3=\n  addressing_style=virtual\n"
    (folder / "config").write_text(f"[default]\n{extra}[profile hostile]\n{extra}")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login netrc password netrc\n")
    (tmp_path / ".netrc").chmod(0o600)
    (folder / "models").mkdir()
    for name, value in {**_HOSTILE, "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    amazon = cloud(lambda asked: reply(BUCKETS if asked.method == "GET" else NOTHING))
    program = f"""
        import sys
        sys.path[:0] = {[str(Path(__file__).parents[2] / "support")]!r}
        from awscloud.calls import Hooks
        from awscloud.accounts import Keys
        hooks = Hooks("ec2", "ec2={amazon.backend.url()};s3={amazon.backend.url()}", Keys{tuple(KEYS)!r})
        print(hooks.list("keys"), hooks.list("buckets"))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[] []"), done.stderr
    assert len(amazon.asked) == 2
    for asked in amazon.asked:
        assert signer_of(asked) == KEYS.access_key
        assert "/us-east-1/" in asked.headers["authorization"]
        told = json.dumps([asked.path, asked.headers, asked.body.decode()])
        assert not any(
            word in told for word in ("environment", "hostile", "sa-east-1", "netrc", "x-amz-security-token")
        )


def test_the_driver_is_imported_without_the_sdk_and_clients_are_built_quickly() -> None:
    program = """
        import sys, time
        import deltacloud_ec2
        loaded = sorted(name for name in sys.modules if name.partition(".")[0] in {"boto3", "botocore", "s3transfer"})
        from deltacloud_ec2.client import Clients
        from deltacloud_ec2.endpoints import Place
        clients, spent = Clients(), []
        for number in range(20):
            begun = time.process_time()
            clients.client(Place("ec2", "us-east-1", f"http://127.0.0.1:{number + 1}"))
            spent.append(time.process_time() - begun)
        print([loaded, sorted(spent[1:])[9]])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True)
    loaded, median = ast.literal_eval(done.stdout)
    assert loaded == []
    assert median < 0.1, "a further client takes longer than a request may wait"


def test_only_so_many_clients_are_kept() -> None:
    clients = Clients()
    first = clients.client(Place("ssm", "us-east-1", "http://127.0.0.1:1"))
    assert clients.client(Place("ssm", "us-east-1", "http://127.0.0.1:1")) is first
    for number in range(2, 140):
        clients.client(Place("ssm", "us-east-1", f"http://127.0.0.1:{number}"))
    assert clients.client(Place("ssm", "us-east-1", "http://127.0.0.1:1")) is not first


@pytest.mark.thorough
@pytest.mark.parametrize(
    "row",
    [
        row
        for row in guardtable.ROWS
        if row.provider and row.named_by is None and getattr(row.earlier, "named_by", None) is None
    ],
    ids=str,
)
def test_through_botocore_the_guard_refuses_and_reaches_what_its_table_says(row: Row) -> None:
    sender = Sender()

    def attempt(_context: Context, target: Target) -> None:
        try:
            url = endpoints.parse(target.url).url
        except ValueError as error:
            raise Forbidden(f"This server does not follow such a URL: {error}") from None
        Clients(sender=sender).client(Place("s3", "us-east-1", url)).list_buckets()

    guardtable.verify(row, attempt, lambda _: reply(BUCKETS))
    sender.close()


def test_no_secret_is_in_any_log_line_even_when_every_logger_tells_all_to_the_servers_handler(
    cloud: Callable[..., Cloud], tmp_path: Path
) -> None:
    """What the libraries tell in detail holds signatures and private keys; the server's log drops it."""
    from deltacloud.server.logs import LogFile, LogHandler  # noqa: PLC0415 - here alone

    pem, secret, token = Canary("pem"), Canary("login"), Canary("token")
    made = (
        f"<CreateKeyPairResponse><keyName>k</keyName><keyMaterial>{escape(pem.text)}</keyMaterial></CreateKeyPairResponse>"
    ).encode()
    amazon = cloud(lambda asked: reply(BUCKETS if asked.method == "GET" else made))
    log = LogFile(str(tmp_path / "log"))
    handler = LogHandler(log, "text")
    names = ["", "botocore", "urllib3", "deltacloud", *logging.root.manager.loggerDict]
    before = {name: logging.getLogger(name).level for name in names}
    logging.getLogger().addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        url = amazon.backend.url()
        hooks = Hooks("ec2", f"ec2={url};s3={url}", Keys("AKIAIOSFODNN7EXAMPLE", secret.text, token.text))
        key = hooks.call("create_key", new=NewKey(name="k"))
        hooks.list("buckets")
        with pytest.raises(NotFound):
            hooks.call("get_bucket", bucket_id="no such name")
        hooks.close()
    finally:
        logging.getLogger().removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
    assert key.pem.reveal() == pem.text
    assert token.text in amazon.asked[0].headers["x-amz-security-token"].encode("latin-1").decode()
    assert not found_in((tmp_path / "log").read_text())
    log.close()


def test_a_secret_never_leaves_the_process() -> None:
    """Only its signature does."""
    outside = Outside()
    backend = outside.serve(lambda _: reply(BUCKETS))
    hooks = Hooks("ec2", f"s3={backend.url()}", KEYS)
    hooks.list("buckets")
    hooks.close()
    told = "".join(itertools.chain.from_iterable((asked.path, str(asked.headers)) for asked in backend.asked))
    outside.close()
    assert KEYS.secret_key not in told
