"""What Amazon's error codes mean.

Codes are those of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and of the operations of the other services. The
message of an answer is shown to clients; it names things by their ids and holds no keys.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import TypeAlias

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
    of_kind,
    retry_after_seconds,
)

Meaning: TypeAlias = type[DeltacloudError]

_EVERYWHERE: Mapping[str, Meaning] = {
    "AuthFailure": AuthenticationFailed,
    "ExpiredToken": AuthenticationFailed,
    "ExpiredTokenException": AuthenticationFailed,
    "IncompleteSignature": AuthenticationFailed,
    "InvalidAccessKeyId": AuthenticationFailed,
    "InvalidClientTokenId": AuthenticationFailed,
    "InvalidSecurity": AuthenticationFailed,
    "InvalidToken": AuthenticationFailed,
    "MissingAuthenticationToken": AuthenticationFailed,
    "RequestExpired": AuthenticationFailed,
    "SignatureDoesNotMatch": AuthenticationFailed,
    "UnrecognizedClientException": AuthenticationFailed,
    "401": AuthenticationFailed,
    "AccessDenied": Forbidden,
    "AccessDeniedException": Forbidden,
    "Blocked": Forbidden,
    "OptInRequired": Forbidden,
    "PendingVerification": Forbidden,
    "UnauthorizedOperation": Forbidden,
    "403": Forbidden,
    "404": NotFound,
    "InvalidAction": NotSupported,
    "NotImplemented": NotSupported,
    "UnknownOperationException": NotSupported,
    "UnsupportedOperation": NotSupported,
    "RequestTimeout": ProviderTimeout,
    "InsufficientInstanceCapacity": ProviderError,
    "InsufficientAddressCapacity": ProviderError,
    "InsufficientVolumeCapacity": ProviderError,
    "InternalError": ProviderError,
    "InternalFailure": ProviderError,
    "MalformedQueryString": InvalidRequest,
    "MissingParameter": InvalidRequest,
    "ValidationError": InvalidRequest,
}
_COMPUTE: Mapping[str, Meaning] = {
    "AddressLimitExceeded": QuotaExceeded,
    "DependencyViolation": Conflict,
    "IdempotentParameterMismatch": Conflict,
    "IncorrectInstanceState": Conflict,
    "IncorrectState": Conflict,
    "InstanceLimitExceeded": QuotaExceeded,
    "InvalidAMIID.Unavailable": NotFound,
    "InvalidAMIName.Duplicate": Conflict,
    "InvalidIPAddress.InUse": Conflict,
    "MaxSpotInstanceCountExceeded": QuotaExceeded,
    "OperationNotPermitted": Conflict,
    "ResourceLimitExceeded": QuotaExceeded,
    "RulesPerSecurityGroupLimitExceeded": QuotaExceeded,
    "SecurityGroupsPerInstanceLimitExceeded": QuotaExceeded,
    "SecurityGroupsPerInterfaceLimitExceeded": QuotaExceeded,
    "SnapshotLimitExceeded": QuotaExceeded,
    "VolumeInUse": Conflict,
    "VolumeLimitExceeded": QuotaExceeded,
    "VpcLimitExceeded": QuotaExceeded,
    "Resource.AlreadyAssociated": Conflict,
    "Resource.AlreadyAssigned": Conflict,
}
_BALANCING: Mapping[str, Meaning] = {
    "CertificateNotFound": NotFound,
    "DuplicateLoadBalancer": Conflict,
    "DuplicateLoadBalancerName": Conflict,
    "DuplicateListener": Conflict,
    "DuplicateTargetGroupName": Conflict,
    "InvalidInstance": NotFound,
    "InvalidSubnet": NotFound,
    "InvalidTarget": NotFound,
    "LoadBalancerNotFound": NotFound,
    "ResourceInUse": Conflict,
    "SubnetNotFound": NotFound,
    "TargetGroupNotFound": NotFound,
    "TooManyLoadBalancers": QuotaExceeded,
    "TooManyTargetGroups": QuotaExceeded,
    "TooManyTargets": QuotaExceeded,
    "AvailabilityZoneNotSupported": InvalidRequest,
}
_STORAGE: Mapping[str, Meaning] = {
    "AccountProblem": Forbidden,
    "AllAccessDisabled": Forbidden,
    "AuthenticationRequired": AuthenticationFailed,
    "AuthorizationHeaderMalformed": AuthenticationFailed,
    "BadDigest": ProviderError,
    "BucketAlreadyExists": Conflict,
    "BucketAlreadyOwnedByYou": Conflict,
    "BucketNameUnavailable": Conflict,
    "BucketNotEmpty": Conflict,
    "EntityTooLarge": InvalidRequest,
    "EntityTooSmall": InvalidRequest,
    "IllegalLocationConstraintException": InvalidRequest,
    "KeyTooLongError": InvalidRequest,
    "MetadataTooLarge": InvalidRequest,
    "MissingProjectId": InvalidRequest,
    "MissingSecurityHeader": AuthenticationFailed,
    "NoSuchBucket": NotFound,
    "NoSuchKey": NotFound,
    "NoSuchUpload": NotFound,
    "NotSignedUp": Forbidden,
    "OperationAborted": Conflict,
    "PreconditionFailed": Conflict,
    "RequestTimeTooSkewed": AuthenticationFailed,
    "TooManyBuckets": QuotaExceeded,
    "UserProjectAccessDenied": Forbidden,
    "UserProjectMissing": InvalidRequest,
}
_METRICS: Mapping[str, Meaning] = {"ResourceNotFound": NotFound}
CODES: Mapping[str, Meaning] = {**_EVERYWHERE, **_COMPUTE, **_BALANCING, **_STORAGE, **_METRICS}
"""All codes with a meaning of their own; no two services use one code for different things."""
_THROTTLED = frozenset({
    "BandwidthLimitExceeded", "EC2ThrottledException", "RequestLimitExceeded", "RequestThrottled",
    "RequestThrottledException", "ServiceUnavailable", "SlowDown", "Throttling", "ThrottlingException",
    "TooManyRequestsException", "Unavailable", "429", "503",
})  # fmt: skip
_FORMS: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (re.compile(r"Invalid\w+\.(NotFound|Malformed|Unknown)|\w+NotFound(Exception)?"), NotFound),
    (re.compile(r"InvalidId\.?\w*|InvalidAMIID\.\w+"), NotFound),
    (re.compile(r"\w+\.(Duplicate|InUse|AlreadyExists)|Duplicate\w+|Incorrect\w*State"), Conflict),
    (re.compile(r"\w+LimitExceeded(Exception)?"), QuotaExceeded),
    (re.compile(r"(Invalid|Missing|Unsupported|Unknown|Malformed)\w*(\.\w+)*"), InvalidRequest),
)
"""Codes that no table has, by their form; the first that fits counts."""
_UNKNOWN = re.compile(r"availability zone|is invalid\. Expected: '", re.IGNORECASE)
"""Texts about what is not there, or has an id that nothing can have, whose code says only that it is invalid."""
_SENTENCES: Mapping[Meaning, str] = {
    ProviderBusy: "The provider asks to come back later",
    # What Amazon says here may hold the request, the caller's session token included.
    AuthenticationFailed: "The provider does not accept the credentials",
}
"""What is said in place of Amazon's own text."""
_MARKERS = frozenset({"InvalidNextToken", "InvalidPaginationToken"})
_CODE_IN_TEXT = re.compile(r"<Code>([A-Za-z.]+)</Code>")
_PARAMETERS = re.compile(r"(?:parameter in input: \"|parameter )\"?([A-Za-z]\w*)")
_LEAST_FAILURE = 500


