"""What an operation answers, as OpenAPI: its success, and the errors that it may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus

import msgspec

from deltacloud import errors
from deltacloud.api.documents import drawable
from deltacloud.api.openapi.headers import EVERYWHERE, refer
from deltacloud.api.openapi.schemas import DOCUMENTS, Schema, members, reference, shown
from deltacloud.api.operations import ANY, Collection, Operation
from deltacloud.api.parsing.accept import CONTENT_TYPES
from deltacloud.api.representations.errors import ErrorFacts, error_json, error_problem
from deltacloud.errors import DeltacloudError
from deltacloud.kernel import LoadedDriver

_WRITES = ("POST", "PUT", "DELETE")
_ALWAYS = (
    errors.InvalidRequest, errors.Forbidden, errors.CapabilityMissing, errors.BackendError, errors.NotSupported,
    errors.ProviderError, errors.ProviderBusy, errors.ProviderTimeout,
)  # fmt: skip
_OF_BODIES = (errors.RequestTimeout, errors.PayloadTooLarge)
_OTHERS = (
    errors.AuthenticationFailed, errors.NotAcceptable, errors.NotFound, errors.ActionNotAllowed, errors.Conflict,
    errors.NotYetCompleted, errors.UnsupportedMediaType, errors.RangeNotSatisfiable,
)  # fmt: skip
_HEADERS: Mapping[type[DeltacloudError], tuple[str, ...]] = {
    errors.ActionNotAllowed: ("Allow",),
    errors.AuthenticationFailed: ("WWW-Authenticate",),
    errors.CapabilityMissing: ("Expect",),
    errors.ProviderBusy: ("Retry-After",),
    errors.RangeNotSatisfiable: ("Content-Range",),
}


def responses(collection: Collection, operation: Operation, driver: LoadedDriver, links: Schema) -> Schema:
    """Every answer of an operation, by status.

    Args:
        collection: Its collection.
        operation: The row.
        driver: Whose document it is.
        links: What can be done with what it made.
    """
    answers: Schema = {str(status): {"$ref": f"#/components/responses/{name}"} for status, name in _others(operation)}
    for kind in _errors(operation, driver):
        answers[str(kind.status)] = {"$ref": f"#/components/responses/{kind.__name__}"}
    for status, headers in {operation.status: (), **dict(operation.headers)}.items():
        if status != HTTPStatus.SEE_OTHER:
            answer = _success(collection, operation, status, headers)
            answers[str(status)] = {**answer, "links": links} if links and status == operation.status else answer
    return dict(sorted(answers.items()))


def components() -> Schema:
    """The answers that many operations have in common."""
    shared: Schema = {kind.__name__: _error(kind) for kind in (*_ALWAYS, *_OF_BODIES, *_OTHERS)}
    shared["NotModified"] = {
        "description": "The client has it already",
        "headers": refer("ETag", *EVERYWHERE),
    }
    shared["SeeOther"] = {
        "description": "Go there: a browser, or a client whose driver had nothing to show",
        "headers": refer("Location", *EVERYWHERE),
    }
    return shared


def formats(operation: Operation) -> tuple[str, ...]:
    """The formats that an operation answers in on this server; empty where it does not negotiate."""
    if operation.formats == ANY:
        return ()
    return tuple(name for name in operation.formats if name != "png" or drawable())


def _others(operation: Operation) -> Iterator[tuple[int, str]]:
    if operation.method == "GET":
        yield 304, "NotModified"
    if operation.method in _WRITES and "html" in operation.formats:
        yield 303, "SeeOther"


def _errors(operation: Operation, driver: LoadedDriver) -> Iterable[type[DeltacloudError]]:
    """What can go wrong, by what the row says of the operation."""
    writes, reads_body = operation.method in _WRITES, operation.method in ("POST", "PUT") and operation.body != "none"
    rules: tuple[tuple[bool, tuple[type[DeltacloudError], ...]], ...] = (
        (True, _ALWAYS),
        (driver.kind.credentials is not None, (errors.AuthenticationFailed,)),
        (operation.formats != ANY, (errors.NotAcceptable,)),
        (writes or operation.shape != "list", (errors.NotFound,)),
        (writes and bool(operation.fields), (errors.ActionNotAllowed,)),
        (writes, (errors.Conflict, errors.NotYetCompleted)),
        (reads_body, _OF_BODIES),
        (reads_body and operation.body != "content", (errors.UnsupportedMediaType,)),
        (any(one.name == "Range" for one in operation.parameters), (errors.RangeNotSatisfiable,)),
    )
    return [kind for applies, kinds in rules if applies for kind in kinds]


def _success(collection: Collection, operation: Operation, status: int, headers: Iterable[str]) -> Schema:
    content = _content(collection, operation) if status != HTTPStatus.NO_CONTENT else {}
    answer: Schema = {
        "description": operation.help if status == operation.status else HTTPStatus(status).phrase,
        "headers": refer(*headers, *_usual(operation, documented=bool(content)), *EVERYWHERE),
    }
    if content:
        answer["content"] = content
    return answer


def _usual(operation: Operation, *, documented: bool) -> Iterator[str]:
    """The headers that go with an operation's kind of answer."""
    if documented and operation.formats != ANY and operation.status in (HTTPStatus.OK, HTTPStatus.CREATED):
        yield "ETag"
    if operation.status == HTTPStatus.CREATED and not operation.fields:
        yield "Location"
    if any(one.name == "marker" for one in operation.parameters):
        yield "Link"


def _content(collection: Collection, operation: Operation) -> Schema:
    if operation.shape == "none":
        return {}
    if operation.formats == ANY:
        return {"*/*": {}}
    return {
        CONTENT_TYPES[name]: {"schema": _document(collection, operation)} if name == "json" else {}
        for name in formats(operation)
    }


def _document(collection: Collection, operation: Operation) -> Schema:
    """The schema of the JSON document."""
    own = DOCUMENTS.get(f"{collection.name}.{operation.name}")
    if own is not None:
        return own
    singular = shown(collection)
    if operation.shape == "list":
        return members({collection.name: {"type": "array", "items": reference(singular)}})
    return reference(singular) if operation.shape == "bare" else members({singular: reference(singular)})


def _error(kind: type[DeltacloudError]) -> Schema:
    facts = ErrorFacts(
        status=kind.status,
        url="/api/instances/inst1",
        message=kind.generic,
        error=kind.error,
        code=kind.code,
        request_id="0123456789abcdef01234567",
        retryable=kind.may_retry,
    )
    return {
        "description": (kind.__doc__ or "").partition("\n")[0],
        "headers": refer(*_HEADERS.get(kind, ()), *EVERYWHERE),
        "content": {
            "application/json": {"schema": reference("error"), "example": msgspec.json.decode(error_json(facts))},
            "application/problem+json": {
                "schema": reference("problem"),
                "example": msgspec.json.decode(error_problem(facts)),
            },
            "application/xml": {},
            "text/html": {},
        },
    }
