"""Realms, images and instances: clusters, templates and virtual machines."""

from __future__ import annotations

from collections.abc import Iterator

from deltacloud.context import Context
from deltacloud.errors import BackendError, InvalidRequest, NotSupported
from deltacloud.inputs import NewImage, NewInstance
from deltacloud.models import Image, Instance, Provider, Realm
from deltacloud.texts import new_name
from deltacloud_rhevm import orders
from deltacloud_rhevm.base import RhevmBase
from deltacloud_rhevm.client import Engine
from deltacloud_rhevm.documents import Element, identifier, text
from deltacloud_rhevm.endpoints import selecting
from deltacloud_rhevm.errors import Fault
from deltacloud_rhevm.mapping import PROFILES, image_from, instance_from, realm_from, status

BLANK = "00000000-0000-0000-0000-000000000000"
"""The template without disks that every installation has, in no data centre."""
WITH_DEVICES = "nics.reporteddevices,disk_attachments.disk"
"""What machines bring along, instead of three more requests for each of them."""


class ComputeHooks(RhevmBase):
    """Clusters, templates and machines."""

    def list_providers(self, context: Context) -> Iterator[Provider]:
        """The data centres of the installation."""
        for center in self._engine(context).get("datacenters"):
            name = text(center, "name") or ""
            value = selecting(context.provider, center.get("id", ""))
            yield Provider(id=center.get("id", ""), name=name, value=value, entry_points=((name, value),))

    def list_realms(self, context: Context) -> Iterator[Realm]:
        """The clusters of the data centre; available while it is up and one of their hosts is."""
        engine = self._engine(context)
        center = self._find_center(context, engine)
        populated = _clusters_with_hosts(engine)
        for cluster in self._clusters(engine, self._center(context, engine)):
            hosted = populated is None or cluster.get("id") in populated
            yield realm_from(cluster, available=hosted and status(center) == "up")

    def list_images(self, context: Context) -> Iterator[Image]:
        """The templates of the data centre, and the blank one, which belongs to all; they are the caller's own."""
        engine, owner = self._engine(context), context.credentials.username
        for template in self._members(context, engine, "templates"):
            yield image_from(template, owner)
        if not self._is_old:
            yield from _blank(engine, owner)

    def get_image(self, context: Context, image_id: str) -> Image:
        """A template, of whatever data centre."""
        return image_from(self._engine(context).get("templates", image_id), context.credentials.username)

    def create_image(self, context: Context, new: NewImage) -> Image:
        """Make a template of a machine that is down. It is locked until its disks are copied."""
        document = orders.template(new, new.name or new_name("template-"))
        return image_from(self._engine(context).post(document, "templates"), context.credentials.username)

    def destroy_image(self, context: Context, image_id: str) -> None:
        """Delete a template that no machine depends on."""
        self._engine(context).delete("templates", image_id)

    def list_instances(self, context: Context) -> Iterator[Instance]:
        """The machines of the data centre. Consoles are shown one by one only: each costs a request."""
        engine, owner = self._engine(context), context.credentials.username
        if self._is_old:
            for machine in self._members(context, engine, "vms"):
                yield instance_from(machine, owner, engine.get("vms", machine.get("id", ""), "nics"))
        else:
            for machine in self._members(context, engine, "vms", follow=WITH_DEVICES):
                yield instance_from(machine, owner, machine.iterfind("nics/nic"))

    def get_instance(self, context: Context, instance_id: str) -> Instance:
        """A machine, of whatever data centre, and the console that it has just now."""
        engine, owner = self._engine(context), context.credentials.username
        if self._is_old:
            machine = engine.get("vms", instance_id)
            return instance_from(machine, owner, engine.get("vms", instance_id, "nics"))
        machine = engine.get("vms", instance_id, follow=WITH_DEVICES)
        runs = status(machine) == "up"
        consoles = engine.get("vms", instance_id, "graphicsconsoles", current="true") if runs else ()
        return instance_from(machine, owner, machine.iterfind("nics/nic"), consoles)

    def create_instance(self, context: Context, new: NewInstance) -> Instance:
        """Make a machine of a template. It is not started."""
        _check_size(new)
        engine, extra = self._engine(context), context.extra
        wanted = orders.Wanted(
            name=new.name or new_name("i-"),
            cluster=self._cluster(context, engine, new.realm_id),
            new=new,
            network_first=extra.get("first_boot_dev") == "network",
            public_key=_text(extra.get("public_key")),
            user_data=self._settings.user_data,
        )
        if self._is_old:
            if wanted.public_key is not None:
                raise InvalidRequest("Version 3 of the API knows no keys", "public_key")
            made = engine.post(orders.old_machine(wanted), "vms")
        else:
            independent = {"clone": "true"} if extra.get("clone") else {}
            made = engine.post(orders.machine(wanted), "vms", **independent)
        return instance_from(made, context.credentials.username)

    def start_instance(self, context: Context, instance: Instance) -> None:
        """Start a machine, or let one that was paused or suspended go on."""
        engine = self._engine(context)
        machine = None if self._is_old else engine.get("vms", instance.id)
        prepared = machine is not None and status(machine) == "down" and _has_initialization(machine)
        _act(engine, instance, "start", *(["use_initialization"] if prepared else []))

    def stop_instance(self, context: Context, instance: Instance) -> None:
        """Ask the guest to shut down; the second time, or where no guest listens, switch the machine off."""
        switch_off = context.extra.get("power_off") or instance.state != "RUNNING"
        _act(self._engine(context), instance, "stop" if switch_off else "shutdown")

    def reboot_instance(self, context: Context, instance: Instance) -> None:
        """Ask the guest to start anew, or press the reset button."""
        _act(self._engine(context), instance, "reset" if context.extra.get("hard") else "reboot")

    def destroy_instance(self, context: Context, instance: Instance) -> None:
        """Delete a machine with its disks."""
        self._engine(context).delete("vms", instance.id)


