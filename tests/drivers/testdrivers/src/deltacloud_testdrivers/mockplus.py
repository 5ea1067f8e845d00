"""The driver ``mockplus``: a pretend cloud with the data that the recorded exchanges of that name show."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from msgspec.structs import replace

from deltacloud import features
from deltacloud.context import Context
from deltacloud.errors import NotFound
from deltacloud.inputs import NewLoadBalancer
from deltacloud.models import (
    Firewall,
    FirewallRule,
    FirewallSource,
    Instance,
    InstanceAddress,
    Listener,
    LoadBalancer,
)
from deltacloud.secret import Secret
from deltacloud_mock import MockDriver, MockSettings
from deltacloud_mock.seed import Seed

ACCOUNT = "297467797945"
"""What owns the firewalls."""
THEN = datetime(2013, 10, 1, 10, 20, 30, tzinfo=UTC)
"""When everything happens, always."""

FIREWALL_DATA = (
    Firewall(
        id="default",
        name="default",
        description="default group",
        owner_id=ACCOUNT,
        rules=(
            FirewallRule(
                id=f"{ACCOUNT}~tcp~22~22~@address,ipv4,0.0.0.0,0",
                allow_protocol="tcp",
                port_from="22",
                port_to="22",
                direction="ingress",
                sources=(FirewallSource(type="address", family="ipv4", address="0.0.0.0", prefix="0"),),  # noqa: S104
            ),
            FirewallRule(
                id=f"{ACCOUNT}~udp~53~53~@group,{ACCOUNT},dns@address,ipv4,10.1.1.0,24",
                allow_protocol="udp",
                port_from="53",
                port_to="53",
                direction="ingress",
                sources=(
                    FirewallSource(type="group", name="dns", owner=ACCOUNT),
                    FirewallSource(type="address", family="ipv4", address="10.1.1.0", prefix="24"),
                ),
            ),
        ),
    ),
    Firewall(id="empty", name="empty", description="no rules <&> here", owner_id=ACCOUNT),
)

LOAD_BALANCER_DATA = (
    LoadBalancer(
        id="lb1",
        name="lb1",
        realm_ids=("us",),
        public_addresses=("lb1-1234.elb.example.com",),
        created_at=THEN,
        listeners=(Listener(protocol="HTTP", load_balancer_port=80, instance_port=8080),),
        instances=("inst0",),
    ),
)


class MockPlusDriver(MockDriver):
    """Shows how everything is rendered that the original's own pretend cloud lacked."""

    name = "mockplus"
    title = "Mock Plus"
    features = (
        features.BUCKET_LOCATION.constrained(values=("eu", "us-west-1")),
        features.OWNER_ID,
        features.IMAGE_NAME,
        features.IMAGE_DESCRIPTION,
        features.METRICS,
        features.REALM_FILTER,
        features.USER_NAME,
        features.USER_DATA,
        features.USER_FILES,
        features.FIREWALLS,
        features.AUTHENTICATION_PASSWORD,
        features.REGISTER_TO_LOAD_BALANCER,
        features.INSTANCE_COUNT,
        features.ATTACH_SNAPSHOT,
        features.IMPORT_KEY,
        features.VOLUME_NAME,
        features.VOLUME_DESCRIPTION,
    )
    limitations = ("Its clock stands still.", "Several of its features are advertised and have no effect.")
    _subdirectory = "mockplus"
    _source_separator = ""

    def __init__(self, settings: MockSettings) -> None:
        super().__init__(settings, clock=THEN.timestamp)

    def create_load_balancer(self, context: Context, new: NewLoadBalancer) -> LoadBalancer:
        """A load balancer in place of one of the same name, as it was recorded."""
        with suppress(NotFound):
            self.destroy_load_balancer(context, new.name)
        return super().create_load_balancer(context, new)

    def _account(self, user: str) -> str:  # noqa: ARG002 - everybody has the same
        return ACCOUNT

    def _output_of(self, command: str) -> str:
        return f"output of {command}\n"

    def _seed(self) -> Seed:
        seed = super()._seed()
        return replace(
            seed,
            firewalls=FIREWALL_DATA,
            load_balancers=LOAD_BALANCER_DATA,
            instances=tuple(_changed(instance) for instance in seed.instances),
        )


def _changed(instance: Instance) -> Instance:
    if instance.id == "inst1":
        return replace(
            instance,
            launch_time=THEN,
            public_addresses=(
                InstanceAddress("192.0.2.10"),
                InstanceAddress("192.0.2.10", "vnc", 5900),
                InstanceAddress("00:11:22:33:44:55", "mac"),
            ),
            private_addresses=(InstanceAddress(""),),
            firewall_ids=("default", "empty"),
            storage_volumes=(("vol3", "/dev/sda1"),),
            username="root",
            password=Secret("s3cr3t"),
        )
    if instance.id == "inst2":
        return replace(instance, authentication_error="Key could not be injected")
    return instance
