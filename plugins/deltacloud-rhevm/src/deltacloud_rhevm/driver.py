"""The driver: what it declares, and the two hooks about the installation itself."""

from __future__ import annotations

from collections.abc import Iterator

from deltacloud.context import Context
from deltacloud.driver import CredentialFields, Parameter, StateMachine
from deltacloud.errors import DeltacloudError
from deltacloud.features import (
    IMAGE_DESCRIPTION,
    IMAGE_NAME,
    USER_DATA,
    USER_NAME,
    VOLUME_DESCRIPTION,
    VOLUME_NAME,
)
from deltacloud.models import Provider
from deltacloud.providers import Providers
from deltacloud_rhevm.base import RhevmSettings
from deltacloud_rhevm.compute import Compute
from deltacloud_rhevm.documents import text
from deltacloud_rhevm.endpoints import INSTALLATIONS, selecting
from deltacloud_rhevm.errors import meaning
from deltacloud_rhevm.mapping import PROFILES
from deltacloud_rhevm.networks import Networks
from deltacloud_rhevm.volumes import Volumes

_LONGEST_NAME = 50
_NOT_IN_VERSION_3 = frozenset({
    "reboot_instance", "list_storage_volumes", "get_storage_volume", "create_storage_volume", "destroy_storage_volume",
    "attach_storage_volume", "detach_storage_volume",
})  # fmt: skip


class RhevmDriver(Compute, Networks, Volumes):
    """The virtualization manager of oVirt, of Red Hat Virtualization, and of Oracle's."""

    name = "rhevm"
    title = "RHEVM"
    contract = 1
    credentials = CredentialFields("User with domain", "Password", help="The login of the portal: admin@internal")
    providers = Providers(endpoints=INSTALLATIONS)
    features = (
        IMAGE_NAME,
        IMAGE_DESCRIPTION,
        USER_NAME.constrained(max_length=_LONGEST_NAME),
        USER_DATA,
        VOLUME_NAME,
        VOLUME_DESCRIPTION,
    )
    parameters = (
        Parameter(
            name="first_boot_dev",
            operation="instances.create",
            values=("hd", "network"),
            help="What it boots from first",
        ),
        Parameter(name="public_key", operation="instances.create", help="A key that cloud-init lets in"),
        Parameter(
            name="clone", operation="instances.create", type="boolean", help="Copy the disks, so that the image can go"
        ),
        Parameter(
            name="power_off", operation="instances.stop", type="boolean", help="Switch it off, without asking the guest"
        ),
        Parameter(name="hard", operation="instances.reboot", type="boolean", help="Press the reset button"),
        Parameter(name="storage_domain", operation="storage_volumes.create", help="Id of the place for the volume"),
    )
    states = StateMachine(
        ("start", "create", "pending"),
        ("pending", None, "stopped"),
        ("pending", None, "running"),
        ("pending", None, "error"),
        ("stopped", "start", "pending"),
        ("stopped", "destroy", "finish"),
        ("running", "stop", "stopping"),
        ("running", "reboot", "pending"),
        ("stopping", "stop", "stopped"),
        ("stopping", None, "stopped"),
    )
    hardware_profiles = PROFILES
    settings = RhevmSettings
    limitations = (
        "A new instance is not started.",
        "An instance that runs cannot be destroyed: stop it first.",
        "Stopping asks the guest; stopping again switches the instance off.",
        "The storage of a hardware profile cannot be chosen: an instance has the disks of its image.",
        "User data must be text; cloud-init takes it as its own configuration.",
        "Volumes are disks; the storage domains of the original are not shown.",
        "The device of an attached volume chooses the bus alone; the guest gives the letter.",
        "VNC consoles are shown for a single instance, not in lists.",
        "Networks and storage snapshots cannot be made.",
    )

    def __init__(self, settings: RhevmSettings) -> None:
        super().__init__(settings)
        if self._is_old:
            self.withdrawn = _NOT_IN_VERSION_3

    def list_providers(self, context: Context) -> Iterator[Provider]:
        """The data centres of the installation."""
        for center in self._engine(context).get("datacenters"):
            name = text(center, "name") or ""
            value = selecting(context.provider, center.get("id", ""))
            yield Provider(id=center.get("id", ""), name=name, value=value, entry_points=((name, value),))

    def translate_error(self, error: Exception) -> DeltacloudError | None:
        """What a fault of the engine's means."""
        return meaning(error)