def _check_size(new: NewInstance) -> None:
    """See whether a machine can have the size; the core has checked it where the client named a profile.

    Raises:
        InvalidRequest: it is too small or too large.
        NotSupported: the size of its disk is asked for.
    """
    if new.hardware.storage not in (None, 1):
        raise NotSupported("An instance has the disks of its image; attach a volume for more")
    for wanted in PROFILES[0].properties:
        value = getattr(new.hardware, wanted.name)
        if value is not None and not wanted.accepts(value):
            told = wanted.value if wanted.kind == "fixed" else f"from {wanted.first} to {wanted.last}"
            raise InvalidRequest(f"'hwp_{wanted.name}' must be {told}", f"hwp_{wanted.name}")
    if new.hardware.cpu is not None and not float(new.hardware.cpu).is_integer():
        raise InvalidRequest("'hwp_cpu' must be a whole number", "hwp_cpu")


def _act(engine: Engine, instance: Instance, action: str, *flags: str) -> None:
    """Let the engine do something with a machine.

    Raises:
        BackendError: it answered that it could not, although without a fault.
    """
    told = engine.post(orders.action(*flags), "vms", instance.id, action)
    if status(told) == "failed":
        raise BackendError(f"The provider could not {action} the instance")


def _blank(engine: Engine, owner: str) -> Iterator[Image]:
    """The blank template, where the caller may see it."""
    try:
        yield image_from(engine.get("templates", BLANK), owner)
    except Fault as fault:
        if not (fault.is_not_found or fault.is_forbidden):
            raise


def _clusters_with_hosts(engine: Engine) -> set[str | None] | None:
    """The ids of the clusters that have a host that is up; None where the caller may not know."""
    if engine.as_user or engine.version == 3:  # noqa: PLR2004 - a version
        return None
    try:
        return {identifier(host, "cluster") for host in engine.pages("hosts", "status=up")}
    except Fault as fault:
        if fault.is_forbidden:
            return None
        raise


def _has_initialization(machine: Element) -> bool:
    """Whether cloud-init has something to do."""
    names = ("custom_script", "authorized_ssh_keys")
    return any(text(machine, f"initialization/{name}") is not None for name in names)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
