"""What a new pretend cloud holds: the things that clients of the original know."""

from __future__ import annotations

from importlib.resources import files

import msgspec
from msgspec.structs import replace

from deltacloud.models import (
    Address,
    Blob,
    Bucket,
    Firewall,
    Image,
    Instance,
    Key,
    LoadBalancer,
    Network,
    NetworkInterface,
    StorageSnapshot,
    StorageVolume,
    Subnet,
)
from deltacloud.secret import Secret
from deltacloud_mock import fakes, records
from deltacloud_mock.blobtable import Place
from deltacloud_mock.contents import Contents
from deltacloud_mock.records import Item, Kind
from deltacloud_mock.session import Session


class SeedBlob(msgspec.Struct, frozen=True):
    """A blob and its content."""

    blob: Blob
    content: str


class Seed(msgspec.Struct, frozen=True, kw_only=True):
    """The things of one user, by collection. Bodies of private keys stand without their markers."""

    owner: str
    addresses: tuple[Address, ...] = ()
    blobs: tuple[SeedBlob, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    firewalls: tuple[Firewall, ...] = ()
    images: tuple[Image, ...] = ()
    instances: tuple[Instance, ...] = ()
    keys: tuple[Key, ...] = ()
    load_balancers: tuple[LoadBalancer, ...] = ()
    networks: tuple[Network, ...] = ()
    network_interfaces: tuple[NetworkInterface, ...] = ()
    storage_snapshots: tuple[StorageSnapshot, ...] = ()
    storage_volumes: tuple[StorageVolume, ...] = ()
    subnets: tuple[Subnet, ...] = ()

    def plant(self, session: Session, contents: Contents) -> None:
        """Put everything into a store."""
        self._add(session, records.ADDRESSES, self.addresses)
        self._add(session, records.BUCKETS, self.buckets)
        self._add(session, records.FIREWALLS, self.firewalls)
        self._add(session, records.IMAGES, self.images)
        self._add(session, records.INSTANCES, self.instances)
        self._add(session, records.KEYS, [_with_markers(key) for key in self.keys])
        self._add(session, records.LOAD_BALANCERS, self.load_balancers)
        self._add(session, records.NETWORKS, self.networks)
        self._add(session, records.NETWORK_INTERFACES, self.network_interfaces)
        self._add(session, records.STORAGE_SNAPSHOTS, self.storage_snapshots)
        self._add(session, records.STORAGE_VOLUMES, self.storage_volumes)
        self._add(session, records.SUBNETS, self.subnets)
        for one in self.blobs:
            place = Place(self.owner, one.blob.bucket_id, one.blob.id)
            with contents.written(place, [one.content.encode()]) as content:
                blob = replace(one.blob, content_length=content.length, etag=content.etag)
                session.blobs.put(self.owner, content.file, blob)

    def _add(self, session: Session, kind: Kind[Item], items: list[Item] | tuple[Item, ...]) -> None:
        for item in items:
            session.add(kind, self.owner, item)


def read_seed() -> Seed:
    """The original's data."""
    text = files(__package__).joinpath("seed.json").read_bytes()
    return msgspec.json.decode(text, type=Seed, dec_hook=records.conceal)


def _with_markers(key: Key) -> Key:
    return key if key.pem is None else replace(key, pem=Secret(fakes.pem(key.pem.reveal())))