def translate(error: Exception) -> DeltacloudError | None:
    """What an exception of botocore means; None for any other, and nothing is loaded to tell."""
    if "botocore" not in sys.modules:
        return None
    from botocore import exceptions, parsers  # noqa: PLC0415 - the SDK is loaded at first use

    if isinstance(error, exceptions.ClientError):
        return _refused(error.response)
    if isinstance(error, exceptions.ParamValidationError):
        named = ", ".join(dict.fromkeys(_PARAMETERS.findall(str(error))))
        return InvalidRequest(f"The provider does not take such a value: {named}" if named else "")
    if isinstance(error, exceptions.ReadTimeoutError):
        return ProviderTimeout("The provider did not answer in time")
    if isinstance(error, exceptions.ResponseStreamingError | exceptions.IncompleteReadError):
        return ProviderError("The provider broke off its answer")
    if isinstance(error, parsers.ResponseParserError):
        return ProviderError("The provider's answer cannot be read")
    return None


def code_of(error: Exception) -> str:
    """The code of an error answer; empty if the exception is not about one."""
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


def status_of(error: Exception) -> int:
    """The HTTP status of an error answer; 0 if the exception is not about one."""
    response = getattr(error, "response", None)
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) if isinstance(response, dict) else 0


def _refused(response: Mapping[str, Mapping[str, object]]) -> DeltacloudError:
    """What an error answer means."""
    told, about = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, text = _told(str(told.get("Code", "")), str(told.get("Message") or ""))
    status = int(str(about.get("HTTPStatusCode", 0)))
    headers, request = about.get("HTTPHeaders"), about.get("RequestId")
    kind = ProviderBusy if code in _THROTTLED else _kind(code, text, status)
    fault = of_kind(
        kind,
        _SENTENCES.get(kind, text),
        retry_after=retry_after_seconds(headers.get("retry-after") if isinstance(headers, dict) else None),
        backend_code=code,
        backend_request_id=request if isinstance(request, str) else None,
    )
    if isinstance(fault, InvalidRequest) and code in _MARKERS:
        fault.parameter = "marker"
    return fault


def _told(code: str, text: str) -> tuple[str, str]:
    """Code and text of an error answer.

    What refuses a request before it looks at the service may answer in another form than the service. botocore then
    takes the status for the code, and the whole answer for the text.
    """
    if not code.isdigit():
        return code, text
    found = _CODE_IN_TEXT.search(text)
    return (code if found is None else found[1]), ""


def _kind(code: str, text: str, status: int) -> Meaning:
    if code.startswith("Invalid") and _UNKNOWN.search(text):
        return NotFound
    known = CODES.get(code)
    if known is not None:
        return known
    if status >= _LEAST_FAILURE:
        return ProviderError
    return next((kind for form, kind in _FORMS if form.fullmatch(code)), _BY_STATUS.get(status, ProviderError))


_BY_STATUS: Mapping[int, Meaning] = {
    400: InvalidRequest,
    401: AuthenticationFailed,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
}
