"""Many callers share the clients, and nobody's request is ever signed with the key of another."""

from __future__ import annotations

import contextvars
import functools
import itertools
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import botocore.session
import pytest
from botocore.config import Config

from awscloud.accounts import Keys
from awscloud.calls import Hooks
from awscloud.signatures import is_signed_with, signer_of
from deltacloud.context import Context, enter
from deltacloud.testing.uploading import Upload
from deltacloud_ec2.client import Clients
from deltacloud_ec2.credentials import CallerProvider
from deltacloud_ec2.endpoints import Place
from loopback import Asked, Backend, Outside, reply

MIB = 1024 * 1024
PAIRS = tuple(Keys(f"AKIACALLER{number:010d}", f"secret of caller {number} {'x' * 20}") for number in range(8))
THREADS = 32
SECRETS = {keys.access_key: keys.secret_key for keys in PAIRS}
SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>later</Message></Error>"
KEY_PAIRS = (
    "<DescribeKeyPairsResponse xmlns='http://ec2.amazonaws.com/doc/2016-11-15/'><keySet>"
    "<item><keyName>{name}</keyName></item></keySet></DescribeKeyPairsResponse>"
)
PAGE = (
    "<ListBucketResult><IsTruncated>{more}</IsTruncated><NextContinuationToken>{token}</NextContinuationToken>"
    "<Contents><Key>{name}</Key><Size>1</Size></Contents></ListBucketResult>"
)
BEGUN = "<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>"
DONE = b"<CompleteMultipartUploadResult><ETag>1</ETag></CompleteMultipartUploadResult>"


class Storage:
    """EC2 and S3 for eight callers, each of whom asks for what bears the id of his key; some requests fail at first."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.served: dict[str, int] = dict.fromkeys(SECRETS, 0)
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Iterable[bytes]:
        named = self._whose(asked)
        signer = signer_of(asked)
        with self._lock:
            if signer.lower() != named:
                self.faults.append(f"{asked.method} {asked.path}: about {named}, signed by {signer}")
            elif not is_signed_with(asked, SECRETS[signer]):
                self.faults.append(f"{asked.method} {asked.path}: the secret is not that of {signer}")
            else:
                self.served[signer] += 1
            number = next(self._numbers)
        if asked.method in {"GET", "HEAD"} and number % 7 == 0 and "attempt=1" in asked.headers["amz-sdk-request"]:
            return reply(SLOW_DOWN, "503 Slow Down")
        return self._answer(asked, named)

    def _whose(self, asked: Asked) -> str:
        """The caller that a request is about: the bucket's name, or that of the key pair."""
        (found,) = set(re.findall(r"akiacaller\d{10}", asked.path if asked.path != "/" else asked.body.decode()))
        return str(found)

    def _answer(self, asked: Asked, named: str) -> list[bytes]:
        query = parse_qs(urlsplit(asked.path).query, keep_blank_values=True)
        if asked.path == "/":
            return reply(KEY_PAIRS.format(name=named).encode())
        if "list-type" in query:
            page = int(query.get("continuation-token", ["0"])[0])
            more = "true" if page < 3 else "false"
            return reply(PAGE.format(more=more, token=page + 1, name=f"{named}-{page}").encode())
        if "uploads" in query:
            return reply(BEGUN.format(name=named).encode())
        if "uploadId" in query:
            assert query["uploadId"] == [named]
            return reply(DONE) if asked.method == "POST" else reply(b"", ETag='"1"')
        if asked.method == "HEAD":
            return [reply(b"", Content_Type="text/plain")[0]]
        return reply(named.encode(), Content_Type="text/plain")


@pytest.fixture(name="storage")
def storage_fixture() -> Iterator[tuple[Storage, Backend]]:
    storage = Storage()
    backend = Backend(storage)
    yield storage, backend
    backend.close()


def _everything(hooks: Hooks, keys: Keys) -> None:
    """What a caller does: short calls, a lazy list, a stream, and parts side by side."""
    mine = keys.access_key.lower()
    assert hooks.call("get_key", key_id=mine).id == mine
    assert [one.id for one in hooks.blobs(mine).items] == [f"{mine}-{page}" for page in range(4)]
    content = hooks.call("read_blob", bucket_id=mine, blob_id="blob", byte_range=None)
    assert b"".join(content.chunks).decode() == mine
    upload = Upload((bytes(MIB) for _ in range(11)), length=None)
    hooks.call("write_blob", bucket_id=mine, blob_id="large", upload=upload)
    hooks.call("get_blob", bucket_id=f"{mine}--use1-az1--x-s3", blob_id="blob")


