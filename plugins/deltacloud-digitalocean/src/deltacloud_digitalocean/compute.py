"""Realms, sizes, images, instances and keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from deltacloud.context import Context
from deltacloud.errors import InvalidRequest, NotFound
from deltacloud.inputs import Filters, NewImage, NewInstance, NewKey
from deltacloud.models import HardwareProfile, Image, Instance, Key, Realm
from deltacloud.texts import new_name, user_text
from deltacloud_digitalocean import operations as do
from deltacloud_digitalocean import records
from deltacloud_digitalocean.base import DigitalOceanBase, tag_names
from deltacloud_digitalocean.client import Api
from deltacloud_digitalocean.errors import Refusal
from deltacloud_digitalocean.groups import own_tag_of
from deltacloud_digitalocean.mapping import compute as mapping

_MOST_AT_ONCE = 10
"""How many droplets one request can make."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


class ComputeHooks(DigitalOceanBase):
    """What a cloud of machines is asked most."""

    def inspect_account(self, context: Context) -> frozenset[str] | None:
        """Whether the token is good; every account has everything."""
        try:
            next(self._api(context).pages(do.SIZES_LIST, records.Size, "sizes"), None)
        except Refusal as refused:
            if not refused.lacks_scope:
                raise
        return None

    # Realms and sizes

    def list_realms(self, context: Context) -> Iterator[Realm]:
        """The regions."""
        yield from map(mapping.realm_from, self._regions(context))

    def list_hardware_profiles(self, context: Context) -> Iterator[HardwareProfile]:
        """The sizes that can be launched now."""
        yield from (mapping.profile_from(size) for size in self._sizes(context) if size.available)

    def get_hardware_profile(self, context: Context, hardware_profile_id: str) -> HardwareProfile:
        """A size, also one that cannot be launched any more: old droplets still have it."""
        for size in self._sizes(context):
            if size.slug == hardware_profile_id:
                return mapping.profile_from(size)
        raise NotFound

    # Images

    def list_images(self, context: Context, filters: Filters) -> Iterator[Image]:
        """Public images and the caller's own; ``owner_id`` is ``global``, ``self`` or the user name."""
        owner, wanted = self._owner(context), set(filters.owner_id)
        public = not wanted or mapping.PUBLIC_OWNER in wanted
        private = not wanted or not wanted.isdisjoint({"self", owner})
        if not (public or private):
            return
        query = {} if public else {"private": "true"}
        for image in self._api(context).pages(do.IMAGES_LIST, records.Image, "images", query=query):
            if public if image.public else private:
                yield mapping.image_from(image, owner, self._launchable(context))

    def get_image(self, context: Context, image_id: str) -> Image:
        """An image, by its number or a public one's slug."""
        image = self._api(context).get(do.IMAGES_GET, records.Image, "image", image_id)
        return mapping.image_from(image, self._owner(context), self._launchable(context))

    def create_image(self, context: Context, new: NewImage) -> Image:
        """Take a snapshot; its id is known only when it is done, which takes minutes.

        Raises:
            NotYetCompleted: it is not done within this request. It goes on, and the image will be in the list; who asks
                again meanwhile waits for the same one.
        """
        api, tags = self._api(context), tag_names(new.tags)
        wanted, busy = {"type": "snapshot", "name": new.name or new_name("image-")}, None
        try:
            action = api.send(do.DROPLET_ACTIONS_POST, records.Action, "action", wanted, new.instance_id)
        except Refusal as refused:
            action, busy = _snapshot_under_way(api, new.instance_id, refused), refused
        api.finished(action, do.DROPLET_ACTIONS_GET, new.instance_id)
        snapshots = api.pages(do.DROPLETS_LIST_SNAPSHOTS, records.Snapshot, "snapshots", new.instance_id)
        made = [one for one in snapshots if new.name in (None, one.name)]
        if not made:
            raise busy or NotFound("The image was made, and is gone already")
        identifier = str(max(made, key=lambda one: (one.created_at or _BEGINNING, int(one.id))).id)
        for tag in tags:
            api.order(do.TAGS_CREATE, body={"name": tag})
            resources = [{"resource_id": identifier, "resource_type": "image"}]
            api.order(do.TAGS_ASSIGN_RESOURCES, tag, body={"resources": resources})
        return self.get_image(context, identifier)

    def destroy_image(self, context: Context, image_id: str) -> None:
        """Delete a snapshot, a backup or an image of the caller's own."""
        self._api(context).order(do.IMAGES_DELETE, str(do.number(image_id)))

    # Instances

    def list_instances(self, context: Context) -> Iterator[Instance]:
        """All droplets; those with GPUs are a list of their own."""
        api, owner = self._api(context), self._owner(context)
        firewalls = _firewalls(api)
        for kind in ("droplets", "gpus"):
            for droplet in api.pages(do.DROPLETS_LIST, records.Droplet, "droplets", query={"type": kind}):
                known = None if firewalls is None else mapping.firewalls_of(droplet, firewalls)
                yield mapping.instance_from(droplet, owner, known)

    def get_instance(self, context: Context, instance_id: str) -> Instance:
        """One droplet."""
        api = self._api(context)
        droplet = api.get(do.DROPLETS_GET, records.Droplet, "droplet", instance_id)
        firewalls = _firewalls(api, instance_id)
        known = None if firewalls is None else tuple(one.id for one in firewalls)
        return mapping.instance_from(droplet, self._owner(context), known)

    def create_instance(self, context: Context, new: NewInstance) -> tuple[Instance, ...]:
        """Launch up to ten droplets; into firewalls that were made here from their first moment."""
        if new.count > _MOST_AT_ONCE:
            raise InvalidRequest(f"DigitalOcean launches at most {_MOST_AT_ONCE} droplets at once", "instance_count")
        api = self._api(context)
        new = msgspec.structs.replace(new, realm_id=new.realm_id or self._named_region(context))
        firewalls = [api.get(do.FIREWALLS_GET, records.Firewall, "firewall", one) for one in new.firewall_ids]
        own_tags = [own_tag_of(one) for one in firewalls]
        tags = tag_names(new.tags) + [tag for tag in own_tags if tag is not None]
        body = _launch_body(new, tags, ipv6=bool(context.extra.get("ipv6")))
        body["size"] = new.hardware_profile_id or self._cheapest(context, api, new)
        droplets = _launch(api, new, body)
        for firewall, tag in zip(firewalls, own_tags, strict=True):
            if tag is None:
                ids = [one.id for one in droplets]
                api.order(do.FIREWALLS_ASSIGN_DROPLETS, firewall.id, body={"droplet_ids": ids})
        owner, known = self._owner(context), tuple(one.id for one in firewalls)
        return tuple(mapping.instance_from(one, owner, known) for one in droplets)

    def start_instance(self, context: Context, instance: Instance) -> None:
        """Power on."""
        self._act(context, instance, "power_on")

    def stop_instance(self, context: Context, instance: Instance) -> None:
        """Ask the guest's system to shut down, as the original did; it may take its time, or not obey."""
        self._act(context, instance, "shutdown")

    def reboot_instance(self, context: Context, instance: Instance) -> None:
        """Ask the guest's system to reboot."""
        self._act(context, instance, "reboot")

    def destroy_instance(self, context: Context, instance: Instance) -> None:
        """Delete."""
        self._api(context).order(do.DROPLETS_DESTROY, instance.id)

    # Keys

    def list_keys(self, context: Context) -> Iterator[Key]:
        """The public keys of the account."""
        yield from map(mapping.key_from, self._api(context).pages(do.KEYS_LIST, records.Key, "ssh_keys"))

    def get_key(self, context: Context, key_id: str) -> Key:
        """A key, by its number or its fingerprint."""
        return mapping.key_from(self._api(context).get(do.KEYS_GET, records.Key, "ssh_key", key_id))

    def create_key(self, context: Context, new: NewKey) -> Key:
        """Import a key.

        Raises:
            InvalidRequest: there is no public key; DigitalOcean generates none.
            Conflict: the account has this key already.
        """
        if not new.public_key:
            raise InvalidRequest("DigitalOcean generates no keys: import a public one", "public_key")
        wanted = {"name": new.name, "public_key": new.public_key}
        return mapping.key_from(self._api(context).send(do.KEYS_CREATE, records.Key, "ssh_key", wanted))

    def destroy_key(self, context: Context, key_id: str) -> None:
        """Delete."""
        self._api(context).order(do.KEYS_DELETE, key_id)

    def _act(self, context: Context, instance: Instance, action: str) -> None:
        """Begin an action, whose outcome the instance shows: the original did not wait, and a guest may take long."""
        self._api(context).order(do.DROPLET_ACTIONS_POST, instance.id, body={"type": action})

    def _launchable(self, context: Context) -> tuple[records.Size, ...]:
        return tuple(size for size in self._sizes(context) if size.available)

    def _cheapest(self, context: Context, api: Api, new: NewInstance) -> str:
        """The size of an instance that names none: the cheapest that the image fits into, in its realm.

        Raises:
            NotFound: there is no such image or realm.
            InvalidRequest: no size fits.
        """
        image = api.get(do.IMAGES_GET, records.Image, "image", new.image_id)
        realm = None if new.realm_id is None else self._region(context, new.realm_id)
        fitting = [
            size
            for size in self._launchable(context)
            if mapping.fits(size, image) and (realm is None or realm in size.regions)
        ]
        if not fitting:
            raise InvalidRequest("No size is available that this image fits into", "hwp_id")
        return min(fitting, key=lambda size: (size.price_monthly, size.memory, size.slug)).slug


