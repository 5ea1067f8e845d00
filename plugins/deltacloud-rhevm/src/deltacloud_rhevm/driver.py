"""The driver: what it declares. Its calls are in :mod:`~deltacloud_rhevm.compute` and the like."""

from __future__ import annotations

from deltacloud import features
from deltacloud.driver import CredentialFields, Parameter, StateMachine
from deltacloud_rhevm.compute import ComputeHooks
from deltacloud_rhevm.endpoints import PROVIDERS
from deltacloud_rhevm.mapping import PROFILES
from deltacloud_rhevm.networks import NetworkHooks
from deltacloud_rhevm.settings import RhevmSettings
from deltacloud_rhevm.volumes import VolumeHooks

_LONGEST_NAME = 50
_NOT_IN_VERSION_3 = frozenset({
    "reboot_instance", "list_storage_volumes", "get_storage_volume", "create_storage_volume", "destroy_storage_volume",
    "attach_storage_volume", "detach_storage_volume",
})  # fmt: skip


class RhevmDriver(ComputeHooks, NetworkHooks, VolumeHooks):
    """The virtualization manager of oVirt, of Red Hat Virtualization, and of Oracle's."""

    name = "rhevm"
    title = "RHEVM"
    contract = 1
    credentials = CredentialFields("User with domain", "Password", help="The login of the portal: admin@internal")
    providers = PROVIDERS
    features = (
        features.IMAGE_NAME,
        features.IMAGE_DESCRIPTION,
        features.USER_NAME.constrained(max_length=_LONGEST_NAME),
        features.USER_DATA,
        features.VOLUME_NAME,
        features.VOLUME_DESCRIPTION,
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
