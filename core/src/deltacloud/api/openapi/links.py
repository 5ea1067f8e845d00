"""Links of the document: what can be done with a thing that an operation has just made."""

from __future__ import annotations

from collections.abc import Iterable

from deltacloud.api.openapi.schemas import Schema, shown
from deltacloud.api.operations import Collection, Operation


def links(collection: Collection, operation: Operation, collections: Iterable[Collection]) -> Schema:
    """The operations that have one field more in their path, which is the id of what this one makes.

    Args:
        collection: The operation's collection.
        operation: The row.
        collections: What the driver offers.
    """
    makes = operation.method in ("POST", "PUT") and operation.shape == "item" and not operation.action
    if not makes or shown(collection) != collection.singular:
        return {}
    known = operation.fields if operation.method == "POST" else operation.fields[:-1]
    return {
        f"{one.name}_{target.name}": {
            "operationId": f"{one.name}_{target.name}",
            "parameters": {
                **{field: f"$request.path.{field}" for field in known},
                target.fields[-1]: f"$response.body#/{collection.singular}/id",
            },
        }
        for one in collections
        if collection.name in (one.name, one.within)
        for target in one.operations
        if target.fields and target.fields[:-1] == known
    }
