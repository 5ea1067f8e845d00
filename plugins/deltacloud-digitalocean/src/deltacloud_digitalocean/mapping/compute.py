"""Droplets, images, sizes and keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from deltacloud.hardware import fixed
from deltacloud.models import (
    HardwareProfile,
    Image,
    Instance,
    InstanceAddress,
    Key,
    Pairs,
    Realm,
)
from deltacloud.secret import Secret
from deltacloud_digitalocean import records
from deltacloud_digitalocean.groups import is_own

PUBLIC_OWNER = "global"
"""The owner of what is everybody's."""
_STATES = {None: "PENDING", "new": "PENDING", "pending": "PENDING", "archive": "PENDING", "active": "RUNNING",
           "off": "STOPPED"}  # fmt: skip
_IMAGE_STATES = {None: "AVAILABLE", "available": "AVAILABLE", "new": "PENDING", "pending": "PENDING",
                 "deleted": "UNAVAILABLE", "retired": "UNAVAILABLE"}  # fmt: skip
_SNAPSHOTTABLE = ("active", "off")


def realm_from(region: records.Region) -> Realm:
    """A region."""
    return Realm(id=region.slug, name=region.name, state="AVAILABLE" if region.available else "UNAVAILABLE")


def profile_from(size: records.Size) -> HardwareProfile:
    """A size; none of it can be varied."""
    return HardwareProfile(
        id=size.slug,
        name=f"{size.description} {size.slug}" if size.description else size.slug,
        properties=(
            fixed("cpu", size.vcpus),
            fixed("memory", size.memory),
            fixed("storage", size.disk),
            fixed("architecture", "x86_64"),
        ),
    )


def fits(size: records.Size, image: records.Image) -> bool:
    """Whether the image can be launched with this size, somewhere."""
    return size.disk >= (image.min_disk_size or 0) and not set(size.regions).isdisjoint(image.regions)


def image_from(image: records.Image, owner: str, sizes: Iterable[records.Size]) -> Image:
    """An image.

    Args:
        image: The record.
        owner: Whose the private ones are.
        sizes: Those that can be launched.
    """
    name = image.name or ""
    return Image(
        id=str(image.id),
        name=image.name,
        description=": ".join(filter(None, (image.distribution, (image.description or "").strip()))) or None,
        owner_id=PUBLIC_OWNER if image.public else owner,
        architecture="i386" if "x32" in name else "x86_64",
        state=_IMAGE_STATES.get(_lowered(image.status), (image.status or "").upper()),
        creation_time=image.created_at,
        hardware_profile_ids=tuple(size.slug for size in sizes if fits(size, image)),
        tags=tags_from(image.tags),
    )


def instance_from(droplet: records.Droplet, owner: str, firewall_ids: tuple[str, ...] | None = None) -> Instance:
    """A droplet.

    Args:
        droplet: The record.
        owner: Whose it is.
        firewall_ids: Its firewalls; None where they are not known.
    """
    networks = droplet.networks or records.Networks()
    public = [InstanceAddress(one.ip_address) for one in networks.v4 if one.type == "public"]
    public += [InstanceAddress(one.ip_address, "ipv6") for one in networks.v6 if one.type == "public"]
    image, region = droplet.image or records.ImageRef(), droplet.region or records.RegionRef()
    return Instance(
        id=str(droplet.id),
        name=droplet.name,
        owner_id=owner,
        image_id=None if image.id is None else str(image.id),
        realm_id=region.slug,
        hardware_profile_id=droplet.size_slug,
        state=_STATES.get(_lowered(droplet.status), (droplet.status or "").upper()),
        actions=() if droplet.locked else None,
        launch_time=droplet.created_at,
        public_addresses=tuple(public),
        private_addresses=tuple(InstanceAddress(one.ip_address) for one in networks.v4 if one.type == "private"),
        firewall_ids=firewall_ids,
        storage_volumes=tuple((volume, None) for volume in droplet.volume_ids or ()),
        create_image=not droplet.locked and _lowered(droplet.status) in _SNAPSHOTTABLE,
        tags=tags_from(droplet.tags),
    )


def firewalls_of(droplet: records.Droplet, firewalls: Iterable[records.Firewall]) -> tuple[str, ...]:
    """The ids of the firewalls that hold for a droplet, by its id or by one of its tags."""
    tags = set(droplet.tags or ())
    return tuple(
        one.id for one in firewalls if droplet.id in (one.droplet_ids or ()) or not tags.isdisjoint(one.tags or ())
    )


def key_from(key: records.Key) -> Key:
    """A key. The cloud never has the private part; what it shows is the public one."""
    return Key(
        id=str(key.id),
        name=key.name,
        fingerprint=key.fingerprint,
        pem=None if key.public_key is None else Secret(key.public_key),
        state="available",
    )


def tags_from(names: Collection[str] | None) -> Pairs | None:
    """Tags, which the cloud has as single words: ``env:prod`` is the value ``prod`` of ``env``, ``web`` has none."""
    if names is None:
        return None
    split = (name.partition(":") for name in names if not is_own(name))
    return tuple((key, value) for key, _, value in split)


def _lowered(text: str | None) -> str | None:
    return None if text is None else text.lower()
