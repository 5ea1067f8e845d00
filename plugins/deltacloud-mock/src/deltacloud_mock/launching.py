"""The beginning and the end of an instance, within a write."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from msgspec.structs import replace

from deltacloud.errors import NotFound, QuotaExceeded
from deltacloud.inputs import HardwareOverrides, NewInstance, NewStorageVolume
from deltacloud.models import Instance, Pairs
from deltacloud_mock import attaching
from deltacloud_mock.catalogue import REALMS
from deltacloud_mock.interfaces import host_name, plug, unplug
from deltacloud_mock.records import (
    ADDRESSES,
    FIREWALLS,
    IMAGES,
    INSTANCES,
    KEYS,
    LOAD_BALANCERS,
    NETWORK_INTERFACES,
    STORAGE_VOLUMES,
)
from deltacloud_mock.session import Change, Session

_MOST_AT_ONCE = 100
_DEFAULT_PROFILE = "m1-small"
_OVERRIDES = ("memory", "storage", "architecture", "cpu")


def check_realm(realm_id: str | None) -> None:
    """Look up a realm; none at all is all right.

    Raises:
        NotFound: there is no such realm.
    """
    if realm_id and all(realm.id != realm_id for realm in REALMS):
        raise NotFound(f"There is no realm '{realm_id}'")


def check(session: Session, user: str, new: NewInstance) -> None:
    """Look up what a new instance refers to.

    Raises:
        NotFound: something is not there.
        QuotaExceeded: too many are wanted at once.
    """
    if new.count > _MOST_AT_ONCE:
        raise QuotaExceeded(f"At most {_MOST_AT_ONCE} instances can be launched at once")
    if session.find(IMAGES, new.image_id) is None:
        raise NotFound(f"There is no image '{new.image_id}'")
    check_realm(new.realm_id)
    if new.key_name:
        session.need(KEYS, user, new.key_name, "key")
    for firewall_id in new.firewall_ids:
        session.need(FIREWALLS, user, firewall_id, "firewall")


def free_ids(session: Session) -> Iterator[str]:
    """The ids that nobody's instance has, from the lowest number on."""
    taken = session.ids(INSTANCES)
    return (name for number in count() if (name := f"inst{number}") not in taken)


def launch(
    session: Session, user: str, new: NewInstance, identifier: str, state: str, change: Change | None
) -> Instance:
    """Launch one instance.

    Args:
        session: The write.
        user: Its owner.
        new: What was asked for, looked up.
        identifier: Its id.
        state: Its state at first.
        change: What becomes of it by itself.
    """
    instance = Instance(
        id=identifier,
        name=new.name or f"i-{int(session.now)}",
        owner_id=user,
        image_id=new.image_id,
        realm_id=new.realm_id or REALMS[0].id,
        state=state,
        hardware_profile_id=new.hardware_profile_id or _DEFAULT_PROFILE,
        hardware_overrides=_overrides(new.hardware),
        firewall_ids=new.firewall_ids or None,
        key_name=new.key_name or None,
        create_image=True,
        tags=new.tags or None,
    )
    public, private = (host_name(instance, side) for side in ("public", "private"))
    instance = replace(instance, public_addresses=(public,), private_addresses=(private,))
    session.add(INSTANCES, user, instance, change)
    if new.snapshot is not None:
        snapshot_id, device = new.snapshot
        volume = attaching.make(session, user, NewStorageVolume(snapshot_id=snapshot_id, realm_id=instance.realm_id))
        attaching.attach(session, user, volume, identifier, device)
    if new.subnet_id:
        plug(session, user, identifier, new.subnet_id, None)
    return session.need(INSTANCES, user, identifier)


def forget(session: Session, user: str, instance: Instance) -> None:
    """Delete an instance: its interfaces go with it, its volumes and addresses become free."""
    for interface in session.all(NETWORK_INTERFACES, user):
        if interface.instance_id == instance.id:
            unplug(session, user, interface)
    for volume in session.all(STORAGE_VOLUMES, user):
        if volume.instance_id == instance.id:
            attaching.detach(session, user, volume)
    for address in session.all(ADDRESSES, user):
        if address.instance_id == instance.id:
            session.save(ADDRESSES, user, replace(address, instance_id=None))
    for balancer in session.all(LOAD_BALANCERS, user):
        if instance.id in balancer.instances:
            left = tuple(one for one in balancer.instances if one != instance.id)
            session.save(LOAD_BALANCERS, user, replace(balancer, instances=left))
    session.remove(INSTANCES, user, instance.id)


def _overrides(hardware: HardwareOverrides) -> Pairs:
    values = ((name, getattr(hardware, name)) for name in _OVERRIDES)
    return tuple((name, _text(value)) for name, value in values if value is not None)


def _text(value: float | str) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
