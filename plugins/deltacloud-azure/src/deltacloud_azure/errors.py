"""What the cloud's errors mean: one table by its codes, one by statuses, and the network's faults.

Source: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes and common-rest-api-error-codes.
What the cloud writes about an error is not handed on: it may repeat what was signed.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from deltacloud import outbound
from deltacloud.errors import (
    AuthenticationFailed,
    Conflict,
    DeltacloudError,
    Forbidden,
    InvalidRequest,
    NotFound,
    ProviderBusy,
    ProviderError,
    from_response,
)

if TYPE_CHECKING:
    from azure.core.exceptions import AzureError

_LOGIN = "The account, its key or its shared access signature is not valid"
_DISABLED = "The account does not let itself be used in this way"

CODES: Mapping[str, tuple[type[DeltacloudError], str]] = {
    "AuthenticationFailed": (AuthenticationFailed, _LOGIN),
    "AuthorizationFailure": (AuthenticationFailed, _LOGIN),
    "InvalidAuthenticationInfo": (AuthenticationFailed, _LOGIN),
    "NoAuthenticationInformation": (AuthenticationFailed, _LOGIN),
    "AccountIsDisabled": (Forbidden, "The account is disabled"),
    "AuthorizationPermissionMismatch": (Forbidden, "The shared access signature does not permit this"),
    "AuthorizationProtocolMismatch": (Forbidden, "The shared access signature does not permit this protocol"),
    "AuthorizationResourceTypeMismatch": (Forbidden, "The shared access signature is for resources of another kind"),
    "AuthorizationServiceMismatch": (Forbidden, "The shared access signature is for another service"),
    "AuthorizationSourceIPMismatch": (Forbidden, "The shared access signature is for other addresses"),
    "InsufficientAccountPermissions": (Forbidden, _DISABLED),
    "KeyBasedAuthenticationNotPermitted": (Forbidden, "The account has its keys switched off"),
    "BlobNotFound": (NotFound, "There is no such blob"),
    "ContainerNotFound": (NotFound, "There is no such bucket"),
    "ResourceNotFound": (NotFound, "There is no such bucket or blob"),
    "AccountBeingCreated": (Conflict, "The account is still being created"),
    "BlobAlreadyExists": (Conflict, "There is such a blob already"),
    "BlobArchived": (Conflict, "The blob is archived; it has to be rehydrated before it can be read"),
    "BlobBeingRehydrated": (Conflict, "The blob is being rehydrated"),
    "BlobImmutableDueToPolicy": (Conflict, "A policy keeps the blob from being changed"),
    "ConditionNotMet": (Conflict, "The blob has been changed meanwhile"),
    "ContainerAlreadyExists": (Conflict, "There is such a bucket already"),
    "ContainerBeingDeleted": (Conflict, "A bucket of this name is still being deleted; try again in a minute"),
    "InvalidBlobOrBlock": (Conflict, "Another upload of this blob, by other means, is in progress"),
    "InvalidBlobType": (Conflict, "A large content cannot be written over a blob of another kind; delete it first"),
    "LeaseIdMissing": (Conflict, "Somebody holds a lease on it"),
    "InvalidBlockList": (InvalidRequest, "These are not all parts of this upload"),
    "InvalidHeaderValue": (InvalidRequest, "The cloud does not accept one of the values"),
    "InvalidMetadata": (InvalidRequest, "The cloud does not accept the metadata"),
    "InvalidQueryParameterValue": (InvalidRequest, "The cloud does not accept one of the values"),
    "InvalidResourceName": (InvalidRequest, "The cloud does not accept the name"),
    "InvalidUri": (InvalidRequest, "The cloud does not accept the name"),
    "MetadataTooLarge": (InvalidRequest, "The metadata is larger than the cloud allows"),
    "OutOfRangeInput": (InvalidRequest, "One of the values is too short or too long"),
    "RequestBodyTooLarge": (InvalidRequest, "The content is larger than the cloud allows"),
    "InternalError": (ProviderError, "The cloud failed"),
    "OperationTimedOut": (ProviderError, "The cloud did not finish in the time that it gives itself"),
    "ServerBusy": (ProviderBusy, "The cloud asks to come back later"),
}
"""The cloud's codes."""

_STATUSES: Mapping[int, type[DeltacloudError]] = {412: Conflict, 413: InvalidRequest}
"""Statuses that mean something else here than elsewhere, where the code is not known."""
_CODE = re.compile(r"[A-Za-z]{1,80}", re.ASCII)
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,80}", re.ASCII)


def translate(error: Exception) -> DeltacloudError | None:
    """What an exception of the SDK's means; None for any other.

    Args:
        error: What a call ended with.
    """
    from azure.core.exceptions import AzureError, ClientAuthenticationError  # noqa: PLC0415 - imported at first use

    if not isinstance(error, AzureError):
        return None
    answer = getattr(error, "response", None)
    if answer is not None:
        return _of_answer(error)
    if isinstance(error, ClientAuthenticationError):  # the key is no base64, so nothing could be signed
        return AuthenticationFailed(_LOGIN)
    inner: BaseException | None = error
    while isinstance(inner, AzureError):
        inner = inner.inner_exception
    return (outbound.meaning(inner) if inner is not None else None) or _senseless()


def code_of(error: Exception) -> str | None:
    """The cloud's code for what went wrong; None where it gave none."""
    code = getattr(error, "error_code", None)
    text = str(getattr(code, "value", code))
    return text if code is not None and _CODE.fullmatch(text) else None


@contextlib.contextmanager
def sensible() -> Iterator[None]:
    """The SDK reads answers without looking at them first; whatever it stumbles over is no answer of the cloud's.

    Raises:
        ProviderError: it stumbled.
    """
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError):
        raise _senseless() from None


def _senseless() -> ProviderError:
    return ProviderError("The provider's answer cannot be read")


def _of_answer(error: AzureError) -> DeltacloudError:
    answer = error.response  # type: ignore[attr-defined]
    status, headers = answer.status_code, answer.headers
    code = code_of(error)
    if status < 300:  # noqa: PLR2004 - a success whose body makes no sense
        return _senseless()
    kind, message = CODES.get(code or "", (_STATUSES.get(status), ""))
    request_id = headers.get("x-ms-request-id", "")
    return from_response(
        answer.internal_response,
        message,
        kind=kind,
        backend_code=code,
        backend_request_id=request_id if _REQUEST_ID.fullmatch(request_id) else None,
    )
