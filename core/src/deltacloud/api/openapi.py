"""The OpenAPI 3.1 document of the request's driver, made from the rows: other drivers give other documents."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from deltacloud import API_VERSION
from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.operations import ANY, PAGE, Collection, Operation
from deltacloud.api.parsing.accept import CONTENT_TYPES
from deltacloud.api.parsing.bodies import FORM, JSON, MULTIPART
from deltacloud.api.representations.encoding import encode
from deltacloud.api.schemas import SCHEMAS, TEXT, Schema, members, reference
from deltacloud.kernel import LoadedDriver
from deltacloud.parameters import Parameter

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange

_ALWAYS = (400, 403, 406, 500, 501, 502, 503, 504)
_BY_METHOD = {
    "GET": (404, 416),
    "HEAD": (404,),
    "POST": (202, 404, 405, 408, 409, 413, 415),
    "PUT": (404, 408, 409, 413),
    "DELETE": (202, 404, 405, 409),
}
_LISTS_ARE_BARE = frozenset({"instance_states", "drivers"})


def document(exchange: Exchange) -> bytes:
    """The document as JSON."""
    return encode(describe(exchange.driver, exchange.api))


def describe(driver: LoadedDriver, api: str) -> Schema:
    """The document of a driver, served under the URL ``api``."""
    kind = driver.kind
    paths: dict[str, dict[str, Schema]] = {}
    for collection in COLLECTIONS:
        for operation in collection.operations:
            if operation.available(driver) and operation.formats != PAGE:
                place = paths.setdefault(operation.path, {})
                place[operation.method.lower()] = _operation(collection, operation, driver)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Deltacloud: {kind.title}",
            "version": API_VERSION,
            "description": f"The Deltacloud API in front of {kind.title}.",
        },
        "servers": [{"url": api}],
        "tags": [
            {"name": one.name, "description": f"{one.title}. {one.help}."}
            for one in COLLECTIONS
            if one.available(driver)
        ],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}},
        },
    }


def _operation(collection: Collection, operation: Operation, driver: LoadedDriver) -> Schema:
    declared = collection.declared(operation, driver)
    described: Schema = {
        "operationId": f"{collection.name}_{operation.name}",
        "tags": [collection.name],
        "summary": operation.help,
        "parameters": [_parameter(one) for one in _outside(operation, declared)],
        "responses": _responses(collection, operation, driver),
    }
    if driver.kind.credentials is not None:
        described["security"] = [{"basic": []}] if not operation.public else [{}, {"basic": []}]
    body = _body(operation, declared)
    if body is not None:
        described["requestBody"] = body
    return described


def _outside(operation: Operation, declared: Iterable[Parameter]) -> list[Parameter]:
    """Parameters in the path, the query string and headers. A read has no body: its form is the query string."""
    in_query = operation.method in ("GET", "HEAD", "DELETE")
    return [one for one in declared if one.location != "form" or in_query]


def _parameter(parameter: Parameter) -> Schema:
    place = "query" if parameter.location == "form" else parameter.location
    return {
        "name": parameter.name,
        "in": place,
        "required": parameter.required,
        "description": parameter.help,
        "schema": _schema(parameter),
    }


def _schema(parameter: Parameter) -> Schema:
    schema: Schema = {"type": parameter.type if parameter.type in ("integer", "number", "boolean") else "string"}
    if parameter.location == "path":
        schema["minLength"] = 1
    if parameter.values:
        schema["enum"] = list(parameter.values)
    if parameter.minimum is not None:
        schema["minimum"] = parameter.minimum
    if parameter.maximum is not None:
        schema["maximum"] = parameter.maximum
    if parameter.type == "base64":
        schema["contentEncoding"] = "base64"
    if parameter.secret:
        schema["format"] = "password"
    return schema


def _body(operation: Operation, declared: Iterable[Parameter]) -> Schema | None:
    if operation.body == "content":
        return {"content": {"application/octet-stream": {"schema": {}}}}
    fields = [one for one in declared if one.location == "form"]
    if operation.method in ("GET", "HEAD", "DELETE") or not fields:
        return None
    required = any(one.required for one in fields)
    form = {"schema": _form(fields)}
    content: Schema = {FORM: form}
    if any(one.type == "file" for one in fields):
        content[MULTIPART] = {"schema": _form(fields)}
    if operation.body != "form":
        content[JSON] = {"schema": _json(fields)}
    return {"required": required, "content": content}


def _form(fields: Iterable[Parameter]) -> Schema:
    return _object({f"{one.name}1" if one.indexed else one.name: one for one in fields})


def _json(fields: Iterable[Parameter]) -> Schema:
    """A JSON body: the same names, flat; families are arrays and objects."""
    fields = list(fields)
    schema = _object({one.name: one for one in fields if not one.indexed and not one.name.endswith("*")})
    properties = schema["properties"]
    assert isinstance(properties, dict)  # noqa: S101 - for the type checker
    for one in fields:
        if one.name == "tag_*":
            properties["tags"] = {"type": "object", "additionalProperties": TEXT}
        elif one.indexed and one.type == "array":
            name = "sources" if one.name == "ip_address" else one.name
            properties[name] = {"type": "array", "items": TEXT, "description": one.help}
    if any(one.name == "path" and one.indexed for one in fields):
        properties["user_files"] = {"type": "array", "items": members({"path": TEXT, "content": TEXT})}
    return schema


def _object(fields: dict[str, Parameter]) -> Schema:
    properties = {name: {**_schema(one), "description": one.help} for name, one in fields.items() if "*" not in name}
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name, one in fields.items() if one.required],
    }


def _responses(collection: Collection, operation: Operation, driver: LoadedDriver) -> Schema:
    responses: Schema = {str(operation.status): _success(collection, operation)}
    statuses = {*_ALWAYS, *_BY_METHOD[operation.method]}
    if driver.kind.credentials is not None:
        statuses.add(401)
    if operation.path.endswith("/content"):
        responses["206"] = _success(collection, operation)
    if operation.method == "GET":
        responses["304"] = {"description": "The client has it already"}
    if operation.method == "POST":
        responses.setdefault("303", {"description": "Go there"})
    for status in sorted(statuses - {operation.status}):
        responses[str(status)] = _problem(status, empty=operation.method == "HEAD")
    return responses


def _success(collection: Collection, operation: Operation) -> Schema:
    answer: Schema = {"description": HTTPStatus(operation.status).phrase}
    if operation.formats == ANY and operation.shape == "other":
        answer["content"] = {"*/*": {"schema": {}}}
    elif operation.shape != "none":
        answer["content"] = {
            CONTENT_TYPES[name]: {"schema": _document(collection, operation) if name == "json" else {}}
            for name in operation.formats
        }
    return answer


def _document(collection: Collection, operation: Operation) -> Schema:
    singular = "firewall" if collection.name == "rules" else collection.singular
    if operation.shape == "other" or collection.name in _LISTS_ARE_BARE:
        return {}
    if operation.shape == "list":
        return members({collection.name: {"type": "array", "items": reference(singular)}})
    if operation.shape == "bare":
        return reference(singular)
    return members({singular: reference(singular)})


def _problem(status: int, *, empty: bool) -> Schema:
    answer: Schema = {"description": HTTPStatus(status).phrase}
    if not empty:
        answer["content"] = {
            "application/json": {"schema": reference("error")},
            "application/problem+json": {"schema": reference("problem")},
            "application/xml": {"schema": {}},
            "text/html": {"schema": {}},
        }
    return answer
