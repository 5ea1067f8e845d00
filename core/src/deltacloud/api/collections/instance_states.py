"""Instance states: the life of an instance with this driver."""

from __future__ import annotations

from deltacloud.api import documents
from deltacloud.api.answers import Document
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import Collection, Operation


def _index(exchange: Exchange) -> Document:
    return documents.states(exchange)


INSTANCE_STATES = Collection(
    name="instance_states",
    singular="state",
    title="Instance states",
    help="The life of an instance: its states and the actions that lead from one to another",
    operations=(
        Operation(
            name="index",
            method="GET",
            path="/instance_states",
            handler=_index,
            help="Show the state machine; as SVG, Graphviz or (where Graphviz is installed) PNG too",
            needs=("instance_states",),
            expect="instance_state_machine",
            formats=("xml", "json", "html", "svg", "gv", "png"),
            public=True,
            shape="other",
        ),
    ),
)
