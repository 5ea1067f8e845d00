"""``/api/docs``: the operations and their parameters with the request's driver, for people; made from the rows."""

from __future__ import annotations

from deltacloud.api import pages
from deltacloud.api.answers import Document
from deltacloud.api.collections import BY_NAME, COLLECTIONS
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import PAGE, Collection, Operation
from deltacloud.errors import NotFound
from deltacloud.parameters import Parameter


def _index(exchange: Exchange) -> Document:
    return Document({"html": lambda: pages.docs_index(exchange, COLLECTIONS)})


def _collection(exchange: Exchange) -> Document:
    collection = _named(exchange)
    return Document({"html": lambda: pages.docs_collection(exchange, collection, _inner(collection))})


def _operation(exchange: Exchange) -> Document:
    """The page of an operation; below a collection with others inside, anything but an operation is the inner one."""
    collection = _named(exchange)
    operation = collection.operation(exchange.ids["operation"])
    if operation is not None:
        return Document({"html": lambda: pages.docs_operation(exchange, collection, operation)})
    inner = next(iter(_inner(collection)), None)
    if inner is None:
        raise NotFound
    return Document({"html": lambda: pages.docs_collection(exchange, inner, ())})


def _named(exchange: Exchange) -> Collection:
    collection = BY_NAME.get(exchange.ids["collection"])
    if collection is None:
        raise NotFound
    return collection


def _inner(collection: Collection) -> tuple[Collection, ...]:
    return tuple(one for one in COLLECTIONS if one.within == collection.name)


_COLLECTION = Parameter(name="collection", location="path", required=True, help="Name of the collection")
_OPERATION = Parameter(name="operation", location="path", required=True, help="Name of the operation")

DOCS = Collection(
    name="docs",
    singular="doc",
    title="Documentation",
    help="The operations and their parameters",
    listed=False,
    operations=(
        Operation(
            name="index",
            method="GET",
            path="/docs",
            handler=_index,
            help="List the collections",
            formats=PAGE,
            public=True,
            shape="other",
        ),
        Operation(
            name="collection",
            method="GET",
            path="/docs/{collection}",
            handler=_collection,
            help="Describe a collection",
            parameters=(_COLLECTION,),
            formats=PAGE,
            public=True,
            shape="other",
        ),
        Operation(
            name="operation",
            method="GET",
            path="/docs/{collection}/{operation}",
            handler=_operation,
            help="Describe an operation",
            parameters=(_COLLECTION, _OPERATION),
            formats=PAGE,
            public=True,
            shape="other",
        ),
    ),
)
