"""Things that refer to others: what is not there cannot be referred to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from deltacloud.errors import BackendError, NotFound
from deltacloud.testing.caller import raised_by, said
from deltacloud.testing.check import GUIDE, check, expect
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import Run

_PAGE = (GUIDE, "Creating and acting")

_FIELDS = (
    ("images", "instance_id", "instances"),
    ("instances", "image_id", "images"),
    ("instances", "realm_id", "realms"),
    ("load_balancers", "realm_id", "realms"),
    ("network_interfaces", "instance_id", "instances"),
    ("network_interfaces", "network_id", "networks"),
    ("storage_snapshots", "volume_id", "storage_volumes"),
    ("storage_volumes", "snapshot_id", "storage_snapshots"),
    ("subnets", "network_id", "networks"),
)
"""What is made, the field that refers to another thing, and that thing's collection."""

_ARGUMENTS: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    ("associate_address", "addresses", "address_id", {}),
    ("attach_storage_volume", "storage_volumes", "volume_id", {"device": "/dev/sdz"}),
    ("register_with_load_balancer", "load_balancers", "load_balancer_id", {}),
)
"""Hooks that bring an instance and another thing together."""


def _unknown(run: Run, collection: str) -> str:
    return run.backend.unknown.get(collection, f"{run.prefix}nothing")


def _not_found(what: str, function: Callable[[], Any]) -> None:
    error = raised_by(function)
    if isinstance(error, BackendError):
        raise error  # with the exception that nobody explains
    expect(isinstance(error, NotFound), f"{what} said {said(error)} of a thing that is not there")


def _field(collection: str, field: str, referred: str, run: Run) -> None:
    resource = RESOURCES[collection]
    _not_found(resource.create_hook, lambda: run.make(resource, {field: _unknown(run, referred)}))


def _argument(hook: str, collection: str, argument: str, further: dict[str, object], run: Run) -> None:
    thing, instance = run.make(RESOURCES[collection]).id, run.standing("instances").id
    nothing = {"instance_id": _unknown(run, "instances"), argument: _unknown(run, collection)}
    for arguments in ({**nothing, argument: thing}, {**nothing, "instance_id": instance}):
        _not_found(hook, lambda arguments=arguments: run.main.call(hook, **arguments, **further))  # type: ignore[misc]


for _collection, _name, _referred in _FIELDS:
    _resource = RESOURCES[_collection]
    check(
        f"{_collection}.unknown-{RESOURCES[_referred].singular.replace('_', '-')}",
        "what refers to a thing that is not there is not made: NotFound",
        _PAGE,
        hooks=(_resource.list_hook, _resource.create_hook, f"list_{_referred}"),
    )(partial(_field, _collection, _name, _referred))

for _hook, _collection, _argument_name, _further in _ARGUMENTS:
    check(
        f"{_collection}.unknown-instance",
        "things that are not there cannot be brought together: NotFound",
        _PAGE,
        hooks=(f"list_{_collection}", RESOURCES[_collection].create_hook, "create_instance", _hook),
    )(partial(_argument, _hook, _collection, _argument_name, _further))
