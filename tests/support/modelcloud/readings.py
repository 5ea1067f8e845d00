"""What documents say of things, as plain records: the same keys and values whether it was XML or JSON.

What only one of the two says (a volume's description, say) stands only in that one's records. Links stand as ids.
"""

from __future__ import annotations

from modelcloud.caller import Reply
from modelcloud.jsonreadings import JSON
from modelcloud.records import Record
from modelcloud.xmlreadings import XML

SINGULARS = {
    "addresses": "address",
    "buckets": "bucket",
    "firewalls": "firewall",
    "images": "image",
    "instances": "instance",
    "keys": "key",
    "load_balancers": "load_balancer",
    "metrics": "metric",
    "network_interfaces": "network_interface",
    "networks": "network",
    "storage_snapshots": "storage_snapshot",
    "storage_volumes": "storage_volume",
    "subnets": "subnet",
}
"""Every collection that a caller has things in."""


def read_item(collection: str, reply: Reply, *, bare: bool = False) -> Record:
    """The record of a document about one thing; JSON may have it ``bare`` instead of under its name."""
    if reply.format == "xml":
        root = reply.xml
        assert root.tag == singular(collection), reply
        return XML[collection](root)
    return JSON[collection](reply.json if bare else reply.json[singular(collection)])


def read_list(collection: str, reply: Reply) -> list[Record]:
    """The records of a list, in its order."""
    if reply.format == "xml":
        root = reply.xml
        assert root.tag == collection, reply
        return [XML[collection](one) for one in root]
    return [JSON[collection](one) for one in reply.json[collection]]


def singular(collection: str) -> str:
    """What one thing of a collection is called."""
    return "blob" if collection == "blobs" else SINGULARS[collection]
