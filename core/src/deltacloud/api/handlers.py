"""Handlers that most collections share: list, show, create, destroy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from deltacloud.api.answers import Done, Listed, Shown
from deltacloud.api.operations import Handler
from deltacloud.inputs import Filters, Input, PageRequest
from deltacloud.models import Model

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange


_NO_FILTERS = Filters()


def filters(exchange: Exchange) -> Filters:
    """The filters that the request names."""
    values = exchange.parameters
    if values.empty:
        return _NO_FILTERS
    return Filters(
        id=values.all("id"),
        state=values.all("state"),
        architecture=values.all("architecture"),
        realm_id=values.all("realm_id"),
        owner_id=values.all("owner_id"),
        tags=values.tags(),
    )


def index(collection: str) -> Callable[[Exchange], Listed]:
    """Lists the collection, whole or one page of it."""
    hook = f"list_{collection}"

    def handler(exchange: Exchange) -> Listed:
        wanted = filters(exchange)
        page = exchange.page(collection, wanted)
        if page is None:
            return Listed(collection, exchange.timed(exchange.lister.whole(hook, wanted)))
        answer = exchange.lister.page(hook, wanted, page)
        return Listed(collection, exchange.timed(answer.items), answer.next_marker)

    return handler


def show(collection: str, singular: str, argument: str) -> Callable[[Exchange], Shown]:
    """Shows one member: by the driver's own hook, else out of its list."""
    get_hook, list_hook = f"get_{singular}", f"list_{collection}"

    def handler(exchange: Exchange) -> Shown:
        return Shown(collection, exchange.find(get_hook, list_hook, argument, exchange.ids["id"]))

    return handler


def create(collection: str, hook: str, new: Callable[[Exchange], Input | None], *, browse: bool = False) -> Handler:
    """Makes a member. A browser is shown the page of it, or sent there with ``browse``."""

    def handler(exchange: Exchange) -> Shown:
        wanted = new(exchange)
        arguments: dict[str, object] = {} if wanted is None else {"new": wanted}
        item: Model = exchange.call(hook, **arguments)
        return Shown(collection, item, 201, located=True, browser=exchange.path(collection, item.id) if browse else "")

    return handler


def destroy(collection: str, hook: str, argument: str) -> Handler:
    """Deletes a member."""

    def handler(exchange: Exchange) -> Done:
        exchange.call(hook, **{argument: exchange.ids["id"]})
        return Done(browser=exchange.path(collection))

    return handler


def first_page(exchange: Exchange, hook: str) -> None:
    """Read the beginning of a list, to see whether the credentials are good."""
    for _ in exchange.lister.page(hook, Filters(), PageRequest(limit=1)).items:
        return
