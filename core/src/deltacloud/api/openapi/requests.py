"""What an operation can be told, as OpenAPI: parameters, headers and bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from deltacloud.api.incoming import DRIVER, PROVIDER
from deltacloud.api.openapi.responses import formats
from deltacloud.api.openapi.schemas import TEXT, TEXTS, Schema, many, members
from deltacloud.api.operations import ANY, Operation
from deltacloud.api.parsing import metadata
from deltacloud.api.parsing.bodies import FORM, JSON, MULTIPART
from deltacloud.api.parsing.families import USER_FILE_LIMIT
from deltacloud.api.parsing.headers import LONGEST_KEY
from deltacloud.api.parsing.json_bodies import FAMILIES
from deltacloud.kernel import GatewaySettings, LoadedDriver
from deltacloud.parameters import Parameter

_BODILESS = ("GET", "HEAD", "DELETE")
_TYPES = ("integer", "number", "boolean")
_SIZES = ("list_hardware_profiles", "get_hardware_profile")
"""The hooks of a driver whose sizes are not only those that it declares."""
_IF_NONE_MATCH = Parameter(name="If-None-Match", location="header", help="The ETag of what the client has (304)")
_IDEMPOTENCY_KEY = Parameter(
    name="Idempotency-Key",
    location="header",
    max_length=LONGEST_KEY,
    help="For clouds that can tell a repeated request by it",
)
_SOURCES: Schema = {
    "type": "array",
    "description": "Where traffic comes from: addresses in CIDR notation, or firewalls",
    "items": {
        "anyOf": [TEXT, members({"address": TEXT}, {"prefix": TEXT}), members({"name": TEXT}, {"owner": TEXT})],
    },
}
_USER_FILES: Schema = {"type": "array", "maxItems": USER_FILE_LIMIT, "items": members({"path": TEXT, "content": TEXT})}
_FAMILIES: Mapping[str, Schema] = {"metadata": TEXTS, "sources": _SOURCES, "tags": TEXTS, "user_files": _USER_FILES}
"""What the families of the form are in a JSON body."""


def selection(driver: LoadedDriver, settings: GatewaySettings, *, any_driver: bool = False) -> list[Schema]:
    """The headers that select driver and provider, which every path has.

    Args:
        driver: The driver that is described.
        settings: What the operator decided.
        any_driver: Whether the path answers whatever driver is selected.
    """
    chosen = Parameter(
        name="X-Deltacloud-Driver",
        location="header",
        required=driver.name != settings.driver and not any_driver,
        values=() if any_driver else (driver.name,),
        help="Selects the driver that this document describes",
    )
    known = driver.providers
    listed = known is not None and known.names and known.pattern is None and known.endpoints is None
    provider = Parameter(
        name="X-Deltacloud-Provider",
        location="header",
        required=known is not None and known.required and driver.default_provider is None and not any_driver,
        values=tuple(one.value or one.id for one in driver.listed_providers) if listed else (),
        help="The provider: a region or installation",
    )
    example = {"example": known.endpoints.example} if known is not None and known.endpoints is not None else {}
    return [_parameter(chosen, DRIVER), {**_parameter(provider, PROVIDER), **example}]


def parameters(
    operation: Operation, declared: Iterable[Parameter], driver: LoadedDriver, settings: GatewaySettings
) -> list[Schema]:
    """Parameters in the path, the query string and headers. A read has no body: its form is the query string."""
    outside = [one for one in declared if one.location != "form" or operation.method in _BODILESS]
    outside += _usual(operation)
    unique = {(one.name, one.location): one for one in outside}
    return [
        _parameter(_known(one, driver, settings), metadata.VALUE if one.name.startswith(metadata.PREFIX) else None)
        for one in unique.values()
    ]


def _usual(operation: Operation) -> Iterator[Parameter]:
    """What every operation of a kind understands."""
    if operation.formats != ANY:
        yield Parameter(name="format", location="query", values=formats(operation), help="Overrides the Accept header")
    if operation.method == "GET":
        yield _IF_NONE_MATCH
    if operation.method == "POST" and not operation.public:
        yield _IDEMPOTENCY_KEY


def _known(parameter: Parameter, driver: LoadedDriver, settings: GatewaySettings) -> Parameter:
    """The same, within what this server and this driver are known to accept."""
    if parameter.name == "limit":
        return msgspec.structs.replace(parameter, maximum=settings.page_limit)
    sizes = driver.kind.hardware_profiles
    if parameter.name == "hwp_id" and sizes and driver.hooks.isdisjoint(_SIZES):
        return msgspec.structs.replace(parameter, values=tuple(one.id for one in sizes))
    return parameter


def _parameter(parameter: Parameter, pattern: re.Pattern[str] | None = None) -> Schema:
    schema = _schema(parameter)
    if pattern is not None and not parameter.values:
        schema["pattern"] = f"^{pattern.pattern}$"
    return {
        "name": parameter.name,
        "in": "query" if parameter.location == "form" else parameter.location,
        "required": parameter.required,
        "description": parameter.help,
        "schema": schema,
    }


def _schema(parameter: Parameter) -> Schema:
    schema: Schema = {"type": parameter.type if parameter.type in _TYPES else "string"}
    limits = {"minimum": parameter.minimum, "maximum": parameter.maximum, "maxLength": parameter.max_length}
    schema.update({name: limit for name, limit in limits.items() if limit is not None})
    if parameter.location == "path":
        schema["minLength"] = 1
    if parameter.values:
        schema["enum"] = list(parameter.values)
    if parameter.type == "base64":
        schema["contentEncoding"] = "base64"
    if parameter.secret:
        schema["format"] = "password"
    return schema


def body(
    operation: Operation, declared: Iterable[Parameter], driver: LoadedDriver, settings: GatewaySettings
) -> Schema | None:
    """The body of a request; None for none."""
    if operation.body == "content":
        return {"description": "The content, of any type", "content": {"*/*": {}}}
    fields = [_known(one, driver, settings) for one in declared if one.location == "form"]
    if operation.method in _BODILESS or not fields:
        return None
    content: Schema = {JSON: {"schema": _json(fields)}, FORM: {"schema": _form(fields)}}
    if any(one.type == "file" for one in fields):
        content[MULTIPART] = {"schema": _form(fields, files=True)}
    return {"required": any(one.required for one in fields), "content": content}


def _form(fields: Sequence[Parameter], *, files: bool = False) -> Schema:
    """A form: every name, and the first one of each family."""
    single = {_first(one): one for one in fields if not one.name.endswith("*")}
    patterns = {f"^{one.name[:-1]}": _described(one) for one in fields if one.name.endswith("*")}
    schema: Schema = {
        "type": "object",
        "properties": {name: _described(one, files=files) for name, one in single.items()},
        "required": [name for name, one in single.items() if one.required],
    }
    return {**schema, "patternProperties": patterns} if patterns else schema


def _first(parameter: Parameter) -> str:
    """``path1`` of ``path``, ``group1owner`` of ``groupNowner``."""
    if not parameter.indexed:
        return parameter.name
    return parameter.name.replace("N", "1") if "N" in parameter.name else f"{parameter.name}1"


def _json(fields: Sequence[Parameter]) -> Schema:
    """A JSON body: the same names, flat; families are arrays and objects. Null means absent."""
    single = {one.name: one for one in fields if not one.indexed and not one.name.endswith("*")}
    names = {one.name for one in fields}
    families = {name: _FAMILIES[name] for name, first in FAMILIES.items() if first in names}
    families |= {one.name: many(TEXT) for one in fields if one.type == "array" and one.name not in FAMILIES.values()}
    properties = {name: _described(one) for name, one in single.items()} | families
    required = [name for name, one in single.items() if one.required]
    optional = {name: _nullable(one) for name, one in properties.items() if name not in required}
    return {"type": "object", "properties": {**properties, **optional}, "required": required}


def _nullable(schema: Schema) -> Schema:
    values = schema.get("enum")
    more = {"enum": [*values, None]} if isinstance(values, list) else {}
    return {**schema, "type": [schema["type"], "null"], **more}


def _described(parameter: Parameter, *, files: bool = False) -> Schema:
    binary = {"format": "binary"} if files and parameter.type == "file" else {}
    return {**_schema(parameter), **binary, "description": parameter.help}
