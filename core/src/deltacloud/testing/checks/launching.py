"""Features of the operations that create: each parameter arrives, and shows where the models can show it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from deltacloud.errors import NotSupported
from deltacloud.inputs import Command, Filters, HardwareOverrides
from deltacloud.models import CommandOutput, HardwareProfile, Instance
from deltacloud.secret import Secret
from deltacloud.testing.caller import ids_of
from deltacloud.testing.check import GUIDE, REFERENCE, Broken, NotChecked, NotDeclared, check, expect
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import NO_FIELDS, Fields, Run

_PAGE = (GUIDE, "Creating and acting")
_MAKING = ("list_instances", "create_instance")
_DATA = b"#!/bin/sh\n# \xc3\xa9 \x00\xff binary\n"


def _shown(run: Run, fields: Fields = NO_FIELDS) -> Instance:
    """An instance that was launched with these fields, as it is read afterwards."""
    made = run.make(RESOURCES["instances"], fields)
    shown = run.main.find(RESOURCES["instances"], made.id)
    if not isinstance(shown, Instance):
        raise Broken(f"get_instance gave {shown!r:.80}")
    return shown


@check(
    "instances.feature.user_name",
    "an instance has the name that it was given",
    _PAGE,
    hooks=_MAKING,
    feature="user_name",
)
def _name(run: Run) -> None:
    name = run.name()
    shown = _shown(run, {"name": name})
    expect(shown.name == name, f"shows an instance called {shown.name!r}, asked to be {name!r}")


@check("instances.launched", "an instance shows its image, realm and size", _PAGE, hooks=_MAKING)
def _launched(run: Run) -> None:
    wanted = {"image_id": run.backend.image, "realm_id": run.backend.realm}
    wanted["hardware_profile_id"] = run.backend.hardware_profile
    shown = _shown(run)
    for field, value in wanted.items():
        seen = getattr(shown, field)
        expect(value is None or seen == value, f"shows an instance with {field} {seen!r}, asked for {value!r}")


@check(
    "instances.feature.authentication_key",
    "an instance shows its key",
    _PAGE,
    hooks=_MAKING,
    feature="authentication_key",
)
def _key(run: Run) -> None:
    key = run.standing("keys").id
    shown = _shown(run, {"key_name": key})
    seen: object = shown.key_name
    if "authentication_key" in run.backend.untold:
        expect(seen is None, f"shows an instance with key {seen!r}, which the cloud does not tell")
        seen = run.need("launched_with")(shown.id).get("key_name")
    expect(seen == key, f"shows an instance with key {seen!r}, asked for {key!r}")


@check("instances.feature.firewalls", "an instance shows its firewalls", _PAGE, hooks=_MAKING, feature="firewalls")
def _firewalls(run: Run) -> None:
    firewall = run.standing("firewalls").id
    shown = _shown(run, {"firewall_ids": (firewall,)})
    expect(firewall in (shown.firewall_ids or ()), f"shows an instance in firewalls {shown.firewall_ids}")


@check(
    "instances.feature.instance_count",
    "as many instances are launched as asked for",
    _PAGE,
    hooks=_MAKING,
    feature="instance_count",
)
def _count(run: Run) -> None:
    before = set(ids_of(run.main.items(RESOURCES["instances"])))
    made = ids_of(run.make_all(RESOURCES["instances"], {"count": 3}))
    expect(len(set(made)) == 3, f"returned {len(set(made))} instances, asked for 3")  # noqa: PLR2004 - as asked
    seen = set(ids_of(run.main.items(RESOURCES["instances"]))) - before
    expect(set(made) <= seen, f"lists {len(seen & set(made))} of 3 new instances")


@check(
    "instances.feature.attach_snapshot",
    "an instance has the volume of the snapshot that it was given, at the device",
    _PAGE,
    hooks=(*_MAKING, "list_storage_volumes"),
    feature="attach_snapshot",
)
def _snapshot(run: Run) -> None:
    volumes = RESOURCES["storage_volumes"]
    snapshot = run.standing("storage_snapshots").id  # first of all, for its own volume stays
    before = set(ids_of(run.main.items(volumes)))
    shown = _shown(run, {"snapshot": (snapshot, run.backend.device)})
    for identifier in set(ids_of(run.main.items(volumes))) - before:
        run.made_elsewhere(volumes, identifier)
    attached = dict(shown.storage_volumes)
    expect(attached, "shows no volume of an instance that was launched with a snapshot")
    expect(run.backend.device in attached.values(), f"shows it at {', '.join(map(str, attached.values()))}")


@check(
    "instances.feature.register_to_load_balancer",
    "an instance is behind the load balancer that it was given",
    _PAGE,
    hooks=(*_MAKING, "list_load_balancers"),
    feature="register_to_load_balancer",
)
def _balanced(run: Run) -> None:
    balancer = run.standing("load_balancers").id
    shown = _shown(run, {"load_balancer_id": balancer})
    seen = run.main.find(RESOURCES["load_balancers"], balancer).instances
    expect(shown.id in [getattr(one, "id", one) for one in seen], "shows the load balancer without the instance")


@check(
    "instances.feature.authentication_password",
    "a password that is given is not shown but as a Secret",
    _PAGE,
    hooks=_MAKING,
    feature="authentication_password",
)
def _password(run: Run) -> None:
    shown = _shown(run, {"password": Secret("Dck-7f3a-password")})
    expect("Dck-7f3a-password" not in repr(shown), "shows the password in the repr of an instance")


@check(
    "instances.overrides",
    "an instance shows the values of its size that were asked for and differ from the usual ones",
    _PAGE,
    hooks=_MAKING,
)
def _overrides(run: Run) -> None:
    resource = RESOURCES["hardware_profiles"]
    profiles = run.main.items(resource) if run.has(resource.list_hook) else run.driver.kind.hardware_profiles
    variable = [(one.id, name, value) for one in profiles for name, value in _variable(one)]
    if not variable:
        raise NotDeclared("no size can be varied")
    profile, name, value = variable[0]
    hardware = replace(HardwareOverrides(), **{name: value})
    shown = dict(_shown(run, {"hardware_profile_id": profile, "hardware": hardware}).hardware_overrides)
    expect(name in shown and float(shown[name]) == value, f"shows {shown} of an instance with {name} {value:g}")


def _variable(profile: HardwareProfile) -> Iterator[tuple[str, int | float]]:
    """Properties of a size that can be varied, each with a value that is not the usual one."""
    for one in profile.properties:
        others = [value for value in (one.last, *one.entries) if isinstance(value, int | float) and value != one.value]
        if one.name in ("cpu", "memory", "storage") and others:
            yield one.name, others[0]


def _told(name: str, value: object, run: Run) -> None:
    """A parameter that no model shows arrives, as the cloud itself says."""
    feature = next(feature for feature, field, _ in _UNSEEN if field == name)
    if feature in run.backend.without_effect:
        raise NotDeclared(f"the feature {feature} has no effect, as the driver's limitations say")
    if name == "user_data" and run.backend.user_data is not None:
        value = run.backend.user_data
    shown = _shown(run, {name: value})
    got = run.need("launched_with")(shown.id)
    expect(got.get(name) == value, f"launched an instance with {name} {got.get(name)!r:.60}, asked for {value!r:.60}")


_UNSEEN: tuple[tuple[str, str, object], ...] = (
    ("user_data", "user_data", _DATA),
    ("user_iso", "user_iso", _DATA * 10),
    ("user_files", "user_files", (("/etc/motd", b"hello\n"), ("/etc/dck", _DATA))),
    ("metrics", "monitoring", True),
    ("sandboxing", "sandbox", "yes"),
)
for _feature, _field, _value in _UNSEEN:
    check(
        f"instances.feature.{_feature}",
        "what an instance is launched with arrives at the cloud unchanged",
        _PAGE,
        hooks=_MAKING,
        feature=_feature,
    )(partial(_told, _field, _value))


def _tagged(collection: str, run: Run) -> None:
    resource = RESOURCES[collection]
    tags = run.backend.tags
    made = run.make(resource, {"tags": tags})
    plain = run.standing(collection)
    shown = run.main.find(resource, made.id)
    expect(set(tags) <= set(shown.tags or ()), f"shows tags {shown.tags} of a thing that was given {tags}")
    found = ids_of(run.main.items(resource, Filters(tags=tags[:1])))
    expect(made.id in found, "does not find a thing by its tag")
    expect(plain.id not in found, "finds things by a tag that they have not")


for _collection in ("instances", "images", "storage_volumes", "storage_snapshots"):
    check(
        f"{_collection}.feature.tags",
        "tags that are given are shown, and lists can be narrowed to them",
        _PAGE,
        hooks=(f"list_{_collection}", f"create_{RESOURCES[_collection].singular}"),
        feature="tags",
    )(partial(_tagged, _collection))


def _field_shown(collection: str, field: str, run: Run) -> None:
    resource = RESOURCES[collection]
    value = run.name()
    made = run.make(resource, {field: value})
    shown = getattr(run.main.find(resource, made.id), field)
    expect(shown == value, f"shows {resource.singular} with {field} {shown!r}, asked for {value!r}")


_TEXTS = (
    ("image_name", "images", "name"),
    ("image_description", "images", "description"),
    ("volume_name", "storage_volumes", "name"),
    ("volume_description", "storage_volumes", "description"),
)
for _feature, _collection, _field in _TEXTS:
    check(
        f"{_collection}.feature.{_feature}",
        "names and descriptions that are given are shown",
        _PAGE,
        hooks=(f"list_{_collection}", f"create_{RESOURCES[_collection].singular}"),
        feature=_feature,
    )(partial(_field_shown, _collection, _field))


@check("instances.run", "a command's output is text", (REFERENCE, "Instances"), hooks=(*_MAKING, "run_on_instance"))
def _run(run: Run) -> None:
    instance = run.main.find(RESOURCES["instances"], run.standing("instances").id)
    command = Command(command="echo contract", username="root", password=Secret("nothing"))
    try:
        output = run.main.call("run_on_instance", instance=instance, command=command)
    except NotSupported as error:
        raise NotChecked(f"commands are not run: {error}") from None
    expect(isinstance(output, CommandOutput), f"run_on_instance returned {type(output).__name__}")
    expect("contract" in output.output, f"run_on_instance gave {output.output!r:.60} for `echo contract`")
