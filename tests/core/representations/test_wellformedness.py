"""Whatever the models hold, documents are well-formed and give it back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from deltacloud.api.representations import (
    REPRESENTATIONS,
    View,
)
from deltacloud.api.representations.markup import legal
from deltacloud.hardware import choice, fixed, span
from deltacloud.models import (
    Address,
    Blob,
    Bucket,
    Firewall,
    FirewallRule,
    FirewallSource,
    HardwareProfile,
    Image,
    Instance,
    InstanceAddress,
    Key,
    Listener,
    LoadBalancer,
    Metric,
    MetricProperty,
    MetricSample,
    Network,
    NetworkInterface,
    Realm,
    StorageSnapshot,
    StorageVolume,
    Subnet,
)
from deltacloud.secret import Secret
from deltacloud.states import StateMachine

TEXT = (
    st.text(max_size=12)
    | st.text(
        st.sampled_from("ab &<>'\"]\r\n\t\x00\x0b\x1f\x7f\x85\ud800\udfff\ufffe\uffff\u2028/;?#%{}\\é"), max_size=12
    )
    | st.sampled_from(("]]>", "<![CDATA[", "&amp;", "a/b;c", "..", "", " x "))
)
MAYBE = st.none() | TEXT
TIME = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)) | st.datetimes(
    datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(timezone(timedelta(hours=-7)))
)
NUMBER = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=3, unique_by=lambda pair: legal(pair[0])).map(tuple)
IDS = st.lists(TEXT, max_size=3).map(tuple)
SECRET = st.builds(Secret, TEXT)
ADDRESS = st.builds(
    InstanceAddress,
    TEXT,
    st.sampled_from(("ipv4", "ipv6", "hostname", "mac", "vnc")),
    st.none() | st.integers(1, 65535),
)
ADDRESSES = st.lists(ADDRESS, max_size=3).map(tuple)
SOURCE = st.builds(
    FirewallSource,
    type=st.sampled_from(("address", "group")),
    address=MAYBE,
    prefix=MAYBE,
    name=MAYBE,
    owner=MAYBE,
    family=st.sampled_from((None, "ipv4", "ipv6")),
)
PROPERTY = st.one_of(
    st.builds(fixed, st.sampled_from(("cpu", "architecture", "root_type")), NUMBER | TEXT),
    st.builds(span, st.sampled_from(("memory", "cpu")), NUMBER, NUMBER, NUMBER),
    st.builds(choice, st.just("storage"), st.lists(NUMBER | TEXT, min_size=1, max_size=3).map(tuple)),
)


def _tuples(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(one, max_size=3).map(tuple)


INSTANCE = st.builds(
    Instance,
    id=TEXT,
    name=MAYBE,
    owner_id=MAYBE,
    image_id=MAYBE,
    realm_id=MAYBE,
    state=MAYBE | st.sampled_from(("RUNNING", "STOPPED")),
    hardware_profile_id=MAYBE,
    hardware_overrides=PAIRS,
    actions=st.none() | _tuples(st.sampled_from(("start", "stop", "reboot", "destroy"))),
    launch_time=st.none() | TIME,
    public_addresses=ADDRESSES,
    private_addresses=ADDRESSES,
    firewall_ids=st.none() | IDS,
    storage_volumes=_tuples(st.tuples(TEXT, MAYBE)),
    authentication_error=MAYBE,
    username=MAYBE,
    password=st.none() | SECRET,
    key_name=MAYBE,
    network_interface_ids=st.none() | IDS,
    create_image=st.booleans(),
    tags=st.none() | PAIRS,
)
MODELS: dict[str, st.SearchStrategy[Any]] = {
    "realms": st.builds(Realm, id=TEXT, name=MAYBE, state=MAYBE, limit=st.none() | st.integers()),
    "hardware_profiles": st.builds(HardwareProfile, id=TEXT, name=MAYBE, properties=_tuples(PROPERTY)),
    "images": st.builds(
        Image,
        id=TEXT,
        name=MAYBE,
        description=MAYBE,
        owner_id=MAYBE,
        architecture=MAYBE,
        state=MAYBE,
        creation_time=st.none() | TIME,
        hardware_profile_ids=st.none() | IDS,
        root_type=st.sampled_from(("transient", "persistent")),
        tags=st.none() | PAIRS,
    ),
    "instances": INSTANCE,
    "keys": st.builds(
        Key,
        id=TEXT,
        name=MAYBE,
        type=st.sampled_from(("key", "password")),
        fingerprint=MAYBE,
        pem=st.none() | SECRET,
        username=MAYBE,
        password=st.none() | SECRET,
        state=MAYBE,
    ),
    "addresses": st.builds(Address, id=TEXT, instance_id=MAYBE),
    "firewalls": st.builds(
        Firewall,
        id=TEXT,
        name=MAYBE,
        description=MAYBE,
        owner_id=MAYBE,
        rules=_tuples(
            st.builds(
                FirewallRule,
                id=TEXT,
                allow_protocol=MAYBE,
                port_from=MAYBE,
                port_to=MAYBE,
                direction=MAYBE,
                rule_action=MAYBE,
                log_rule=st.none() | st.booleans(),
                sources=_tuples(SOURCE),
            )
        ),
    ),
    "load_balancers": st.builds(
        LoadBalancer,
        id=TEXT,
        name=MAYBE,
        realm_ids=IDS,
        public_addresses=IDS,
        created_at=st.none() | TIME,
        listeners=_tuples(
            st.builds(
                Listener,
                protocol=TEXT,
                load_balancer_port=st.integers(1, 65535),
                instance_port=st.integers(1, 65535),
            )
        ),
        instances=_tuples(INSTANCE | TEXT),
    ),
    "storage_volumes": st.builds(
        StorageVolume,
        id=TEXT,
        name=MAYBE,
        description=MAYBE,
        created=st.none() | TIME,
        capacity=st.none() | NUMBER,
        kind=MAYBE,
        device=MAYBE,
        realm_id=MAYBE,
        state=MAYBE,
        instance_id=MAYBE,
        actions=st.none() | _tuples(st.sampled_from(("attach", "detach", "destroy"))),
        tags=st.none() | PAIRS,
    ),
    "storage_snapshots": st.builds(
        StorageSnapshot,
        id=TEXT,
        name=MAYBE,
        description=MAYBE,
        state=MAYBE,
        created=st.none() | TIME,
        storage_volume_id=MAYBE,
        tags=st.none() | PAIRS,
    ),
    "metrics": st.builds(
        Metric,
        id=TEXT,
        entity=MAYBE,
        properties=_tuples(
            st.builds(
                MetricProperty,
                TEXT,
                st.none() | _tuples(st.builds(MetricSample, minimum=st.none() | NUMBER, unit=MAYBE)),
            )
        ),
    ),
    "networks": st.builds(Network, id=TEXT, name=MAYBE, state=MAYBE, address_blocks=IDS, subnet_ids=IDS),
    "subnets": st.builds(Subnet, id=TEXT, name=MAYBE, state=MAYBE, type=MAYBE, address_block=MAYBE, network_id=MAYBE),
    "network_interfaces": st.builds(
        NetworkInterface, id=TEXT, name=MAYBE, ip_address=MAYBE, network_id=MAYBE, instance_id=MAYBE
    ),
    "buckets": st.builds(Bucket, id=TEXT, name=MAYBE, size=st.none() | st.integers(0), blob_ids=st.none() | IDS),
    "blobs": st.builds(
        Blob,
        id=TEXT,
        bucket_id=TEXT,
        content_length=st.none() | st.integers(0),
        content_type=MAYBE,
        last_modified=st.none() | TIME,
        user_metadata=PAIRS,
    ),
}
HOOKS = frozenset(
    f"{action}_{kind}"
    for action, kinds in {
        "start": ("instance",),
        "stop": ("instance",),
        "reboot": ("instance",),
        "run_on": ("instance",),
        "destroy": ("instance", "image", "key", "address", "load_balancer", "network", "subnet", "network_interface"),
        "associate": ("address",),
        "disassociate": ("address",),
        "register_with": ("load_balancer",),
        "unregister_from": ("load_balancer",),
        "list": ("subnets",),
    }.items()
    for kind in kinds
)
LIFE = StateMachine(("running", "stop", "stopped"), ("stopped", "start", "running"), ("stopped", "destroy", "finish"))
VIEW = st.builds(
    View,
    st.sampled_from(("http://localhost:3001/api", "https://[::1]/api", "http://it's&more/api")),
    st.frozensets(st.sampled_from(sorted(HOOKS))),
    st.frozensets(st.sampled_from(("authentication_key", "authentication_password"))),
    st.none() | st.just(LIFE),
)
COLLECTIONS = pytest.mark.parametrize("collection", sorted(MODELS))


def test_every_representation_is_tried_here() -> None:
    assert set(MODELS) == set(REPRESENTATIONS)


def _mended(value: object) -> object:
    """A value as JSON gives it back: a lone surrogate cannot be sent."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", value) if isinstance(value, str) else value