def _launch_body(new: NewInstance, tags: list[str], *, ipv6: bool) -> dict[str, object]:
    """What all droplets of a launch have alike."""
    body: dict[str, object] = {"image": do.number_or_text(new.image_id)}
    if new.realm_id is not None:
        body["region"] = new.realm_id
    if new.key_name is not None:
        body["ssh_keys"] = [do.number_or_text(new.key_name)]
    if new.user_data is not None:
        body["user_data"] = user_text(new.user_data)
    if new.subnet_id is not None:
        body["vpc_uuid"] = new.subnet_id
    if tags:
        body["tags"] = tags
    return body | {name: True for name, wanted in (("monitoring", new.monitoring), ("ipv6", ipv6)) if wanted}


def _launch(api: Api, new: NewInstance, body: dict[str, object]) -> tuple[records.Droplet, ...]:
    name = new.name or new_name("inst-")
    if new.count == 1:
        return (api.send(do.DROPLETS_CREATE, records.Droplet, "droplet", {**body, "name": name}),)
    names = [f"{name}-{number}" for number in range(1, new.count + 1)]
    return api.send(do.DROPLETS_CREATE, tuple[records.Droplet, ...], "droplets", {**body, "names": names})


def _snapshot_under_way(api: Api, droplet_id: str, refused: Refusal) -> records.Action:
    """The snapshot that keeps the droplet busy, so that who asks again gets what was begun; else the refusal stands."""
    if refused.is_pending_event:
        for action in api.pages(do.DROPLET_ACTIONS_LIST, records.Action, "actions", droplet_id):
            if action.type == "snapshot" and action.status == "in-progress":
                return action
    raise refused


def _firewalls(api: Api, droplet_id: str | None = None) -> tuple[records.Firewall, ...] | None:
    """All firewalls, or those of one droplet; None where the token may not see them."""
    try:
        if droplet_id is None:
            return tuple(api.pages(do.FIREWALLS_LIST, records.Firewall, "firewalls"))
        return tuple(api.pages(do.DROPLETS_LIST_FIREWALLS, records.Firewall, "firewalls", droplet_id))
    except Refusal as refused:
        if refused.lacks_scope:
            return None
        raise
