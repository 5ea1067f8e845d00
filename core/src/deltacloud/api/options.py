"""``OPTIONS``: the methods of a collection, the parameters of an operation. It asks no driver and no credentials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import falcon

from deltacloud.api.collections import BY_NAME, COLLECTIONS
from deltacloud.api.gateway import Gateway
from deltacloud.api.incoming import Incoming
from deltacloud.api.operations import Collection, Operation
from deltacloud.errors import NotFound
from deltacloud.parameters import Parameter

_ORDER = ("GET", "POST", "DELETE", "PUT", "HEAD")


def allow(
    gateway: Gateway, request: Incoming, response: falcon.Response, rows: Mapping[str, tuple[Collection, Operation]]
) -> None:
    """Answer ``OPTIONS`` for a path.

    Raises:
        NotFound: the path is that of one member, and its collection has nothing inside.
    """
    response.content_type = "text/html"
    response.set_header("Allow", _allowed(gateway, request, rows))


def _allowed(gateway: Gateway, request: Incoming, rows: Mapping[str, tuple[Collection, Operation]]) -> str:
    segments = request.route.segments[1:]
    if not segments:
        driver = gateway.driver(request)
        return ",".join(one.name for one in COLLECTIONS if one.listed and one.available(driver))
    collection = BY_NAME.get(segments[0])
    if len(segments) == 1:
        return _methods(row for _, row in rows.values()) if collection is None else _methods(collection.operations)
    if len(segments) == len(("collection", "id")) and collection is not None:
        return _member(gateway, request, collection, segments[1])
    actions = [(owner, row) for owner, row in rows.values() if row.method == "POST"]
    if actions and (actions[0][1].action or actions[0][0].name == "rules"):
        owner, row = actions[0]
        return described(owner.declared(row, gateway.driver(request)))
    return _methods(row for _, row in rows.values())


def _member(gateway: Gateway, request: Incoming, collection: Collection, name: str) -> str:
    operation = collection.operation(name)
    if operation is not None:
        return described(collection.declared(operation, gateway.driver(request)))
    for inner in COLLECTIONS:
        if inner.within == collection.name:
            return _methods(inner.operations)
    raise NotFound


def _methods(operations: Iterable[Operation]) -> str:
    known = {operation.method for operation in operations}
    return ",".join(["OPTIONS", *(method for method in _ORDER if method in known)])


def described(parameters: Iterable[Parameter]) -> str:
    """Parameters as ``name:type:required,...``; the types are the two that the original knew."""
    return ",".join(
        f"{one.name}:{'array' if one.type == 'array' else 'string'}:{'required' if one.required else 'optional'}"
        for one in parameters
        if one.location != "header"
    )
