"""Every operation that must be told something, told nothing or the wrong thing; made of the operations' own rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from abusetable.row import FORM, JSON, Row, ask
from deltacloud import features
from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.entry import ENTRY_POINT
from deltacloud.api.operations import Collection, Operation, operation_of
from deltacloud.parameters import Parameter
from deltacloud_mock import MockDriver

_FITS = {"integer": "1", "number": "1", "boolean": "true", "base64": "eA=="}
_WRONG: dict[str, tuple[object, ...]] = {
    "integer": ("much", "1.5", "1e3", "", "0x1", "9" * 40, True, 1.5, "\u0661"),
    "number": ("much", "1,5", "nan", "inf", "1e", True, "1 2"),
    "boolean": ("perhaps", 2),
    "base64": ("%", "eA", "\u00fc", 1.5),
}


def _missing() -> Iterator[Row]:
    for collection, operation in _operations():
        told = {one.name: _fit(one) for one in _known(collection, operation) if one.required}
        for name in told:
            rest = {other: value for other, value in told.items() if other != name}
            says = f"Required parameter '{name}' not found in ["
            for kind, request in _ways(operation, rest):
                yield Row(
                    name=f"missing-{collection.name}-{operation.name}-{name}-{kind}",
                    request=request,
                    status=400,
                    blames=name,
                    says=says,
                )


def _wrong() -> Iterator[Row]:
    for collection, operation in _operations():
        known = _known(collection, operation)
        told = {one.name: _fit(one) for one in known if one.required}
        for parameter in known:
            for number, value in enumerate(_unfit(parameter), start=1):
                for kind, request in _ways(operation, {**told, parameter.name: value}):
                    yield Row(
                        name=f"wrong-{collection.name}-{operation.name}-{parameter.name}-{number}-{kind}",
                        request=request,
                        status=400,
                        blames=parameter.name,
                        says=parameter.name,
                    )


def _operations() -> Iterator[tuple[Collection, Operation]]:
    for collection in (ENTRY_POINT, *COLLECTIONS):
        for operation in collection.operations:
            if operation.method != "HEAD":
                yield collection, operation


def _known(collection: Collection, operation: Operation) -> list[Parameter]:
    """What is checked: the row's own parameters, those of the features, and the driver's own."""
    of_features = [
        parameter
        for feature in features.KNOWN.values()
        if feature.applies_to(collection.name) and operation_of(feature, operation.name)
        for parameter in feature.parameters
    ]
    own = [one for one in MockDriver.parameters if one.operation == f"{collection.name}.{operation.name}"]
    every = {one.name: one for one in (*of_features, *operation.parameters, *own)}
    return [one for one in every.values() if one.location in ("form", "query") and not one.indexed]


def _fit(parameter: Parameter) -> str:
    return parameter.values[0] if parameter.values else _FITS.get(parameter.type, "x")


def _unfit(parameter: Parameter) -> Iterator[object]:
    """Values that do not fit; an empty one only where the parameter is required, for else it was not filled in."""
    for value in _WRONG.get(parameter.type, ()):
        if value or parameter.required:
            yield value
    if parameter.values:
        yield "nosuch"
        yield f"{parameter.values[0]}\u0000"
    if parameter.minimum is not None:
        yield str(parameter.minimum - 1)
    if parameter.maximum is not None:
        yield str(parameter.maximum + 1)
    if parameter.max_length is not None:
        yield "x" * (parameter.max_length + 1)
    if parameter.location == "form" and parameter.type != "file":
        yield ["x"]
        yield {"x": "y"}


def _ways(operation: Operation, told: dict[str, object] | dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """The ways to say it: query string, form and JSON, as far as the operation and the values allow."""
    target = "/api" + operation.path.replace("{", "").replace("}", "")
    plain = all(isinstance(value, str) for value in told.values())
    if operation.method != "POST":
        if plain:
            yield "query", ask(operation.method, f"{target}?{urlencode(told, quote_via=quote)}")
        return
    if plain:
        yield "form", ask(operation.method, target, body=urlencode(told) or "unknown=", kind=FORM)
    yield "json", ask(operation.method, target, body=json.dumps(told), kind=JSON)


OPERATIONS = (*_missing(), *_wrong())
