"""Decided differences in how requests are understood: paths, methods, formats, credentials, parameters."""

from __future__ import annotations

from changes import (
    NEW_INSTANCE,
    body,
    body_of,
    created,
    empty,
    error,
    headers,
    installed_only,
    page,
    pattern,
    status,
    text,
    unknown_driver,
)
from decided_amazon import regions
from deviation import Deviation, decided

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

REQUESTS: tuple[Deviation, ...] = (
    # The original's own pages
    decided("root.show.xml", "GET / is a page of HTML, whatever is asked for; the original crashed", page(200)),
    decided("root.robots_txt", "robots.txt is no file, so it has no date", headers(Last_Modified=None)),
    decided("root.show.json", "an answer without a body has no Content-Type", headers(Content_Type=None)),
    decided(
        "misc.static.* misc.favicon",
        "the files of the original's pages are gone with them; an unknown path answers an error document",
        error(404, "Not Found", X_Deltacloud_Driver=None, Last_Modified=None),
    ),
    # Entry point and choice of the driver
    decided(
        "api.options",
        "OPTIONS /api lists the names of collections, not the original's class names; it has no body",
        empty(200, Allow=_COLLECTIONS, Content_Type="text/html"),
    ),
    decided(
        "api.change_*.post*",
        "choosing a driver by form answers 303 See Other: 301 lets a client keep the choice for ever",
        status(303),
    ),
    decided(
        "driver_select.header.unknown.instances.xml driver_select.matrix.api_driver_unknown",
        "an unknown driver is the client's fault: 400, with the installed drivers and the package to look for",
        unknown_driver,
    ),
    decided(
        "drivers.index.*",
        "drivers are packages of their own: the list shows the installed ones, with today's regions",
        installed_only,
        regions,
    ),
    decided(
        "drivers.show.unknown.* errors.404.member.drivers.xml",
        "every 4xx and 5xx with a body is an error document: an unknown driver's page is no longer empty",
        error(404, "Not Found"),
    ),
    # Credentials
    decided(
        "api.show.force_auth.badauth.*",
        "a failed check of credentials is an error document in the format asked for, with a challenge",
        error(401, "Authentication Failure", WWW_Authenticate=_CHALLENGE),
    ),
    decided(
        "errors.401.bad_* errors.401.malformed_basic.xml errors.401.no_colon.xml",
        "401 always comes with a challenge, as HTTP demands; the original left it out for rejected credentials",
        headers(WWW_Authenticate=_CHALLENGE),
    ),
    decided(
        "errors.401.before_404.xml errors.401.realms_500_noauth.xml blobs.content.noauth instances.create.noauth.xml",
        "a request without credentials is challenged before its parameters are read, so none are named",
        pattern(r"<request>.*</request>", "<request></request>"),
    ),
    # Negotiation
    decided(
        "negotiation.application_star",
        "Accept is read as HTTP says: type/* accepts every format of that type, XML first",
        body_of("realms.index.xml"),
    ),
    decided(
        "negotiation.json_charset",
        "parameters of media types in Accept are ignored; the original crashed",
        body_of("realms.index.json"),
    ),
    decided("negotiation.json_star", "a type that is named beats */*", body_of("realms.index.json")),
    decided(
        "negotiation.text_plain negotiation.image_png negotiation.format_param.* errors.406.* keys.new.xml",
        "406 is decided before anything is done, and is an error document, in XML where nothing else was agreed on",
        error(406, "Not Acceptable"),
    ),
    decided(
        "instance_states.index.gv instance_states.index.accept_gv",
        "the graph's source works; the original crashed",
        body(_GRAPH, "application/ghostscript"),
    ),
    decided(
        "instance_states.index.png",
        "PNG needs Graphviz, which this server cannot find: 406, where the original sent an empty image",
        error(406, "PNG needs Graphviz on the server; SVG needs nothing"),
    ),
    # Paths, methods and OPTIONS
    decided(
        "errors.404.collection.* errors.404.unknown_action options.instance options.instance_unknown "
        "options.realm misc.trailing_slash.instances misc.dot_xml_suffix",
        "an unknown path answers an error document, not a heading of HTML",
        error(404, "Not Found"),
    ),
    decided(
        "errors.404.put_instances",
        "a method that a known path lacks is 405, with the methods it has",
        error(405, "Method Not Allowed", Allow="GET, HEAD, OPTIONS, POST"),
    ),
    decided(
        "errors.404.delete_realm errors.404.post_realms",
        "a method that a known path lacks is 405, with the methods it has",
        error(405, "Method Not Allowed", Allow="GET, HEAD, OPTIONS"),
    ),
    decided(
        "errors.404.patch_instance",
        "a method that a known path lacks is 405, with the methods it has",
        error(405, "Method Not Allowed", Allow="DELETE, GET, HEAD, OPTIONS"),
    ),
    decided(
        "errors.404.get_action",
        "a method that a known path lacks is 405, with the methods it has",
        error(405, "Method Not Allowed", Allow="OPTIONS, POST"),
    ),
    decided(
        "options.instances_create",
        "OPTIONS names every parameter that an operation has with the request's driver, new ones among them",
        headers(
            Allow=(
                "metrics:string:optional,name:string:optional,user_data:string:optional,firewalls:array:optional,"
                "keyname:string:optional,instance_count:string:optional,snapshot_id:string:optional,"
                "device_name:string:optional,tag_*:string:optional,image_id:string:required,realm_id:string:optional,"
                "hwp_id:string:optional,hwp_cpu:string:optional,hwp_memory:string:optional,hwp_storage:string:optional,"
                "hwp_architecture:string:optional,keyname:string:optional,subnet_id:string:optional,"
                "initial_state:string:optional"
            )
        ),
    ),
    decided(
        "options.instances_index",
        "OPTIONS names every parameter that an operation has with the request's driver, new ones among them",
        headers(
            Allow=(
                "realm_id:string:optional,tag_*:string:optional,state:string:optional,id:string:optional,"
                "limit:string:optional,marker:string:optional"
            )
        ),
    ),
    decided(
        "options.keys_create",
        "OPTIONS names every parameter that an operation has with the request's driver, new ones among them",
        headers(Allow="public_key:string:optional,name:string:required,public_key:string:optional"),
    ),
    decided(
        "options.images_create",
        "OPTIONS names every parameter that an operation has with the request's driver, new ones among them",
        headers(
            Allow=("name:string:optional,description:string:optional,tag_*:string:optional,instance_id:string:required")
        ),
    ),
    decided(
        "options.firewalls_create",
        "OPTIONS of an operation names its parameters; the original took 'create' for a firewall here",
        headers(Allow="name:string:required,description:string:required"),
    ),
    decided(
        "options.firewalls_default_rules",
        "OPTIONS names every parameter with its type; the original wrote 'required' where the type belongs",
        headers(
            Allow=(
                "id:string:required,protocol:string:optional,port_from:string:optional,port_to:string:optional,"
                "direction:string:optional,ip_address:array:optional,group:string:optional,groupNowner:string:optional"
            )
        ),
    ),
    # What is checked before the driver is asked
    decided(
        "errors.412.* head.firewalls",
        "a missing capability is told by an error document in the format asked for; status, sentence and Expect stay",
        error(412),
    ),
    decided(
        "errors.400.missing* *.create.missing.* *.create.missing_[inv]* "
        "addresses.associate.missing_instance.* storage_volumes.attach.missing_device.* "
        "blobs.create.form.missing.* mockplus.load_balancers.register.missing.*",
        "a missing parameter is told by an error document with the original's sentence, its router's internals aside",
        pattern(r"splat,captures,", ""),
        error(400),
    ),
    decided(
        "errors.400.no_host_header",
        "a missing Host header is told by an error document with the original's sentence, before a driver is chosen",
        error(400, X_Deltacloud_Driver=None),
    ),
    decided(
        "instances.create.hwp_override_invalid.*",
        "overrides of a hardware profile are checked against its limits before the driver is asked",
        error(400, "Hardware profile 'm1-large' does not allow this value of memory"),
    ),
    decided(
        "instances.create.unknown_image.*",
        "a create that names something unknown is 404",
        error(404, "There is no image 'nosuch'"),
    ),
    decided(
        "keys.create.names_with_slash",
        "a name that would leave its folder is refused; the original wrote outside its data",
        error(400, "A name must not begin with a dot, nor hold slashes or control characters"),
    ),
    # Parameters from elsewhere
    decided(
        "instances.create.json_body",
        "bodies of JSON are read; the original was blind to them",
        body_of("instances.create.minimal.json"),
        text("inst11", NEW_INSTANCE),
        text("img2", "img1"),
        created("instances"),
    ),
    decided(
        "instances.create.matrix_params",
        "the parameters that our own links carry in their path count",
        body_of("instances.create.minimal.xml"),
        text("inst5", NEW_INSTANCE),
        text("img2", "img1"),
        created("instances"),
    ),
    decided(
        "images.create.matrix_params",
        "the parameters that our own links carry in their path count",
        body_of("images.create.xml"),
        text("goldenimg-xml", "matrixed"),
        text("A golden image", ""),
        created("images"),
    ),
)
