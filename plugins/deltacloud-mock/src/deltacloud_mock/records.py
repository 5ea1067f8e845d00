"""How models are kept: as JSON, one kind of thing per collection."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Generic, TypeVar

import msgspec

from deltacloud.models import (
    Address,
    Bucket,
    Firewall,
    Image,
    Instance,
    Key,
    LoadBalancer,
    Model,
    Network,
    NetworkInterface,
    StorageSnapshot,
    StorageVolume,
    Subnet,
)
from deltacloud.secret import Secret

Item = TypeVar("Item", bound=Model)

_KEPT = 4096


def reveal(value: object) -> str:
    """What the encoder writes for a secret: this cloud's private keys are made up, and open nothing."""
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(type(value).__name__)


def conceal(kind: type[Any], value: object) -> object:
    """What the decoder makes of text where a model has a secret."""
    if kind is Secret:
        return Secret(str(value))
    raise NotImplementedError(kind.__name__)


_encoder = msgspec.json.Encoder(enc_hook=reveal)


def digest(value: object) -> str:
    """What tells one input from another: equal ones have the same. Secrets count as equal, so that it tells none."""
    return hashlib.blake2b(_digested.encode(value), digest_size=16).hexdigest()


def _without_secrets(value: object) -> object:
    return None if isinstance(value, Secret) else str(value)


_digested = msgspec.json.Encoder(enc_hook=_without_secrets)


class Kind(Generic[Item]):
    """One kind of thing.

    Args:
        name: The collection's name.
        model: The model.
        sort: Where a thing stands in lists; its id if not given.
    """

    def __init__(self, name: str, model: type[Item], sort: Callable[[Item], str] | None = None) -> None:
        self.name = name
        self.sort: Callable[[Item], str] = sort or (lambda item: item.id)
        # Models never change, so the same bytes may give the same one; most requests read what others have read.
        self.decode: Callable[[bytes], Item] = lru_cache(_KEPT)(msgspec.json.Decoder(model, dec_hook=conceal).decode)

    def encode(self, item: Item) -> bytes:
        """The thing as JSON."""
        return _encoder.encode(item)


def _by_owner(image: Image) -> str:
    return "\x1f".join((image.owner_id or "", image.description or "", image.id))


def _by_number(address: Address) -> str:
    return f"{int(ip_address(address.id)):08x}"


ADDRESSES = Kind("addresses", Address, _by_number)
BUCKETS = Kind("buckets", Bucket)
FIREWALLS = Kind("firewalls", Firewall)
IMAGES = Kind("images", Image, _by_owner)
INSTANCES = Kind("instances", Instance)
KEYS = Kind("keys", Key)
LOAD_BALANCERS = Kind("load_balancers", LoadBalancer)
NETWORKS = Kind("networks", Network)
NETWORK_INTERFACES = Kind("network_interfaces", NetworkInterface)
STORAGE_SNAPSHOTS = Kind("storage_snapshots", StorageSnapshot)
STORAGE_VOLUMES = Kind("storage_volumes", StorageVolume)
SUBNETS = Kind("subnets", Subnet)
