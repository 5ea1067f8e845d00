"""The life of instances: XML, JSON and the source of a Graphviz diagram."""

from __future__ import annotations

from deltacloud.api.representations.encoding import encode
from deltacloud.api.representations.markup import attribute
from deltacloud.states import StateMachine, Transition

_SHAPES = {
    "start": "shape=doublecircle, style=filled, fillcolor=palegreen",
    "finish": "shape=doublecircle, style=filled, fillcolor=lightcoral",
}
_OTHER_SHAPE = 'shape=box, style="filled,rounded", fillcolor=gray92'


def states_xml(machine: StateMachine) -> bytes:
    """The document in XML, which has no declaration."""
    states = "".join(
        [
            f"  <state name='{attribute(state)}'>\n"
            f"{''.join([_transition(row) for row in machine.leaving(state)])}"
            "  </state>\n"
            for state in machine.states
        ]
    )
    return f"<states>\n{states}</states>\n".encode()


def _transition(row: Transition) -> str:
    cause = "auto='true'" if row.action is None else f"action='{attribute(row.action)}'"
    return f"    <transition {cause} to='{attribute(row.target)}'></transition>\n"


def states_json(machine: StateMachine) -> bytes:
    """The document in JSON: a bare list."""
    return encode(
        [
            {"name": state, "transitions": [_transition_json(row) for row in machine.leaving(state)]}
            for state in machine.states
        ]
    )


def _transition_json(row: Transition) -> dict[str, str]:
    return {"to": row.target, "auto": "true"} if row.action is None else {"to": row.target, "action": row.action}


def states_gv(machine: StateMachine) -> bytes:
    """The source of a left-to-right diagram, for Graphviz."""
    nodes = "".join([f"  {_quoted(state)} [{_SHAPES.get(state, _OTHER_SHAPE)}];\n" for state in machine.states])
    edges = "".join(
        [
            f"  {_quoted(row.origin)} -> {_quoted(row.target)} [label={_quoted(row.action or 'auto')}"
            f"{', style=dashed' if row.action is None else ''}];\n"
            for row in machine.transitions
        ]
    )
    return f"digraph instance_states {{\n  rankdir=LR;\n{nodes}{edges}}}\n".encode()


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
