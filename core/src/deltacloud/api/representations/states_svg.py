"""The life of instances as a picture: an SVG of our own, readable without Graphviz.

The states stand in one row, left to right. Transitions to the right run above it, those to the left below it, and
higher the further they go, so that no two labels meet; a neighbour to the right is reached by a straight line, and a
transition to the same state is a loop on top. Several transitions between two states share one line.
"""

from __future__ import annotations

from deltacloud.api.representations.markup import text
from deltacloud.states import StateMachine

_PITCH = 190
"""From one state to the next."""
_WIDTH = 90
_HEIGHT = 36
_MARGIN = 30
_RISE = 33
"""How much higher (or lower) a line runs for each state that it passes."""
_INK = "#1f2933"
_FILLS = {"start": "#c6f0c9", "finish": "#ffd2d2"}
_OTHER_FILL = "#e9ecef"
_MARK = " stroke-width='3' class='current'"


def states_svg(machine: StateMachine, current: str | None = None) -> bytes:
    """The picture of a state machine, with a title and a description for those who do not see it.

    Args:
        machine: The state machine.
        current: The state to mark, in small letters.
    """
    columns = {state: column for column, state in enumerate(machine.states)}
    lines: dict[tuple[int, int], list[str]] = {}
    for row in machine.transitions:
        lines.setdefault((columns[row.origin], columns[row.target]), []).append(row.action or "auto")
    above = max([end - start for start, end in lines], default=0)
    below = max([start - end for start, end in lines], default=0)
    middle = 2 * _MARGIN + _HEIGHT // 2 + max(above, 0) * _RISE
    width = 2 * _MARGIN + _WIDTH + _PITCH * max(len(columns) - 1, 0)
    height = middle + _HEIGHT // 2 + max(below, 0) * _RISE + 2 * _MARGIN
    present = f"now {current}; " if current in columns else ""
    story = present + "; ".join(
        [f"{row.origin} to {row.target}: {row.action or 'automatic'}" for row in machine.transitions]
    )
    drawn = "".join([_line(start, end, ", ".join(labels), middle) for (start, end), labels in lines.items()])
    boxes = "".join([_state(state, column, middle, marked=state == current) for state, column in columns.items()])
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'"
        " role='img' aria-labelledby='title story' font-family='sans-serif' font-size='13'>\n"
        "<title id='title'>States of an instance</title>\n"
        f"<desc id='story'>{text(story)}</desc>\n"
        "<defs><marker id='tip' viewBox='0 0 10 10' refX='9' refY='5' markerWidth='7' markerHeight='7'"
        f" orient='auto'><path d='M0 0 10 5 0 10z' fill='{_INK}'/></marker></defs>\n"
        f"<rect width='{width}' height='{height}' fill='#ffffff'/>\n"
        f"{drawn}{boxes}</svg>\n"
    ).encode()


def _centre(column: int) -> int:
    return _MARGIN + _WIDTH // 2 + column * _PITCH


def _state(state: str, column: int, middle: int, *, marked: bool) -> str:
    x, y = _centre(column), middle - _HEIGHT // 2
    box = f"fill='{_FILLS.get(state, _OTHER_FILL)}' stroke='{_INK}'{_MARK if marked else ''}"
    return (
        f"<rect x='{x - _WIDTH // 2}' y='{y}' width='{_WIDTH}' height='{_HEIGHT}' rx='8' {box}/>\n"
        f"<text x='{x}' y='{middle + 5}' text-anchor='middle' fill='{_INK}'>{text(state)}</text>\n"
    )


def _line(start: int, end: int, label: str, middle: int) -> str:
    """One line between the states in two columns, with its label."""
    top, bottom = middle - _HEIGHT // 2, middle + _HEIGHT // 2
    left, right = _centre(start), _centre(end)
    if start == end:
        peak = top - 22
        path = f"M{left - 14} {top}C{left - 14} {peak} {left + 14} {peak} {left + 14} {top}"
        return _drawn(path, left, peak - 2, label)
    if end == start + 1:
        path = f"M{left + _WIDTH // 2} {middle}H{right - _WIDTH // 2}"
        return _drawn(path, (left + right) // 2, middle - 7, label)
    if end > start:
        rise = (end - start) * _RISE
        # The curve reaches three quarters of the way to the points that pull it.
        pull = top - rise * 4 // 3
        path = f"M{left + 28} {top}C{left + 28} {pull} {right - 28} {pull} {right - 28} {top}"
        return _drawn(path, (left + right) // 2, top - rise - 5, label)
    fall = (start - end) * _RISE
    pull = bottom + fall * 4 // 3
    path = f"M{left - 28} {bottom}C{left - 28} {pull} {right + 28} {pull} {right + 28} {bottom}"
    return _drawn(path, (left + right) // 2, bottom + fall + 15, label)


def _drawn(path: str, x: int, y: int, label: str) -> str:
    return (
        f"<path d='{path}' fill='none' stroke='{_INK}' marker-end='url(#tip)'/>\n"
        f"<text x='{x}' y='{y}' text-anchor='middle' fill='{_INK}'>{text(label)}</text>\n"
    )
