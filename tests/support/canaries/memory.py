"""What the present process holds: every object, as far as one leads to another."""

from __future__ import annotations

import gc
import traceback
import types
from collections.abc import Iterator
from typing import Any

from canaries.search import Search, found_in
from canaries.spelling import EXACT, FOLDED, MARK

_TOGETHER = 2000
"""So many texts are searched at once; most have nothing."""
_LONGEST_WAY = 8
_OWN = {MARK, *(needle.decode() for needle in (*EXACT, *FOLDED))}
"""What the search itself holds."""
_PROJECT = "deltacloud"


def memory() -> dict[str, Any]:
    """Search all objects.

    Returns:
        ``objects``, ``texts`` and ``bytes`` say how much was searched; ``held`` lists the texts that hold a secret,
        each with the way that leads to it; ``shown`` what ``repr`` and ``str`` of the project's own objects, exceptions
        and frames show of one.
    """
    gc.unfreeze()  # what the worker has frozen is not listed
    gc.collect()
    parents = _reachable()
    # Only now: what the walk itself holds is not in it.
    objects = [entry[0] for entry in parents.values()]
    texts = [one for one in objects if isinstance(one, str | bytes | bytearray) and len(one) >= len(MARK)]
    held = [one for one in _with_secrets(texts) if _plain(one) not in _OWN]
    own = [one for one in objects if _is_shown(one)]
    search = Search()
    for one in own:
        search.look(_name(one), _shown(one))
    return {
        "objects": len(objects),
        "texts": len(texts),
        "bytes": sum(len(one) for one in texts),
        "held": [{"text": _plain(one)[:120], "way": _way(one, parents)} for one in held],
        "reprs": len(own),
        "shown": sorted({str(hit) for hit in search.hits}),
        "shown bytes": search.searched,
    }


def _reachable() -> dict[int, tuple[object, object]]:
    """Every object and one that leads to it, by identity."""
    parents: dict[int, tuple[object, object]] = {}
    waiting: list[tuple[object, object]] = [(one, None) for one in gc.get_objects()]
    hidden = {id(parents), id(waiting)}
    while waiting:
        one, parent = waiting.pop()
        if id(one) in parents or id(one) in hidden or _is_own_frame(one):
            continue
        parents[id(one)] = (one, parent)
        waiting.extend([(child, one) for child in gc.get_referents(one)])
    return parents


def _is_own_frame(one: object) -> bool:
    return isinstance(one, types.FrameType) and one.f_code.co_filename == __file__


def _with_secrets(texts: list[str | bytes | bytearray]) -> Iterator[str | bytes | bytearray]:
    for start in range(0, len(texts), _TOGETHER):
        some = texts[start : start + _TOGETHER]
        if found_in("\0".join(map(_plain, some))):
            yield from (one for one in some if found_in(_plain(one)))


def _plain(text: str | bytes | bytearray) -> str:
    if isinstance(text, str):
        return text.encode("utf-8", "replace").decode("utf-8")
    return bytes(text).decode("latin-1")


def _way(one: object, parents: dict[int, tuple[object, object]]) -> list[str]:
    """From whom to whom one comes to an object, the object's holder first."""
    way: list[str] = []
    parent = parents[id(one)][1]
    while parent is not None and len(way) < _LONGEST_WAY:
        way.append(_name(parent))
        parent = parents[id(parent)][1] if id(parent) in parents else None
    return way


def _name(one: object) -> str:
    kind = type(one)
    name = getattr(one, "__qualname__", None) or getattr(one, "__name__", None)
    return f"{kind.__module__}.{kind.__qualname__}" + (f" {name}" if isinstance(name, str) else "")


def _is_shown(one: object) -> bool:
    """Whether it is the project's own, or something that is printed when things go wrong."""
    kind = type(one)
    return str(kind.__module__).startswith(_PROJECT) or issubclass(kind, BaseException | types.FrameType)


def _shown(one: object) -> str:
    """Everything that shows an object to people."""
    told = [f"{one!r}", f"{one}"]
    if isinstance(one, BaseException):
        told += traceback.format_exception_only(one)
    return "\n".join(told)
