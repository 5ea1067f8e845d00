"""Broken in the life of instances, and in what belongs together."""

from __future__ import annotations

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.models import (
    Address,
    Instance,
    LoadBalancer,
    NetworkInterface,
    StorageSnapshot,
    StorageVolume,
)
from deltacloud.states import StateMachine
from mutants.sound import Sound, mutation


@mutation("instances.lifecycle", "instances.action.stop", "instances.documents")
class WrongState(Sound):
    """A state that no table knows."""

    def get_instance(self, context: Context, instance_id: str) -> Instance:
        instance = super().get_instance(context, instance_id)
        return replace(instance, state="SHUTOFF") if instance.state == "STOPPED" else instance


@mutation("instances.action.stop", "instances.lifecycle")
class UndeclaredTransition(Sound):
    """The table says that stop leads to an error."""

    states = StateMachine(
        ("start", "create", "pending"),
        ("pending", None, "running"),
        ("running", "reboot", "running"),
        ("running", "stop", "error"),
        ("error", "destroy", "finish"),
        ("stopped", "start", "running"),
        ("stopped", "destroy", "finish"),
    )


@mutation(
    "instances.action.stop",
    "instances.action.start",
    "instances.action.destroy",
    "instances.destroy",
    "instances.lifecycle",
)
class DoesNothing(Sound):
    """Stop is called, and nothing happens."""

    def stop_instance(self, context: Context, instance: Instance) -> Instance:  # noqa: ARG002 - it does nothing
        return instance


@mutation("instances.action.start")
class SaysOtherwise(Sound):
    """What start returns is not what becomes of it."""

    def start_instance(self, context: Context, instance: Instance) -> Instance:
        return replace(super().start_instance(context, instance), state="ERROR")


@mutation("instances.action.destroy")
class DestroyReturns(Sound):
    """Destroy returns the instance."""

    def destroy_instance(self, context: Context, instance: Instance) -> None:
        super().destroy_instance(context, instance)
        return instance  # type: ignore[return-value]


@mutation("storage_volumes.attach")
class AttachmentNotShown(Sound):
    """An attached volume does not say to what."""

    def get_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        return replace(super().get_storage_volume(context, volume_id), instance_id=None, device=None)


@mutation("addresses.associate")
class AddressNotShown(Sound):
    """An address does not say whose it is."""

    def get_address(self, context: Context, address_id: str) -> Address:
        return replace(super().get_address(context, address_id), instance_id=None)


@mutation("load_balancers.register")
class StaysRegistered(Sound):
    """Unregistering does nothing."""

    def unregister_from_load_balancer(self, context: Context, load_balancer_id: str, instance_id: str) -> LoadBalancer:  # noqa: ARG002 - it does nothing
        return self.get_load_balancer(context, load_balancer_id)


@mutation("network_interfaces.plugged")
class InterfaceOfNobody(Sound):
    """An interface does not say whose it is."""

    def get_network_interface(self, context: Context, network_interface_id: str) -> NetworkInterface:
        return replace(super().get_network_interface(context, network_interface_id), instance_id=None)


@mutation("storage_snapshots.origin")
class SnapshotOfNothing(Sound):
    """A snapshot's origin is its own id."""

    def get_storage_snapshot(self, context: Context, snapshot_id: str) -> StorageSnapshot:
        return replace(super().get_storage_snapshot(context, snapshot_id), storage_volume_id=snapshot_id)


@mutation("storage_volumes.in-use")
class DestroyedInUse(Sound):
    """A volume is destroyed though it is attached."""

    def destroy_storage_volume(self, context: Context, volume_id: str) -> None:
        if self.get_storage_volume(context, volume_id).instance_id is not None:
            self.detach_storage_volume(context, volume_id)
        super().destroy_storage_volume(context, volume_id)
