"""What the driver asks of DigitalOcean: one row for each operation of its API that is used, and no other is.

Names, methods and paths are those of its OpenAPI description (https://github.com/digitalocean/openapi), so that the
tests can hold every row, and everything that is sent, against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from urllib.parse import quote

from deltacloud.errors import NotFound

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
_FINGERPRINT = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){15}")
_TAG = re.compile(r"[A-Za-z0-9_:-]{1,255}")
_PLACE = re.compile(r"\{(\w+)\}")

_GRAMMARS: dict[str, tuple[re.Pattern[str], ...]] = {
    "action_id": (_NUMBER,),
    "droplet_id": (_NUMBER,),
    "firewall_id": (_UUID,),
    "image_id": (_NUMBER, _SLUG),
    "lb_id": (_UUID,),
    "reserved_ip": (),
    "snapshot_id": (_UUID,),
    "ssh_key_identifier": (_NUMBER, _FINGERPRINT),
    "tag_id": (_TAG,),
    "volume_id": (_UUID,),
    "vpc_id": (_UUID,),
}
"""What an id in a path looks like; one that looks otherwise names nothing, and the cloud is not asked."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    Attributes:
        name: The ``operationId``.
        method: The HTTP method.
        path: The path, with names in braces.
    """

    name: str
    method: str
    path: str

    def at(self, *ids: str) -> str:
        """The path with these ids in the places of its names, in their order.

        Raises:
            NotFound: one of them is none that the cloud gives out.
        """
        values = iter(ids)
        return _PLACE.sub(lambda place: _segment(place[1], next(values)), self.path)


def _segment(name: str, text: str) -> str:
    if name == "reserved_ip":
        try:
            return str(IPv4Address(text))
        except AddressValueError:
            raise NotFound from None
    if not any(grammar.fullmatch(text) for grammar in _GRAMMARS[name]):
        raise NotFound
    return quote(text, safe=":")


def number(text: str) -> int:
    """The id of a droplet, image or key as the number that bodies want.

    Raises:
        NotFound: it is none.
    """
    if _NUMBER.fullmatch(text) is None:
        raise NotFound
    return int(text)


def number_or_text(text: str) -> int | str:
    """An id that may be a number, or a slug or fingerprint instead."""
    return int(text) if _NUMBER.fullmatch(text) else text


def is_tag(text: str) -> bool:
    """Whether this can be a tag's name."""
    return _TAG.fullmatch(text) is not None


REGIONS_LIST = Operation("regions_list", "GET", "/v2/regions")
SIZES_LIST = Operation("sizes_list", "GET", "/v2/sizes")

IMAGES_LIST = Operation("images_list", "GET", "/v2/images")
IMAGES_GET = Operation("images_get", "GET", "/v2/images/{image_id}")
IMAGES_DELETE = Operation("images_delete", "DELETE", "/v2/images/{image_id}")

DROPLETS_LIST = Operation("droplets_list", "GET", "/v2/droplets")
DROPLETS_GET = Operation("droplets_get", "GET", "/v2/droplets/{droplet_id}")
DROPLETS_CREATE = Operation("droplets_create", "POST", "/v2/droplets")
DROPLETS_DESTROY = Operation("droplets_destroy", "DELETE", "/v2/droplets/{droplet_id}")
DROPLETS_LIST_FIREWALLS = Operation("droplets_list_firewalls", "GET", "/v2/droplets/{droplet_id}/firewalls")
DROPLETS_LIST_SNAPSHOTS = Operation("droplets_list_snapshots", "GET", "/v2/droplets/{droplet_id}/snapshots")
DROPLET_ACTIONS_POST = Operation("dropletActions_post", "POST", "/v2/droplets/{droplet_id}/actions")
DROPLET_ACTIONS_LIST = Operation("dropletActions_list", "GET", "/v2/droplets/{droplet_id}/actions")
DROPLET_ACTIONS_GET = Operation("dropletActions_get", "GET", "/v2/droplets/{droplet_id}/actions/{action_id}")

KEYS_LIST = Operation("sshKeys_list", "GET", "/v2/account/keys")
KEYS_GET = Operation("sshKeys_get", "GET", "/v2/account/keys/{ssh_key_identifier}")
KEYS_CREATE = Operation("sshKeys_create", "POST", "/v2/account/keys")
KEYS_DELETE = Operation("sshKeys_delete", "DELETE", "/v2/account/keys/{ssh_key_identifier}")

FIREWALLS_LIST = Operation("firewalls_list", "GET", "/v2/firewalls")
FIREWALLS_GET = Operation("firewalls_get", "GET", "/v2/firewalls/{firewall_id}")
FIREWALLS_CREATE = Operation("firewalls_create", "POST", "/v2/firewalls")
FIREWALLS_DELETE = Operation("firewalls_delete", "DELETE", "/v2/firewalls/{firewall_id}")
FIREWALLS_ADD_RULES = Operation("firewalls_add_rules", "POST", "/v2/firewalls/{firewall_id}/rules")
FIREWALLS_DELETE_RULES = Operation("firewalls_delete_rules", "DELETE", "/v2/firewalls/{firewall_id}/rules")
FIREWALLS_ASSIGN_DROPLETS = Operation("firewalls_assign_droplets", "POST", "/v2/firewalls/{firewall_id}/droplets")

