"""Decided differences in what the collections answer."""

from __future__ import annotations

import json

from changes import Change, body, body_of, created, empty, error, members, pattern, text, without
from deviation import Deviation, decided
from trees import Json

_MADE_UP_OUTPUT = "The output of 'uptime' would be here, were this not a mock provider"
_RUN_XML = (
    "<instance href='http://localhost:3001/api/instances/inst0' id='inst0'><public_address>img1.inst0.public.com"
    f"</public_address><command>uptime</command><output>{_MADE_UP_OUTPUT}</output></instance>"
)
_RUN_JSON = json.dumps(
    {
        "instance": {
            "id": "inst0",
            "public_address": "img1.inst0.public.com",
            "command": "uptime",
            "output": _MADE_UP_OUTPUT,
        }
    }
)
_NIC = "<network_interface href='http://localhost:3001/api/network_interfaces/{0}' id='{0}'></network_interface>"


def _number(name: str) -> Change:
    """A member that the original had as text of digits, as a number."""

    def edit(members_of_one: dict[str, Json]) -> None:
        value = members_of_one.get(name)
        if isinstance(value, str):
            members_of_one[name] = int(value)

    return members(edit)


def _realms(identifier: str) -> Change:
    """Realms of load balancers as objects, of which there is one."""
    realm: Json = {"id": identifier, "href": f"http://localhost:3001/api/realms/{identifier}", "rel": "realm"}

    def edit(members_of_one: dict[str, Json]) -> None:
        if "realms" in members_of_one:
            members_of_one["realms"] = [realm]

    return members(edit)


def _blob(members_of_one: dict[str, Json]) -> None:
    members_of_one.pop("content", None)
    if members_of_one.get("user_metadata") == "":
        members_of_one["user_metadata"] = {}


def _image_without_profiles(members_of_one: dict[str, Json]) -> None:
    if "hardware_profiles" in members_of_one:
        members_of_one["hardware_profiles"] = []


