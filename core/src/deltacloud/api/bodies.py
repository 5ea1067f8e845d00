"""Reading a request's parameters: query string, body, and the pairs on links of our own, as one set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deltacloud.api.parameters import Parameters
from deltacloud.api.parsing.bodies import BodyLimits, read_body
from deltacloud.api.parsing.parameter_set import Field, ParameterSet
from deltacloud.errors import UnsupportedMediaType
from deltacloud.kernel import GatewaySettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deltacloud.api.exchange import Exchange

_HEADERS = {
    "blob_type": "HTTP_X_DELTACLOUD_BLOBTYPE",
    "segmented_blob": "HTTP_X_DELTACLOUD_SEGMENTEDBLOB",
    "segment_order": "HTTP_X_DELTACLOUD_SEGMENTORDER",
}
"""Query parameters of segmented uploads that may come as headers instead."""


def limits(settings: GatewaySettings) -> BodyLimits:
    """How much of a body may be held, by the operator's settings."""
    return BodyLimits(text=settings.json_limit, file=settings.json_limit, spool=settings.body_limit)


def without_body(exchange: Exchange) -> Parameters:
    """The parameters of an operation whose body is a content, or that has none: query string, links and headers."""
    env = exchange.request.env
    headers = tuple((name, env[key]) for name, key in _HEADERS.items() if env.get(key))
    return Parameters(collected(exchange, headers))


def with_body(exchange: Exchange) -> Parameters:
    """All parameters, the body's included.

    Raises:
        UnsupportedMediaType: there is a body of a type that holds no fields, and the operation needs some.
        PayloadTooLarge: the body is over a limit.
        InvalidRequest: it is malformed.
        ClientDisconnected: the client broke off.
    """
    request = exchange.request
    bounds = limits(exchange.kernel.settings)
    try:
        fields = read_body(
            request.body, request.env.get("CONTENT_TYPE"), request.body_length, bounds, exchange.declared
        )
    except UnsupportedMediaType:
        if any(one.location == "form" for one in exchange.operation.parameters):
            raise
        fields = ()  # nothing is needed of the body, so it may be anything
    return Parameters(collected(exchange, fields))


def collected(exchange: Exchange, fields: Iterable[Field]) -> ParameterSet:
    """The set of all parameters. On a clash the body wins over the query string, and the path over both."""
    request = exchange.request
    return ParameterSet(request.query, fields, request.route.link_parameters(), exchange.ids.items())
