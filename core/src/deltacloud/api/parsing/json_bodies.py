"""JSON objects as bodies: the names of the form, flat, with arrays and objects for the few families.

``{"firewalls": ["a", "b"]}`` says what ``firewalls1=a&firewalls2=b`` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec

from deltacloud.api.parsing.urlencoded import FIELD_LIMIT
from deltacloud.errors import InvalidRequest
from deltacloud.models import Pairs
from deltacloud.parameters import Parameter

FAMILIES: Mapping[str, str] = {
    "user_files": "path",
    "sources": "ip_address",
    "tags": "tag_*",
    "metadata": "meta_name",
}
"""Members that stand for a family of the form, and the name of the family's first parameter."""


def parse_json(raw: bytes, declared: Iterable[Parameter] | None = None) -> Pairs:
    """Read a JSON object as the pairs of the form that says the same.

    Numbers and booleans become their JSON text, ``null`` is left out. An array of those becomes a numbered family,
    starting at 1. ``user_files`` is an array of ``{path, content}``, ``sources`` one of CIDR texts, ``{address,
    prefix}`` and ``{name, owner}``, as firewall documents have them; ``tags`` and ``metadata`` are objects.

    Args:
        raw: The body; an empty one holds nothing.
        declared: The parameters that are understood. What other members hold does not matter, so an array or an object
            there is passed over. None when anything may be meant.

    Raises:
        InvalidRequest: not one JSON object, too many members, or an array or object where none may be.
    """
    if not raw.strip():
        return ()
    try:
        document = msgspec.json.decode(raw, type=dict[str, object])
    except (ValueError, RecursionError):
        raise InvalidRequest("The body is not a JSON object") from None
    known = None if declared is None else [one for one in declared if one.location not in ("path", "header")]
    pairs: list[tuple[str, str]] = []
    for name, value in document.items():
        if value is not None:
            pairs.extend(_reader(name, known)(name, value))
        if len(pairs) > FIELD_LIMIT:
            raise InvalidRequest(f"There are more than {FIELD_LIMIT} parameters")
    return tuple(pairs)


def _reader(name: str, known: Iterable[Parameter] | None) -> _Reader:
    """What reads a member of that name."""
    if known is None:
        return _READERS.get(name, _plain)
    first = FAMILIES.get(name, name)
    meant = [one for one in known if one.name == first or one.matches(name)]
    if not meant:
        return _unknown
    if name in FAMILIES:
        return _READERS[name]
    return _plain if any(one.indexed for one in meant) else _single


def _unknown(name: str, value: object) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict | list):
        yield name, _text(name, value)


def _single(name: str, value: object) -> Iterator[tuple[str, str]]:
    yield name, _text(name, value)


def _plain(name: str, value: object) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield name, _text(name, value)
        return
    for number, item in enumerate(value, start=1):
        if item is not None:
            yield f"{name}{number}", _text(name, item)


def _user_files(name: str, value: object) -> Iterator[tuple[str, str]]:
    for number, item in enumerate(_array(name, value), start=1):
        file = _object(name, item)
        for member in ("path", "content"):
            if file.get(member) is not None:
                yield f"{member}{number}", _text(name, file[member])


def _sources(name: str, value: object) -> Iterator[tuple[str, str]]:
    for number, item in enumerate(_array(name, value), start=1):
        if not isinstance(item, Mapping):
            yield f"ip_address{number}", _text(name, item)
        elif item.get("address") is not None:
            prefix = "" if item.get("prefix") is None else "/" + _text(name, item["prefix"])
            yield f"ip_address{number}", _text(name, item["address"]) + prefix
        else:
            yield f"group{number}", _text(name, item.get("name"))
            if item.get("owner") is not None:
                yield f"group{number}owner", _text(name, item["owner"])


def _tags(name: str, value: object) -> Iterator[tuple[str, str]]:
    for key, item in _object(name, value).items():
        if item is not None:
            yield f"tag_{key}", _text(name, item)


def _metadata(name: str, value: object) -> Iterator[tuple[str, str]]:
    entries = {key: _text(name, item) for key, item in _object(name, value).items() if item is not None}
    yield "meta_params", str(len(entries))
    for number, (key, text) in enumerate(entries.items(), start=1):
        yield f"meta_name{number}", key
        yield f"meta_value{number}", text


_Reader: TypeAlias = Callable[[str, object], Iterator[tuple[str, str]]]
_READERS: Mapping[str, _Reader] = {
    "user_files": _user_files,
    "sources": _sources,
    "tags": _tags,
    "metadata": _metadata,
}


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise InvalidRequest(f"'{name}' holds a value that is neither text, number nor boolean", name)


def _array(name: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise InvalidRequest(f"'{name}' must be an array", name)
    return value


def _object(name: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidRequest(
            f"'{name}' must hold objects" if name == "user_files" else f"'{name}' must be an object", name
        )
    return value
