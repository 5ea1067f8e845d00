"""What can go wrong, one class for each answer.

A driver raises these, or lets its SDK's exception pass and names its meaning in ``translate_error``. The status, the
word of the JSON document and the stable ``code`` belong to the class; the message is shown to clients, so it never
holds a credential, a path or a stack trace.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import requests


class DeltacloudError(Exception):
    """Base of all errors that become an answer.

    Args:
        message: A sentence that is safe for clients; the status's generic one if empty.
        backend_code: The cloud's own word for the fault, when it gave one.
        backend_request_id: The cloud's own id of the failed request.
        retryable: Whether the same request may succeed later; the class's own opinion if None.
    """

    status: ClassVar[int] = 500
    error: ClassVar[str] = "BackendError"
    code: ClassVar[str] = "backend_error"
    generic: ClassVar[str] = "Internal Server Error"
    may_retry: ClassVar[bool] = False

    def __init__(
        self,
        message: str = "",
        *,
        backend_code: str | None = None,
        backend_request_id: str | None = None,
        retryable: bool | None = None,
    ) -> None:
        super().__init__(message or self.generic)
        self.message = message or self.generic
        self.backend_code = backend_code
        self.backend_request_id = backend_request_id
        self.retryable = self.may_retry if retryable is None else retryable


class NotYetCompleted(DeltacloudError):
    """The cloud has accepted the request and needs longer than one call; ask again (202)."""

    status, error, code, generic = 202, "AcceptedButNotCompletedError", "not_yet_completed", "Accepted"
    may_retry = True


class InvalidRequest(DeltacloudError):
    """A parameter is missing, malformed or not acceptable (400). ``parameter`` names it, when it is one."""

    status, error, code, generic = 400, "ValidationFailure", "invalid_request", "Bad Request"

    def __init__(self, message: str = "", parameter: str | None = None, *, backend_code: str | None = None) -> None:
        super().__init__(message, backend_code=backend_code)
        self.parameter = parameter


class AuthenticationFailed(DeltacloudError):
    """The cloud rejected the credentials (401)."""

    status, error, code, generic = 401, "AuthenticationFailure", "authentication_failed", "Unauthorized"


class CredentialsRequired(AuthenticationFailed):
    """The request has no credentials and the operation needs them (401 with a challenge)."""

    code = "credentials_required"


class Forbidden(DeltacloudError):
    """Known, but not allowed (403)."""

    status, error, code, generic = 403, "ForbiddenError", "forbidden", "Forbidden"


class QuotaExceeded(Forbidden):
    """The account's limit for this kind of resource is reached (403)."""

    error, code, generic = "QuotaExceeded", "quota_exceeded", "Quota Exceeded"


class NotFound(DeltacloudError):
    """There is no such thing, or it is hidden from this caller (404)."""

    status, error, code, generic = 404, "ObjectNotFound", "not_found", "Not Found"


class ActionNotAllowed(DeltacloudError):
    """The resource's present state does not allow this action (405)."""

    status, error, code, generic = 405, "MethodNotAllowed", "action_not_allowed", "Method Not Allowed"


class Conflict(DeltacloudError):
    """In use, exists already, or not empty (409)."""

    status, error, code, generic = 409, "Conflict", "conflict", "Resource Conflict"


class CapabilityMissing(DeltacloudError):
    """This driver, account or provider cannot do this at all (412)."""

    status, error, code = 412, "PreconditionFailed", "capability_missing"
    generic = "The required capability to execute this operation is missing"


class RangeNotSatisfiable(DeltacloudError):
    """The requested range lies outside the content (416). ``length`` is the content's size in bytes."""

    status, error, code, generic = 416, "RangeNotSatisfiable", "range_not_satisfiable", "Range Not Satisfiable"

    def __init__(self, length: int, message: str = "") -> None:
        super().__init__(message)
        self.length = length


class BackendError(DeltacloudError):
    """The cloud failed in a way that no other class describes (500). The message must be safe for clients."""


class NotSupported(DeltacloudError):
    """The operation exists but not with these parameters or for this kind of resource (501)."""

    status, error, code, generic = 501, "NotImplemented", "not_supported", "Not Supported"


class ProviderError(DeltacloudError):
    """The cloud is unreachable or its answer makes no sense (502)."""

    status, error, code, generic = 502, "ProviderError", "provider_error", "Backend Server Error"
    may_retry = True


class NameNotFound(ProviderError):
    """The endpoint's host name does not resolve (502)."""

    code = "name_not_found"
    may_retry = False


class ProviderBusy(DeltacloudError):
    """The cloud, or our own limit on calls to it, asks to come back later (503). ``retry_after`` is in seconds."""

    status, error, code, generic = 503, "ProviderBusy", "provider_busy", "Service Unavailable"
    may_retry = True

    def __init__(self, retry_after: int = 1, message: str = "", *, backend_code: str | None = None) -> None:
        super().__init__(message, backend_code=backend_code)
        self.retry_after = retry_after


