"""The filters of a list as fields: what its row understands in the query string, and a text to look for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deltacloud.api.pages.fields import Field, field_sets

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection

_PAGING = frozenset({"id", "limit", "marker"})
"""What narrows a list to one entry, or cuts it: nothing that a person types."""


def filter_fields(exchange: Exchange, collection: Collection) -> tuple[Field, ...]:
    """The fields that narrow a list on the way to the cloud, filled with what the request says."""
    index = collection.operations[0]
    known = [one for one in collection.declared(index, exchange.driver) if one.name not in _PAGING]
    values = dict(exchange.request.query)
    fields = [field for one in field_sets("filter", known, values) for field in one.fields]
    return tuple(_short(_with_states(exchange, collection, one)) for one in fields)


def _short(field: Field) -> Field:
    """The same field in one line."""
    if field.kind == "textarea":
        field = replace(field, kind="text", label=f"{field.label} (KEY=VALUE)")
    return replace(field, help="", required=False)


def _with_states(exchange: Exchange, collection: Collection, field: Field) -> Field:
    """Where the states are declared, they can be chosen."""
    machine = exchange.driver.states
    if field.name != "state" or machine is None or collection.name != "instances":
        return field
    states = [one.upper() for one in machine.states if one not in ("start", "finish")]
    values = ["", *states] if field.value.upper() in ("", *states) else ["", *states, field.value]
    return replace(field, kind="select", options=tuple(values), labels=("Any", *values[1:]), value=field.value.upper())
