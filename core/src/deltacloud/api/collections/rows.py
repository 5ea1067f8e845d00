"""Rows that most collections share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from deltacloud.api import handlers
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import ID, ID_FILTER, PAGING, Handler, Operation
from deltacloud.inputs import Input
from deltacloud.parameters import Parameter


def index(
    collection: str, title: str, *filters: Parameter, public: bool = False, also: tuple[str, ...] = ()
) -> Operation:
    """The list. ``also`` names capabilities that do as well as the list hook."""
    return Operation(
        name="index",
        method="GET",
        path=f"/{collection}",
        handler=handlers.index(collection),
        help=f"List {title}",
        needs=(f"list_{collection}", *also),
        expect=collection,
        parameters=(*filters, ID_FILTER, *PAGING),
        public=public,
        shape="list",
    )


def show(
    collection: str,
    singular: str,
    argument: str = "",
    *,
    expect: str = "",
    public: bool = False,
    also: tuple[str, ...] = (),
) -> Operation:
    """One member, by its id."""
    return Operation(
        name="show",
        method="GET",
        path=f"/{collection}/{{id}}",
        handler=handlers.show(collection, singular, argument or f"{singular}_id"),
        help=f"Show one {singular.replace('_', ' ')}",
        needs=(f"list_{collection}", f"get_{singular}", *also),
        expect=expect or collection,
        parameters=(ID,),
        public=public,
    )


def create(
    collection: str,
    singular: str,
    new: Callable[[Exchange], Input | None],
    *parameters: Parameter,
    browse: bool = False,
    form: bool = True,
) -> Operation:
    """A new member; ``browse`` sends browsers to it, others are shown its page."""
    hook = f"create_{singular}"
    return Operation(
        name="create",
        method="POST",
        path=f"/{collection}",
        handler=handlers.create(collection, hook, new, browse=browse),
        help=f"Create {article(singular)}",
        needs=(hook,),
        expect=hook,
        parameters=parameters,
        status=201,
        form=f"/{collection}/new" if form else "",
    )


def destroy(collection: str, singular: str, argument: str = "", *, expect: str = "") -> Operation:
    """The end of a member."""
    hook = f"destroy_{singular}"
    return Operation(
        name="destroy",
        method="DELETE",
        path=f"/{collection}/{{id}}",
        handler=handlers.destroy(collection, hook, argument or f"{singular}_id"),
        help=f"Destroy {article(singular)}",
        needs=(hook,),
        expect=expect or hook,
        parameters=(ID,),
        status=204,
        shape="none",
    )


def article(singular: str) -> str:
    """``a key``, ``an address``."""
    words = singular.replace("_", " ")
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def replaced(operation: Operation, handler: Handler) -> Operation:
    """The same row with a handler of the collection's own."""
    return replace(operation, handler=handler)