TAGS_CREATE = Operation("tags_create", "POST", "/v2/tags")
TAGS_GET = Operation("tags_get", "GET", "/v2/tags/{tag_id}")
TAGS_DELETE = Operation("tags_delete", "DELETE", "/v2/tags/{tag_id}")
TAGS_ASSIGN_RESOURCES = Operation("tags_assign_resources", "POST", "/v2/tags/{tag_id}/resources")

ADDRESSES_LIST = Operation("reservedIPs_list", "GET", "/v2/reserved_ips")
ADDRESSES_GET = Operation("reservedIPs_get", "GET", "/v2/reserved_ips/{reserved_ip}")
ADDRESSES_CREATE = Operation("reservedIPs_create", "POST", "/v2/reserved_ips")
ADDRESSES_DELETE = Operation("reservedIPs_delete", "DELETE", "/v2/reserved_ips/{reserved_ip}")
ADDRESS_ACTIONS_POST = Operation("reservedIPsActions_post", "POST", "/v2/reserved_ips/{reserved_ip}/actions")
ADDRESS_ACTIONS_GET = Operation("reservedIPsActions_get", "GET", "/v2/reserved_ips/{reserved_ip}/actions/{action_id}")

BALANCERS_LIST = Operation("loadBalancers_list", "GET", "/v2/load_balancers")
BALANCERS_GET = Operation("loadBalancers_get", "GET", "/v2/load_balancers/{lb_id}")
BALANCERS_CREATE = Operation("loadBalancers_create", "POST", "/v2/load_balancers")
BALANCERS_DELETE = Operation("loadBalancers_delete", "DELETE", "/v2/load_balancers/{lb_id}")
BALANCERS_ADD_DROPLETS = Operation("loadBalancers_add_droplets", "POST", "/v2/load_balancers/{lb_id}/droplets")
BALANCERS_REMOVE_DROPLETS = Operation("loadBalancers_remove_droplets", "DELETE", "/v2/load_balancers/{lb_id}/droplets")

VPCS_LIST = Operation("vpcs_list", "GET", "/v2/vpcs")
VPCS_GET = Operation("vpcs_get", "GET", "/v2/vpcs/{vpc_id}")
VPCS_CREATE = Operation("vpcs_create", "POST", "/v2/vpcs")
VPCS_DELETE = Operation("vpcs_delete", "DELETE", "/v2/vpcs/{vpc_id}")

VOLUMES_LIST = Operation("volumes_list", "GET", "/v2/volumes")
VOLUMES_GET = Operation("volumes_get", "GET", "/v2/volumes/{volume_id}")
VOLUMES_CREATE = Operation("volumes_create", "POST", "/v2/volumes")
VOLUMES_DELETE = Operation("volumes_delete", "DELETE", "/v2/volumes/{volume_id}")
VOLUME_ACTIONS_POST = Operation("volumeActions_post_byId", "POST", "/v2/volumes/{volume_id}/actions")
VOLUME_ACTIONS_GET = Operation("volumeActions_get", "GET", "/v2/volumes/{volume_id}/actions/{action_id}")
VOLUME_SNAPSHOTS_CREATE = Operation("volumeSnapshots_create", "POST", "/v2/volumes/{volume_id}/snapshots")

SNAPSHOTS_LIST = Operation("snapshots_list", "GET", "/v2/snapshots")
SNAPSHOTS_GET = Operation("snapshots_get", "GET", "/v2/snapshots/{snapshot_id}")
SNAPSHOTS_DELETE = Operation("snapshots_delete", "DELETE", "/v2/snapshots/{snapshot_id}")

MEASURED_BANDWIDTH = Operation(
    "monitoring_get_dropletBandwidthMetrics", "GET", "/v2/monitoring/metrics/droplet/bandwidth"
)
MEASURED_CPU = Operation("monitoring_get_DropletCpuMetrics", "GET", "/v2/monitoring/metrics/droplet/cpu")
MEASURED_DISK_FREE = Operation(
    "monitoring_get_dropletFilesystemFreeMetrics", "GET", "/v2/monitoring/metrics/droplet/filesystem_free"
)
MEASURED_DISK_SIZE = Operation(
    "monitoring_get_dropletFilesystemSizeMetrics", "GET", "/v2/monitoring/metrics/droplet/filesystem_size"
)
MEASURED_LOAD_1 = Operation("monitoring_get_dropletLoad1Metrics", "GET", "/v2/monitoring/metrics/droplet/load_1")
MEASURED_LOAD_5 = Operation("monitoring_get_dropletLoad5Metrics", "GET", "/v2/monitoring/metrics/droplet/load_5")
MEASURED_LOAD_15 = Operation("monitoring_get_dropletLoad15Metrics", "GET", "/v2/monitoring/metrics/droplet/load_15")
MEASURED_MEMORY_AVAILABLE = Operation(
    "monitoring_get_dropletMemoryAvailableMetrics", "GET", "/v2/monitoring/metrics/droplet/memory_available"
)
MEASURED_MEMORY_CACHED = Operation(
    "monitoring_get_dropletMemoryCachedMetrics", "GET", "/v2/monitoring/metrics/droplet/memory_cached"
)
MEASURED_MEMORY_FREE = Operation(
    "monitoring_get_dropletMemoryFreeMetrics", "GET", "/v2/monitoring/metrics/droplet/memory_free"
)
MEASURED_MEMORY_TOTAL = Operation(
    "monitoring_get_dropletMemoryTotalMetrics", "GET", "/v2/monitoring/metrics/droplet/memory_total"
)
