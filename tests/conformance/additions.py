"""What our documents have beyond those of the original: every place, with its reason.

A client of the original reads what it knows and is not disturbed by more: an element, attribute, member or link of this
table may stand in our answer although the recording lacks it. Anything else that is new is a difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addition:
    """A place of our documents that the original's do not have.

    Attributes:
        where: Pattern of the place: element or member names from the root, ``@`` before an attribute or plain member.
        reason: Why it is there.
        formats: The formats that have it.
    """

    where: str
    reason: str
    formats: tuple[str, ...] = ("xml", "json")

    def allows(self, document_format: str, place: str) -> bool:
        """Whether this row is about a place of a document."""
        return document_format in self.formats and re.fullmatch(self.where, place) is not None


_FEATURE = r"(api/link\[%s\]/feature|\$/api/links/#\[%s\]/features/#\[#)\[(%s)\]\]?"


def _features(collection: str, names: str) -> str:
    return _FEATURE % (collection, collection, names)


ADDITIONS: tuple[Addition, ...] = (
    Addition(
        r"(error|\$)/@(error_code|parameter|request_id|retryable)",
        "error documents carry a stable word for the fault, the parameter to blame, the request's id, and whether "
        "trying again makes sense",
    ),
    Addition(
        r"api/@implementation|\$/api/implementation\[deltacloud-core\]",
        "the entry point names the implementation and its version, so that a client can tell it from the original",
    ),
    Addition(
        r"(api/link|\$/api/links/#)\[(firewalls|load_balancers)\]",
        "the mock driver has gained firewalls and load balancers",
    ),
    Addition(
        r"(api/link|\$/api/links/#)\[(addresses|networks|storage_snapshots|storage_volumes)\]",
        "DigitalOcean has gained volumes and their snapshots, reserved addresses, and VPCs",
    ),
    Addition(_features("instances", "metrics"), "DigitalOcean has gained monitoring"),
    Addition(r"(api/link|\$/api/links/#)\[metrics\]", "DigitalOcean has gained what is measured of its instances"),
    Addition(r"(api/link|\$/api/links/#)\[buckets\]", "DigitalOcean has gained Spaces"),
    Addition(
        _features("images", "owner_id|image_name|image_description"),
        "the mock driver advertises what it always understood",
    ),
    Addition(_features("instances", "user_data"), "the mock driver advertises what it always understood"),
    Addition(
        _features("instances", "firewalls|instance_count|attach_snapshot"),
        "the mock driver understands more parameters of a new instance",
    ),
    Addition(_features("keys", "import_key"), "the mock driver takes keys that were made elsewhere"),
    Addition(
        _features("storage_volumes", "volume_name|volume_description"),
        "the mock driver advertises what it always understood",
    ),
    Addition(
        _features("(images|instances|storage_snapshots|storage_volumes)", "tags"),
        "images, instances, volumes and snapshots have tags",
    ),
    Addition(
        r"\$/(driver\[\w+\]|\w+\[[\w ]+\])/@(username|password)",
        "the labels of a driver's credentials are shown for every driver",
        ("json",),
    ),
    Addition(
        r"driver\[\w+\]/limitation|driver/limitation|\$/driver\[\w+\]/limitations",
        "a driver says what it emulates or does in part",
    ),
    Addition(
        r"(drivers/driver\[azure\]|driver)/provider\[core\.[\w.]+\]",
        "Azure has clouds besides the public one",
        ("xml",),
    ),
    Addition(
        r"drivers/driver\[(lean|mockplus|wire)\]|\$/(lean|mockplus|wire)\[[\w ]+\]",
        "three drivers exist for these tests",
    ),
    Addition(r".*/network_interfaces", "JSON has the network interfaces of an instance, as XML always had", ("json",)),
    Addition(r".*/storage_volumes/#\[[^]]+\]/@device", "JSON has the device of a volume, as XML always had", ("json",)),
    Addition(r".*#?\[\w+\]/authentication", "an instance always says how to log in, known or not", ("json",)),
    Addition(r"\$/keys?(/#)?\[[^]]+\]/@name", "JSON has the name of a key, as XML always had", ("json",)),
    Addition(
        r"\$/storage_snapshots?(/#)?\[[^]]+\]/@(name|description)",
        "JSON has the name and the description of a snapshot",
        ("json",),
    ),
    Addition(r"\$/load_balancers?(/#)?\[[^]]+\]/@name", "JSON has the name of a load balancer", ("json",)),
    Addition(
        r"(bucket/blob|\$/bucket\[[^]]+\]/blob_list/#)\[[^]]+\]/@(content_length|last_modified)",
        "the list of blobs says how long and how old each is",
    ),
    Addition(
        r"firewalls/firewall\[[^]]+\]/rules/rule\[[^]]+\]/@href",
        "rules have their address in lists too: the original had it in the single document only",
        ("xml",),
    ),
)

HEADERS: dict[str, str] = {
    "x-deltacloud-driver": "every answer below /api names its driver, those that bypass negotiation too",
    "vary": "one address has several representations, and depends on the caller, the driver and the provider",
    "x-request-id": "finds the request in the server's log",
    "cache-control": "keys, passwords and errors must not be kept by anybody",
    "etag": "every answer to a read can be revalidated",
    "last-modified": "blob contents say when they were written",
    "accept-ranges": "parts of a blob's content can be read",
    "allow": "405 names the methods that the path has",
    "x-backend-runtime": "the seconds that the driver took, which the original left out on some routes",
    "content-security-policy": "pages run no foreign code",
    "referrer-policy": "pages do not tell others where somebody was",
}
"""Headers that our answers may have although the original's had none of this name."""