def test_at_the_cloud_every_request_bears_its_own_callers_signature(storage: tuple[Storage, Backend]) -> None:
    cloud, backend = storage
    provider = f"ec2={backend.url()};s3={backend.url()}"
    first = Hooks("ec2", provider, PAIRS[0])
    # One kernel for all, so that they share clients and connections.
    callers = [first, *(_beside(first, keys) for keys in PAIRS[1:])]

    def work(number: int) -> None:
        for turn in range(2):
            one = (number + turn) % len(PAIRS)
            _everything(callers[one], PAIRS[one])

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    first.close()
    assert cloud.faults == []
    assert min(cloud.served.values()) > 50
    assert backend.connections < sum(cloud.served.values()) / 2, "connections were not kept"


def _beside(hooks: Hooks, keys: Keys) -> Hooks:
    """Another caller of the same driver in the same process."""
    other = Hooks.__new__(Hooks)
    other.kernel, other.driver = hooks.kernel, hooks.driver
    other.caller = type(hooks.caller)(hooks.caller.place, keys.login)
    return other


def test_a_list_is_read_on_for_whoever_began_it(storage: tuple[Storage, Backend]) -> None:
    cloud, backend = storage
    first = Hooks("ec2", f"s3={backend.url()}", PAIRS[0])
    second = _beside(first, PAIRS[1])
    lists = [iter(one.blobs(keys.access_key.lower()).items) for one, keys in ((first, PAIRS[0]), (second, PAIRS[1]))]
    for one in itertools.chain.from_iterable(itertools.zip_longest(*lists)):
        assert one is not None
    first.close()
    assert cloud.faults == []


def _in_call(context: Context, function: Callable[[], object]) -> object:
    def call() -> object:
        enter(context)
        return function()

    return contextvars.Context().run(call)


@pytest.mark.parametrize("shared", [True, False], ids=["our client", "a plain client"])
def test_sessions_of_s3_express_are_not_kept_by_the_buckets_name(shared: bool) -> None:
    """A plain client asks for a session, and signs the next caller's request with it."""
    outside = Outside()
    session = (
        b"<CreateSessionResult><Credentials><SessionToken>t</SessionToken><SecretAccessKey>s</SecretAccessKey>"
        b"<AccessKeyId>SESSIONOFFIRST</AccessKeyId><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
        b"</CreateSessionResult>"
    )
    backend = outside.serve(lambda asked: reply(session if "session" in asked.path else b"x"))
    place = Place("s3", "us-east-1", backend.url())
    if shared:
        client = Clients().client(place)
    else:
        plain = botocore.session.Session()
        plain.register_component("credential_provider", type("AsOurs", (CallerProvider,), {})())
        settings = Config(s3={"addressing_style": "path"})
        client = plain.create_client("s3", region_name="us-east-1", endpoint_url=backend.url(), config=settings)
    for keys in PAIRS[:2]:
        context = outside.context(user=keys.access_key, password=keys.secret_key)
        _in_call(context, functools.partial(client.get_object, Bucket="fast--use1-az1--x-s3", Key="blob"))
    signers = [signer_of(asked) for asked in backend.asked if "session" not in asked.path]
    asked_for_sessions = any("session" in asked.path for asked in backend.asked)
    outside.close()
    assert asked_for_sessions != shared
    expected = [keys.access_key for keys in PAIRS[:2]] if shared else ["SESSIONOFFIRST"] * 2
    assert signers == expected


def test_a_caller_without_keys_is_asked_for_them_and_nothing_is_sent(storage: tuple[Storage, Backend]) -> None:
    _, backend = storage
    hooks = Hooks("ec2", f"ec2={backend.url()};s3={backend.url()}", None)
    for collection in ("keys", "buckets", "instances"):
        with pytest.raises(Exception, match="Unauthorized"):
            hooks.list(collection)
    hooks.close()
    assert backend.asked == []


def test_what_stands_for_the_caller_shows_nothing() -> None:
    outside = Outside()
    context = outside.context(user=PAIRS[0].access_key, password=PAIRS[0].secret_key)
    credentials = CallerProvider().load_credentials()
    keys = _in_call(context, credentials.get_frozen_credentials)
    shown = f"{keys!r} {keys} {credentials!r} {[keys]}"
    outside.close()
    assert PAIRS[0].access_key not in shown
    assert PAIRS[0].secret_key not in shown
    with pytest.raises(LookupError):
        credentials.get_frozen_credentials()
