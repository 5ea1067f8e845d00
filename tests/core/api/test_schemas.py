"""The JSON schemas say what the writers write: no member more, none less."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pytest
from jsonschema_rs import validator_for

from deltacloud.api.openapi.schemas import COMPONENTS, DOCUMENTS, Schema, members, reference
from deltacloud.api.representations import (
    REPRESENTATIONS,
    AdvertisedFeatures,
    DriverFacts,
    EntryPoint,
    ErrorFacts,
    View,
    bucket_listing_json,
    command_output_json,
    driver_json,
    drivers_json,
    entry_point_json,
    error_json,
    error_problem,
    states_json,
)
from deltacloud.driver import CredentialFields
from deltacloud.features import KNOWN
from deltacloud.kernel import HOOKS
from deltacloud.models import (
    BlobEntry,
    Bucket,
    CommandOutput,
    Provider,
)
from deltacloud.states import StateMachine
from samples import MODELS, samples

API = "http://localhost:3001/api"
STATES = StateMachine(("start", "create", "running"), ("running", "stop", "stopped"), ("stopped", None, "finish"))
VIEWS = (View(API), View(API, frozenset(HOOKS), frozenset(KNOWN), STATES))
"""What the poorest and the richest driver can do."""


def documents_of(collection: str) -> Iterator[bytes]:
    """Every document of one resource that the writers can write."""
    representation = REPRESENTATIONS[collection]
    for view in VIEWS:
        for item in samples(MODELS[collection]):
            yield representation.json_item(view, item)
            if isinstance(item, Bucket):
                yield bucket_listing_json(view, item, samples(BlobEntry), complete=False)


def others() -> Iterator[tuple[str, Schema, list[bytes]]]:
    """The documents that are not of one resource: their name, schema, and examples of all that they can hold."""
    drivers = _drivers()
    entries = [
        EntryPoint(api=API, driver="mock", collections=["images"], features=AdvertisedFeatures(tuple(KNOWN.values())))
    ]
    outputs = samples(CommandOutput)
    yield "api.entry", DOCUMENTS["api.entry"], [entry_point_json(one) for one in entries]
    yield "drivers.index", DOCUMENTS["drivers.index"], [drivers_json(API, [one]) for one in drivers]
    yield "drivers.show", DOCUMENTS["drivers.show"], [driver_json(API, one) for one in drivers]
    yield "instance_states.index", DOCUMENTS["instance_states.index"], [states_json(STATES)]
    yield "instances.run", DOCUMENTS["instances.run"], [command_output_json("i", "uptime", one) for one in outputs]
    yield "error", reference("error"), [error_json(one) for one in _faults()]
    yield "problem", reference("problem"), [error_problem(one) for one in _faults()]


def _drivers() -> list[DriverFacts]:
    provider = Provider(id="eu", entry_points=(("compute", "eu.example.com"),))
    full = DriverFacts(
        id="a", title="A", credentials=CredentialFields(), providers=(provider,), limitations=("x",), error="broken"
    )
    return [full, DriverFacts(id="b", title="B")]


def _faults() -> list[ErrorFacts]:
    plain = ErrorFacts(status=404, url="/api", message="m", error="e", code="c", request_id="1")
    return [plain, msgspec.structs.replace(plain, parameter="p", backend_code="x", backend_request_id="y")]


def schema_of(collection: str) -> Schema:
    singular = REPRESENTATIONS[collection].singular
    return members({singular: reference(singular)})


CASES = [
    *((name, schema_of(name), list(documents_of(name))) for name in MODELS),
    *others(),
]


class Seen:
    """Which members the objects had at each place of a schema."""

    def __init__(self) -> None:
        self.members: dict[str, list[frozenset[str]]] = defaultdict(list)
        self.schemas: dict[str, Schema] = {}

    def look(self, schema: Any, value: Any, place: str = "") -> None:
        """Go through a value along its schema."""
        schema = chosen(schema, value)
        if isinstance(value, list):
            for item in value:
                self.look(schema.get("items", {}), item, f"{place}[]")
        elif isinstance(value, dict):
            properties = schema.get("properties")
            if properties is not None:
                place = f"{place}({len(properties)})"  # of several that may be here
                self.members[place].append(frozenset(value))
                self.schemas[place] = schema
            for name, item in value.items():
                if properties is None:
                    self.look(schema.get("additionalProperties", {}), item, f"{place}.*")
                else:
                    self.look(properties.get(name, {}), item, f"{place}.{name}")


def chosen(schema: Any, value: Any) -> Any:
    """The schema that speaks of a value: references followed, and of several the one that fits."""
    if "$ref" in schema:
        return chosen(COMPONENTS[schema["$ref"].rpartition("/")[2]], value)
    for one in schema.get("anyOf", ()):
        if valid(one, value):
            return chosen(one, value)
    return schema


def valid(schema: Schema, value: Any) -> bool:
    return not list(faults(schema, value))


def faults(schema: Schema, value: Any) -> Iterable[str]:
    validator = validator_for({"components": {"schemas": dict(COMPONENTS)}, **schema}, validate_formats=True)
    return [f"{list(one.instance_path)}: {one.message}" for one in validator.iter_errors(value)]


@pytest.mark.parametrize(("schema", "documents"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_the_writers_write_fits_the_schema(schema: Schema, documents: list[bytes]) -> None:
    for document in documents:
        assert faults(schema, json.loads(document)) == []


@pytest.mark.parametrize(("schema", "documents"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_schema_has_the_members_that_the_writers_write_and_says_which_are_always_there(
    schema: Schema, documents: list[bytes]
) -> None:
    seen = Seen()
    for document in documents:
        seen.look(schema, json.loads(document))
    for place, found in seen.members.items():
        at_place: Any = seen.schemas[place]
        assert set(at_place["properties"]) == set().union(*found), f"members at '{place}'"
        assert set(at_place["required"]) == set(found[0]).intersection(*found), f"members always at '{place}'"


def test_every_resource_has_a_schema() -> None:
    assert {one.singular for one in REPRESENTATIONS.values()} | {"error", "problem"} == set(COMPONENTS)