@COLLECTIONS
@settings(max_examples=60)
@given(st.data(), VIEW)
def test_documents_are_well_formed_and_every_item_is_found_by_its_id(
    collection: str, data: st.DataObject, view: View
) -> None:
    representation = REPRESENTATIONS[collection]
    items = data.draw(st.lists(MODELS[collection], max_size=4))
    root = etree.fromstring(representation.xml_list(view, items))
    assert root.tag == collection
    assert [one.get("id") for one in root] == [legal(item.id) for item in items]
    document = json.loads(representation.json_list(view, items))
    assert [one["id"] for one in document[collection]] == [_mended(item.id) for item in items]
    for item in items:
        for xml in (representation.xml_item(view, item), representation.xml_created(view, item)):
            single = etree.fromstring(xml)
            assert (single.tag, single.get("id")) == (representation.singular, legal(item.id))
        wrapped = json.loads(representation.json_item(view, item))
        assert list(wrapped) == [representation.singular]
        assert json.loads(representation.json_bare(view, item)) == wrapped[representation.singular]


def _texts(item: object) -> Iterable[str]:
    """Every text in a model."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, InstanceAddress):
        yield from (item.address, item.type) if item.address else ("unavailable",)
    elif isinstance(item, tuple):
        for one in item:
            yield from _texts(one)
    elif hasattr(item, "__struct_fields__"):
        for name in item.__struct_fields__:
            yield from _texts(getattr(item, name))


# What the historical documents have no place for, and names of elements, which cannot hold any text.
XML_OMITS = {
    "load_balancers": {"name", "realm_ids", "instances"},
    "storage_volumes": {"description"},
    "storage_snapshots": {"name", "description", "state"},
    "subnets": {"type"},
    "keys": {"fingerprint", "pem", "username", "password"},
    "instances": {"actions", "username", "password", "key_name", "authentication_error", "hardware_overrides"},
    "metrics": {"properties"},
    "firewalls": {"rules"},
}


@COLLECTIONS
@settings(max_examples=60)
@given(st.data())
def test_every_text_of_a_model_comes_back_from_its_xml(collection: str, data: st.DataObject) -> None:
    item = data.draw(MODELS[collection])
    view = View("http://localhost/api", HOOKS)
    root = etree.fromstring(REPRESENTATIONS[collection].xml_item(view, item))
    found = set()
    for element in root.iter():
        found |= {element.text or "", (element.text or "").strip("\n ")} | set(element.attrib.values())
    shown = {name: getattr(item, name) for name in item.__struct_fields__ if name not in XML_OMITS.get(collection, ())}
    for text in _texts(tuple(shown.values())):
        assert legal(text) in found or legal(text).strip("\n ") in found


@given(INSTANCE.filter(lambda instance: instance.authentication_error is None))
def test_secrets_come_back_from_the_documents_that_show_them(instance: Instance) -> None:
    view = View("http://localhost/api", features=frozenset({"authentication_password"}))
    root = etree.fromstring(REPRESENTATIONS["instances"].xml_item(view, instance))
    expected = [] if instance.password is None else [legal(instance.password.reveal())]
    assert [one.text or "" for one in root.iterfind("authentication/login/password")] == expected
    login = json.loads(REPRESENTATIONS["instances"].json_bare(view, instance)).get("authentication", {})
    if instance.password is not None:
        assert login["password"] == _mended(instance.password.reveal())
    else:
        assert "password" not in login


@given(TEXT.filter(lambda text: "\n" not in text), st.booleans())
def test_a_private_key_comes_back_line_by_line(line: str, created: bool) -> None:
    keys = REPRESENTATIONS["keys"]
    key = Key(id="k", pem=Secret(f"BEGIN\n{line}\nEND\n"))
    write = keys.xml_created if created else keys.xml_item
    pem = etree.fromstring(write(View("http://localhost/api"), key)).findtext("pem")
    lines = [one.strip(" ") for one in pem.split("\n")]
    assert lines[1:4] == ["BEGIN", legal(line).strip(" "), "END"]
    assert json.loads(keys.json_bare(View(""), key))["pem_rsa_key"] == _mended(f"BEGIN\n{line}\nEND\n")


@settings(max_examples=200)
@given(st.lists(INSTANCE, min_size=1, max_size=6), VIEW)
def test_what_instances_share_is_never_mixed_up(instances: list[Instance], view: View) -> None:
    """A list shows each instance as it is shown alone."""
    representation = REPRESENTATIONS["instances"]
    together = representation.xml_list(view, instances).decode()
    alone = [representation.xml(view, "  ")(instance) for instance in instances]
    assert together.split("<instances>\n")[1].removesuffix("</instances>\n") == "".join(alone)
    listed = json.loads(representation.json_list(view, instances))["instances"]
    assert listed == [json.loads(representation.json_bare(view, instance)) for instance in instances]


def test_equal_looking_values_of_different_instances_stay_apart() -> None:
    first = Instance(id="a", hardware_profile_id="m", hardware_overrides=(("cpu", "1"),), state="RUNNING")
    second = Instance(id="b", hardware_profile_id="m", hardware_overrides=(("cpu", "2"),), actions=())
    third = Instance(id="c", hardware_profile_id="m", actions=("stop",), create_image=True)
    root = etree.fromstring(
        REPRESENTATIONS["instances"].xml_list(View("http://h/api", HOOKS, states=LIFE), [first, second, third])
    )
    assert [one.xpath("string(hardware_profile/property/@value)") for one in root] == ["1", "2", ""]
    offered = [one.xpath("actions/link/@rel") for one in root]
    assert offered == [["stop", "run"], ["run"], ["stop", "run", "create_image"]]
    assert root.xpath("instance[3]/actions/link/@href") == [
        "http://h/api/instances/c/stop",
        "http://h/api/instances/c/run;id=c",
        "http://h/api/images;instance_id=c",
    ]


def test_an_action_that_the_driver_does_not_implement_is_not_offered() -> None:
    view = View("http://h/api", frozenset({"start_instance"}), states=LIFE)
    stopped = Instance(id="a", state="STOPPED")
    root = etree.fromstring(REPRESENTATIONS["instances"].xml_item(view, stopped))
    assert root.xpath("actions/link/@rel") == ["start"]


def test_a_long_list_is_whole_and_read_one_batch_at_a_time() -> None:
    read = []

    def instances() -> Iterable[Instance]:
        for number in range(1234):
            read.append(number)
            yield Instance(id=f"i{number}")

    root = etree.fromstring(REPRESENTATIONS["instances"].xml_list(View("http://h/api"), instances()))
    assert [one.get("id") for one in root] == [f"i{number}" for number in range(1234)]
    document = json.loads(REPRESENTATIONS["instances"].json_list(View("http://h/api"), instances()))
    assert [one["id"] for one in document["instances"]] == [f"i{number}" for number in range(1234)]


def test_ids_are_one_segment_of_every_url() -> None:
    image = Image(id="a/b c;d?é", hardware_profile_ids=())
    root = etree.fromstring(REPRESENTATIONS["images"].xml_item(View("http://h/api", HOOKS), image))
    place = "a%2Fb%20c%3Bd%3F%C3%A9"
    assert root.get("href") == f"http://h/api/images/{place}"
    assert root.xpath("actions/link/@href") == [
        f"http://h/api/instances;image_id={place}",
        f"http://h/api/images/{place}",
    ]


def test_the_ids_of_firewall_rules_stay_readable_in_urls() -> None:
    rule = FirewallRule(id="393~tcp~22~22~@address,ipv6,fe80::1,64(+)")
    firewall = Firewall(id="web", rules=(rule,))
    root = etree.fromstring(REPRESENTATIONS["firewalls"].xml_item(View("http://h/api"), firewall))
    assert root.find("rules/rule").get("href") == f"http://h/api/firewalls/web/{rule.id}"
