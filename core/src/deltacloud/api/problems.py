"""Errors to answers: every one becomes a document in the format asked for, and nothing internal gets out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import falcon
from msgspec.structs import replace

from deltacloud.api import pages
from deltacloud.api.exchange import MissingCapability
from deltacloud.api.incoming import Incoming
from deltacloud.api.parsing.accept import CONTENT_TYPES
from deltacloud.api.parsing.basic import NO_SCHEME
from deltacloud.api.parsing.ranges import unsatisfied_range
from deltacloud.api.representations.errors import ERROR_WRITERS, ErrorFacts, facts_of
from deltacloud.errors import (
    AuthenticationFailed,
    BackendError,
    ClientDisconnected,
    DeltacloudError,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    ProviderBusy,
    RangeNotSatisfiable,
)
from deltacloud.redaction import described, starred

if TYPE_CHECKING:
    from deltacloud.api.gateway import Gateway

_log = logging.getLogger("deltacloud.api")
_UNEXPECTED = "The server failed unexpectedly; its log has the request id"
_OF_FALCON: dict[int, type[DeltacloudError]] = {404: NotFound, 413: PayloadTooLarge}


class Reporter:
    """Falcon's error handler."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def __call__(
        self, request: Incoming, response: falcon.Response, error: Exception, _params: dict[str, object]
    ) -> None:
        """Fill the response with what the error means.

        Raises:
            ClientDisconnected: nobody is left to answer; the server is told so.
        """
        if isinstance(error, ClientDisconnected):
            raise error
        known = self._known(request, error)
        response.status = falcon.code_to_http_status(known.status)
        response.set_header("Cache-Control", "no-store")
        response.stream = None
        self._headers(request, response, known)
        facts = _facts(request, known)
        response.content_type = CONTENT_TYPES[request.error_format]
        write = ERROR_WRITERS.get(request.error_format)
        response.data = pages.error(facts, request) if write is None else write(facts)

    def _known(self, request: Incoming, error: Exception) -> DeltacloudError:
        if isinstance(error, DeltacloudError):
            return error
        if isinstance(error, falcon.HTTPError):
            return _of_falcon(error)
        _log.error("[%s] unexpected %s", request.record.id, described(error))
        return BackendError(_UNEXPECTED)

    def _headers(self, request: Incoming, response: falcon.Response, error: DeltacloudError) -> None:
        if isinstance(error, AuthenticationFailed):
            quiet = request.env.get("HTTP_X_REQUESTED_WITH") == pages.IN_BACKGROUND
            response.set_header(
                "WWW-Authenticate", NO_SCHEME if quiet else self._gateway.challenge(request.driver_name)
            )
        elif isinstance(error, MissingCapability):
            response.set_header("Expect", error.expect)
        elif isinstance(error, MethodNotAllowed):
            response.set_header("Allow", ", ".join(error.allowed))
        elif isinstance(error, ProviderBusy):
            response.retry_after = error.retry_after
        elif isinstance(error, RangeNotSatisfiable):
            response.set_header("Content-Range", unsatisfied_range(error.length))


def _of_falcon(error: falcon.HTTPError) -> DeltacloudError:
    if isinstance(error, falcon.HTTPMethodNotAllowed):
        return MethodNotAllowed(tuple((error.headers or {}).get("Allow", "").split(", ")))  # type: ignore[union-attr]
    return _OF_FALCON.get(error.status_code, InvalidRequest)()


def _facts(request: Incoming, error: DeltacloudError) -> ErrorFacts:
    facts = facts_of(
        error,
        url=request.route.path,
        request_id=request.record.id,
        driver=request.driver_name or None,
        provider=request.provider_text,
    )
    exchange = request.exchange
    if exchange is None:
        return facts
    secrets = exchange.secrets
    return replace(
        facts,
        message=starred(error.message, secrets),
        parameters=exchange.parameters.shown(exchange.declared),
        backend_code=facts.backend_code and starred(facts.backend_code, secrets),
        backend_request_id=facts.backend_request_id and starred(facts.backend_request_id, secrets),
    )
