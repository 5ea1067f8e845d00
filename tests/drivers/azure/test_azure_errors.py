"""What Azure's errors become, whatever it writes about them: a scripted Blob service says each."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator

import pytest

from apiclient import Client
from azureaccounts import AzureCloud, new_key, signature
from azurehooks import azure_api, azure_hooks
from blobservice import BlobService, Call, error
from deltacloud.errors import AuthenticationFailed, Forbidden
from deltacloud.testing.endpoints import closed, listening, silent
from deltacloud.testing.wsgi import Answer
from deltacloud_azure.driver import AzureDriver
from deltacloud_azure.endpoints import HOSTS
from deltacloud_azure.errors import CODES, translate
from deltacloud_azure.settings import AzureSettings
from loopback import Outside, reply

TOLD = "The MAC signature found, 'c2VjcmV0', is not the same as any computed signature"
"""What Azure may write about an error: nothing of it is for others."""

STATUSES = {
    "AuthenticationFailed": (403, 401), "AuthorizationFailure": (403, 401), "InvalidAuthenticationInfo": (400, 401),
    "NoAuthenticationInformation": (401, 401), "AccountIsDisabled": (403, 403),
    "AuthorizationPermissionMismatch": (403, 403), "AuthorizationProtocolMismatch": (403, 403),
    "AuthorizationResourceTypeMismatch": (403, 403), "AuthorizationServiceMismatch": (403, 403),
    "AuthorizationSourceIPMismatch": (403, 403), "InsufficientAccountPermissions": (403, 403),
    "KeyBasedAuthenticationNotPermitted": (403, 403), "BlobNotFound": (404, 404), "ContainerNotFound": (404, 404),
    "ResourceNotFound": (404, 404), "AccountBeingCreated": (409, 409), "BlobAlreadyExists": (409, 409),
    "BlobArchived": (409, 409), "BlobBeingRehydrated": (409, 409), "BlobImmutableDueToPolicy": (409, 409),
    "ConditionNotMet": (412, 409), "ContainerAlreadyExists": (409, 409), "ContainerBeingDeleted": (409, 409),
    "InvalidBlobOrBlock": (400, 409), "InvalidBlobType": (409, 409), "LeaseIdMissing": (412, 409),
    "InvalidBlockList": (400, 400),
    "InvalidHeaderValue": (400, 400), "InvalidMetadata": (400, 400), "InvalidQueryParameterValue": (400, 400),
    "InvalidResourceName": (400, 400), "InvalidUri": (400, 400), "MetadataTooLarge": (400, 400),
    "OutOfRangeInput": (400, 400), "RequestBodyTooLarge": (413, 400), "InternalError": (500, 502),
    "OperationTimedOut": (500, 502), "ServerBusy": (503, 503),
}  # fmt: skip
"""The cloud's status and ours, by the cloud's code."""


class Scripted:
    """The API in front of a service that always says the same."""

    def __init__(self, service: tuple[BlobService, str]) -> None:
        self.service, url = service
        self._client: Client = azure_api(url, timeout=3)
        self._login = next(iter(self.service.keys.items()))

    def __call__(self, answer: list[bytes], method: str = "GET", path: str = "/api/buckets") -> Answer:
        self.service.fault = lambda _: answer
        return self._client(method, path, user=self._login)


@pytest.fixture
def scripted(service: tuple[BlobService, str]) -> Scripted:
    return Scripted(service)


def test_the_table_of_the_tests_has_every_row_of_the_drivers() -> None:
    assert STATUSES.keys() == CODES.keys()


@pytest.mark.parametrize("head", [False, True], ids=["with a body", "in a header alone"])
@pytest.mark.parametrize("code", STATUSES)
def test_each_code_of_the_cloud_has_one_meaning(scripted: Scripted, code: str, *, head: bool) -> None:
    theirs, ours = STATUSES[code]
    path = "/api/buckets/box/blob" if head else "/api/buckets/box"
    answer = scripted(error(theirs, code, TOLD, head=head, Retry_After="7"), path=path)
    assert answer.status == ours
    assert CODES[code][1] in answer.json["message"]
    assert answer.headers.get("retry-after") == ("7" if ours == 503 else None)
    assert TOLD[:12] not in answer.text
    assert ("www-authenticate" in answer.headers) == (ours == 401)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [(400, 400), (401, 401), (403, 403), (404, 404), (409, 409), (412, 409), (413, 400), (429, 503), (500, 502),
     (503, 503), (501, 501), (504, 504), (300, 502), (302, 502), (307, 502), (418, 502), (599, 502)],
)  # fmt: skip
@pytest.mark.parametrize(
    "body", [error, lambda status, _: reply(b"<html>oops", f"{status} Oops", Content_Type="text/html")]
)
def test_a_code_that_nobody_knows_means_what_its_status_means(
    scripted: Scripted, theirs: int, ours: int, body: object
) -> None:
    answer = scripted(body(theirs, "NeverSeenBefore"))  # type: ignore[operator]
    assert answer.status == ours
    assert "oops" not in answer.text


@pytest.mark.parametrize("code", ["Bad'Code", "x" * 200, "Ünï", "../..", ""])
def test_a_code_that_is_none_is_not_handed_on(scripted: Scripted, code: str) -> None:
    answer = scripted(error(409, code))
    assert answer.status == 409
    assert code == "" or code not in answer.text


@pytest.mark.parametrize(
    "nonsense",
    [
        reply(b""), reply(b"{", Content_Type="application/json"), reply(b"[]", Content_Type="application/json"),
        reply(b"<a><b></a>", Content_Type="application/xml"), reply(b"<other/>", Content_Type="application/xml"),
        reply(b"hello", Content_Type="text/plain"), reply(b"\xff\xfe", Content_Type="application/xml"),
        reply(b"<EnumerationResults><Blobs><Blob/></Blobs></EnumerationResults>", Content_Type="application/xml"),
        reply(b"<EnumerationResults><Containers><Container/></Containers></EnumerationResults>",
              Content_Type="application/xml"),
        [b"\x00\x01 no http\r\n\r\n"],
        reply(b"<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><a>&d;</a>", Content_Type="application/xml"),
    ],
    ids=range(11),
)  # fmt: skip
def test_an_answer_that_makes_no_sense_is_a_fault_of_the_clouds(scripted: Scripted, nonsense: list[bytes]) -> None:
    for path in ("/api/buckets", "/api/buckets/box?limit=5"):
        scripted.service.fault = lambda call: reply(Etag="x") if call.name == "GET container" else nonsense
        answer = scripted._client("GET", path, user=scripted._login)
        assert answer.status == 502, answer.body


def _lied(call: Call) -> list[bytes] | None:
    """A content that is not what was asked for."""
    lies = {
        "whole": reply(b"x" * 10, "200 OK"),
        "larger": reply(bytes(5 * 1024 * 1024), "206 Partial Content", Content_Range="bytes 0-5242879/9999999"),
        "beyond": reply(b"x", "206 Partial Content", Content_Range="bytes 0-5/3"),
        "backwards": reply(b"x", "206 Partial Content", Content_Range="bytes 5-0/9"),
        "wordy": reply(b"x", "206 Partial Content", Content_Range="all of it"),
    }
    return lies.get(call.blob) if call.asked.method == "GET" else None


@pytest.mark.parametrize("name", ["whole", "larger", "wordy", "beyond", "backwards"])
def test_a_content_that_was_not_asked_for_is_not_handed_on(scripted: Scripted, name: str) -> None:
    scripted.service.fault = _lied
    answer = scripted._client("GET", f"/api/buckets/box/{name}/content", user=scripted._login)
    assert answer.status == 502


def test_redirects_and_secondary_locations_are_not_followed(service: tuple[BlobService, str], outside: Outside) -> None:
    elsewhere = outside.serve(host="127.0.0.2")
    blobs, url = service
    for status in ("301 Moved", "307 Temporary Redirect", "308 Permanent Redirect"):
        moved = reply(status=status, Location=f"{elsewhere.url()}/stolen")
        blobs.fault = lambda _, moved=moved: moved  # type: ignore[misc]
        answer = azure_api(url)("GET", "/api/buckets", user=next(iter(blobs.keys.items())))
        assert answer.status == 502
    assert elsewhere.asked == []


def test_a_cloud_that_is_not_there_is_told_apart_from_one_that_is_silent() -> None:
    with closed() as url:
        assert azure_api(url)("GET", "/api/buckets", user=("account", new_key())).status == 502
    with listening(silent) as url:
        began = time.monotonic()
        assert azure_api(url, timeout=1)("GET", "/api/buckets", user=("account", new_key())).status == 504
        assert time.monotonic() - began < 5


def test_an_account_whose_host_has_no_address_is_unknown_to_the_cloud(outside: Outside) -> None:
    """Azure has a host name for each account, and none for what is no account."""
    context = outside.context(outside.way(hosts=HOSTS, allow=None), user="nosuchaccount", password=new_key())
    with pytest.raises(AuthenticationFailed, match="no storage account"):
        AzureDriver(AzureSettings()).get_bucket(context, "box")
    assert outside.names.asked == ["nosuchaccount.blob.core.windows.net"]


@pytest.mark.parametrize("key", ["not base64", "YQ", "ü", "=", "A" * 89])
def test_a_key_that_is_none_is_refused_like_a_wrong_one(service: tuple[BlobService, str], key: str) -> None:
    answer = azure_api(service[1])("GET", "/api/buckets", user=("account", key))
    assert answer.status == 401
    assert key not in answer.json["message"] or len(key) < 3


@pytest.mark.parametrize(
    "password",
    [
        "?", "?sig=", "?sv=2020-01-01&sp=r", "?sig=x&sig=y", "?sig=x&comp=list", "?sig=x&restype=container",
        "?sig=x&&sv=1", "?sig=x#y", "?sig=x y", "?sig=x\r\nHost: evil", "?sig=ü", "sv=1&sig=<>", "?sig=x&snapshot=1",
        "?SIG=x", "?sig=x&unknown=1", "a&b", "?sig=x?y", "",
    ],
)  # fmt: skip
def test_a_signature_that_would_change_the_request_goes_nowhere(
    service: tuple[BlobService, str], password: str
) -> None:
    with azure_hooks(service[1], ("account", password)) as hooks, pytest.raises(AuthenticationFailed):
        hooks.call("get_bucket", bucket_id="box")
    assert service[0].calls == []


def test_what_is_no_fault_of_the_sdks_is_not_explained() -> None:
    assert translate(ValueError("x")) is None


@pytest.mark.doubles
def test_wrong_keys_and_expired_signatures_are_challenged_and_missing_permissions_are_not(azurite: AzureCloud) -> None:
    account, key = azurite.logins[0]
    client = azure_api(azurite.url)
    expired, reading = signature((account, key), days=-1), signature((account, key), "r")
    assert client("GET", "/api/buckets", user=("unknownaccount", key)).status == 401
    for user in ((account, new_key()), (account, expired), (account, f"?{expired}")):
        for method, path in (("GET", "/api/buckets"), ("GET", "/api/buckets/box/blob"), ("HEAD", "/api/buckets/box/b")):
            answer = client(method, path, user=user)
            assert answer.status == 401, (user[0], method, path)
            assert "www-authenticate" in answer.headers
    assert client("GET", "/api/buckets", user=(account, reading)).status == 403
    assert client("PUT", "/api/buckets/box/blob", b"x", user=(account, reading)).status == 403
    good = signature((account, key))
    for password in (good, f"?{good}", base64.b64encode(base64.b64decode(key)).decode()):
        assert client("GET", "/api?force_auth=1", user=(account, password)).status == 200


def test_what_a_client_names_has_to_be_open_to_it() -> None:
    for url in ("http://169.254.169.254", "http://168.63.129.16/account", "http://[fd00:ec2::254]"):
        with azure_hooks(url, ("account", new_key())) as hooks, pytest.raises(Forbidden):
            hooks.call("get_bucket", bucket_id="box")


@pytest.fixture
def outside() -> Iterator[Outside]:
    outside = Outside()
    yield outside
    outside.close()
