"""What every collection does alike: list, show, say that there is no such thing, and be what its models promise."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec

from deltacloud.errors import BackendError, Forbidden, NotFound
from deltacloud.models import Instance
from deltacloud.testing.caller import ids_of, raised_by
from deltacloud.testing.check import GUIDE, REFERENCE, Broken, NotChecked, NotDeclared, check_each, expect
from deltacloud.testing.life import state_of
from deltacloud.testing.resources import RESOURCES, Resource
from deltacloud.testing.run import Run
from deltacloud.testing.shapes import faults

_FEW = 20
"""How many members are looked at one by one."""


def _listed(resource: Resource) -> tuple[str, ...]:
    return (resource.list_hook,)


@check_each(
    RESOURCES.values(), "list", "a list has each thing once, and the same things again", (GUIDE, "Lists"), hooks=_listed
)
def _list(run: Run, resource: Resource) -> None:
    first, second = ids_of(run.main.items(resource)), ids_of(run.main.items(resource))
    expect(len(set(map(str, first))) == len(first), f"{resource.list_hook} gave ids twice: {_twice(first)}")
    expect(set(first) == set(second), f"{resource.list_hook} gave {len(first)} things, then {len(second)} others")


@check_each(
    RESOURCES.values(),
    "models",
    "models have the declared types, hashable fields, ids that are text, times with a zone, MB and GB of 2^20 and 2^30",
    (REFERENCE, "Models"),
    hooks=_listed,
)
def _models(run: Run, resource: Resource) -> None:
    made = [run.make(resource)] if _makeable(run, resource) else []
    shown = [run.main.find(resource, one.id) for one in made]
    for model in (*made, *shown, *run.main.items(resource)):
        found = faults(model, resource.model)
        expect(not found, f"gave a {resource.model.__name__} that {'; '.join(found[:3])}")
        if isinstance(model, Instance) and run.driver.states is not None and model.actions is None:
            declared = run.driver.states.states
            expect(state_of(model) in declared, f"gave an instance in state {model.state}, which is not declared")


@check_each(
    RESOURCES.values(), "show", "whatever a list has can be read by its id", (GUIDE, "The rules"), hooks=_listed
)
def _show(run: Run, resource: Resource) -> None:
    for item in run.present(resource)[:_FEW]:
        found = run.main.found(resource, item.id)
        expect(found is not None, f"{resource.get_hook} does not know {item.id}, which is in the list")
        expect(getattr(found, "id", None) == item.id, f"{resource.get_hook} of {item.id} gave {found!r:.80}")


@check_each(
    RESOURCES.values(),
    "unknown",
    "what is not there is NotFound, never None and never an error without a meaning",
    (GUIDE, "The rules"),
    hooks=_listed,
)
def _unknown(run: Run, resource: Resource) -> None:
    identifier = run.backend.unknown.get(resource.collection, f"{run.prefix}nothing")
    _refused(run, resource.get_hook, {resource.argument: identifier})
    _refused(run, "", {}, resource, identifier)
    if resource.collection != "instances":  # the core reads an instance before it is acted on
        _refused(run, resource.destroy_hook, {resource.argument: identifier})


@check_each(
    (RESOURCES[name] for name in ("hardware_profiles", "images", "realms")),
    "known",
    "models say what is true: values in their units, names and owners as the cloud has them",
    (REFERENCE, "Models"),
    hooks=_listed,
)
def _known(run: Run, resource: Resource) -> None:
    known = [one for one in run.backend.known if isinstance(one, resource.model)]
    if not known:
        raise NotChecked(f"the backend gives no `known` {resource.model.__name__}")
    for one in known:
        found = run.main.find(resource, one.id)
        for field in msgspec.structs.fields(one):
            wanted = getattr(one, field.name)
            if wanted != field.default:
                shown = getattr(found, field.name)
                expect(shown == wanted, f"shows {resource.singular} {one.id} with {field.name} {shown!r:.120}")


@check_each(
    [one for one in RESOURCES.values() if one.can_be_made],
    "tenants",
    "a caller sees nothing of another tenant's",
    (GUIDE, "The rules"),
    hooks=lambda resource: (resource.list_hook, resource.create_hook),
    wants=("other_credentials",),
)
def _tenants(run: Run, resource: Resource) -> None:
    if resource.collection in run.backend.public:
        raise NotDeclared(f"the backend says that its {resource.collection} are public")
    mine = run.make(resource)
    other = run.other
    expect(mine.id not in ids_of(other.items(resource)), f"{resource.list_hook} showed {mine.id} to another tenant")
    # Where all tenants share one set of names, as those of buckets, the cloud may say that a name is somebody else's.
    with contextlib.suppress(Forbidden):
        expect(other.found(resource, mine.id) is None, f"{resource.get_hook} showed {mine.id} to another tenant")


def _refused(
    run: Run, hook: str, arguments: dict[str, object], resource: Resource | None = None, identifier: str = ""
) -> None:
    """The hook, or a search in the list, says that there is no such thing."""
    if resource is None and not run.has(hook):
        return
    if resource is not None:
        error = raised_by(lambda: run.main.lister.find(resource.list_hook, identifier))
        hook = resource.list_hook
    else:
        error = raised_by(lambda: _judged(run.main.call(hook, **arguments), hook))
    if isinstance(error, Broken):
        raise error
    expect(error is not None, f"{hook} knows a thing that is not there")
    if isinstance(error, BackendError):
        raise error  # with the exception that nobody explains
    expect(isinstance(error, NotFound), f"{hook} said {type(error).__name__} ({error}) of a thing that is not there")


def _judged(result: object, hook: str) -> object:
    if result is None and hook.startswith("get_"):
        raise Broken(f"{hook} returned None for a thing that is not there")
    return result


def _makeable(run: Run, resource: Resource) -> bool:
    return resource.can_be_made and run.has(resource.create_hook, resource.destroy_hook)


def _twice(ids: list[Any]) -> str:
    return ", ".join(sorted({str(one) for one in ids if ids.count(one) > 1})[:5])