RESOURCES: tuple[Deviation, ...] = (
    # Instances and images
    decided(
        "instances.create.escaping.xml instances.index.with_created.xml",
        "text of elements is escaped; the original's document was not well-formed",
        text('<a> & "b"', '&lt;a&gt; &amp; "b"'),
    ),
    decided("instances.index.with_created.xml", "what was refused does not exist", without("inst7", "inst8")),
    decided(
        "instances.index.with_created.json",
        "what was refused does not exist",
        without("inst7", "inst8", "inst13", "inst14"),
    ),
    decided(
        "instances.run.mock.*xml",
        "running a command on the mock driver answers what it would print; the original crashed",
        body(_RUN_XML, "application/xml"),
    ),
    decided(
        "instances.run.mock.json",
        "running a command on the mock driver answers what it would print; the original crashed",
        body(_RUN_JSON, "application/json"),
    ),
    decided(
        "images.create.json",
        "a new image is shown, with no profiles; the original crashed after making it",
        body_of("images.show.created.json"),
        members(_image_without_profiles),
        created("images"),
    ),
    decided(
        "metrics.show.unknown_id.xml",
        "an unknown metric is 404; the original answered another instance's",
        error(404, "Not Found"),
    ),
    # Deletes of unknown things
    decided(
        "images.destroy.unknown.* keys.destroy.unknown.* addresses.destroy.unknown.* "
        "storage_volumes.destroy.unknown.* networks.destroy.unknown.*",
        "deleting something unknown is 404: neither success nor a crash",
        error(404, "NotFound"),
    ),
    decided(
        "buckets.destroy.unknown.*",
        "deleting something unknown is 404: neither success nor a crash",
        error(404, "There is no bucket 'nosuch'"),
    ),
    decided(
        "blobs.destroy.unknown.* blobs.destroy.leftover.*",
        "deleting a blob that is not there is done already: 204, as the clouds answer",
        empty(204),
    ),
    # Conflicts
    decided(
        "addresses.associate.again.* addresses.destroy.in_use.*",
        "the mock driver answers 403 to an address in use, as the original meant to",
        error(403, "AddressInUse"),
    ),
    decided(
        "addresses.disassociate.again.*",
        "the mock driver answers 403 to an address that is free, as the original meant to",
        error(403, "AddressNotInUse"),
    ),
    decided(
        "errors.500.bucket_not_empty.* buckets.destroy.not_empty.*",
        "the mock driver answers 403 to deleting a bucket that is not empty, as the original meant to",
        error(403, "A bucket that is not empty cannot be deleted"),
    ),
    decided(
        "buckets.create.again.*",
        "what exists already is a conflict; the original overwrote it in silence",
        error(409, "'goldenbucket-{format}' exists already"),
    ),
    decided(
        "storage_volumes.detach.again.*",
        "detaching a volume that is attached to nothing is a conflict; the original crashed",
        error(409, "'{id}' is not attached"),
    ),
    decided(
        "storage_volumes.attach.unknown_instance.*",
        "attaching to an unknown instance is 404; the original crashed",
        error(404, "NotFound"),
    ),
    # Volumes, buckets and blobs
    decided(
        "storage_volumes.create*.json storage_volumes.show.created.json "
        "storage_volumes.show.attached.json storage_volumes.attach.json storage_volumes.detach.json",
        "the capacity of a volume is a number in JSON, always",
        _number("capacity"),
    ),
    decided(
        "buckets.create.json buckets.show.created.json",
        "the size of a bucket is a number in JSON, always",
        _number("size"),
    ),
    decided(
        "buckets.show.with_blobs.* buckets.index.with_created.*",
        "the size of a bucket is the true count of its blobs",
        text("<size>7</size>", "<size>6</size>"),
        text('"size":7', '"size":6'),
    ),
    decided(
        "buckets.show.emptied.*",
        "the size of a bucket is the true count of its blobs",
        text("<size>1</size>", "<size>0</size>"),
        text('"size":1', '"size":0'),
    ),
    decided(
        "blobs.put.binary.json blobs.show.binary.json",
        "a blob's JSON document has no content: that broke on binary ones",
        body_of("blobs.put.empty.json"),
        text("gblob3", "gblob4"),
        text("text/plain", "application/octet-stream"),
        text('"content_length":0', '"content_length":256'),
    ),
    decided(
        "blobs.show.*.json blobs.put.json blobs.put.empty.json blobs.put.no_content_type.json "
        "blobs.put.binary.json blobs.put.overwrite.json blobs.create.form.json "
        "blobs.create.urlencoded.json",
        "a blob's JSON document has no content, and its user metadata are always an object",
        members(_blob),
    ),
    decided(
        "blobs.put.no_content_type.*",
        "a blob without a type is application/octet-stream in its document, as it is when it is read",
        text("<content_type></content_type>", "<content_type>application/octet-stream</content_type>"),
        pattern(r'"content_type": ?""', '"content_type":"application/octet-stream"'),
    ),
    decided(
        "blobs.put.unknown_bucket.*",
        "writing into an unknown bucket is 404, as the original meant to",
        error(404, "BucketNotExist"),
    ),
    decided(
        "blobs.put_stream_route.*", "the original's second, broken address for uploads is gone", error(404, "Not Found")
    ),
    decided(
        "blobs.put_segmented_init.*",
        "the mock driver takes uploads in segments; the original's crashed",
        empty(204, X_Deltacloud_SegmentedBlob="an id"),
    ),
    decided(
        "blobs.put.large_streamed.mock",
        "a large upload is stored; the original's process died of it",
        body_of("blobs.put.binary.xml"),
        text("goldenbucket-xml", "bucket1"),
        text("gblob4-xml", "bigblob"),
        text("256", "200000"),
    ),
    # Networks
    decided(
        "networks.create.xml",
        "a new network is 201 with its address and its document; the original crashed after making it",
        body_of("networks.show.created.xml"),
        pattern(r"<subnet .*?</subnet>", ""),
        created("networks"),
    ),
    decided(
        "networks.create.minimal.xml",
        "a new network is 201 with its address and its document; the original crashed after making it",
        body_of("networks.show.created.xml"),
        pattern(r"<subnet .*?</subnet>|<address_block>.*?</address_block>", ""),
        text("gnet-xml", "net_1000000000"),
        created("networks"),
    ),
    decided("networks.create*.json", "a new network is 201 with its address", created("networks")),
    decided(
        "networks.create.minimal.json",
        "a network without an address block has none, and not one that is null",
        text("[null]", "[]"),
    ),
    decided(
        "subnets.create.xml",
        "a new subnet is 201 with its address and its document; the original crashed after making it",
        body_of("subnets.show.subnet1.xml"),
        text("subnet1", "gsub-xml"),
        text("192.168.1.0", "172.16.1.0"),
        text("net1", "gnet-xml"),
        created("subnets"),
    ),
    decided("subnets.create.json", "a new subnet is 201 with its address", created("subnets")),
    decided(
        "subnets.create.unknown_network.*",
        "a create that names something unknown is 404",
        error(404, "There is no network 'nosuch'"),
    ),
    decided(
        "network_interfaces.create.xml network_interfaces.create.json",
        "a new network interface is 201 with its address",
        created("network_interfaces"),
    ),
    decided(
        "network_interfaces.create.no_subnet.xml",
        "a network interface needs one of network and subnet, whichever names a subnet; the original crashed",
        body_of("network_interfaces.create.xml"),
        text("gnic-xml", "gnic2-xml"),
        pattern(r"172\.16\.1\.\d+", "172.16.1.200"),
        created("network_interfaces"),
    ),
    decided(
        "network_interfaces.create.no_subnet.json",
        "a network interface needs one of network and subnet, whichever names a subnet; the original crashed",
        body_of("network_interfaces.create.json"),
        text("gnic-json", "gnic2-json"),
        pattern(r"172\.16\.1\.\d+", "172.16.1.201"),
        created("network_interfaces"),
    ),
    decided(
        "instances.show.with_nic.xml",
        "an instance shows the interface that the original failed to make",
        text(_NIC.format("gnic-xml"), _NIC.format("gnic-xml") + _NIC.format("gnic2-xml")),
    ),
    # Firewalls and load balancers
    decided(
        "mockplus.drivers.show.self.xml",
        "the driver that is chosen is shown like any other; the original knew only those of its own list",
        body(
            "<driver href='http://localhost:3001/api/drivers/mockplus' id='mockplus'><name>Mock Plus</name></driver>",
            "application/xml",
        ),
    ),
    decided(
        "mockplus.drivers.show.self.json",
        "the driver that is chosen is shown like any other; the original knew only those of its own list",
        body('{"driver":{"name":"Mock Plus","id":"mockplus"}}', "application/json"),
    ),
    decided(
        "mockplus.load_balancers.show.lb1.json",
        "a load balancer is shown in JSON; the original crashed",
        body_of("mockplus.load_balancers.index.json"),
        pattern(r'^\{"load_balancers":\[(.*)\]\}$', r'{"load_balancer":\1}'),
    ),
    decided(
        "mockplus.load_balancers.show.registered.json",
        "a load balancer is shown in JSON; the original crashed",
        body_of("mockplus.load_balancers.register.json"),
    ),
    decided(
        "mockplus.load_balancers.index.json mockplus.load_balancers.show.lb1.json",
        "the realms of a load balancer are objects in JSON, not the names of memory addresses",
        _realms("us"),
    ),
    decided(
        "mockplus.load_balancers.create.json mockplus.load_balancers.create.bad_protocol.json "
        "mockplus.load_balancers.register.json mockplus.load_balancers.unregister.json "
        "mockplus.load_balancers.show.registered.json",
        "the realms of a load balancer are objects in JSON, not the names of memory addresses",
        _realms("eu"),
    ),
    decided(
        "mockplus.load_balancers.show.unknown.*",
        "an unknown load balancer is 404; the original crashed",
        error(404, "Not Found"),
    ),
)
