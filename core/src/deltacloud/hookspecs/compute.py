"""Hooks of compute: realms, sizes, images, instances, keys, firewalls, addresses, load balancers, metrics, networks.

See :mod:`deltacloud.hookspecs` for the rules that all hooks share.
"""

from __future__ import annotations

from deltacloud.context import Context
from deltacloud.errors import DeltacloudError
from deltacloud.hookspecs.marker import Listing, hookspec
from deltacloud.inputs import (
    Command,
    Filters,
    NewFirewall,
    NewFirewallRule,
    NewImage,
    NewInstance,
    NewKey,
    NewLoadBalancer,
    NewNetwork,
    NewNetworkInterface,
    NewSubnet,
    PageRequest,
)
from deltacloud.models import (
    Address,
    CommandOutput,
    Firewall,
    HardwareProfile,
    Image,
    Instance,
    Key,
    LoadBalancer,
    Metric,
    Network,
    NetworkInterface,
    Provider,
    Realm,
    Subnet,
)


class ComputeSpec:
    """What a cloud of machines can be asked, and what any cloud can be asked about itself."""

    # About the cloud itself

    @hookspec
    def list_providers(self, context: Context) -> Listing[Provider]:
        """The regions or installations that this account really has, asked from the cloud."""

    @hookspec
    def inspect_account(self, context: Context) -> frozenset[str] | None:
        """The names of the collections that this account and provider really have; None for all.

        It is the check of ``GET /api`` and ``force_auth``. Without it the core reads the first realm or bucket, so a
        driver whose realms are constants must have it.

        Raises:
            AuthenticationFailed: the cloud rejects the credentials.
        """

    @hookspec
    def translate_error(self, error: Exception) -> DeltacloudError | None:
        """What an exception of the vendor's library means; None leaves it to the core. One table per driver."""

    # Realms and sizes

    @hookspec
    def list_realms(self, context: Context, filters: Filters, page: PageRequest) -> Listing[Realm]:
        """The places where things can run."""

    @hookspec
    def get_realm(self, context: Context, realm_id: str) -> Realm:
        """One realm. Optional, as every ``get_`` hook: without it the core finds the id in the list."""

    @hookspec
    def list_hardware_profiles(self, context: Context, filters: Filters, page: PageRequest) -> Listing[HardwareProfile]:
        """The sizes of instances.

        Beside or instead of the class attribute ``hardware_profiles``, which answers when this hook raises
        ``CredentialsRequired`` or ``AuthenticationFailed``.
        """

    @hookspec
    def get_hardware_profile(self, context: Context, hardware_profile_id: str) -> HardwareProfile:
        """One size."""

    # Images

    @hookspec
    def list_images(self, context: Context, filters: Filters, page: PageRequest) -> Listing[Image]:
        """What instances can be launched from. ``filters.owner_id`` is the driver's to apply."""

    @hookspec
    def get_image(self, context: Context, image_id: str) -> Image:
        """One image."""

    @hookspec
    def create_image(self, context: Context, new: NewImage) -> Image:
        """Make an image of an instance.

        Raises:
            NotFound: there is no such instance.
            ActionNotAllowed: not in the state that it is in; its ``create_image`` is false then.
        """

    @hookspec
    def destroy_image(self, context: Context, image_id: str) -> None:
        """Delete an image of the caller's own."""

    # Instances

    @hookspec
    def list_instances(self, context: Context, filters: Filters, page: PageRequest) -> Listing[Instance]:
        """The caller's machines. ``filters.realm_id`` is the driver's when it declares ``realm_filter``."""

    @hookspec
    def get_instance(self, context: Context, instance_id: str) -> Instance:
        """One machine."""

    @hookspec
    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        """Launch one machine, or ``new.count`` of them.

        Send ``context.idempotency_key`` where the cloud has such a token.

        Raises:
            NotFound: an image, realm, key, firewall or subnet that does not exist.
            QuotaExceeded: the account's limit is reached.
        """

    @hookspec
    def start_instance(self, context: Context, instance: Instance) -> Instance | None:
        """Start a stopped machine. The core has read it and checked that its state offers the action."""

    @hookspec
    def stop_instance(self, context: Context, instance: Instance) -> Instance | None:
        """Stop a machine, so that it can be started again. None sends the client to the machine's page."""

    @hookspec
    def reboot_instance(self, context: Context, instance: Instance) -> Instance | None:
        """Restart a running machine."""

    @hookspec
    def destroy_instance(self, context: Context, instance: Instance) -> None:
        """Delete a machine for good."""

    @hookspec
    def run_on_instance(self, context: Context, instance: Instance, command: Command) -> CommandOutput:
        """Run a shell command on a machine and return what it printed."""

    # Keys

    @hookspec
    def list_keys(self, context: Context, filters: Filters, page: PageRequest) -> Listing[Key]:
        """The caller's keys, without their private parts where the cloud does not keep them."""

    @hookspec
    def get_key(self, context: Context, key_id: str) -> Key:
        """One key."""

    @hookspec
    def create_key(self, context: Context, new: NewKey) -> Key:
        """Generate a key, or import ``new.public_key``. The private part is shown in this answer only.

        Raises:
            Conflict: the name is taken.
        """

    @hookspec
    def destroy_key(self, context: Context, key_id: str) -> None:
        """Delete a key."""

    # Firewalls

    @hookspec
    def list_firewalls(self, context: Context, filters: Filters, page: PageRequest) -> Listing[Firewall]:
        """Firewalls with their rules."""

    @hookspec
    def get_firewall(self, context: Context, firewall_id: str) -> Firewall:
        """One firewall."""

    @hookspec
    def create_firewall(self, context: Context, new: NewFirewall) -> Firewall:
        """Make a firewall without rules."""

    @hookspec
    def destroy_firewall(self, context: Context, firewall_id: str) -> None:
        """Delete a firewall.

        Raises:
            Conflict: something still uses it.
        """

    @hookspec
    def create_firewall_rule(self, context: Context, firewall_id: str, new: NewFirewallRule) -> Firewall:
        """Add a rule; returns the whole firewall."""

    @hookspec
    def destroy_firewall_rule(self, context: Context, firewall_id: str, rule_id: str) -> None:
        """Delete a rule."""

    # Addresses

    @hookspec
    def list_addresses(self, context: Context, filters: Filters, page: PageRequest) -> Listing[Address]:
        """Public addresses that belong to the caller."""

    @hookspec
    def get_address(self, context: Context, address_id: str) -> Address:
        """One address."""

    @hookspec
    def create_address(self, context: Context) -> Address:
        """Reserve an address."""

    @hookspec
    def destroy_address(self, context: Context, address_id: str) -> None:
        """Give an address back.

        Raises:
            Conflict: an instance uses it.
        """

    @hookspec
    def associate_address(self, context: Context, address_id: str, instance_id: str) -> None:
        """Let an instance have the address."""

    @hookspec
    def disassociate_address(self, context: Context, address_id: str) -> None:
        """Take the address from its instance."""

    # Load balancers

    @hookspec
    def list_load_balancers(self, context: Context, filters: Filters, page: PageRequest) -> Listing[LoadBalancer]:
        """Load balancers with their listeners and instances."""

    @hookspec
    def get_load_balancer(self, context: Context, load_balancer_id: str) -> LoadBalancer:
        """One load balancer."""

    @hookspec
    def create_load_balancer(self, context: Context, new: NewLoadBalancer) -> LoadBalancer:
        """Make a load balancer."""

    @hookspec
    def destroy_load_balancer(self, context: Context, load_balancer_id: str) -> None:
        """Delete a load balancer."""

    @hookspec
    def register_with_load_balancer(self, context: Context, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        """Put an instance behind a load balancer."""

    @hookspec
    def unregister_from_load_balancer(self, context: Context, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        """Take an instance from behind a load balancer."""

    # Metrics

    @hookspec
    def list_metrics(self, context: Context, filters: Filters, page: PageRequest) -> Listing[Metric]:
        """What is measured, without samples."""

    @hookspec
    def get_metric(self, context: Context, metric_id: str) -> Metric:
        """One metric with its samples."""

    # Networks

    @hookspec
    def list_networks(self, context: Context, filters: Filters, page: PageRequest) -> Listing[Network]:
        """Private networks."""

    @hookspec
    def get_network(self, context: Context, network_id: str) -> Network:
        """One network."""

    @hookspec
    def create_network(self, context: Context, new: NewNetwork) -> Network:
        """Make a network."""

    @hookspec
    def destroy_network(self, context: Context, network_id: str) -> None:
        """Delete a network."""

    @hookspec
    def list_subnets(self, context: Context, filters: Filters, page: PageRequest) -> Listing[Subnet]:
        """Parts of networks."""

    @hookspec
    def get_subnet(self, context: Context, subnet_id: str) -> Subnet:
        """One subnet."""

    @hookspec
    def create_subnet(self, context: Context, new: NewSubnet) -> Subnet:
        """Make a subnet."""

    @hookspec
    def destroy_subnet(self, context: Context, subnet_id: str) -> None:
        """Delete a subnet."""

    @hookspec
    def list_network_interfaces(
        self, context: Context, filters: Filters, page: PageRequest
    ) -> Listing[NetworkInterface]:
        """Interfaces of instances."""

    @hookspec
    def get_network_interface(self, context: Context, network_interface_id: str) -> NetworkInterface:
        """One interface."""

    @hookspec
    def create_network_interface(self, context: Context, new: NewNetworkInterface) -> NetworkInterface:
        """Give an instance an interface."""

    @hookspec
    def destroy_network_interface(self, context: Context, network_interface_id: str) -> None:
        """Delete an interface."""
