"""What Amazon's error codes mean to a client, and what is shown of them."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    IncompleteReadError,
    ParamValidationError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError

from deltacloud.errors import (
    AuthenticationFailed,
    Conflict,
    DeltacloudError,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotSupported,
    ProviderBusy,
    ProviderError,
    ProviderTimeout,
    QuotaExceeded,
)
from deltacloud_ec2.errors import code_of, status_of, translate


def refusal(code: str, message: str | None = "the cloud's own words", status: int = 400, **headers: str) -> ClientError:
    about = {"HTTPStatusCode": status, "RequestId": "request-1", "HTTPHeaders": headers}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": about}, "AnyOperation")


MEANINGS: dict[type[DeltacloudError], str] = {
    AuthenticationFailed: (
        "AuthFailure InvalidClientTokenId InvalidAccessKeyId SignatureDoesNotMatch ExpiredToken "
        "ExpiredTokenException MissingAuthenticationToken UnrecognizedClientException InvalidToken "
        "RequestExpired InvalidSecurity MissingSecurityHeader AuthenticationRequired RequestTimeTooSkewed "
        "AuthorizationHeaderMalformed IncompleteSignature"
    ),
    Forbidden: (
        "UnauthorizedOperation AccessDenied AccessDeniedException OptInRequired UserProjectAccessDenied "
        "AccountProblem AllAccessDisabled PendingVerification Blocked NotSignedUp"
    ),
    NotFound: (
        "InvalidInstanceID.NotFound InvalidInstanceID.Malformed InvalidAMIID.NotFound InvalidAMIID.Malformed "
        "InvalidAMIID.Unavailable InvalidKeyPair.NotFound InvalidGroup.NotFound InvalidGroupId.Malformed "
        "InvalidVolume.NotFound InvalidSnapshot.NotFound InvalidAddress.NotFound InvalidAllocationID.NotFound "
        "InvalidAssociationID.NotFound InvalidVpcID.NotFound InvalidSubnetID.NotFound "
        "InvalidNetworkInterfaceID.NotFound InvalidPermission.NotFound InvalidZone.NotFound "
        "InvalidAttachment.NotFound NoSuchBucket NoSuchKey NoSuchUpload LoadBalancerNotFound "
        "TargetGroupNotFound InvalidInstance InvalidTarget InvalidSubnet ResourceNotFoundException 404"
    ),
    Conflict: (
        "InvalidKeyPair.Duplicate InvalidGroup.Duplicate InvalidPermission.Duplicate InvalidAMIName.Duplicate "
        "InvalidGroup.InUse InvalidNetworkInterface.InUse InvalidIPAddress.InUse DependencyViolation "
        "VolumeInUse IncorrectState IncorrectInstanceState Resource.AlreadyAssociated BucketAlreadyExists "
        "BucketAlreadyOwnedByYou BucketNotEmpty BucketNameUnavailable OperationAborted PreconditionFailed "
        "DuplicateLoadBalancer DuplicateLoadBalancerName DuplicateTargetGroupName ResourceInUse "
        "IdempotentParameterMismatch OperationNotPermitted"
    ),
    QuotaExceeded: (
        "InstanceLimitExceeded VcpuLimitExceeded AddressLimitExceeded VolumeLimitExceeded VpcLimitExceeded "
        "SnapshotLimitExceeded SecurityGroupLimitExceeded TooManyLoadBalancers TooManyBuckets"
    ),
    InvalidRequest: (
        "InvalidParameterValue InvalidParameterCombination InvalidParameter MissingParameter Unsupported "
        "IllegalLocationConstraintException InvalidLocationConstraint InvalidBucketName InvalidArgument "
        "KeyTooLongError MetadataTooLarge EntityTooSmall EntityTooLarge MissingProjectId UserProjectMissing "
        "ValidationError InvalidNextToken MalformedXML InvalidVolume.ZoneMismatch UnknownParameter"
    ),
    NotSupported: "InvalidAction UnsupportedOperation NotImplemented",
    ProviderError: "InternalError InternalFailure InsufficientInstanceCapacity InsufficientAddressCapacity BadDigest",
    ProviderTimeout: "RequestTimeout",
}


@pytest.mark.parametrize(
    ("code", "kind"), [(code, kind) for kind, codes in MEANINGS.items() for code in codes.split()], ids=str
)
def test_a_code_means(code: str, kind: type[DeltacloudError]) -> None:
    meant = translate(refusal(code))
    assert type(meant) is kind
    assert meant.backend_code == code


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequest),
        (403, Forbidden),
        (404, NotFound),
        (409, Conflict),
        (418, ProviderError),
        (500, ProviderError),
    ],
)
def test_a_code_that_nobody_knows_means_what_its_status_says(status: int, kind: type[DeltacloudError]) -> None:
    assert type(translate(refusal("SomethingNew", status=status))) is kind


@pytest.mark.parametrize(
    "code",
    ["RequestLimitExceeded", "Throttling", "ThrottlingException", "SlowDown", "ServiceUnavailable", "503", "429"],
)
def test_throttling_says_when_to_come_back(code: str) -> None:
    meant = translate(refusal(code, status=503, **{"retry-after": "30"}))
    assert isinstance(meant, ProviderBusy)
    assert meant.retry_after == 30


@pytest.mark.parametrize(
    "text",
    ["Invalid availability zone: [mars]", "Value (vol-x) for parameter volumeId is invalid. Expected: 'vol-...'."],
)
def test_what_cannot_be_there_is_not_found_although_its_code_says_less(text: str) -> None:
    assert type(translate(refusal("InvalidParameterValue", text))) is NotFound


def test_the_clouds_words_are_shown_with_its_request_id() -> None:
    meant = translate(refusal("VolumeInUse", "vol-1 is attached"))
    assert isinstance(meant, Conflict)
    assert (meant.message, meant.backend_request_id) == ("vol-1 is attached", "request-1")


@pytest.mark.parametrize("message", [None, ""])
def test_a_code_without_words_has_those_of_its_meaning(message: str | None) -> None:
    meant = translate(refusal("InvalidSnapshot.NotFound", message))
    assert meant is not None
    assert meant.message == "Not Found"


def test_a_refusal_of_credentials_repeats_nothing_of_the_request() -> None:
    told = "The Canonical String should have been 'POST / x-amz-security-token:SECRETTOKEN'"
    meant = translate(refusal("SignatureDoesNotMatch", told, 403))
    assert meant is not None
    assert "SECRETTOKEN" not in f"{meant} {meant.message}"


def test_an_answer_in_another_form_than_the_services_is_understood() -> None:
    told = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>no</Message></Error></ErrorResponse>"
    assert type(translate(refusal("403", told, 403))) is AuthenticationFailed
    meant = translate(refusal("403", "<html>no</html>", 403))
    assert type(meant) is Forbidden
    assert "<" not in meant.message


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ReadTimeoutError(endpoint_url="http://x", error="late"), ProviderTimeout),
        (ResponseStreamingError(error="gone"), ProviderError),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), ProviderError),
        (ResponseParserError("no"), ProviderError),
    ],
)
def test_an_answer_that_fails_means(error: Exception, kind: type[DeltacloudError]) -> None:
    assert type(translate(error)) is kind


def test_a_value_that_botocore_refuses_is_named_and_not_shown() -> None:
    report = 'Parameter validation failed:\nInvalid type for parameter UserData, value: SECRETDATA, type: <class "int">'
    meant = translate(ParamValidationError(report=report))
    assert isinstance(meant, InvalidRequest)
    assert "UserData" in meant.message
    assert "SECRETDATA" not in meant.message


@pytest.mark.parametrize("error", [ValueError("x"), EndpointConnectionError(endpoint_url="http://x"), KeyError("x")])
def test_other_exceptions_are_left_to_the_core(error: Exception) -> None:
    assert translate(error) is None
    assert (code_of(error), status_of(error)) == ("", 0)


def test_code_and_status_of_a_refusal_can_be_asked() -> None:
    error = refusal("NoSuchKey", status=404)
    assert (code_of(error), status_of(error)) == ("NoSuchKey", 404)
