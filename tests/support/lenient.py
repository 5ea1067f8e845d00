"""Whether a request says what an OpenAPI operation wants when it is read as this API reads requests.

The document tells clients what to send. The server understands a little more, all of it on purpose:

- an empty value of what is not required counts as absent, since forms send all their fields (headers likewise);
- a body of blanks is none;
- a JSON text may come as a number or a boolean, and the other way round, as in a form, where everything is text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jsonschema_rs import validator_for

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_MULTIPART = "multipart/form-data"


def fits(operation: Any, shared: list[Any], url: str, headers: Mapping[str, str], body: bytes | str | None) -> bool:
    """Whether a request fits, whatever it says beyond what is declared.

    Args:
        operation: The operation, as the document has it.
        shared: Parameters that all operations of the path have.
        url: Where the request went.
        headers: Its headers, in any letter case.
        body: Its body.
    """
    query = {name: values[-1] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}
    sent = {"query": query, "header": {name.lower(): value for name, value in headers.items()}}
    for parameter in [*operation["parameters"], *shared]:
        place, name = parameter["in"], parameter["name"]
        if place in sent and not _fits(sent[place], name if place == "query" else name.lower(), parameter):
            return False
    described = operation.get("requestBody", {}).get("content", {})
    kind = sent["header"].get("content-type", "").partition(";")[0]
    return kind not in described or _body_fits(described[kind].get("schema", {}), kind, body or b"")


def _fits(sent: Mapping[str, str], name: str, parameter: Any) -> bool:
    value = sent.get(name)
    if not value:
        return not parameter["required"]
    return bool(_readings(parameter["schema"], value))


def _body_fits(schema: Any, kind: str, body: bytes | str) -> bool:
    raw = body.encode() if isinstance(body, str) else body
    if kind == _FORM:
        pairs = parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=1000)
        return _object_fits(schema, {name: values[-1] for name, values in pairs.items()})
    if kind == _MULTIPART:  # where everything is text or a file, so that only its names can be missing
        return all(f'name="{name}"'.encode() in raw for name in schema.get("required", ()))
    if kind != _JSON:
        return False
    try:
        document = json.loads(raw.strip() or b"{}")
    except ValueError:
        return False
    return isinstance(document, dict) and _object_fits(schema, document)


def _object_fits(schema: Any, document: Mapping[str, Any]) -> bool:
    for name, member in schema.get("properties", {}).items():
        value, required = document.get(name), name in schema["required"]
        if name not in document or value is None:
            if required:
                return False
        elif not (_readings(member, value) or (value == "" and not required)):
            return False
    return True


def _readings(schema: Any, value: Any) -> list[Any]:
    """The ways to read a value that fit."""
    return [one for one in (value, *_translated(value)) if validator_for(schema).is_valid(one)]


def _translated(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [[_text(one) for one in value if one is not None]]
    if isinstance(value, dict):
        return [{name: _text(one) for name, one in value.items() if one is not None}]
    if not isinstance(value, str):
        return [_text(value)]
    try:
        number = float(value)
    except ValueError:
        return []
    return [int(number) if number.is_integer() else number]


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value
