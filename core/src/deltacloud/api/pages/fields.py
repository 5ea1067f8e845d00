"""Parameters as fields of a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from deltacloud.api.pages.values import words
from deltacloud.api.parsing.families import USER_FILE_LIMIT
from deltacloud.parameters import Parameter

_IN_FORMS = frozenset({"form", "query"})
_TYPES = {"integer": "number", "number": "number", "file": "file"}
_STEPS = {"integer": "1", "number": "any"}
_LONG = frozenset({"private_key", "public_key", "description"})
_NUMBER = re.compile(r"\bN\b")
_ENTRIES = USER_FILE_LIMIT
"""How many entries of a family a form has room for."""
_COUNTS = frozenset({"meta_params"})
"""Parameters that say how many entries of a family follow; the form knows it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        id: Its id on the page.
        name: The parameter's name, with its number in a family.
        label: What people read.
        kind: ``select``, ``textarea``, or a type of ``input``.
        help: A sentence.
        value: What it holds at first.
        required: Whether it must be filled in.
        options: The values of a select, with "" for none.
        minimum: The smallest number.
        maximum: The largest number.
        step: The step of numbers; empty for other kinds.
    """

    id: str
    name: str
    label: str
    kind: str
    help: str
    value: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    step: str = ""


@dataclass(frozen=True, slots=True)
class FieldSet:
    """Fields that belong together: all single ones, or one entry of a family (with a legend)."""

    fields: tuple[Field, ...]
    legend: str = ""


def field_sets(prefix: str, parameters: Iterable[Parameter], values: Mapping[str, str]) -> tuple[FieldSet, ...]:
    """The fields for parameters: required ones first, families after single ones, files last.

    A blob whose form has the file at the end streams through while it is being uploaded.

    Args:
        prefix: Makes ids unique on a page with several forms.
        parameters: What the operation can be told.
        values: What the fields hold at first; secrets and files never hold anything.
    """
    known = list({one.name: one for one in parameters if _fits(one)}.values())
    known.sort(key=_rank)
    sets: list[FieldSet] = []
    for indexed, group in groupby(known, key=lambda one: one.indexed):
        family = list(group)
        if indexed:
            sets.extend(_entries(prefix, family, values))
        else:
            sets.append(FieldSet(tuple(_field(prefix, one, one.name, values) for one in family)))
    return tuple(sets)


def has_file(sets: Sequence[FieldSet]) -> bool:
    """Whether the form uploads a file, and so must be sent as multipart."""
    return any(field.kind == "file" for one in sets for field in one.fields)


def _rank(parameter: Parameter) -> int:
    if parameter.indexed:
        return 2
    if parameter.type == "file":
        return 3
    return 0 if parameter.required else 1


def _fits(parameter: Parameter) -> bool:
    """Whether a form can hold it: the name of a field is fixed, so families with free names have none."""
    return parameter.location in _IN_FORMS and not parameter.name.endswith("*")


def _entries(prefix: str, family: list[Parameter], values: Mapping[str, str]) -> Iterator[FieldSet]:
    entries = [tuple(_numbered(prefix, one, number, values) for one in family) for number in range(1, _ENTRIES + 1)]
    if len(family) == 1:
        yield FieldSet(tuple(field for fields in entries for field in fields), words(family[0].name))
    else:
        yield from (FieldSet(fields, f"Entry {number}") for number, fields in enumerate(entries, 1))


def _numbered(prefix: str, parameter: Parameter, number: int, values: Mapping[str, str]) -> Field:
    """A field of a family: its number stands where the name has an ``N``, else at the end."""
    pattern = parameter.name if "N" in parameter.name else f"{parameter.name}N"
    field = _field(prefix, parameter, pattern.replace("N", str(number)), values)
    label = words(pattern.replace("N", f" {number} "))
    return replace(field, label=label, help=_NUMBER.sub(str(number), parameter.help))


def _field(prefix: str, parameter: Parameter, name: str, values: Mapping[str, str]) -> Field:
    kind, options = _kind(parameter)
    value = "" if parameter.secret or kind == "file" else values.get(name, "")
    if parameter.name in _COUNTS:
        kind, value = "hidden", str(_ENTRIES)
    return Field(
        id=f"{prefix}-{name}",
        name=name,
        label=words(name),
        kind=kind,
        help=parameter.help,
        value=value,
        required=parameter.required,
        options=options,
        minimum=parameter.minimum,
        maximum=parameter.maximum,
        step=_STEPS.get(parameter.type, ""),
    )


def _kind(parameter: Parameter) -> tuple[str, tuple[str, ...]]:
    if parameter.values or parameter.type == "boolean":
        values = parameter.values or ("true", "false")
        return "select", values if parameter.required else ("", *values)
    if parameter.name in _LONG or parameter.type in ("base64", "object"):
        return "textarea", ()
    return "password" if parameter.secret else _TYPES.get(parameter.type, "text"), ()
