"""Answers held against the OpenAPI document of the server that gave them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from jsonschema_rs import validator_for

ANY = "*/*"
JSON_TYPES = ("application/json", "application/problem+json")


class Answered(Protocol):
    """What came back; header names are in lower case."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def body(self) -> bytes: ...


class Described:
    """An OpenAPI document, and what it says of answers."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def operations(self) -> Iterator[tuple[str, str, Any]]:
        """Every operation: its method, its path and what is said of it."""
        for path, place in self.document["paths"].items():
            for method, operation in place.items():
                if method != "parameters":
                    yield method.upper(), path, operation

    def resolved(self, value: Any) -> Any:
        """What a reference leads to; other values themselves."""
        while isinstance(value, dict) and "$ref" in value:
            reference = value["$ref"]
            value = self.document
            for part in reference.removeprefix("#/").split("/"):
                value = value[part]
        return value

    def faults(self, method: str, path: str, answer: Answered) -> list[str]:
        """Everything in an answer that the document does not say. Members that no schema knows count, too.

        Args:
            method: The method.
            path: The path as the document has it: ``/instances/{id}``.
            answer: The answer.
        """
        responses = self.document["paths"][path][method.lower()]["responses"]
        response = self.resolved(responses.get(str(answer.status)))
        if response is None:
            return [f"status {answer.status} is not described"]
        return [*self._headers(response, answer), *self._content(response, answer)]

    def _headers(self, response: Any, answer: Answered) -> Iterator[str]:
        for name, reference in response.get("headers", {}).items():
            header = self.resolved(reference)
            value = answer.headers.get(name.lower())
            if value is None:
                if header["required"]:
                    yield f"header {name} is missing"
            elif header["schema"].get("type") == "integer":
                yield from _violations(header["schema"], int(value))
            else:
                yield from _violations(header["schema"], value)
        described = {name.lower() for name in response.get("headers", {})}
        for name in ("location", "link", "etag", "www-authenticate", "allow", "expect", "retry-after", "content-range"):
            if name in answer.headers and name not in described:
                yield f"header {name} is not described"

    def _content(self, response: Any, answer: Answered) -> Iterator[str]:
        content = response.get("content", {})
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if not answer.body:
            return
        if kind not in content and ANY not in content:
            yield f"content type {kind} is not described"
        elif kind in JSON_TYPES and ANY not in content:
            yield from self.violations(content[kind]["schema"], json.loads(answer.body))

    def violations(self, schema: Any, value: Any) -> list[str]:
        """Where a value differs from a schema of the document."""
        return _violations({"components": _closed(self.document["components"]), **_closed(schema)}, value)


def _violations(schema: Any, value: Any) -> list[str]:
    validator = validator_for(schema, validate_formats=True)
    return [f"{list(one.instance_path)}: {one.message}" for one in validator.iter_errors(value)]


def _closed(schema: Any) -> Any:
    """The schema without the leave to have further members."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(one) for name, one in schema.items()}
    if isinstance(closed.get("required"), list) and isinstance(closed.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed


def filled(path: str, **fields: str) -> str:
    """A path with its fields filled in."""
    return re.sub(r"{(\w+)}", lambda field: fields[field[1]], path)
