"""Realms, images, instances, keys and metrics."""

from __future__ import annotations

import hashlib
from itertools import islice

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.errors import ActionNotAllowed, BackendError, Conflict, Forbidden, NotFound
from deltacloud.inputs import Command, Filters, NewImage, NewInstance, NewKey, PageRequest
from deltacloud.models import CommandOutput, Image, Instance, Key, Metric, Page, Realm
from deltacloud.secret import Secret
from deltacloud_mock import fakes, launching
from deltacloud_mock.base import MockBase, named, stamped
from deltacloud_mock.catalogue import PROFILE_IDS, REALMS, STATES, TEST_REALMS
from deltacloud_mock.records import IMAGES, INSTANCES, KEYS
from deltacloud_mock.session import Change, Session

_MADE_HERE = "root"  # the owner that every image made of an instance shows


class ComputeHooks(MockBase):
    """The hooks of machines and what they are made of."""

    def inspect_account(self, context: Context) -> frozenset[str] | None:
        """Checks the credentials; everybody has all collections."""
        self._gate.admit(context, "inspect_account")
        return None

    # Realms

    def list_realms(self, context: Context, filters: Filters) -> tuple[Realm, ...]:
        """The two realms; the test realms only raise."""
        self._gate.admit(context, "list_realms")
        for realm_id in filters.id:
            _raise_for(realm_id)
        return REALMS

    def get_realm(self, context: Context, realm_id: str) -> Realm:
        """One realm."""
        self._gate.admit(context, "get_realm")
        _raise_for(realm_id)
        for realm in REALMS:
            if realm.id == realm_id:
                return realm
        raise NotFound

    # Images

    def list_images(self, context: Context, filters: Filters, page: PageRequest) -> Page[Image]:
        """Everybody's images, by owner and description; ``self`` is the caller."""
        user = self._gate.admit(context, "list_images")
        with self._store.reading() as session:
            images, following = session.public_page(IMAGES, page.marker or "", page.size(self._page_size))
        owners = filters.owner_id
        return Page([image for maker, image in images if not owners or _owned(image, maker, owners, user)], following)

    def get_image(self, context: Context, image_id: str) -> Image:
        """One image."""
        self._gate.admit(context, "get_image")
        with self._store.reading() as session:
            found = session.find(IMAGES, image_id)
        if found is None:
            raise NotFound
        return found[1]

    def create_image(self, context: Context, new: NewImage) -> Image:
        """An image of the name given; its profiles are shown from the next read on, as the original had it."""

        def build(session: Session, user: str) -> tuple[Image]:
            if not session.need(INSTANCES, user, new.instance_id).create_image:
                raise BackendError("CreateImageNotSupported")
            name = named(new.name) if new.name else stamped(session, IMAGES, user, "image_")
            if session.find(IMAGES, name) is not None:
                raise Conflict(f"'{name}' exists already")
            image = Image(
                id=name,
                name=name,
                description=new.description,
                owner_id=_MADE_HERE,
                architecture="i386",
                state="AVAILABLE",
                hardware_profile_ids=PROFILE_IDS,
                tags=new.tags or None,
            )
            return (session.add(IMAGES, user, image),)

        (image,) = self._create(context, "create_image", IMAGES, new, build)
        return replace(image, hardware_profile_ids=None)

    def destroy_image(self, context: Context, image_id: str) -> None:
        """Delete an image that the caller made."""
        user = self._gate.admit(context, "destroy_image")
        with self._store.writing() as session:
            found = session.find(IMAGES, image_id)
            if found is None:
                raise NotFound("NotFound")
            if found[0] != user:
                raise Forbidden("The image belongs to someone else")
            session.remove(IMAGES, user, image_id)

    # Instances

    def list_instances(self, context: Context, page: PageRequest) -> Page[Instance]:
        """The caller's instances, whatever owner is asked for."""
        return self._list(context, "list_instances", INSTANCES, page)

    def get_instance(self, context: Context, instance_id: str) -> Instance:
        """One instance."""
        return self._get(context, "get_instance", INSTANCES, instance_id)

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        """Launch; the lowest free ``instN`` are taken."""
        stopped = context.extra.get("initial_state") == "STOPPED"

        def build(session: Session, user: str) -> tuple[Instance, ...]:
            launching.check(session, user, new)
            state, change = ("STOPPED", None) if stopped else self._turning(session, "PENDING", "RUNNING")
            ids = islice(launching.free_ids(session), new.count)
            return tuple(launching.launch(session, user, new, one, state, change) for one in ids)

        instances = self._create(context, "create_instance", INSTANCES, new, build)
        return instances if new.count > 1 else instances[0]

    def start_instance(self, context: Context, instance: Instance) -> Instance:
        """Start."""
        return self._turn(context, "start", instance, "PENDING", "RUNNING")

    def stop_instance(self, context: Context, instance: Instance) -> Instance:
        """Stop."""
        return self._turn(context, "stop", instance, "STOPPING", "STOPPED")

    def reboot_instance(self, context: Context, instance: Instance) -> Instance:
        """Restart, at once."""
        return self._turn(context, "reboot", instance, "RUNNING", "RUNNING")

    def destroy_instance(self, context: Context, instance: Instance) -> None:
        """Delete, with its interfaces; volumes and addresses become free."""
        user = self._gate.admit(context, "destroy_instance")
        with self._store.writing() as session:
            current = session.need(INSTANCES, user, instance.id)
            _check_action(current, "destroy")
            launching.forget(session, user, current)

    def run_on_instance(self, context: Context, instance: Instance, command: Command) -> CommandOutput:
        """What the command would have printed is anybody's guess."""
        self._gate.admit(context, "run_on_instance")
        shown = instance.public_addresses[0].address if instance.public_addresses else None
        return CommandOutput(command.address or shown, self._output_of(command.command))

    # Keys

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        """The caller's keys, private parts included: they are made up."""
        return self._list(context, "list_keys", KEYS, page)

    def get_key(self, context: Context, key_id: str) -> Key:
        """One key."""
        return self._get(context, "get_key", KEYS, key_id)

    def create_key(self, context: Context, new: NewKey) -> Key:
        """A fake key, or the fingerprint of an imported one."""

        def build(session: Session, user: str) -> tuple[Key]:
            name = named(new.name)
            if session.has(KEYS, user, name):
                raise Forbidden("Key with same name already exists")
            if new.public_key:
                digest = hashlib.sha1(new.public_key.encode(), usedforsecurity=False).digest()
                return (session.add(KEYS, user, Key(id=name, name=name, fingerprint=digest.hex(":"))),)
            fingerprint, pem = fakes.fingerprint(self._random), Secret(fakes.pem(fakes.pem_body(self._random)))
            return (session.add(KEYS, user, Key(id=name, name=name, fingerprint=fingerprint, pem=pem)),)

        (key,) = self._create(context, "create_key", KEYS, new, build)
        return key

    def destroy_key(self, context: Context, key_id: str) -> None:
        """Delete a key."""
        self._destroy(context, "destroy_key", KEYS, key_id)

    # Metrics

    def list_metrics(self, context: Context, page: PageRequest) -> Page[Metric]:
        """One for each of the caller's instances, without samples."""
        instances = self._list(context, "list_metrics", INSTANCES, page)
        return Page([fakes.metric(instance) for instance in instances.items], instances.next_marker)

    def get_metric(self, context: Context, metric_id: str) -> Metric:
        """The last seconds of an instance."""
        instance = self._get(context, "get_metric", INSTANCES, metric_id)
        return fakes.measured(instance, int(self._clock()), self._random)

    # What these share

    def _output_of(self, command: str) -> str:
        return f"The output of '{command}' would be here, were this not a mock provider"

    def _turn(self, context: Context, action: str, instance: Instance, on_the_way: str, state: str) -> Instance:
        user = self._gate.admit(context, f"{action}_instance")
        with self._store.writing() as session:
            current = session.need(INSTANCES, user, instance.id)
            _check_action(current, action)
            now, change = self._turning(session, on_the_way, state)
            return session.turn(INSTANCES, user, replace(current, state=now), change)

    def _turning(self, session: Session, on_the_way: str, state: str) -> tuple[str, Change | None]:
        """The state now, and what follows by itself."""
        if not self._transition_seconds:
            return state, None
        return on_the_way, Change(state, session.now + self._transition_seconds)


def _raise_for(realm_id: str) -> None:
    if realm_id in TEST_REALMS:
        error, message = TEST_REALMS[realm_id]
        raise error(message)


def _owned(image: Image, maker: str, owners: tuple[str, ...], user: str) -> bool:
    if image.owner_id in owners:
        return True
    mine = image.owner_id == user or (maker == user and image.owner_id == _MADE_HERE)
    return mine and ("self" in owners or user in owners)


def _check_action(instance: Instance, action: str) -> None:
    if action not in STATES.actions(instance.state):
        raise ActionNotAllowed
