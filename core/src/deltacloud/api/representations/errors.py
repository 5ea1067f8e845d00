"""Error documents in XML, JSON and as ``application/problem+json`` (RFC 9457).

Four things are additions: a stable word for the fault (``error_code`` where ``code`` has always been the status), the
parameter that is to blame, the id of the request, and whether it may succeed when it is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

import msgspec

from deltacloud.api.representations.encoding import encode
from deltacloud.api.representations.markup import attribute, cdata
from deltacloud.errors import DeltacloudError, InvalidRequest
from deltacloud.models import Pairs

_CLASS = "Deltacloud::Exceptions::"


class ErrorFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What an error document says. Nothing in it may be secret.

    Attributes:
        status: The HTTP status.
        url: The path as it was requested, without query string and matrix parameters.
        message: A sentence for the client.
        error: The word of JSON documents, without its prefix: ``ObjectNotFound``.
        code: The stable word of the fault: ``not_found``.
        request_id: The id of the request.
        retryable: Whether the same request may succeed later.
        parameter: The parameter that is to blame, if it is one.
        driver: The request's driver, if one is known.
        provider: Its provider, if one is set.
        parameters: The request's parameters, those that are declared and not secret.
        backend_code: The cloud's own word for the fault.
        backend_request_id: The cloud's own id of the failed request.
    """

    status: int
    url: str
    message: str
    error: str
    code: str
    request_id: str
    retryable: bool = False
    parameter: str | None = None
    driver: str | None = None
    provider: str | None = None
    parameters: Pairs = ()
    backend_code: str | None = None
    backend_request_id: str | None = None


def facts_of(
    error: DeltacloudError, *, url: str, request_id: str, driver: str | None, provider: str | None
) -> ErrorFacts:
    """What an error says of itself, and where it happened."""
    return ErrorFacts(
        status=error.status,
        url=url,
        message=error.message,
        error=error.error,
        code=error.code,
        request_id=request_id,
        retryable=error.retryable,
        driver=driver,
        provider=provider,
        parameter=error.parameter if isinstance(error, InvalidRequest) else None,
        backend_code=error.backend_code,
        backend_request_id=error.backend_request_id,
    )


def error_xml(facts: ErrorFacts) -> bytes:
    """The document in XML. It begins with ``<error``: there is a client that knows errors by nothing else."""
    backend = {
        "code": facts.backend_code,
        "driver": facts.driver,
        "provider": "default" if facts.provider is None else facts.provider,
        "request_id": facts.backend_request_id,
    }
    known = "".join([f" {name}='{attribute(value)}'" for name, value in backend.items() if value is not None])
    parameters = "".join(
        [f"    <param name='{attribute(name)}'>{cdata(_quoted(value))}</param>\n" for name, value in facts.parameters]
    )
    blamed = "" if facts.parameter is None else f" parameter='{attribute(facts.parameter)}'"
    return (
        f"<error error_code='{attribute(facts.code)}'{blamed} request_id='{attribute(facts.request_id)}'"
        f" retryable='{str(facts.retryable).lower()}' status='{facts.status}' url='{attribute(facts.url)}'>\n"
        f"  <backend{known}></backend>\n"
        f"  <code>{facts.status}</code>\n"
        f"  <message>{cdata(facts.message)}</message>\n"
        "  <backtrace>\n    <![CDATA[]]>\n  </backtrace>\n"
        f"  <request>\n{parameters}  </request>\n"
        "</error>\n"
    ).encode()


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def error_json(facts: ErrorFacts) -> bytes:
    """The document in JSON."""
    return encode(
        {
            "code": facts.status,
            "message": facts.message,
            "error": f"{_CLASS}{facts.error}",
            "error_code": facts.code,
            **_additions(facts),
        }
    )


def error_problem(facts: ErrorFacts) -> bytes:
    """The document as ``application/problem+json``."""
    return encode(
        {
            "type": "about:blank",
            "title": HTTPStatus(facts.status).phrase,
            "status": facts.status,
            "detail": facts.message,
            "instance": facts.url,
            "code": facts.code,
            **_additions(facts),
        }
    )


def _additions(facts: ErrorFacts) -> dict[str, object]:
    fields: dict[str, object] = {
        "request_id": facts.request_id,
        "retryable": facts.retryable,
    }
    known = {
        "parameter": facts.parameter,
        "backend_code": facts.backend_code,
        "backend_request_id": facts.backend_request_id,
    }
    fields.update({name: value for name, value in known.items() if value is not None})
    return fields


ERROR_WRITERS: Mapping[str, Callable[[ErrorFacts], bytes]] = {
    "xml": error_xml,
    "json": error_json,
    "problem": error_problem,
}
"""Format to the writer of its error documents; a page of HTML is a matter of who shows pages."""