class ProviderTimeout(DeltacloudError):
    """The cloud did not answer within the request's deadline (504)."""

    status, error, code, generic = 504, "ProviderTimeout", "provider_timeout", "Gateway Timeout"
    may_retry = True


class DriverUnavailable(DeltacloudError):
    """The driver is installed and does not load (500). The message says why."""

    code = "driver_unavailable"


# The API's own: raised before a driver is asked.


class MethodNotAllowed(DeltacloudError):
    """The path exists and does not know this method (405). ``allowed`` lists those it knows."""

    status, error, code, generic = 405, "MethodNotAllowed", "method_not_allowed", "Method Not Allowed"

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__()
        self.allowed = allowed


class NotAcceptable(DeltacloudError):
    """The operation has none of the formats that the client accepts (406)."""

    status, error, code, generic = 406, "UnknownMediaTypeError", "not_acceptable", "Not Acceptable"


class RequestTimeout(DeltacloudError):
    """The client stopped sending (408)."""

    status, error, code, generic = 408, "RequestTimeout", "request_timeout", "Request Timeout"
    may_retry = True


class PayloadTooLarge(DeltacloudError):
    """The request's body is over the limit (413)."""

    status, error, code, generic = 413, "PayloadTooLarge", "payload_too_large", "Payload Too Large"


class RequestTooLarge(DeltacloudError):
    """The request line or its headers are over the limit (414, 431)."""

    status, error, code, generic = 414, "RequestTooLarge", "request_too_large", "URI Too Long"


class UnsupportedMediaType(DeltacloudError):
    """The body has a type that the operation cannot read (415)."""

    status, error, code, generic = 415, "UnsupportedMediaType", "unsupported_media_type", "Unsupported Media Type"


class ClientDisconnected(Exception):
    """The client broke off while its body was being read. Nobody is left to answer, and nothing may be kept."""


_LONGEST_SECONDS = 9
"""Digits of a number of seconds that are looked at."""
_LONGEST_WAIT = 3600
_BY_STATUS: dict[int, type[DeltacloudError]] = {
    400: InvalidRequest,
    401: AuthenticationFailed,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    422: InvalidRequest,
    429: ProviderBusy,
    501: NotSupported,
    503: ProviderBusy,
    504: ProviderTimeout,
}


def of_kind(
    kind: type[DeltacloudError],
    message: str = "",
    *,
    retry_after: int = 1,
    backend_code: str | None = None,
    backend_request_id: str | None = None,
) -> DeltacloudError:
    """The error whose class a driver's table names.

    Args:
        kind: Any class that needs no more than a message.
        message: What to tell the client; the class's generic sentence if empty.
        retry_after: When to come back, in seconds, if the class is ``ProviderBusy``.
        backend_code: The cloud's own word for the fault.
        backend_request_id: The cloud's own id of the failed request.
    """
    error = kind(retry_after, message) if issubclass(kind, ProviderBusy) else kind(message)
    error.backend_code, error.backend_request_id = backend_code, backend_request_id
    return error


def from_response(
    response: requests.Response,
    message: str = "",
    *,
    kind: type[DeltacloudError] | None = None,
    backend_code: str | None = None,
    backend_request_id: str | None = None,
) -> DeltacloudError:
    """The error that a cloud's HTTP answer means, by its status where the driver's table does not know better.

    Args:
        response: An answer with a status of 400 or above.
        message: What to tell the client; the status and its standard phrase if empty. Neither the answer's own phrase
            nor its body is quoted: they may hold anything.
        kind: What the driver's table says of it; None where that says nothing.
        backend_code: The cloud's own word for the fault.
        backend_request_id: The cloud's own id of the failed request.

    Returns:
        An error of the kind; without one ``ProviderBusy`` for 429 and 503, the class of the same meaning for the
        statuses that mean the same here, ``ProviderError`` for every other one. ``ProviderBusy`` has the cloud's
        ``Retry-After``.
    """
    return of_kind(
        kind or _BY_STATUS.get(response.status_code, ProviderError),
        message or f"The provider answered {_with_phrase(response.status_code)}",
        retry_after=retry_after_seconds(response.headers.get("Retry-After")),
        backend_code=backend_code,
        backend_request_id=backend_request_id,
    )


def _with_phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def retry_after_seconds(header: str | None, default: int = 1) -> int:
    """Whole seconds that a ``Retry-After`` header asks for, as a number or a date, at most an hour.

    Args:
        header: Its text; None if there is none.
        default: The answer for everything that can be read as neither.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:_LONGEST_SECONDS]), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return default
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(math.ceil((moment - datetime.now(UTC)).total_seconds()), 0), _LONGEST_WAIT)
