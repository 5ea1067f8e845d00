"""What each kind of thing is made from: the inputs of the create hooks, as plain as the contract allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from deltacloud.inputs import (
    Input,
    Listener,
    NewBucket,
    NewFirewall,
    NewImage,
    NewInstance,
    NewKey,
    NewLoadBalancer,
    NewNetwork,
    NewNetworkInterface,
    NewStorageSnapshot,
    NewStorageVolume,
    NewSubnet,
)
from deltacloud.testing.resources import RESOURCES, Resource

if TYPE_CHECKING:
    from deltacloud.testing.caller import Caller
    from deltacloud.testing.run import Run

Maker = Callable[["Run", "Caller"], Input]


def new_input(run: Run, who: Caller, resource: Resource, fields: Mapping[str, object]) -> Input | None:
    """What the create hook of a collection is told; None for addresses, whose hook is told nothing."""
    maker = _MAKERS.get(resource.collection)
    return None if maker is None else replace(maker(run, who), **fields)


def image_id(run: Run, who: Caller) -> str:
    """The image to launch."""
    return run.backend.image or str(run.existing(RESOURCES["images"], who).id)


def _instance(run: Run, who: Caller) -> NewInstance:
    named = "user_name" in run.driver.features
    return NewInstance(
        image_id=image_id(run, who),
        name=run.name() if named else None,
        realm_id=run.backend.realm,
        hardware_profile_id=run.backend.hardware_profile,
    )


def _image(run: Run, who: Caller) -> NewImage:
    named = "image_name" in run.driver.features
    return NewImage(instance_id=run.imaged(who).id, name=run.name() if named else None)


def _key(run: Run, _who: Caller) -> NewKey:
    text = run.backend.public_key
    return NewKey(name=run.name(), public_key=text() if callable(text) else None)


def _firewall(run: Run, _who: Caller) -> NewFirewall:
    return NewFirewall(name=run.name(), description="Made by the contract kit")


def _load_balancer(run: Run, who: Caller) -> NewLoadBalancer:
    realm = run.backend.realm or str(run.existing(RESOURCES["realms"], who).id)
    listener = Listener(protocol="HTTP", load_balancer_port=80, instance_port=8080)
    return NewLoadBalancer(name=run.name(), realm_id=realm, listeners=(listener,))


def _volume(run: Run, who: Caller) -> NewStorageVolume:
    named = "volume_name" in run.driver.features
    realm = run.backend.realm
    if realm is None and run.has("list_realms"):
        realm = str(run.existing(RESOURCES["realms"], who).id)
    return NewStorageVolume(capacity=run.backend.capacity, realm_id=realm, name=run.name() if named else None)


def _snapshot(run: Run, who: Caller) -> NewStorageSnapshot:
    return NewStorageSnapshot(volume_id=run.standing("storage_volumes", who).id, name=run.name())


def _network(run: Run, _who: Caller) -> NewNetwork:
    return NewNetwork(address_block=run.backend.address_blocks[0], name=run.name())


def _subnet(run: Run, who: Caller) -> NewSubnet:
    network = run.standing("networks", who).id
    return NewSubnet(network_id=network, address_block=run.subnet_block(), name=run.name())


def _interface(run: Run, who: Caller) -> NewNetworkInterface:
    where = "subnets" if run.has("list_subnets") else "networks"
    instance, network = run.standing("instances", who).id, run.standing(where, who).id
    return NewNetworkInterface(instance_id=instance, network_id=network, name=run.name())


def _bucket(run: Run, _who: Caller) -> NewBucket:
    return NewBucket(name=run.name())


_MAKERS: Mapping[str, Maker] = {
    "buckets": _bucket,
    "firewalls": _firewall,
    "images": _image,
    "instances": _instance,
    "keys": _key,
    "load_balancers": _load_balancer,
    "network_interfaces": _interface,
    "networks": _network,
    "storage_snapshots": _snapshot,
    "storage_volumes": _volume,
    "subnets": _subnet,
}
