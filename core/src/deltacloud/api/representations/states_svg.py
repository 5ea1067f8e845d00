"""The life of instances as a picture: an SVG of our own, readable without Graphviz, and narrow enough for a phone.

The states stand in one column, from the first to the last. A state below is reached on the right, by a straight line
if it is the next one; a state above on the left; and lines run further out the further they go. A transition to the
same state is a loop. Several transitions between two states share one line, and no two labels meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deltacloud.api.representations.markup import text
from deltacloud.states import StateMachine

_PITCH = 70
"""From one state to the next."""
_WIDTH = 96
_HEIGHT = 34
_MARGIN = 10
_REACH = 24
"""How much further out a line runs for each state that it passes."""
_NEAREST = 36
_LABEL = (90, 14)
"""The room that a label needs, across and down."""
_LETTER = 8
_INK = "#1f2933"
_FILLS = {"start": "#c6f0c9", "finish": "#ffd2d2"}
_OTHER_FILL = "#e9ecef"
_MARK = " stroke-width='3' class='current'"


@dataclass(slots=True)
class _Text:
    """A text, whose place is counted from the middle of the first state."""

    x: int
    y: int
    words: str
    anchor: str = "middle"

    @property
    def ends(self) -> tuple[int, int]:
        """How far it reaches to the left and to the right."""
        length = len(self.words) * _LETTER
        before = {"middle": length // 2, "end": length}.get(self.anchor, 0)
        return self.x - before, self.x - before + length

    def avoid(self, others: list[_Text]) -> None:
        """Move it down until it meets none of the others."""
        across, down = _LABEL
        while any(abs(self.x - one.x) < across and abs(self.y - one.y) < down for one in others):
            self.y += down

    def drawn(self) -> str:
        """It as an element; what stands at a line keeps the lines behind it apart."""
        halo = "" if self.anchor == "middle" else " stroke='#ffffff' stroke-width='4' paint-order='stroke'"
        style = f"text-anchor='{self.anchor}' fill='{_INK}'{halo}"
        return f"<text x='{self.x}' y='{self.y}' {style}>{text(self.words)}</text>\n"


def states_svg(machine: StateMachine, current: str | None = None) -> bytes:
    """The picture of a state machine, with a title and a description for those who do not see it.

    Args:
        machine: The state machine.
        current: The state to mark, in small letters.
    """
    rows = {state: row for row, state in enumerate(machine.states)}
    lines: dict[tuple[int, int], list[str]] = {}
    for one in machine.transitions:
        lines.setdefault((rows[one.origin], rows[one.target]), []).append(one.action or "auto")
    names = [_Text(0, row * _PITCH + 5, state) for state, row in rows.items()]
    texts = [*names, *_labels(lines, names)]
    left = _MARGIN - min([-_WIDTH // 2, *(one.ends[0] for one in texts)])
    width = left + _MARGIN + max([_WIDTH // 2, *(one.ends[1] for one in texts)])
    top = _MARGIN + _HEIGHT // 2
    height = top + _MARGIN + max([_HEIGHT // 2, *(one.y + _HEIGHT // 2 for one in texts)])
    for label in texts:
        label.x, label.y = label.x + left, label.y + top
    drawn = [_line(start, end, left, top) for start, end in lines]
    for row, name in enumerate(names):
        drawn += [_box(left, top + row * _PITCH, name.words, marked=name.words == current), name.drawn()]
    drawn += [one.drawn() for one in texts[len(names) :]]
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'"
        " role='img' aria-labelledby='title story' font-family='sans-serif' font-size='13'>\n"
        "<title id='title'>States of an instance</title>\n"
        f"<desc id='story'>{text(_story(machine, current))}</desc>\n"
        "<defs><marker id='tip' viewBox='0 0 10 10' refX='9' refY='5' markerWidth='7' markerHeight='7'"
        f" orient='auto'><path d='M0 0 10 5 0 10z' fill='{_INK}'/></marker></defs>\n"
        f"<rect width='{width}' height='{height}' fill='#ffffff'/>\n"
        f"{''.join(drawn)}</svg>\n"
    ).encode()


def _story(machine: StateMachine, current: str | None) -> str:
    """The picture in words."""
    present = [f"now {current}"] if current in machine.states else []
    steps = [f"{one.origin} to {one.target}: {one.action or 'automatic'}" for one in machine.transitions]
    return "; ".join([*present, *steps])


def _labels(lines: Mapping[tuple[int, int], Sequence[str]], names: Sequence[_Text]) -> list[_Text]:
    """What stands at the lines, clear of the names and of one another."""
    labels: list[_Text] = []
    for (start, end), words in lines.items():
        label = _label(start, end, ", ".join(words))
        label.avoid([*names, *labels])
        labels.append(label)
    return labels


def _box(x: int, y: int, state: str, *, marked: bool) -> str:
    style = f"fill='{_FILLS.get(state, _OTHER_FILL)}' stroke='{_INK}'{_MARK if marked else ''}"
    return f"<rect x='{x - _WIDTH // 2}' y='{y - _HEIGHT // 2}' width='{_WIDTH}' height='{_HEIGHT}' rx='8' {style}/>\n"


def _label(start: int, end: int, words: str) -> _Text:
    """What stands at the line between two rows."""
    middle = (start + end) * _PITCH // 2 + 5
    if end == start + 1:
        return _Text(8, middle, words, "start")
    out = _WIDTH // 2 + 6 + _reach(start, end)
    return _Text(out, middle, words, "start") if end >= start else _Text(-out, middle, words, "end")


def _reach(start: int, end: int) -> int:
    """How far a line runs out of the column."""
    return _NEAREST + abs(end - start) * _REACH - (_REACH if end < start else 0)


def _line(start: int, end: int, x: int, top: int) -> str:
    """The line between the states in two rows."""
    first, last = top + start * _PITCH, top + end * _PITCH
    if end == start + 1:
        return _path(f"M{x} {first + _HEIGHT // 2}V{last - _HEIGHT // 2}")
    side = 1 if end >= start else -1
    edge = x + side * _WIDTH // 2
    # The curve reaches three quarters of the way to the points that pull it.
    pull = edge + side * _reach(start, end) * 4 // 3
    lean = 9 if end >= start else -9
    leaves, arrives = (first - 9, last + 9) if start == end else (first + lean, last - lean)
    return _path(f"M{edge} {leaves}C{pull} {leaves} {pull} {arrives} {edge} {arrives}")


def _path(steps: str) -> str:
    return f"<path d='{steps}' fill='none' stroke='{_INK}' marker-end='url(#tip)'/>\n"
