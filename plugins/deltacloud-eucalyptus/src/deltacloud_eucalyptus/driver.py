"""The driver ``eucalyptus``: a private cloud that speaks EC2 and S3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import ExitStack, suppress
from typing import Any, ClassVar

from deltacloud import features
from deltacloud.context import Context
from deltacloud.driver import CredentialFields
from deltacloud.errors import DeltacloudError, Forbidden, InvalidRequest, NotSupported
from deltacloud.inputs import NewInstance
from deltacloud.models import HardwareProfile, Realm
from deltacloud_ec2 import compute, storage
from deltacloud_ec2.client import Client, Clients
from deltacloud_ec2.compute import ComputeHooks
from deltacloud_ec2.compute.meanings import meant
from deltacloud_ec2.endpoints import Place
from deltacloud_ec2.storage import StorageHooks
from deltacloud_eucalyptus.endpoints import PROVIDERS, endpoints_of
from deltacloud_eucalyptus.settings import EucalyptusSettings, InstanceType

_TYPES: Mapping[str, InstanceType] = {
    "m1.small": InstanceType(1, 128, 2),
    "c1.medium": InstanceType(1, 256, 5),
    "m1.large": InstanceType(2, 512, 10),
    "m1.xlarge": InstanceType(2, 1024, 20),
    "c1.xlarge": InstanceType(4, 2048, 20),
}
"""What clouds have whose administrators did not change it."""
_ROLES: Mapping[str, str] = {
    "addresses": "ec2",
    "firewalls": "ec2",
    "hardware_profiles": "ec2",
    "images": "ec2",
    "instance_states": "ec2",
    "instances": "ec2",
    "keys": "ec2",
    "networks": "ec2",
    "network_interfaces": "ec2",
    "realms": "ec2",
    "storage_snapshots": "ec2",
    "storage_volumes": "ec2",
    "subnets": "ec2",
    "buckets": "s3",
    "load_balancers": "elb",
    "metrics": "mon",
}
"""The endpoint that a provider has to name for a collection."""
_IN_NETWORKS = frozenset({"networks", "subnets", "network_interfaces"})
_PROBE_SECONDS = 3600.0
_LACKING = (Forbidden, InvalidRequest, NotSupported)
"""What a cloud says of requests that it does not know."""
_UNTAGGED = ("CreateSnapshot", "CreateVolume")
"""Old releases make these and know no tags, which names are; networks came later."""
_SOURCES = ("UserIdGroupPairs", "IpRanges", "Ipv6Ranges", "PrefixListIds")


class EucalyptusDriver(ComputeHooks, StorageHooks):
    """What the driver ``ec2`` does, where the cloud can; with as few parameters as old releases know."""

    name = "eucalyptus"
    title = "Eucalyptus"
    contract = 1
    credentials = CredentialFields(
        username="Access Key ID",
        password="Secret Access Key",  # noqa: S106 - a label
        help="The credentials' archive (eucarc), or the console",
    )
    providers = PROVIDERS
    features = (
        features.USER_DATA,
        features.AUTHENTICATION_KEY,
        features.FIREWALLS,
        features.INSTANCE_COUNT,
        features.OWNER_ID,
        features.IMPORT_KEY,
    )
    parameters = compute.PARAMETERS[:1]
    states = compute.STATES
    hardware_profiles = tuple(size.profile(name) for name, size in _TYPES.items())
    settings = EucalyptusSettings
    limitations = (
        *compute.LIMITATIONS[:2],
        storage.LIMITATIONS[0],
        "Hardware profiles are those of the settings, or what Eucalyptus has by itself; the cloud's own may differ.",
        "Images are the caller's own, if no owner is asked for.",
        "The cloud is asked for whole lists, and one source of a firewall's rule at a time.",
        "Load balancers and metrics need a provider that names their endpoints.",
    )
    withdrawn = frozenset({"get_hardware_profile", "list_providers"})

    _settings: EucalyptusSettings
    _narrows = False
    _has_tokens = False
    _has_second_generation = False
    _kinds = ()
    _well_known = ()
    _reserving: ClassVar[Mapping[str, str]] = {}
    _listing = "list_objects"

    def __init__(self, settings: EucalyptusSettings) -> None:
        super().__init__(settings)
        self._clients = Clients(_prepare)
        types = settings.instance_types or _TYPES
        self._profiles = tuple(size.profile(name) for name, size in types.items())

    def inspect_account(self, context: Context) -> frozenset[str]:
        """What the provider's endpoints serve; checks the credentials."""
        endpoints = endpoints_of(context.provider)
        found = {collection for collection, role in _ROLES.items() if role in endpoints} | {"drivers"}
        if "ec2" in endpoints:
            super().inspect_account(context)
            found -= _IN_NETWORKS if not self._has_networks(context) else frozenset()
        elif "s3" in endpoints:
            next(self.list_buckets(context), None)
        return frozenset(found)

    def list_hardware_profiles(self, context: Context) -> tuple[HardwareProfile, ...]:  # noqa: ARG002
        """The sizes of the settings, or those of clouds that nobody has changed."""
        return self._profiles

    def _place(self, context: Context, service: str) -> Place:
        endpoints_of(context.provider)
        return super()._place(context, service)

    def _has_networks(self, context: Context) -> bool:
        """Whether the cloud has networks, which only one of its networking modes brings; the same for all callers."""

        def ask() -> bool:
            try:
                with meant():
                    return bool(self._ec2(context).describe_vpcs().get("Vpcs"))
            except _LACKING:
                return False

        return context.shared("networks", _PROBE_SECONDS, ask)

    def _find_default_network(self, context: Context) -> str | None:
        return super()._find_default_network(context) if self._has_networks(context) else None

    def _subnet_realms(self, client: Client, realm_id: str = "") -> Iterator[Realm]:
        """The subnets as realms; none on a cloud without networks."""
        try:
            with meant():
                return iter(list(super()._subnet_realms(client, realm_id)))
        except _LACKING:
            return iter(())

    def _launch_firewalls(self, context: Context, new: NewInstance) -> dict[str, Any]:
        """The parameter that puts new instances into firewalls; on a cloud without networks they go by their names."""
        if not new.firewall_ids or self._has_networks(context):
            return super()._launch_firewalls(context, new)
        return {"SecurityGroups": list(new.firewall_ids)}

    def _authorize(self, client: Client, group_id: str, direction: str, permission: dict[str, Any]) -> None:
        """Let a permission hold, one source after the other, for the cloud takes no two kinds; all or nothing."""
        with ExitStack() as undo:
            for one in single_sources(permission):
                super()._authorize(client, group_id, direction, one)
                undo.callback(self._take_back, client, group_id, direction, one)
            undo.pop_all()

    def _revoke(self, client: Client, group_id: str, direction: str, permission: dict[str, Any]) -> None:
        """Let it hold no longer, one source after the other."""
        for one in single_sources(permission):
            super()._revoke(client, group_id, direction, one)

    def _take_back(self, client: Client, group_id: str, direction: str, permission: dict[str, Any]) -> None:
        """Undo what was done; what went wrong first is what the client is told."""
        with suppress(DeltacloudError), meant():
            super()._revoke(client, group_id, direction, permission)


def single_sources(permission: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same permission in as many as it has sources; itself if it has none."""
    whole = {name: value for name, value in permission.items() if name not in _SOURCES}
    sources = [(name, one) for name in _SOURCES for one in permission.get(name, ())]
    yield from ({**whole, name: [one]} for name, one in sources) if sources else (permission,)


def _prepare(client: Client) -> None:
    # Last, for botocore makes up tokens of its own.
    client.meta.events.register_last("before-parameter-build", _leave_out_unknown)
    for operation in _UNTAGGED:
        client.meta.events.register(f"before-parameter-build.ec2.{operation}", _leave_out_tags)


def _leave_out_unknown(params: MutableMapping[str, object], **_event: object) -> None:
    """Takes away what old releases do not know: sizes of pages, and tokens against doing a thing twice."""
    params.pop("MaxResults", None)
    params.pop("ClientToken", None)


def _leave_out_tags(params: MutableMapping[str, object], **_event: object) -> None:
    params.pop("TagSpecifications", None)
