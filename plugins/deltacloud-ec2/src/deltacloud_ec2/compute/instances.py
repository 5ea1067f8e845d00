"""Hooks of instances."""

from __future__ import annotations

from deltacloud import ssh
from deltacloud.context import Context
from deltacloud.errors import NotFound
from deltacloud.inputs import Command, Filters, NewInstance, PageRequest
from deltacloud.models import CommandOutput, Instance, Page
from deltacloud_ec2.client import Client, Record
from deltacloud_ec2.compute.firewalls import FirewallHooks
from deltacloud_ec2.compute.images import ImageHooks
from deltacloud_ec2.compute.paging import Source, read_page
from deltacloud_ec2.mapping.instances import instances_from, names_of_states
from deltacloud_ec2.mapping.launching import TYPES, launch_request
from deltacloud_ec2.mapping.realms import site_of


class InstanceHooks(ImageHooks, FirewallHooks):
    """Machines and their life."""

    def list_instances(self, context: Context, filters: Filters, page: PageRequest) -> Page[Instance]:
        """Instances; those that have ended are listed for about an hour."""
        states = names_of_states(filters.state)
        if filters.state and not states:
            return Page(())
        network = self._default_network(context)
        wanted = self._narrowed(
            ("instance-id", filters.id),
            ("instance-state-name", states),
            ("availability-zone", {site_of(realm).zone or realm for realm in filters.realm_id}),
            *self._tagged(filters.tags),
        )

        def read(answer: Record) -> list[Instance]:
            return [one for launch in answer.get("Reservations") or () for one in instances_from(launch, network)]

        source = Source(self._ec2(context).describe_instances, read, wanted)
        return read_page([source], page, self._settings.page_size)

    def get_instance(self, context: Context, instance_id: str) -> Instance:
        """One instance."""
        launch = self._launch_of(self._ec2(context), instance_id)
        for instance in instances_from(launch, self._default_network(context)):
            if instance.id == instance_id:
                return instance
        raise NotFound

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        """Launch; what Amazon makes of one token, it makes once."""
        request = launch_request(
            new, self._instance_type(context, new), self._launch_firewalls(context, new), self._token(context)
        )
        network = self._default_network(context)
        launched = tuple(instances_from(self._ec2(context).run_instances(**request), network))
        return launched[0] if new.count == 1 else launched

    def start_instance(self, context: Context, instance: Instance) -> Instance:
        """Start."""
        self._ec2(context).start_instances(InstanceIds=[instance.id])
        return self.get_instance(context, instance.id)

    def stop_instance(self, context: Context, instance: Instance) -> Instance:
        """Stop."""
        self._ec2(context).stop_instances(InstanceIds=[instance.id])
        return self.get_instance(context, instance.id)

    def reboot_instance(self, context: Context, instance: Instance) -> Instance:
        """Restart."""
        self._ec2(context).reboot_instances(InstanceIds=[instance.id])
        return self.get_instance(context, instance.id)

    def destroy_instance(self, context: Context, instance: Instance) -> None:
        """End it for good."""
        self._ec2(context).terminate_instances(InstanceIds=[instance.id])

    def run_on_instance(self, context: Context, instance: Instance, command: Command) -> CommandOutput:
        """Run a command over SSH, at one of the instance's own addresses."""
        addresses = [one.address for one in (*instance.public_addresses, *instance.private_addresses) if one.address]
        address = ssh.choose_address(command, addresses)
        return ssh.run(context, command, address, named_by=self._ec2(context).meta.endpoint_url)

    def _instance_type(self, context: Context, new: NewInstance) -> str:
        """The size asked for, or the usual one for the image's architecture."""
        if new.hardware_profile_id:
            return new.hardware_profile_id
        architecture = self.get_image(context, new.image_id).architecture or ""
        usual = {**TYPES, **self._settings.default_instance_types}
        return usual.get(architecture) or usual["x86_64"]

    def _launch_of(self, client: Client, instance_id: str) -> Record:
        """The launch that an instance came from, with it alone.

        Raises:
            NotFound: there is no such instance.
        """
        for launch in client.describe_instances(InstanceIds=[instance_id]).get("Reservations") or ():
            return dict(launch)
        raise NotFound

    def _instance_record(self, client: Client, instance_id: str) -> Record:
        """An instance as Amazon has it.

        Raises:
            NotFound: there is no such instance.
        """
        for record in self._launch_of(client, instance_id).get("Instances") or ():
            return dict(record)
        raise NotFound
