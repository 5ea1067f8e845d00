"""Hooks of network interfaces."""

from __future__ import annotations

from deltacloud.context import Context
from deltacloud.errors import Conflict, DeltacloudError
from deltacloud.inputs import Filters, NewNetworkInterface, PageRequest
from deltacloud.models import NetworkInterface, Page
from deltacloud_ec2.client import Client, Record
from deltacloud_ec2.compute.instances import InstanceHooks
from deltacloud_ec2.compute.meanings import meant
from deltacloud_ec2.compute.paging import read_page
from deltacloud_ec2.mapping.instances import free_device_index
from deltacloud_ec2.mapping.networks import interface_from
from deltacloud_ec2.mapping.tags import tagging


class NetworkInterfaceHooks(InstanceHooks):
    """Network interfaces: made and plugged into an instance, and unplugged and deleted."""

    def list_network_interfaces(self, context: Context, filters: Filters, page: PageRequest) -> Page[NetworkInterface]:
        """Interfaces."""
        wanted = self._narrowed(("network-interface-id", filters.id))
        call = self._ec2(context).describe_network_interfaces
        source = self._source(call, "NetworkInterfaces", interface_from, wanted)
        return read_page([source], page, self._settings.page_size)

    def get_network_interface(self, context: Context, network_interface_id: str) -> NetworkInterface:
        """One interface."""
        return interface_from(self._interface(self._ec2(context), network_interface_id))

    def create_network_interface(self, context: Context, new: NewNetworkInterface) -> NetworkInterface:
        """Make an interface in a subnet and plug it into an instance, where that has room; all of it or nothing."""
        index = free_device_index(self._instance_record(self._ec2(context), new.instance_id))
        client = self._ec2(context)
        request = {"SubnetId": new.network_id, **self._token(context), **tagging("network-interface", new.name)}
        made: str = client.create_network_interface(**request)["NetworkInterface"]["NetworkInterfaceId"]
        found = self._interface(client, made)
        if found.get("Attachment"):  # The client asks again, and was answered by what it has made before.
            return interface_from(found)
        try:
            client.attach_network_interface(NetworkInterfaceId=made, InstanceId=new.instance_id, DeviceIndex=index)
        except Exception:
            self._discard(context, client, made)
            raise
        return interface_from(self._interface(client, made))

    def destroy_network_interface(self, context: Context, network_interface_id: str) -> None:
        """Unplug an interface, and delete it.

        Raises:
            Conflict: the instance was launched with it, and keeps it.
            NotYetCompleted: unplugging takes longer; the next request goes on.
        """
        client = self._ec2(context)
        held = self._interface(client, network_interface_id).get("Attachment") or {}
        if held.get("DeviceIndex") == 0:
            raise Conflict("The instance was launched with this interface")
        if held.get("AttachmentId") and held.get("Status") in ("attaching", "attached"):
            client.detach_network_interface(AttachmentId=held["AttachmentId"])
        pauses = context.deadline.pauses("The interface is being unplugged")
        while self._interface(client, network_interface_id).get("Attachment"):
            next(pauses)
        client.delete_network_interface(NetworkInterfaceId=network_interface_id)

    def _interface(self, client: Client, network_interface_id: str) -> Record:
        members = ("NetworkInterfaces", "NetworkInterfaceId")
        return self._found(client, "describe_network_interfaces", members, "network-interface-id", network_interface_id)

    def _discard(self, context: Context, client: Client, network_interface_id: str) -> None:
        """Take back what has been made; what went wrong first is what the client is told."""
        try:
            with meant():
                client.delete_network_interface(NetworkInterfaceId=network_interface_id)
        except DeltacloudError:
            context.log.warning("the network interface %s is left over", network_interface_id)
