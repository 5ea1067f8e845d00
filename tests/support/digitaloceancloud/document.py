"""DigitalOcean's own description of its API, an OpenAPI 3.0 document, to hold requests and answers against."""

from __future__ import annotations

import functools
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import jsonschema_rs
import pytest

from recordings import RECORDED

Json: TypeAlias = Any
FILE = RECORDED / "data" / "digitalocean-openapi.json.gz"
_URN = "urn:digitalocean"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Described:
    """One operation of the document.

    Attributes:
        name: Its ``operationId``.
        method: In lower case.
        path: With names in braces.
        pointer: Where in the document it stands.
        body: What it says.
        parameters: Those of its path and its own.
    """

    name: str
    method: str
    path: str
    pointer: str
    body: Json
    parameters: tuple[Json, ...]

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches its paths; a group for each name."""
        return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.path)))


class Document:
    """The document.

    Args:
        file: Where it lies, as JSON in gzip.
    """

    def __init__(self, file: Path) -> None:
        self.root: Json = json.loads(gzip.decompress(file.read_bytes()))
        self._registry = jsonschema_rs.Registry([(_URN, _as_json_schema(self.root))])
        self._validators: dict[str, jsonschema_rs.Validator] = {}
        self.operations = {one.name: one for one in self._read()}

    def find(self, method: str, path: str) -> tuple[Described, dict[str, str]] | None:
        """The operation that a request means, and the values in its path; fixed paths before those with names."""
        fitting = [one for one in self.operations.values() if one.method == method.lower()]
        for one in sorted(fitting, key=lambda one: one.path.count("{")):
            match = one.pattern.fullmatch(path)
            if match is not None:
                return one, {name: unquote(text) for name, text in match.groupdict().items()}
        return None

    def wrong_in_request(self, method: str, target: str, body: bytes) -> list[str]:
        """What a request has that the document does not allow; what is not declared there is not allowed either."""
        url = urlsplit(target)
        found = self.find(method, url.path)
        if found is None:
            return [f"{method} {url.path} is no operation"]
        one, values = found
        wrong = list(self._wrong_parameters(one, values, dict(parse_qsl(url.query, keep_blank_values=True))))
        content = self.resolve(one.body.get("requestBody", {})).get("content", {}).get("application/json")
        if content is None:
            return [*wrong, f"{one.name} has no body"] if body else wrong
        if not body:
            return [*wrong, f"{one.name} lacks its body"]
        pointer = self._pointer(one.body["requestBody"], f"{one.pointer}/requestBody")
        document = json.loads(body)
        known = set(self._members(content["schema"]))
        wrong += [f"{one.name}: {name} is not declared" for name in document if name not in known]
        return wrong + self._wrong(f"{pointer}/content/application~1json/schema", document, one.name)

    def wrong_in_answer(self, one: Described, status: int, content: bytes) -> list[str]:
        """What an answer has that the document does not allow."""
        responses = one.body["responses"]
        key = str(status) if str(status) in responses else "default"
        response = self.resolve(responses[key])
        schema = response.get("content", {}).get("application/json")
        if schema is None:
            return [f"{one.name} {status} has a content"] if content else []
        pointer = self._pointer(responses[key], f"{one.pointer}/responses/{key}")
        return self._wrong(f"{pointer}/content/application~1json/schema", json.loads(content), f"{one.name} {status}")

    def examples(self, one: Described) -> Iterator[tuple[int, Json]]:
        """The status and the example of each good answer of an operation, those that stand in its schema included."""
        for status, response in one.body["responses"].items():
            content = self.resolve(response).get("content", {}).get("application/json")
            if content is None or not status.startswith("2"):
                continue
            for each in content.get("examples", {}).values():
                yield int(status), self.resolve(each)["value"]
            if "example" in content:
                yield int(status), content["example"]
            made = self.example_of(content["schema"])
            if made is not None:
                yield int(status), made

    def example_of(self, schema: Json) -> Json:
        """An example put together out of those that stand in a schema; None where there is none."""
        schema = self.resolve(schema)
        if "example" in schema and "properties" not in schema:
            return schema["example"]
        for word in ("oneOf", "anyOf"):
            if word in schema:
                return self.example_of(schema[word][-1])
        if "allOf" in schema:
            parts = [self.example_of(part) for part in schema["allOf"]]
            objects = [part for part in parts if isinstance(part, dict)]
            return functools.reduce(lambda whole, part: {**whole, **part}, objects, {}) if objects else parts[0]
        if schema.get("type") == "array":
            return [item] if (item := self.example_of(schema["items"])) is not None else []
        if "properties" in schema:
            made = {name: self.example_of(each) for name, each in schema["properties"].items()}
            return {name: value for name, value in made.items() if value is not None}
        return None

    def resolve(self, part: Json) -> Json:
        """A part of the document, where it is told by a reference."""
        while "$ref" in part:
            part = self._at(part["$ref"])
        return part

    def _read(self) -> Iterator[Described]:
        for path, item in self.root["paths"].items():
            for method in _METHODS:
                if method in item:
                    parameters = [*item.get("parameters", []), *item[method].get("parameters", [])]
                    yield Described(
                        item[method]["operationId"],
                        method,
                        path,
                        f"#/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}",
                        item[method],
                        tuple(self.resolve(one) for one in parameters),
                    )

    def _wrong_parameters(self, one: Described, path: dict[str, str], query: dict[str, str]) -> Iterator[str]:
        declared = {each["name"]: each for each in one.parameters if each["in"] == "query"}
        for name, text in query.items():
            if name not in declared:
                yield f"{one.name}: the query has {name}, which is not declared"
            else:
                yield from self._wrong_text(one, name, declared[name]["schema"], text)
        for each in one.parameters:
            if each["in"] == "path":
                yield from self._wrong_text(one, each["name"], each["schema"], path[each["name"]])

    def _wrong_text(self, one: Described, name: str, schema: Json, text: str) -> list[str]:
        """A text is right when it is, or when the number or truth value that it stands for is."""
        validator = jsonschema_rs.validator_for(
            {"$schema": _DIALECT, **_as_json_schema(schema)}, registry=self._registry, validate_formats=True
        )
        meant = [text]
        if re.fullmatch(r"-?\d+|true|false", text):
            meant.append(json.loads(text))
        return [] if any(map(validator.is_valid, meant)) else [f"{one.name}: {name} is {text!r}"]

    def _pointer(self, part: Json, own: str) -> str:
        """Where a part really stands."""
        while "$ref" in part:
            own = part["$ref"]
            part = self._at(own)
        return own

    def _at(self, reference: str) -> Json:
        return functools.reduce(
            lambda whole, name: whole[name.replace("~1", "/").replace("~0", "~")],
            reference.removeprefix("#/").split("/"),
            self.root,
        )

    def _members(self, schema: Json) -> Iterator[str]:
        """The names that an object of a schema may have."""
        schema = self.resolve(schema)
        yield from schema.get("properties", {})
        for word in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(word, []):
                yield from self._members(part)

    def _wrong(self, pointer: str, document: Json, what: str) -> list[str]:
        if pointer not in self._validators:
            self._validators[pointer] = jsonschema_rs.validator_for(
                {"$schema": _DIALECT, "$ref": f"{_URN}{quote(pointer, safe='#/~')}"},
                registry=self._registry,
                validate_formats=True,
            )
        errors = self._validators[pointer].iter_errors(document)
        return [f"{what}: {'/'.join(map(str, one.instance_path))}: {one.message}" for one in errors]


def _as_json_schema(part: Json) -> Json:
    """The same with what OpenAPI 3.0 writes otherwise than JSON Schema does: ``nullable``."""
    if isinstance(part, list):
        return [_as_json_schema(each) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part and isinstance(part["$ref"], str):
        return {"$ref": f"{_URN}{part['$ref']}"}
    kept = {name: _as_json_schema(each) for name, each in part.items() if name != "nullable" or isinstance(each, dict)}
    return {"anyOf": [kept, {"type": "null"}]} if part.get("nullable") is True else kept


@functools.cache
def digitalocean_document() -> Document:
    """The document; without it the test is skipped, and says so."""
    if not FILE.is_file():
        pytest.skip(f"DigitalOcean's OpenAPI document is not there ({FILE}): NOT TESTED against it")
    return Document(FILE)
