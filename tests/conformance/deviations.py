"""Where our server answers otherwise than the original did, on purpose: each group with the rule that says so.

A row changes the recorded answer into the one that ours must equal, so our own answer is asserted as fully as any other.
Several rows may concern one exchange; they are applied in the order of this table. A row that no recording matches, or
without which an answer is alike anyway, fails the suite.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from changes import (
    NEW_INSTANCE,
    Change,
    body,
    body_of,
    created,
    empty,
    error,
    headers,
    installed_only,
    members,
    page,
    pattern,
    status,
    text,
    unknown_driver,
    without,
)
from trees import Json


@dataclass(frozen=True, slots=True)
class Deviation:
    """A decided difference.

    Attributes:
        exchanges: Patterns of the recordings' names.
        rule: What was decided, and why.
        ours: How the recorded answer is changed, step by step, into ours.
    """

    exchanges: tuple[str, ...]
    rule: str
    ours: tuple[Change, ...]

    def concerns(self, name: str) -> bool:
        """Whether this row is about a recording."""
        return any(fnmatchcase(name, pattern) for pattern in self.exchanges)

    def idle_patterns(self, names: Iterable[str]) -> list[str]:
        """The patterns that match none of these names."""
        known = list(names)
        return [pattern for pattern in self.exchanges if not any(fnmatchcase(name, pattern) for name in known)]


_CHALLENGE = 'Basic realm="mock-deltacloud@localhost"'
_COLLECTIONS = (
    "addresses,buckets,drivers,firewalls,hardware_profiles,images,instance_states,instances,keys,load_balancers,metrics,"
    "network_interfaces,networks,realms,storage_snapshots,storage_volumes,subnets"
)
_GRAPH = """digraph instance_states {
  rankdir=LR;
  "start" [shape=doublecircle, style=filled, fillcolor=palegreen];
  "pending" [shape=box, style="filled,rounded", fillcolor=gray92];
  "running" [shape=box, style="filled,rounded", fillcolor=gray92];
  "stopped" [shape=box, style="filled,rounded", fillcolor=gray92];
  "finish" [shape=doublecircle, style=filled, fillcolor=lightcoral];
  "start" -> "pending" [label="create"];
  "pending" -> "running" [label="auto", style=dashed];
  "running" -> "running" [label="reboot"];
  "running" -> "stopped" [label="stop"];
  "stopped" -> "running" [label="start"];
  "stopped" -> "finish" [label="destroy"];
}
"""
_MADE_UP_OUTPUT = "The output of 'uptime' would be here, were this not a mock provider"
_RUN_XML = (
    "<instance href='http://localhost:3001/api/instances/inst0' id='inst0'><public_address>img1.inst0.public.com"
    f"</public_address><command>uptime</command><output>{_MADE_UP_OUTPUT}</output></instance>"
)
_RUN_JSON = (
    '{"instance":{"id":"inst0","public_address":"img1.inst0.public.com","command":"uptime","output":"%s"}}'
    % _MADE_UP_OUTPUT
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


DEVIATIONS: tuple[Deviation, ...] = (
    # The original's own pages
    Deviation(("root.show.xml",), "GET / is a page of HTML, whatever is asked for; the original crashed", (page(200),)),
    Deviation(("root.show.json",), "an answer without a body has no Content-Type", (headers(Content_Type=None),)),
    Deviation(
        ("misc.static.*", "misc.favicon"),
        "the files of the original's pages are gone with them; an unknown path answers an error document",
        (error(404, "Not Found", X_Deltacloud_Driver=None, Last_Modified=None),),
    ),
    # Entry point and choice of the driver
    Deviation(
        ("api.options",),
        "OPTIONS /api lists the names of collections, not the original's class names; it has no body",
        (empty(200, Allow=_COLLECTIONS, Content_Type="text/html"),),
    ),
    Deviation(
        ("api.change_*.post*",),
        "choosing a driver by form answers 303 See Other: 301 lets a client keep the choice for ever",
        (status(303),),
    ),
    Deviation(
        ("driver_select.header.unknown.instances.xml", "driver_select.matrix.api_driver_unknown"),
        "an unknown driver is the client's fault: 400, with the installed drivers and the package to look for",
        (unknown_driver,),
    ),
    Deviation(
        ("drivers.index.*",),
        "drivers are packages of their own: the list shows the installed ones",
        (installed_only,),
    ),
    Deviation(
        ("drivers.show.unknown.*", "errors.404.member.drivers.xml"),
        "every 4xx and 5xx with a body is an error document: an unknown driver's page is no longer empty",
        (error(404, "Not Found"),),
    ),
    # Credentials
    Deviation(
        ("api.show.force_auth.badauth.*",),
        "a failed check of credentials is an error document in the format asked for, with a challenge",
        (error(401, "Authentication Failure", WWW_Authenticate=_CHALLENGE),),
    ),
    Deviation(
        ("errors.401.bad_*", "errors.401.malformed_basic.xml", "errors.401.no_colon.xml"),
        "401 always comes with a challenge, as HTTP demands; the original left it out for rejected credentials",
        (headers(WWW_Authenticate=_CHALLENGE),),
    ),
    Deviation(
        ("errors.401.before_404.xml", "errors.401.realms_500_noauth.xml", "blobs.content.noauth",
         "instances.create.noauth.xml"),
        "a request without credentials is challenged before its parameters are read, so none are named",
        (pattern(r"<request>.*</request>", "<request></request>"),),
    ),  # fmt: skip
    # Negotiation
    Deviation(
        ("negotiation.application_star",),
        "Accept is read as HTTP says: type/* accepts every format of that type, XML first",
        (body_of("realms.index.xml"),),
    ),
    Deviation(
        ("negotiation.json_charset",),
        "parameters of media types in Accept are ignored; the original crashed",
        (body_of("realms.index.json"),),
    ),
    Deviation(
        ("negotiation.json_star",),
        "a type that is named beats */*",
        (body_of("realms.index.json"),),
    ),
    Deviation(
        ("negotiation.text_plain", "negotiation.image_png", "negotiation.format_param.*", "errors.406.*", "keys.new.xml"),
        "406 is decided before anything is done, and is an error document, in XML where nothing else was agreed on",
        (error(406, "Not Acceptable"),),
    ),
    Deviation(
        ("instance_states.index.gv", "instance_states.index.accept_gv"),
        "the graph's source works; the original crashed",
        (body(_GRAPH, "application/ghostscript"),),
    ),
    Deviation(
        ("instance_states.index.png",),
        "PNG needs Graphviz, which this server cannot find: 406, where the original sent an empty image",
        (error(406, "PNG needs Graphviz on the server; SVG needs nothing"),),
    ),
    # Paths, methods and OPTIONS
    Deviation(
        ("errors.404.collection.*", "errors.404.unknown_action", "options.instance", "options.instance_unknown",
         "options.realm", "misc.trailing_slash.instances", "misc.dot_xml_suffix"),
        "an unknown path answers an error document, not a heading of HTML",
        (error(404, "Not Found"),),
    ),  # fmt: skip
    Deviation(
        ("errors.404.put_instances",),
        "a method that a known path lacks is 405, with the methods it has",
        (error(405, "Method Not Allowed", Allow="GET, HEAD, OPTIONS, POST"),),
    ),
    Deviation(
        ("errors.404.delete_realm", "errors.404.post_realms"),
        "a method that a known path lacks is 405, with the methods it has",
        (error(405, "Method Not Allowed", Allow="GET, HEAD, OPTIONS"),),
    ),
    Deviation(
        ("errors.404.patch_instance",),
        "a method that a known path lacks is 405, with the methods it has",
        (error(405, "Method Not Allowed", Allow="DELETE, GET, HEAD, OPTIONS"),),
    ),
    Deviation(
        ("errors.404.get_action",),
        "a method that a known path lacks is 405, with the methods it has",
        (error(405, "Method Not Allowed", Allow="OPTIONS, POST"),),
    ),
    Deviation(
        ("options.instances_create",),
        "OPTIONS names every parameter that an operation has with the request's driver, new ones among them",
        (headers(Allow=(
            "metrics:string:optional,name:string:optional,user_data:string:optional,firewalls:array:optional,"
            "keyname:string:optional,instance_count:string:optional,snapshot_id:string:optional,"
            "device_name:string:optional,tag_*:string:optional,image_id:string:required,realm_id:string:optional,"
            "hwp_id:string:optional,hwp_cpu:string:optional,hwp_memory:string:optional,hwp_storage:string:optional,"
            "hwp_architecture:string:optional,keyname:string:optional,subnet_id:string:optional,"
            "initial_state:string:optional"
        )),),
    ),  # fmt: skip
    Deviation(
        ("options.instances_index",),
        "OPTIONS names every parameter that an operation has with the request's driver, new ones among them",
        (headers(Allow=(
            "realm_id:string:optional,tag_*:string:optional,state:string:optional,id:string:optional,"
            "limit:string:optional,marker:string:optional"
        )),),
    ),  # fmt: skip
    Deviation(
        ("options.keys_create",),
        "OPTIONS names every parameter that an operation has with the request's driver, new ones among them",
        (headers(Allow="public_key:string:optional,name:string:required,public_key:string:optional"),),
    ),
    Deviation(
        ("options.images_create",),
        "OPTIONS names every parameter that an operation has with the request's driver, new ones among them",
        (headers(Allow=(
            "name:string:optional,description:string:optional,tag_*:string:optional,instance_id:string:required"
        )),),
    ),  # fmt: skip
    Deviation(
        ("options.firewalls_create",),
        "OPTIONS of an operation names its parameters; the original took 'create' for a firewall here",
        (headers(Allow="name:string:required,description:string:required"),),
    ),
    Deviation(
        ("options.firewalls_default_rules",),
        "OPTIONS names every parameter with its type; the original wrote 'required' where the type belongs",
        (headers(Allow=(
            "id:string:required,protocol:string:optional,port_from:string:optional,port_to:string:optional,"
            "direction:string:optional,ip_address:array:optional,group:string:optional,groupNowner:string:optional"
        )),),
    ),  # fmt: skip
    # What is checked before the driver is asked
    Deviation(
        ("errors.412.*", "head.firewalls"),
        "a missing capability is told by an error document in the format asked for; status, sentence and Expect stay",
        (error(412),),
    ),
    Deviation(
        ("errors.400.missing*", "*.create.missing*", "addresses.associate.missing_instance.*",
         "storage_volumes.attach.missing_device.*", "blobs.create.form.missing.*",
         "mockplus.load_balancers.register.missing.*"),
        "a missing parameter is told by an error document with the original's sentence, its router's internals aside",
        (pattern(r"splat,captures,", ""), error(400)),
    ),  # fmt: skip
    Deviation(
        ("errors.400.no_host_header",),
        "every 4xx and 5xx with a body is an error document, with the original's sentence",
        (error(400),),
    ),
    Deviation(
        ("instances.create.hwp_override_invalid.*",),
        "overrides of a hardware profile are checked against its limits before the driver is asked",
        (error(400, "Hardware profile 'm1-large' does not allow this value of memory"),),
    ),
    Deviation(
        ("instances.create.unknown_image.*",),
        "a create that names something unknown is 404",
        (error(404, "There is no image 'nosuch'"),),
    ),
    Deviation(
        ("keys.create.names_with_slash",),
        "a name that would leave its folder is refused; the original wrote outside its data",
        (error(400, "'name' must not begin with a dot, and not hold slashes or control characters"),),
    ),
    # Parameters from elsewhere
    Deviation(
        ("instances.create.json_body",),
        "bodies of JSON are read; the original was blind to them",
        (body_of("instances.create.minimal.json"), text("inst11", NEW_INSTANCE), text("img2", "img1"), created("instances")),
    ),
    Deviation(
        ("instances.create.matrix_params",),
        "the parameters that our own links carry in their path count",
        (body_of("instances.create.minimal.xml"), text("inst5", NEW_INSTANCE), text("img2", "img1"), created("instances")),
    ),
    Deviation(
        ("images.create.matrix_params",),
        "the parameters that our own links carry in their path count",
        (body_of("images.create.xml"), text("goldenimg-xml", "matrixed"), text("A golden image", ""), created("images")),
    ),
    # Instances and images
    Deviation(
        ("instances.create.escaping.xml", "instances.index.with_created.xml"),
        "text of elements is escaped; the original's document was not well-formed",
        (text("<a> & \"b\"", "&lt;a&gt; &amp; \"b\""),),
    ),
    Deviation(
        ("instances.index.with_created.xml",),
        "what was refused does not exist",
        (without("inst7", "inst8"),),
    ),
    Deviation(
        ("instances.index.with_created.json",),
        "what was refused does not exist",
        (without("inst7", "inst8", "inst13", "inst14"),),
    ),
    Deviation(
        ("instances.run.mock.*xml",),
        "running a command on the mock driver answers what it would print; the original crashed",
        (body(_RUN_XML, "application/xml"),),
    ),
    Deviation(
        ("instances.run.mock.json",),
        "running a command on the mock driver answers what it would print; the original crashed",
        (body(_RUN_JSON, "application/json"),),
    ),
    Deviation(
        ("images.create.json",),
        "a new image is shown, with no profiles; the original crashed after making it",
        (body_of("images.show.created.json"), members(_image_without_profiles), created("images")),
    ),
    Deviation(
        ("metrics.show.unknown_id.xml",),
        "an unknown metric is 404; the original answered another instance's",
        (error(404, "Not Found"),),
    ),
    # Deletes of unknown things
    Deviation(
        ("images.destroy.unknown.*", "keys.destroy.unknown.*", "addresses.destroy.unknown.*",
         "storage_volumes.destroy.unknown.*", "networks.destroy.unknown.*"),
        "deleting something unknown is 404: neither success nor a crash",
        (error(404, "NotFound"),),
    ),  # fmt: skip
    Deviation(
        ("buckets.destroy.unknown.*",),
        "deleting something unknown is 404: neither success nor a crash",
        (error(404, "There is no bucket 'nosuch'"),),
    ),
    Deviation(
        ("blobs.destroy.unknown.*", "blobs.destroy.leftover.*"),
        "deleting a blob that is not there is done already: 204, as the clouds answer",
        (empty(204),),
    ),
    # Conflicts
    Deviation(
        ("addresses.associate.again.*", "addresses.destroy.in_use.*"),
        "the mock driver answers 403 to an address in use, as the original meant to",
        (error(403, "AddressInUse"),),
    ),
    Deviation(
        ("addresses.disassociate.again.*",),
        "the mock driver answers 403 to an address that is free, as the original meant to",
        (error(403, "AddressNotInUse"),),
    ),
    Deviation(
        ("errors.500.bucket_not_empty.*", "buckets.destroy.not_empty.*"),
        "the mock driver answers 403 to deleting a bucket that is not empty, as the original meant to",
        (error(403, "A bucket that is not empty cannot be deleted"),),
    ),
    Deviation(
        ("buckets.create.again.*",),
        "what exists already is a conflict; the original overwrote it in silence",
        (error(409, "'{id}' exists already"),),
    ),
    Deviation(
        ("storage_volumes.detach.again.*",),
        "detaching a volume that is attached to nothing is a conflict; the original crashed",
        (error(409, "'{id}' is not attached"),),
    ),
    Deviation(
        ("storage_volumes.attach.unknown_instance.*",),
        "attaching to an unknown instance is 404; the original crashed",
        (error(404, "NotFound"),),
    ),
    # Volumes, buckets and blobs
    Deviation(
        ("storage_volumes.*tach*.json", "storage_volumes.create*.json", "storage_volumes.show.created.json"),
        "the capacity of a volume is a number in JSON, always",
        (_number("capacity"),),
    ),
    Deviation(
        ("buckets.create.json", "buckets.show.created.json"),
        "the size of a bucket is a number in JSON, always",
        (_number("size"),),
    ),
    Deviation(
        ("buckets.show.with_blobs.*", "buckets.index.with_created.*"),
        "the size of a bucket is the true count of its blobs",
        (text("<size>7</size>", "<size>6</size>"), text('"size":7', '"size":6')),
    ),
    Deviation(
        ("buckets.show.emptied.*",),
        "the size of a bucket is the true count of its blobs",
        (text("<size>1</size>", "<size>0</size>"), text('"size":1', '"size":0')),
    ),
    Deviation(
        ("blobs.put.binary.json", "blobs.show.binary.json"),
        "a blob's JSON document has no content: that broke on binary ones",
        (body_of("blobs.put.empty.json"), text("gblob3", "gblob4"), text("text/plain", "application/octet-stream"),
         text('"content_length":0', '"content_length":256')),
    ),  # fmt: skip
    Deviation(
        ("blobs.show.*.json", "blobs.put.json", "blobs.put.empty.json", "blobs.put.no_content_type.json",
         "blobs.put.binary.json", "blobs.put.overwrite.json", "blobs.create.form.json", "blobs.create.urlencoded.json"),
        "a blob's JSON document has no content, and its user metadata are always an object",
        (members(_blob),),
    ),  # fmt: skip
    Deviation(
        ("blobs.put.no_content_type.*",),
        "a blob without a type is application/octet-stream in its document, as it is when it is read",
        (text("<content_type></content_type>", "<content_type>application/octet-stream</content_type>"),
         pattern(r'"content_type": ?""', '"content_type":"application/octet-stream"')),
    ),  # fmt: skip
    Deviation(
        ("blobs.put.unknown_bucket.*",),
        "writing into an unknown bucket is 404, as the original meant to",
        (error(404, "BucketNotExist"),),
    ),
    Deviation(
        ("blobs.put_stream_route.*",),
        "the original's second, broken address for uploads is gone",
        (error(404, "Not Found"),),
    ),
    Deviation(
        ("blobs.put_segmented_init.*",),
        "the mock driver takes uploads in segments; the original's crashed",
        (empty(204, X_Deltacloud_SegmentedBlob="an id"),),
    ),
    Deviation(
        ("blobs.put.large_streamed.mock",),
        "a large upload is stored; the original's process died of it",
        (body_of("blobs.put.binary.xml"), text("goldenbucket-xml", "bucket1"), text("gblob4-xml", "bigblob"),
         text("256", "200000")),
    ),  # fmt: skip
    # Networks
    Deviation(
        ("networks.create.xml",),
        "a new network is 201 with its address and its document; the original crashed after making it",
        (body_of("networks.show.created.xml"), pattern(r"<subnet .*?</subnet>", ""), created("networks")),
    ),
    Deviation(
        ("networks.create.minimal.xml",),
        "a new network is 201 with its address and its document; the original crashed after making it",
        (body_of("networks.show.created.xml"), pattern(r"<subnet .*?</subnet>|<address_block>.*?</address_block>", ""),
         text("gnet-xml", "net_1000000000"), created("networks")),
    ),  # fmt: skip
    Deviation(
        ("networks.create*.json",),
        "a new network is 201 with its address",
        (created("networks"),),
    ),
    Deviation(
        ("subnets.create.xml",),
        "a new subnet is 201 with its address and its document; the original crashed after making it",
        (body_of("subnets.show.subnet1.xml"), text("subnet1", "gsub-xml"), text("192.168.1.0", "172.16.1.0"),
         text("net1", "gnet-xml"), created("subnets")),
    ),  # fmt: skip
    Deviation(
        ("subnets.create.json",),
        "a new subnet is 201 with its address",
        (created("subnets"),),
    ),
    Deviation(
        ("subnets.create.unknown_network.*",),
        "a create that names something unknown is 404",
        (error(404, "There is no network 'nosuch'"),),
    ),
    Deviation(
        ("network_interfaces.create.xml", "network_interfaces.create.json"),
        "a new network interface is 201 with its address",
        (created("network_interfaces"),),
    ),
    Deviation(
        ("network_interfaces.create.no_subnet.xml",),
        "a network interface needs one of network and subnet, whichever names a subnet; the original crashed",
        (body_of("network_interfaces.create.xml"), text("gnic-xml", "gnic2-xml"),
         pattern(r"172\.16\.1\.\d+", "172.16.1.200"), created("network_interfaces")),
    ),  # fmt: skip
    Deviation(
        ("network_interfaces.create.no_subnet.json",),
        "a network interface needs one of network and subnet, whichever names a subnet; the original crashed",
        (body_of("network_interfaces.create.json"), text("gnic-json", "gnic2-json"),
         pattern(r"172\.16\.1\.\d+", "172.16.1.201"), created("network_interfaces")),
    ),  # fmt: skip
    Deviation(
        ("instances.show.with_nic.xml",),
        "an instance shows the interface that the original failed to make",
        (text(_NIC.format("gnic-xml"), _NIC.format("gnic-xml") + _NIC.format("gnic2-xml")),),
    ),
    # Firewalls and load balancers
    Deviation(
        ("mockplus.drivers.show.self.xml",),
        "the driver that is chosen is shown like any other; the original knew only those of its own list",
        (body(
            "<driver href='http://localhost:3001/api/drivers/mockplus' id='mockplus'><name>Mock Plus</name></driver>",
            "application/xml",
        ),),
    ),  # fmt: skip
    Deviation(
        ("mockplus.drivers.show.self.json",),
        "the driver that is chosen is shown like any other; the original knew only those of its own list",
        (body('{"driver":{"name":"Mock Plus","id":"mockplus"}}', "application/json"),),
    ),
    Deviation(
        ("mockplus.load_balancers.show.lb1.json",),
        "a load balancer is shown in JSON; the original crashed",
        (body_of("mockplus.load_balancers.index.json"), pattern(r'^\{"load_balancers":\[(.*)\]\}$', r'{"load_balancer":\1}')),
    ),
    Deviation(
        ("mockplus.load_balancers.show.registered.json",),
        "a load balancer is shown in JSON; the original crashed",
        (body_of("mockplus.load_balancers.register.json"),),
    ),
    Deviation(
        ("mockplus.load_balancers.index.json", "mockplus.load_balancers.show.lb1.json"),
        "the realms of a load balancer are objects in JSON, not the names of memory addresses",
        (_realms("us"),),
    ),
    Deviation(
        ("mockplus.load_balancers.create.json", "mockplus.load_balancers.register.json",
         "mockplus.load_balancers.unregister.json", "mockplus.load_balancers.show.registered.json"),
        "the realms of a load balancer are objects in JSON, not the names of memory addresses",
        (_realms("eu"),),
    ),  # fmt: skip
    Deviation(
        ("mockplus.load_balancers.show.unknown.*",),
        "an unknown load balancer is 404; the original crashed",
        (error(404, "Not Found"),),
    ),
    Deviation(
        ("mockplus.load_balancers.create.bad_protocol.*",),
        "what exists already is a conflict; the original overwrote it in silence",
        (error(409, "'glb-{format}' exists already"),),
    ),
    Deviation(
        ("mockplus.load_balancers.register.xml", "mockplus.load_balancers.register.json",
         "mockplus.load_balancers.unregister.*", "mockplus.load_balancers.show.registered.*"),
        "what was refused has not changed what was there",
        (text("protocol='UDP'", "protocol='TCP'"), pattern(r'"protocol": ?"UDP"', '"protocol":"TCP"')),
    ),  # fmt: skip
)
