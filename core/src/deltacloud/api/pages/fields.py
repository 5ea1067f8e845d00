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
_LONG = frozenset({"description", "private_key", "public_key"})
_NUMBER = re.compile(r"\bN\b")
_WORD = re.compile(r"\w+")
_EMPTY_WORDS = frozenset({
    "a", "an", "the", "of", "to", "in", "it", "its", "new", "id", "ids", "name", "size", "which", "way", "image",
    "instance", "blob", "bucket", "firewall", "key", "network", "interface", "subnet", "volume", "snapshot", "load",
    "balancer", "launch", "authorise", "make", "start", "from",
})  # fmt: skip
"""What makes a hint no more than a label with words around it."""
_ENTRIES = USER_FILE_LIMIT
"""How many entries of a family a form has room for."""
_COUNTS = frozenset({"meta_params"})
"""Parameters that say how many entries of a family follow; the form knows it."""
_SWITCHES = frozenset({"metrics", "sandbox"})
"""Parameters of which any value but the empty one says yes."""
_ON = "true"
_LABELS: Mapping[str, str] = {
    "blob_data": "File",
    "blob_id": "Name",
    "capacity": "Capacity in GB",
    "cmd": "Command",
    "hwp_architecture": "Architecture",
    "hwp_cpu": "CPUs",
    "hwp_id": "Hardware profile",
    "hwp_memory": "Memory in MB",
    "hwp_storage": "Storage in GB",
    "image_id": "Image",
    "instance_id": "Instance",
    "instance_count": "How many",
    "ip": "Address",
    "ip_address": "IP address",
    "keyname": "Key",
    "load_balancer_id": "Load balancer",
    "meta_name": "Name",
    "meta_value": "Value",
    "metrics": "Detailed monitoring",
    "network_id": "Network",
    "owner_id": "Owner",
    "realm_id": "Realm",
    "snapshot_id": "Snapshot",
    "subnet_id": "Subnet",
    "volume_id": "Volume",
}
"""What people call parameters whose names on the wire are not their words."""
_FIRST = ("name", "image_id", "hwp_id", "realm_id", "keyname", "firewalls", "description")
"""What a form with many fields asks first; the rest of what need not be said is folded away."""
_MANY = 8


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        id: Its id on the page.
        name: The parameter's name, with its number in a family.
        label: What people read.
        kind: ``select``, ``textarea``, ``radio``, or a type of ``input``.
        help: A sentence.
        value: What it holds at first.
        required: Whether it must be filled in.
        options: The values of a select, with "" for none.
        labels: What people read for each of them, where that is something else.
        minimum: The smallest number.
        maximum: The largest number.
        longest: The most characters.
        step: The step of numbers; empty for other kinds.
        browse: Where its value can be looked for, when it must be typed.
        facts: What scripts are told about each of the options.
    """

    id: str
    name: str
    label: str
    kind: str
    help: str
    value: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    longest: int | None = None
    step: str = ""
    browse: str = ""
    facts: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[tuple[str, str, str], ...]:
        """The options as (value, what people read, what scripts are told)."""
        labels = self.labels or tuple(one or "Default" for one in self.options)
        facts = self.facts or ("",) * len(self.options)
        return tuple(zip(self.options, labels, facts, strict=True))


@dataclass(frozen=True, slots=True)
class FieldSet:
    """Fields that belong together: all single ones, or one entry of a family (with a legend).

    Attributes:
        fields: The fields.
        legend: What they are; empty for single ones.
        folded: Whether a form hides them until they are asked for.
    """

    fields: tuple[Field, ...]
    legend: str = ""
    folded: bool = False


def field_sets(prefix: str, parameters: Iterable[Parameter], values: Mapping[str, str]) -> tuple[FieldSet, ...]:
    """The fields for parameters: required ones first, families after single ones, files last.

    A blob whose form has the file at the end streams through while it is being uploaded.

    Args:
        prefix: Makes ids unique on a page with several forms.
        parameters: What the operation can be told.
        values: What the fields hold at first; secrets and files never hold anything.
    """
    known = in_order(one for one in parameters if _fits(one))
    many = len(known) > _MANY
    sets: list[FieldSet] = []
    for (indexed, _, folded), group in groupby(known, key=lambda one: (*_family(one), many and _is_rare(one))):
        family = list(group)
        if indexed:
            sets.extend(_entries(prefix, family, values))
        else:
            fields = tuple(_field(prefix, one, one.name, values) for one in family)
            sets.append(FieldSet(fields, folded=folded and not any(one.value for one in fields)))
    return tuple(sets)


def in_order(parameters: Iterable[Parameter]) -> list[Parameter]:
    """The parameters as forms ask for them, each once: as a feature and as a row may both declare it."""
    return sorted({one.name: one for one in parameters}.values(), key=_rank)


def folds(sets: Iterable[FieldSet]) -> list[tuple[bool, list[FieldSet]]]:
    """The sets of a form in order, those that are folded away together apart from the others."""
    return [(folded, list(some)) for folded, some in groupby(sets, lambda one: one.folded)]


def has_file(sets: Sequence[FieldSet]) -> bool:
    """Whether the form uploads a file, and so must be sent as multipart."""
    return any(field.kind == "file" for one in sets for field in one.fields)


def _rank(parameter: Parameter) -> tuple[int, int]:
    place = _FIRST.index(parameter.name) if parameter.name in _FIRST else len(_FIRST)
    if parameter.indexed and parameter.name not in _FIRST:
        return 2, place
    if parameter.type == "file":
        return 3, place
    return 0 if parameter.required else 1, place


def _family(parameter: Parameter) -> tuple[bool, bool]:
    """What tells families apart: those of single values stand alone, the others are parts of the same entries."""
    return parameter.indexed, parameter.indexed and parameter.type == "array"


def _is_rare(parameter: Parameter) -> bool:
    """Whether a long form folds it away."""
    return not parameter.required and parameter.type != "file" and parameter.name not in _FIRST


def _fits(parameter: Parameter) -> bool:
    """Whether a form can hold it: the name of a field is fixed, so families with free names have none, but tags."""
    return parameter.location in _IN_FORMS and (not parameter.name.endswith("*") or parameter.name == "tag_*")


def _entries(prefix: str, family: list[Parameter], values: Mapping[str, str]) -> Iterator[FieldSet]:
    entries = [tuple(_numbered(prefix, one, number, values) for one in family) for number in range(1, _ENTRIES + 1)]
    if len(family) == 1:
        yield FieldSet(tuple(field for fields in entries for field in fields), _label(family[0].name))
    else:
        for number, fields in enumerate(entries, 1):
            yield FieldSet(fields, f"Entry {number}", folded=not any(one.value for one in fields))


def _numbered(prefix: str, parameter: Parameter, number: int, values: Mapping[str, str]) -> Field:
    """A field of a family: its number stands where the name has an ``N``, else at the end."""
    pattern = parameter.name if "N" in parameter.name else f"{parameter.name}N"
    field = _field(prefix, parameter, pattern.replace("N", str(number)), values)
    known = _LABELS.get(parameter.name)
    label = f"{known} {number}" if known else words(pattern.replace("N", f" {number} "))
    told = "" if parameter.type == "array" and number > 1 else _NUMBER.sub(str(number), parameter.help)
    return replace(field, label=label, help=told)


def _field(prefix: str, parameter: Parameter, name: str, values: Mapping[str, str]) -> Field:
    if parameter.name == "tag_*":
        return _tags(prefix, values)
    kind, options = _kind(parameter)
    value = "" if parameter.secret or kind == "file" else values.get(name, "")
    if parameter.name in _COUNTS:
        kind, value = "hidden", str(_ENTRIES)
    elif parameter.name in _SWITCHES:
        kind, options = "checkbox", (_ON,)
    return Field(
        id=f"{prefix}-{name}",
        name=name,
        label=_label(name),
        kind=kind,
        help=parameter.help if _says_more(parameter.help, _label(name)) else "",
        value=value,
        required=parameter.required,
        options=options,
        minimum=parameter.minimum,
        maximum=parameter.maximum,
        longest=parameter.max_length,
        step=_STEPS.get(parameter.type, ""),
    )


def _tags(prefix: str, values: Mapping[str, str]) -> Field:
    help_text = "One tag a line: its key, an equals sign, its value"
    known = [f"{name.removeprefix('tag_')}={value}" for name, value in values.items() if name.startswith("tag_")]
    value = "\n".join([*known, values.get("tags", "")]).strip()
    return Field(f"{prefix}-tags", "tags", "Tags", "textarea", help_text, value=value)


def _says_more(text: str, label: str) -> bool:
    """Whether a sentence says anything that the field's label and the form's heading do not."""
    return not set(_WORD.findall(text.lower())) <= {*_WORD.findall(label.lower()), *_EMPTY_WORDS}


def _label(name: str) -> str:
    return _LABELS.get(name) or words(name)


def _kind(parameter: Parameter) -> tuple[str, tuple[str, ...]]:
    if parameter.values or parameter.type == "boolean":
        values = parameter.values or ("true", "false")
        return "select", values if parameter.required else ("", *values)
    if parameter.name in _LONG or parameter.type in ("base64", "object"):
        return "textarea", ()
    return "password" if parameter.secret else _TYPES.get(parameter.type, "text"), ()
