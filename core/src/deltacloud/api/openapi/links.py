"""Links of the document: what can be done with a thing that an operation has just made."""

from __future__ import annotations

from collections.abc import Iterable

from deltacloud.api.openapi.schemas import Schema, shown
from deltacloud.api.operations import PAGE, Collection, Operation
from deltacloud.kernel import LoadedDriver


def links(
    collection: Collection, operation: Operation, collections: Iterable[Collection], driver: LoadedDriver
) -> Schema:
    """The operations that have one field more in their path, which is the id of what this one made."""
    if operation.method not in ("POST", "PUT") or operation.shape != "item" or operation.action:
        return {}
    if shown(collection) != collection.singular:
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
        if one in (collection, *_inside(collection, collections))
        for target in one.operations
        if target.available(driver) and target.formats != PAGE and target.fields[:-1] == known and target.fields
    }


def _inside(collection: Collection, collections: Iterable[Collection]) -> list[Collection]:
    return [one for one in collections if one.within == collection.name]
