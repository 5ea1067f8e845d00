"""The recorded answers of the historical server, and ours for the same data.

XML is compared byte by byte, JSON with its order of members. What may differ is decided in the HTTP contract and stands
in ``_expected_xml``, ``_expected_json`` and ``ADDITIONS``: the form of times, whole numbers, and members that are new.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from deltacloud.api.representations import (
    REPRESENTATIONS,
    View,
    bucket_listing_json,
    bucket_listing_xml,
    command_output_json,
    command_output_xml,
)
from deltacloud.hardware import choice, fixed, span
from deltacloud.models import (
    Address,
    Blob,
    BlobEntry,
    Bucket,
    CommandOutput,
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
    Model,
    Network,
    NetworkInterface,
    Realm,
    StorageSnapshot,
    StorageVolume,
    Subnet,
)
from deltacloud.secret import Secret
from deltacloud.states import StateMachine
from recordings import Golden

ADDITIONS = {"name", "description", "method", "device", "network_interfaces", "authentication"}
"""Members of our JSON that the historical server did not have, each in some documents only."""

LIFE = StateMachine(
    ("start", "create", "pending"),
    ("pending", None, "running"),
    ("running", "reboot", "running"),
    ("running", "stop", "stopped"),
    ("stopped", "start", "running"),
    ("stopped", "destroy", "finish"),
)
_ACTIONS = ("start", "stop", "reboot", "destroy", "run_on", "create")
_DESTROYED = ("image", "key", "address", "load_balancer", "network", "subnet", "network_interface")
MOCK = View(
    "http://localhost:3001/api",
    frozenset(
        [f"{action}_instance" for action in _ACTIONS]
        + [f"destroy_{kind}" for kind in _DESTROYED]
        + ["run_on_instance", "associate_address", "disassociate_address", "list_subnets"]
        + ["register_with_load_balancer", "unregister_from_load_balancer"]
    ),
    frozenset({"metrics", "realm_filter", "user_name", "authentication_key"}),
    LIFE,
)
MOCKPLUS = replace(MOCK, features=frozenset({"authentication_password"}))

_BRITISH = timezone(timedelta(hours=1))
_IMAGED = datetime(2012, 10, 25, 14, 27, 53, tzinfo=timezone(timedelta(hours=2)))
_STORED = datetime(2009, 7, 30, 14, 35, 11, tzinfo=UTC)
_SNAPPED = datetime(2009, 7, 29, 18, 15, 24, tzinfo=UTC)
_PLUS = datetime(2013, 10, 1, 10, 20, 30, tzinfo=UTC)


def _machine(number: int, image: str, profile: str, **more: object) -> Instance:
    plain = Instance(
        id=f"inst{number}",
        owner_id="mockuser",
        image_id=image,
        realm_id="us",
        state="RUNNING",
        hardware_profile_id=profile,
        public_addresses=(InstanceAddress(f"img1.inst{number}.public.com", "hostname"),),
        private_addresses=(InstanceAddress(f"img1.inst{number}.private.com", "hostname"),),
        create_image=True,
    )
    return replace(plain, **more)


REALMS = (
    Realm(id="us", name="United States", state="AVAILABLE"),
    Realm(id="eu", name="Europe", state="AVAILABLE"),
)
SMALL = HardwareProfile(
    id="m1-small",
    properties=(fixed("cpu", 1), fixed("memory", 1740.8), fixed("storage", 160), fixed("architecture", "i386")),
)
LARGE = HardwareProfile(
    id="m1-large",
    properties=(
        span("cpu", 1, 6),
        span("memory", 7680, 15360, 10240),
        choice("storage", (850, 1024)),
        fixed("architecture", "x86_64"),
    ),
)
HUGE = HardwareProfile(
    id="m1-xlarge",
    properties=(
        fixed("cpu", 4),
        span("memory", 12288, 32768),
        choice("storage", (1024, 2048, 4096)),
        fixed("architecture", "x86_64"),
    ),
)
OPAQUE = HardwareProfile(id="opaque")
PROFILES = (SMALL, LARGE, HUGE, OPAQUE)
IMAGES = tuple(
    Image(
        id=name,
        name=name,
        description=description,
        owner_id=owner,
        architecture=architecture,
        state="AVAILABLE",
        creation_time=_IMAGED,
        hardware_profile_ids=tuple(profile.id for profile in PROFILES),
    )
    for name, description, owner, architecture in (
        ("img1", "Fedora 10", "fedoraproject", "x86_64"),
        ("img2", "Fedora 10", "fedoraproject", "i386"),
        ("img3", "JBoss", "mockuser", "i386"),
    )
)
INST0 = _machine(
    0,
    "img1",
    "m1-large",
    name="Mock Instance With Profile Change",
    hardware_overrides=(("memory", "12288"),),
    network_interface_ids=(),
)
INST1 = _machine(1, "img3", "m1-small", name="MockUserInstance", network_interface_ids=("nic1",))
INST2 = _machine(2, "img1", "m1-large", name="AnotherInstance")
INST3 = _machine(
    3,
    "img3",
    "m1-small",
    name="",
    realm_id="eu",
    public_addresses=(InstanceAddress("img3.inst3.public.com", "hostname"),),
    private_addresses=(InstanceAddress("img3.inst3.private.com", "hostname"),),
    create_image=False,
    key_name="",
    network_interface_ids=("nicinst3",),
)
INSTANCES = (INST0, INST1, INST2, INST3)
STOPPED = _machine(4, "img1", "m1-small", name="golden-xml", realm_id="eu", state="STOPPED")
OVERRIDDEN = _machine(
    6,
    "img1",
    "m1-large",
    name="ovr",
    hardware_overrides=(("cpu", "2"), ("architecture", "x86_64"), ("storage", "850"), ("memory", "12288")),
    key_name="test-key",
)
PLUS1 = replace(
    INST1,
    public_addresses=(
        InstanceAddress("192.0.2.10"),
        InstanceAddress("192.0.2.10", "vnc", 5900),
        InstanceAddress("00:11:22:33:44:55", "mac"),
    ),
    private_addresses=(InstanceAddress(""),),
    launch_time=_PLUS,
    firewall_ids=("default", "empty"),
    storage_volumes=(("vol3", "/dev/sda1"),),
    username="root",
    password=Secret("s3cr3t"),
)
PLUS2 = replace(INST2, authentication_error="Key could not be injected")
ADDRESSES = tuple(Address(id=f"192.168.0.{number}") for number in range(1, 5))
VOL3 = StorageVolume(
    id="vol3", realm_id="us", capacity=1.0, created=_STORED, state="IN-USE", instance_id="inst1", device="/dev/sda1"
)
SNAPSHOTS = tuple(
    StorageSnapshot(id=name, storage_volume_id=volume, created=_SNAPPED, state="COMPLETED")
    for name, volume in (("snap1", "vol1"), ("snap2", "vol2"), ("snap3", "vol2"))
)
NETWORKS = (
    Network(
        id="net1",
        name="network1",
        state="UP",
        address_blocks=("192.168.0.0/16",),
        subnet_ids=("subnet1", "subnet2"),
    ),
    Network(id="net2", name="network2", state="UP", address_blocks=("10.0.0.0/8",), subnet_ids=("subnet3", "subnet4")),
)
SUBNETS = tuple(
    Subnet(id=name, name=name, state="UP", type="PRIVATE", address_block=block, network_id=network)
    for name, block, network in (
        ("subnet1", "192.168.1.0/24", "net1"),
        ("subnet2", "192.168.2.0/24", "net1"),
        ("subnet3", "10.1.0.0/16", "net2"),
        ("subnet4", "10.2.0.0/16", "net2"),
    )
)
NIC1 = NetworkInterface(id="nic1", name="nic1", ip_address="192.168.1.2", network_id="subnet1", instance_id="inst1")
BUCKETS = (
    Bucket(id="bucket1", size=3, blob_ids=("blob1", "blob2", "blob3")),
    Bucket(id="bucket2", blob_ids=("blob4", "blob5")),
)
BLOBS = tuple(
    Blob(
        id=name,
        bucket_id=bucket,
        content_length=17,
        content_type=kind,
        last_modified=moment.replace(tzinfo=_BRITISH),
        user_metadata=metadata,
    )
    for name, bucket, kind, moment, metadata in (
        ("blob1", "bucket1", "text/plain", datetime(2010, 9, 23, 16, 44, 54), (("SOMENEWKEY", "NEWVALUE"),)),
        ("blob3", "bucket1", "text/plain", datetime(2010, 8, 14, 2, 14, 31), ()),
        ("blob4", "bucket2", "application/octet-stream", datetime(2010, 9, 21, 6, 17, 24), (("some", "value"),)),
        ("blob5", "bucket2", "application/pdf", datetime(2009, 7, 21, 11, 12, 13), ()),
    )
)
OWNER = "297467797945"
ANYWHERE = FirewallSource(type="address", family="ipv4", address="0.0.0.0", prefix="0")  # noqa: S104 - no bind
LOCAL = FirewallSource(type="address", family="ipv4", address="10.1.1.0", prefix="24")
DNS = FirewallSource(type="group", name="dns", owner=OWNER)
FIREWALLS = (
    Firewall(
        id="default",
        name="default",
        description="default group",
        owner_id=OWNER,
        rules=(
            FirewallRule(
                id=f"{OWNER}~tcp~22~22~@address,ipv4,0.0.0.0,0",
                allow_protocol="tcp",
                port_from="22",
                port_to="22",
                direction="ingress",
                sources=(ANYWHERE,),
            ),
            FirewallRule(
                id=f"{OWNER}~udp~53~53~@group,{OWNER},dns@address,ipv4,10.1.1.0,24",
                allow_protocol="udp",
                port_from="53",
                port_to="53",
                direction="ingress",
                sources=(DNS, LOCAL),
            ),
        ),
    ),
    Firewall(id="empty", name="empty", description="no rules <&> here", owner_id=OWNER),
)
LB1 = LoadBalancer(
    id="lb1",
    realm_ids=("us",),
    public_addresses=("lb1-1234.elb.example.com",),
    created_at=_PLUS,
    listeners=(Listener(protocol="HTTP", load_balancer_port=80, instance_port=8080),),
    instances=(INST0,),
)
NEW_ADDRESS = Address(id="192.168.0.5")
HELD_ADDRESS = Address(id="192.168.0.5", instance_id="inst0")


def _test_key(golden: Golden) -> Key:
    pem = json.loads(golden("keys.show.test-key.json"))["key"]["pem_rsa_key"]
    return Key(
        id="test-key", fingerprint="5e:ce:b6:dc:59:3b:5c:93:f8:2e:9d:20:ce:60:ca:f5:0b:8a:66:93", pem=Secret(pem)
    )


LISTS: dict[str, tuple[View, str, tuple[Model, ...]]] = {
    "addresses.index": (MOCK, "addresses", ADDRESSES),
    "buckets.index": (MOCK, "buckets", BUCKETS),
    "hardware_profiles.index": (MOCK, "hardware_profiles", PROFILES),
    "hardware_profiles.index.filter_arch": (MOCK, "hardware_profiles", (LARGE, HUGE)),
    "images.index": (MOCK, "images", IMAGES),
    "images.index.filter_arch_none": (MOCK, "images", ()),
    "images.index.filter_owner_self": (MOCK, "images", IMAGES[2:]),
    "instances.index": (MOCK, "instances", INSTANCES),
    "instances.index.filter_id": (MOCK, "instances", (INST1,)),
    "instances.index.filter_realm_eu": (MOCK, "instances", (INST3,)),
    "instances.index.filter_state_stopped": (MOCK, "instances", ()),
    "keys.index.filter_id_none": (MOCK, "keys", ()),
    "mockplus.firewalls.index": (MOCK, "firewalls", FIREWALLS),
    "mockplus.instances.index": (MOCKPLUS, "instances", (INST0, PLUS1, PLUS2, INST3)),
    "mockplus.load_balancers.index": (MOCKPLUS, "load_balancers", (LB1,)),
    "networks.index": (MOCK, "networks", NETWORKS),
    "realms.index": (MOCK, "realms", REALMS),
    "realms.index.filter_id": (MOCK, "realms", REALMS[1:]),
    "storage_snapshots.index": (MOCK, "storage_snapshots", SNAPSHOTS),
    "storage_volumes.index.filter_id": (MOCK, "storage_volumes", (VOL3,)),
    "subnets.index": (MOCK, "subnets", SUBNETS),
}
ITEMS: dict[str, tuple[View, str, Model]] = {
    "addresses.show.192.168.0.1": (MOCK, "addresses", ADDRESSES[0]),
    "addresses.show.associated": (MOCK, "addresses", HELD_ADDRESS),
    "blobs.show.bucket1.blob1": (MOCK, "blobs", BLOBS[0]),
    "blobs.show.bucket1.blob3": (MOCK, "blobs", BLOBS[1]),
    "blobs.show.bucket2.blob4": (MOCK, "blobs", BLOBS[2]),
    "blobs.show.bucket2.blob5": (MOCK, "blobs", BLOBS[3]),
    "buckets.show.bucket1": (MOCK, "buckets", BUCKETS[0]),
    "buckets.show.bucket2": (MOCK, "buckets", BUCKETS[1]),
    "hardware_profiles.show.m1-large": (MOCK, "hardware_profiles", LARGE),
    "hardware_profiles.show.m1-small": (MOCK, "hardware_profiles", SMALL),
    "hardware_profiles.show.m1-xlarge": (MOCK, "hardware_profiles", HUGE),
    "hardware_profiles.show.opaque": (MOCK, "hardware_profiles", OPAQUE),
    "images.show.img1": (MOCK, "images", IMAGES[0]),
    "images.show.img2": (MOCK, "images", IMAGES[1]),
    "images.show.img3": (MOCK, "images", IMAGES[2]),
    "instances.show.inst0": (MOCK, "instances", INST0),
    "instances.show.inst1": (MOCK, "instances", INST1),
    "instances.show.inst2": (MOCK, "instances", INST2),
    "instances.show.inst3": (MOCK, "instances", INST3),
    "instances.show.with_address": (
        MOCK,
        "instances",
        replace(INST0, public_addresses=(InstanceAddress("192.168.0.5"),)),
    ),
    "mockplus.firewalls.show.default": (MOCK, "firewalls", FIREWALLS[0]),
    "mockplus.firewalls.show.empty": (MOCK, "firewalls", FIREWALLS[1]),
    "mockplus.instances.show.inst1": (MOCKPLUS, "instances", PLUS1),
    "mockplus.instances.show.inst2": (MOCKPLUS, "instances", PLUS2),
    "network_interfaces.show.nic1": (MOCK, "network_interfaces", NIC1),
    "networks.show.net2": (MOCK, "networks", NETWORKS[1]),
    "realms.show.us": (MOCK, "realms", REALMS[0]),
    "storage_snapshots.show.snap1": (MOCK, "storage_snapshots", SNAPSHOTS[0]),
    "storage_volumes.show.vol3": (MOCK, "storage_volumes", VOL3),
    "subnets.show.subnet1": (MOCK, "subnets", SUBNETS[0]),
    "subnets.show.subnet3": (MOCK, "subnets", SUBNETS[2]),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_in_xml_are_laid_out_asgolden(name: str, golden: Golden) -> None:
    view, collection, items = LISTS[name]
    ours = REPRESENTATIONS[collection].xml_list(view, items).decode()
    if collection == "firewalls":
        # Rules in lists have a URL, too: the clients that delete a rule follow it (an addition).
        ours = re.sub(r"<rule href='[^']*' ", "<rule ", ours)
    assert ours == _expected_xml(golden(f"{name}.xml"))


@pytest.mark.parametrize("name", LISTS)
def test_lists_in_json_have_the_recorded_members(name: str, golden: Golden) -> None:
    view, collection, items = LISTS[name]
    _assert_agrees(REPRESENTATIONS[collection].json_list(view, items), golden(f"{name}.json"))


@pytest.mark.parametrize("name", ITEMS)
def test_single_documents_in_xml_are_laid_out_asgolden(name: str, golden: Golden) -> None:
    view, collection, item = ITEMS[name]
    assert REPRESENTATIONS[collection].xml_item(view, item).decode() == _expected_xml(golden(f"{name}.xml"))


@pytest.mark.parametrize("name", ITEMS)
def test_single_documents_in_json_have_the_recorded_members(name: str, golden: Golden) -> None:
    view, collection, item = ITEMS[name]
    _assert_agrees(REPRESENTATIONS[collection].json_item(view, item), golden(f"{name}.json"))


def test_a_key_is_indented_with_its_document(golden: Golden) -> None:
    key = _test_key(golden)
    keys = REPRESENTATIONS["keys"]
    assert keys.xml_item(MOCK, key).decode() == golden("keys.show.test-key.xml")
    assert keys.xml_list(MOCK, [key]).decode() == golden("keys.index.xml")
    _assert_agrees(keys.json_item(MOCK, key), golden("keys.show.test-key.json"))


@pytest.mark.parametrize("name", ["keys.create.xml", "keys.create.no_accept"])
def test_a_new_key_is_not_indented(name: str, golden: Golden) -> None:
    recorded = golden(name)
    parts = re.search(r"<name>(.*)</name>.*<fingerprint>(.*)</fingerprint>.*<!\[CDATA\[(.*)\]\]>", recorded, re.DOTALL)
    assert parts is not None
    key = Key(id=parts[1], name=parts[1], fingerprint=parts[2], pem=Secret(parts[3]))
    assert REPRESENTATIONS["keys"].xml_created(MOCK, key).decode() == recorded


def test_a_new_address_is_not_indented(golden: Golden) -> None:
    addresses = REPRESENTATIONS["addresses"]
    assert addresses.xml_created(MOCK, NEW_ADDRESS).decode() == golden("addresses.create.xml")


def test_a_stopped_instance_offers_to_start_and_to_destroy(golden: Golden) -> None:
    stopped = REPRESENTATIONS["instances"].xml_item(MOCK, STOPPED).decode()
    assert stopped == golden("instances.show.stopped.xml")


def test_overrides_of_a_profile_have_a_fixed_order(golden: Golden) -> None:
    written = REPRESENTATIONS["instances"].xml_created(MOCK, OVERRIDDEN).decode()
    assert written == golden("instances.create.hwp_overrides.xml")


def test_an_action_answers_with_the_bare_instance_in_json(golden: Golden) -> None:
    started = replace(STOPPED, name="golden-json", state="RUNNING")
    _assert_agrees(REPRESENTATIONS["instances"].json_bare(MOCK, started), golden("instances.start.json"))


def test_a_bucket_lists_its_blobs_after_its_size(golden: Golden) -> None:
    bucket = Bucket(id="bucket1")
    entries = [BlobEntry(id=f"blob{number}") for number in (1, 2, 3)]
    ours = bucket_listing_xml(MOCK, bucket, entries, complete=True).decode()
    assert ours == golden("buckets.show.bucket1.xml")
    _assert_agrees(bucket_listing_json(MOCK, bucket, entries, complete=True), golden("buckets.show.bucket1.json"))


def test_the_output_of_a_command_has_no_declaration(golden: Golden) -> None:
    result = CommandOutput("192.0.2.10", "output of uptime\n")
    ours = command_output_xml(MOCK, "inst1", "uptime", result).decode()
    assert ours == golden("mockplus.instances.run.xml")
    assert command_output_json("inst1", "uptime", result).decode() == golden("mockplus.instances.run.json")


_TIME_FORMATS = ("%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%dT%H:%M:%SZ", "%a %b %d %H:%M:%S UTC %Y")


def _rfc3339(text: str) -> str:
    """A recorded time in the form that the wire has now."""
    if "CEST" in text:
        moment = datetime.strptime(text, "%a %b %d %H:%M:%S CEST %Y").replace(tzinfo=timezone(timedelta(hours=2)))
    else:
        moment = next(_parsed(text))
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parsed(text: str) -> Iterator[datetime]:
    for form in _TIME_FORMATS:
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        yield moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _expected_xml(recorded: str) -> str:
    times = r"<(creation_time|created|created_at|last_modified|launch_time)>([^<]*)<"
    return re.sub(times, lambda found: f"<{found[1]}>{_rfc3339(found[2])}<", recorded)


def _expected_json(value: object, name: str = "") -> object:
    """What was recorded, with the decided differences applied."""
    if isinstance(value, dict):
        return {key: _expected_json(one, key) for key, one in value.items() if (name, key) != ("blob", "content")}
    if name == "realms" and isinstance(value, list) and value and isinstance(value[0], str):
        return [{"id": "us", "href": "http://localhost:3001/api/realms/us", "rel": "realm"}]
    if isinstance(value, list):
        return [_expected_json(one, name) for one in value]
    if name in {"creation_time", "created", "created_at", "last_modified", "create_time"} and isinstance(value, str):
        return _rfc3339(value)
    return {} if (name, value) == ("user_metadata", "") else value


def _assert_agrees(ours: bytes, recorded: str) -> None:
    expected = _expected_json(json.loads(recorded))
    assert json.dumps(_without_additions(json.loads(ours), expected)) == json.dumps(expected)


def _without_additions(ours: object, expected: object) -> object:
    if isinstance(ours, dict) and isinstance(expected, dict):
        assert set(ours) - set(expected) <= ADDITIONS
        return {key: _without_additions(one, expected[key]) for key, one in ours.items() if key in expected}
    if isinstance(ours, list) and isinstance(expected, list) and len(ours) == len(expected):
        return [_without_additions(one, other) for one, other in zip(ours, expected, strict=True)]
    return ours
