"""The OpenAPI 3.1 document of the request's driver, made from the rows: other drivers give other documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from deltacloud import API_VERSION
from deltacloud.api.openapi import headers, requests, responses
from deltacloud.api.openapi.links import links
from deltacloud.api.openapi.schemas import COMPONENTS, Schema
from deltacloud.api.operations import PAGE, Collection, Operation
from deltacloud.api.representations.encoding import encode
from deltacloud.driver import CredentialFields
from deltacloud.kernel import GatewaySettings, LoadedDriver

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange

_BASIC, _TOKEN = "basic", "token"


def document(exchange: Exchange, collections: Iterable[Collection]) -> bytes:
    """The document as JSON."""
    return encode(describe(exchange.driver, exchange.api, collections, exchange.kernel.settings))


def describe(driver: LoadedDriver, api: str, collections: Iterable[Collection], settings: GatewaySettings) -> Schema:
    """The document of a driver.

    Args:
        driver: Whose document.
        api: The URL that it is served under.
        collections: The rows; those that the driver lacks are left out.
        settings: What the operator decided.
    """
    kind = driver.kind
    offered = _offered(driver, collections)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Deltacloud: {kind.title}",
            "version": API_VERSION,
            "description": " ".join([f"The Deltacloud API in front of {kind.title}.", *kind.limitations]),
        },
        "servers": [{"url": api}],
        "tags": [{"name": one.name, "description": f"{one.title}. {one.help}."} for one in offered],
        "paths": _paths(offered, driver, settings),
        "components": {
            "headers": headers.components(),
            "responses": responses.components(),
            "schemas": dict(COMPONENTS),
            "securitySchemes": {} if kind.credentials is None else _schemes(kind.credentials),
        },
    }


def _offered(driver: LoadedDriver, collections: Iterable[Collection]) -> list[Collection]:
    """What the driver can do. The pages of people (forms, documentation) are no part of the API."""
    able = [
        replace(one, operations=tuple(row for row in one.operations if row.available(driver) and row.formats != PAGE))
        for one in collections
    ]
    return [one for one in able if one.operations]


def _paths(collections: Sequence[Collection], driver: LoadedDriver, settings: GatewaySettings) -> Schema:
    """The operations by path and method."""
    paths: dict[str, Schema] = {}
    for collection in collections:
        selection = requests.selection(driver, settings, any_driver=collection.name == "drivers")
        for operation in collection.operations:
            place = paths.setdefault(operation.path or "/", {"parameters": selection})
            described = _operation(collection, operation, driver, settings)
            described["responses"] = responses.responses(
                collection, operation, driver, links(collection, operation, collections)
            )
            place[operation.method.lower()] = described
    return dict(paths)


def _operation(collection: Collection, operation: Operation, driver: LoadedDriver, settings: GatewaySettings) -> Schema:
    """An operation without what it answers."""
    declared = collection.declared(operation, driver)
    described: Schema = {
        "operationId": f"{collection.name}_{operation.name}",
        "tags": [collection.name],
        "summary": operation.help,
        "parameters": requests.parameters(operation, declared, driver, settings),
    }
    if driver.kind.credentials is not None:
        described["security"] = _security(driver.kind.credentials, optional=operation.public)
    body = requests.body(operation, declared, driver, settings)
    if body is not None:
        described["requestBody"] = body
    return described


def _security(credentials: CredentialFields, *, optional: bool) -> list[Schema]:
    ways: list[Schema] = [{_BASIC: []}]
    if credentials.token is not None:
        ways.append({_BASIC: [], _TOKEN: []})
    return [*ways, {}] if optional else ways


def _schemes(credentials: CredentialFields) -> Schema:
    """What the credentials are, in the cloud's own words."""
    anonymous = " An explicit empty pair asks without credentials." if credentials.anonymous else ""
    meaning = f"The cloud's own credentials: {credentials.username} and {credentials.password}."
    help_text = f" {credentials.help}." if credentials.help else ""
    schemes: Schema = {
        _BASIC: {"type": "http", "scheme": "basic", "description": f"{meaning}{help_text}{anonymous}"},
    }
    if credentials.token is not None:
        schemes[_TOKEN] = {
            "type": "apiKey",
            "in": "header",
            "name": "X-Deltacloud-Session-Token",
            "description": credentials.token,
        }
    return schemes
