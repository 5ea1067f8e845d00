"""Nothing is undocumented: every operation and parameter, error, option and setting stands on its page.

The tables of the documentation are text, so that they can be read without building anything. These tests make the same
tables from the code; when one fails, it prints the lines that the page lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest

from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.docs import DOCS
from deltacloud.api.entry import ENTRY_POINT
from deltacloud.api.operations import ID_FILTER, PAGING, Collection, Operation
from deltacloud.driver import Settings
from deltacloud.errors import DeltacloudError
from deltacloud.features import KNOWN, Feature
from deltacloud.kernel.settings import GatewaySettings
from deltacloud.parameters import Parameter
from deltacloud.server.kinds import FLAG
from deltacloud.server.options import ACTIONS, CONFIG, OPTIONS, RETIRED, Action, Option, Retired
from deltacloud_mock import MockSettings
from errorclasses import ERRORS

DOCUMENTS = Path(__file__).parents[2] / "docs"
EVERYWHERE = (ID_FILTER, *PAGING)
"""Parameters of all lists, which the pages explain once."""
TYPES = {"string": "text", "integer": "whole number", "array": "texts"}


def _lacking(page: str, wanted: Iterable[str], heading: str = "") -> str:
    """The lines that a page (or the part of it below a heading) does not have."""
    text = (DOCUMENTS / page).read_text("utf-8")
    if heading:
        found = re.search(rf"^(##+) {re.escape(heading)}$(.*?)(?=^#{{1,2}} |\Z)", text, re.MULTILINE | re.DOTALL)
        assert found, f"{page} has no heading '{heading}'"
        text = found[2]
    lines = text.splitlines()
    return "\n".join(line for line in wanted if line not in lines)


# Operations and parameters


def operation_row(operation: Operation) -> str:
    """An operation as a row of the table of its collection."""
    names = [f"`{_name(one)}`{' (required)' if one.required else ''}" for one in _told(operation)]
    return f"| {operation.name} | `{operation.method} /api{operation.path}` | {', '.join(names)} | {operation.status} |"


def parameter_rows(collection: Collection) -> Iterator[str]:
    """The parameters of a collection, those aside that all lists have."""
    rows: dict[tuple[str, str], list[str]] = {}
    for operation in collection.operations:
        for one in _told(operation):
            if one not in EVERYWHERE:
                rows.setdefault((f"`{_name(one)}`", f"{_value(one)} | {one.help}."), []).append(operation.name)
    for (name, meaning), operations in rows.items():
        yield f"| {name} | {', '.join(operations)} | {meaning} |"


def _told(operation: Operation) -> list[Parameter]:
    """What an operation can be told besides its path."""
    return [one for one in operation.parameters if one.location != "path"]


def feature_row(feature: Feature) -> str:
    """A feature as a row of the table of features."""
    names = ", ".join(f"`{_name(one)}`" for one in feature.parameters)
    where = ", ".join((feature.collection, *feature.collections))
    return f"| `{feature.name}` | {where} | {feature.operation} | {names} | {feature.help}. |"


def _name(parameter: Parameter) -> str:
    return f"{parameter.name}N" if parameter.indexed and "N" not in parameter.name else parameter.name


def _value(parameter: Parameter) -> str:
    if parameter.location == "header":
        return "header"
    if parameter.values:
        return ", ".join(f"`{value}`" for value in parameter.values)
    bounds = {"from": parameter.minimum, "to": parameter.maximum}
    limits = " ".join(f"{word} {bound}" for word, bound in bounds.items() if bound is not None)
    secret = "secret " if parameter.secret else ""
    return f"{secret}{TYPES.get(parameter.type, parameter.type)} {limits}".strip()


@pytest.mark.parametrize("collection", [ENTRY_POINT, *COLLECTIONS, DOCS], ids=lambda one: one.name)
def test_every_operation_of_a_collection_is_documented_with_its_parameters(collection: Collection) -> None:
    page, heading = {
        "api": ("api.md", "Entry point"),
        "docs": ("api.md", "Documentation of a running server"),
        "blobs": ("blobs.md", "Operations"),
        "rules": ("collections.md", "Firewalls"),
    }.get(collection.name, ("collections.md", collection.title.capitalize()))
    wanted = [*map(operation_row, collection.operations), *parameter_rows(collection)]
    assert not _lacking(page, wanted, heading)


def test_every_feature_is_documented() -> None:
    assert not _lacking("collections.md", map(feature_row, KNOWN.values()), "Features")


# Errors


@pytest.mark.parametrize("kind", ERRORS, ids=lambda one: one.__name__)
def test_every_error_is_documented(kind: type[DeltacloudError]) -> None:
    retryable = "yes" if kind.may_retry else "no"
    beginning = f"| {kind.status} | `{kind.code}` | `{kind.error}` | {retryable} | "
    text = (DOCUMENTS / "api.md").read_text("utf-8")
    assert f"\n{beginning}" in text, f"api.md lacks the row {beginning}..."


# Options and settings


def option_row(option: Option) -> str:
    """An option as a row of a table in running.md."""
    name = f"`{option.key}`" if option.short is None else f"`{option.key}`, `{option.short}`"
    value = "on or off" if option.kind is FLAG else option.kind.word.replace("|", " or ")
    default = "" if option.default in (None, ()) else _shown(option.default)
    return f"| {name} | `{option.variable}` | {value} | {default} | {option.help} |"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_every_option_is_documented_with_its_variable_and_default() -> None:
    assert not _lacking("running.md", map(option_row, OPTIONS))


def test_every_setting_but_the_servers_own_credentials_is_an_option() -> None:
    assert [option.key for option in OPTIONS if not option.flag] == ["user", "password"]


def test_what_is_no_setting_is_documented_too() -> None:
    text = (DOCUMENTS / "running.md").read_text("utf-8")
    rows: tuple[Action | Option | Retired, ...] = (*ACTIONS, CONFIG, *RETIRED)
    flags = [flag for row in rows for flag in row.flags]
    assert [flag for flag in flags if f"`{flag}`" not in text] == []
    assert f"`{CONFIG.variable}`" in text


def test_every_setting_of_the_gateway_is_an_option_or_a_table_of_the_file() -> None:
    text = (DOCUMENTS / "running.md").read_text("utf-8")
    known = {option.field for option in OPTIONS} | {"front_ends"}
    tables = {
        "credentials": "`server-credentials`", "credentials_for_all": "`server-credentials-for-all`",
        "drivers": "`[drivers.NAME]`", "extension_tables": "`[extensions.NAME]`", "distributions": "`distribution`",
        "bound_to_loopback": "loopback",
    }  # fmt: skip
    for field in msgspec.structs.fields(GatewaySettings):
        assert field.name in known or tables[field.name] in text


def setting_beginning(field: msgspec.structs.FieldInfo) -> str:
    """The beginning of the row of a driver's setting."""
    return f"| `{field.encode_name}` | "


@pytest.mark.parametrize("kind", [Settings, MockSettings], ids=lambda one: one.__name__)
def test_every_setting_of_drivers_is_documented(kind: type[Settings]) -> None:
    text = (DOCUMENTS / "running.md").read_text("utf-8")
    assert [one.name for one in msgspec.structs.fields(kind) if f"\n{setting_beginning(one)}" not in text] == []
    variables = [
        meta.extra["environment"]
        for hint in get_type_hints(kind, include_extras=True).values()
        for meta in getattr(hint, "__metadata__", ())
        if meta.extra
    ]
    assert [name for name in variables if f"`{name}`" not in text] == []
