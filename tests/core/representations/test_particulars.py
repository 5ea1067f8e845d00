"""What the representation of one kind of model does and others do not."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from deltacloud.api.representations import REPRESENTATIONS, View
from deltacloud.api.representations.hardware_profiles import hardware_profile_order
from deltacloud.hardware import HardwareProperty, fixed, span
from deltacloud.models import (
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
    Model,
    NetworkInterface,
    Realm,
    StorageSnapshot,
    StorageVolume,
)
from deltacloud.secret import Secret

VIEW = View("http://h/api")


def _xml(collection: str, item: Model, view: View = VIEW) -> Any:
    return etree.fromstring(REPRESENTATIONS[collection].xml_item(view, item))


def _json(collection: str, item: Model, view: View = VIEW) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(REPRESENTATIONS[collection].json_bare(view, item))
    return document


def _metric(recorded: str) -> Metric:
    """A metric as the recorded JSON knows it."""
    fields = json.loads(recorded)["metric"]
    properties = [
        MetricProperty(one["name"], tuple(MetricSample(**sample) for sample in one["values"]))
        for one in fields["properties"]
    ]
    return Metric(id=fields["id"], entity=fields["entity"], properties=tuple(properties))


def test_metrics_are_laid_out_as_recorded(recorded: Path) -> None:
    bodies = {
        form: json.loads((recorded / "golden" / f"metrics.show.inst0.{form}.json").read_text())["response"]["body"]
        for form in ("xml", "json")
    }
    metric = _metric(bodies["json"])
    view = View("http://localhost:3001/api")
    assert REPRESENTATIONS["metrics"].json_item(view, metric).decode() == bodies["json"]
    # Readings differ between two requests; the layout does not.
    readings = re.compile(r"(name='(?:minimum|maximum|average|timestamp)' value=)'[^']*'")
    written = REPRESENTATIONS["metrics"].xml_item(view, metric).decode()
    assert readings.sub(r"\1", written) == readings.sub(r"\1", bodies["xml"])
    assert "<property name='average' value='0.55'></property>" in written


def test_lists_of_metrics_name_what_is_measured_without_readings() -> None:
    metric = Metric(id="i1", properties=(MetricProperty("cpu load", (MetricSample(minimum=1.0),)),))
    listed = REPRESENTATIONS["metrics"].xml_list(VIEW, [metric])
    assert b"    <entity>i1</entity>\n    <properties>\n      <cpu_load></cpu_load>\n    </properties>\n" in listed
    (entry,) = json.loads(REPRESENTATIONS["metrics"].json_list(VIEW, [metric]))["metrics"]
    assert entry["properties"] == [{"name": "cpu load", "values": None}]
    assert _json("metrics", metric)["properties"] == [{"name": "cpu load", "values": [{"minimum": 1}]}]
    assert _xml("metrics", metric).xpath("properties/cpu_load/sample/property/@value") == ["1"]


def test_a_volume_is_deleted_by_method_delete_and_attached_by_post() -> None:
    volume = StorageVolume(id="v1", capacity=2.5, actions=("attach", "destroy"))
    links = [dict(one.attrib) for one in _xml("storage_volumes", volume).iterfind("actions/link")]
    assert links == [
        {"href": "http://h/api/storage_volumes/v1/attach", "method": "post", "rel": "attach"},
        {"href": "http://h/api/storage_volumes/v1", "method": "delete", "rel": "destroy"},
    ]
    assert sorted(map(str, _json("storage_volumes", volume)["actions"])) == sorted(
        str({"href": one["href"], "rel": one["rel"], "method": one["method"]}) for one in links
    )
    assert _xml("storage_volumes", volume).findtext("capacity") == "2.5"


def test_whole_numbers_have_no_fraction() -> None:
    volume = StorageVolume(id="v1", capacity=20.0)
    assert _xml("storage_volumes", volume).findtext("capacity") == "20"
    assert REPRESENTATIONS["storage_volumes"].json_bare(VIEW, volume).count(b'"capacity":20,') == 1
    profile = HardwareProfile(id="p", properties=(fixed("memory", 7680.0), span("cpu", 0.5, 4.0)))
    assert _json("hardware_profiles", profile)["properties"] == {"memory": "7680", "cpu": "0.5"}
    assert dict(_xml("hardware_profiles", profile).find("property/range").attrib) == {"first": "0.5", "last": "4"}


def test_times_are_in_utc_with_z_and_keep_their_fraction() -> None:
    summer = timezone(timedelta(hours=2))
    moment = datetime(2012, 10, 25, 14, 27, 53, 250000, tzinfo=summer)
    blob = Blob(id="b", bucket_id="c", last_modified=moment)
    assert _xml("blobs", blob).findtext("last_modified") == "2012-10-25T12:27:53.250000Z"
    assert _json("blobs", blob)["last_modified"] == "2012-10-25T12:27:53.250000Z"


def test_an_interface_belongs_to_a_subnet_where_the_driver_has_subnets() -> None:
    interface = NetworkInterface(id="n1", network_id="a")
    plain = _xml("network_interfaces", interface).find("network")
    assert (plain.get("href"), plain.get("rel")) == ("http://h/api/networks/a", "network")
    divided = _xml("network_interfaces", interface, View("http://h/api", frozenset({"list_subnets"}))).find("network")
    assert (divided.get("href"), divided.get("rel")) == ("http://h/api/subnets/a", "subnet")


def test_what_is_not_known_is_left_out_and_what_is_known_to_be_none_is_empty() -> None:
    unknown, none = Instance(id="a"), Instance(id="a", firewall_ids=(), network_interface_ids=(), tags=(), name="")
    assert [one.tag for one in _xml("instances", unknown)] == [
        "actions",
        "public_addresses",
        "private_addresses",
        "storage_volumes",
    ]
    empty = _xml("instances", none)
    for name in ("name", "firewalls", "network_interfaces", "tags"):
        assert not (empty.findtext(name) or "").strip()
        assert empty.find(name) is not None
    assert "firewalls" not in _json("instances", unknown)
    assert _json("instances", none)["firewalls"] == _json("instances", none)["network_interfaces"] == []
    assert _json("instances", unknown)["realm"] == {"href": "http://h/api/realms", "id": None, "rel": "realm"}
    assert _xml("images", Image(id="i")).find("hardware_profiles") is None
    assert _json("images", Image(id="i"))["hardware_profiles"] == []


def test_tags_are_shown_where_they_are_known() -> None:
    for collection, item in (
        ("instances", Instance(id="a", tags=(("env", "test & more"),))),
        ("images", Image(id="a", tags=(("env", "test & more"),))),
        ("storage_volumes", StorageVolume(id="a", tags=(("env", "test & more"),))),
        ("storage_snapshots", StorageSnapshot(id="a", tags=(("env", "test & more"),))),
    ):
        assert _xml(collection, item).xpath("tags/tag[@key='env']/text()") == ["test & more"]
        assert _json(collection, item)["tags"] == {"env": "test & more"}
        assert "tags" not in _json(collection, type(item)(id="b"))


def test_an_instance_tells_how_to_log_in_by_what_its_driver_can() -> None:
    instance = Instance(id="a", username="root", password=Secret("pw"), key_name="k")
    both = View("http://h/api", features=frozenset({"authentication_key", "authentication_password"}))
    shown = _xml("instances", instance, both).find("authentication")
    assert shown.get("type") == "key"
    assert [[(one.tag, one.text) for one in login] for login in shown] == [
        [("username", "root"), ("password", "pw")],
        [("keyname", "k")],
    ]
    assert _xml("instances", instance).find("authentication") is None
    assert _json("instances", instance, both)["authentication"] == {"keyname": "k", "user": "root", "password": "pw"}
    assert "authentication_type" not in _json("instances", instance)


def test_what_is_wrong_with_a_login_takes_its_place() -> None:
    view = View("http://h/api", features=frozenset({"authentication_password"}))
    instance = Instance(id="a", password=Secret("pw"), authentication_error="not injected")
    assert _xml("instances", instance, view).findtext("authentication/error") == "not injected"
    assert b"pw" not in REPRESENTATIONS["instances"].xml_item(view, instance)
    assert _json("instances", instance)["authentication"] == {"error": "not injected"}


def test_the_actions_that_a_driver_gave_are_the_ones_shown() -> None:
    instance = Instance(id="a", state="RUNNING", actions=("destroy", "hibernate"))
    links = _xml("instances", instance).xpath("actions/link")
    assert [(one.get("rel"), one.get("method"), one.get("href")) for one in links] == [
        ("destroy", "delete", "http://h/api/instances/a")
    ]


def test_an_address_without_text_is_unavailable() -> None:
    instance = Instance(id="a", public_addresses=(InstanceAddress("", "ipv6"), InstanceAddress("::1", "vnc", 5900)))
    shown = _xml("instances", instance).xpath("public_addresses/address")
    assert [(one.get("type"), one.get("port"), one.text) for one in shown] == [
        ("unavailable", None, None),
        ("vnc", "5900", "::1"),
    ]


def test_a_password_key_shows_its_login_instead_of_a_key_pair() -> None:
    key = Key(id="k", type="password", username="root", password=Secret("a]]>b"), fingerprint="f")
    shown = _xml("keys", key)
    assert (shown.get("type"), shown.findtext("username"), shown.findtext("password")) == ("password", "root", "a]]>b")
    assert shown.find("fingerprint") is None
    assert (_json("keys", key)["credential_type"], _json("keys", key)["password"]) == ("password", "a]]>b")


def test_the_name_of_a_snapshot_is_its_id_in_xml_and_its_own_in_json() -> None:
    snapshot = StorageSnapshot(id="s1", name="before the upgrade")
    assert _xml("storage_snapshots", snapshot).findtext("name") == "s1"
    assert _json("storage_snapshots", snapshot)["name"] == "before the upgrade"


def test_a_limited_realm_says_how_many() -> None:
    assert _xml("realms", Realm(id="r", limit=0)).findtext("limit") == "0"
    assert _json("realms", Realm(id="r", limit=0))["limit"] == 0
    assert _xml("realms", Realm(id="r")).find("limit") is None


def test_a_load_balancer_shows_whole_instances_and_links_to_those_known_by_id() -> None:
    view = View("http://h/api", frozenset({"unregister_from_load_balancer"}))
    balancer = LoadBalancer(
        id="lb",
        realm_ids=("a", "b"),
        instances=(Instance(id="i1", name="web"), "i2"),
        listeners=(Listener(protocol="TCP", load_balancer_port=80, instance_port=8080),),
    )
    shown = _json("load_balancers", balancer)
    assert [one["id"] for one in shown["realms"]] == ["a", "b"]
    assert shown["instances"][0]["name"] == "web"
    assert shown["instances"][1] == {"id": "i2", "href": "http://h/api/instances/i2", "rel": "instance"}
    root = _xml("load_balancers", balancer, view)
    assert root.xpath("realm/@id") == ["a"]
    assert root.xpath("instances/instance/@id") == ["i1", "i2"]
    assert set(root.xpath("instances/instance/link/@href")) == {"http://h/api/load_balancers/lb/unregister"}


def test_a_rule_says_what_it_does_and_sources_may_be_words() -> None:
    rule = FirewallRule(
        id="r", rule_action="deny", log_rule=True, sources=(FirewallSource(type="address", address="INTERNET"),)
    )
    firewall = Firewall(id="f", rules=(rule,))
    shown = _xml("firewalls", firewall).find("rules/rule")
    assert (shown.findtext("rule_action"), shown.findtext("log_rule")) == ("deny", "true")
    assert dict(shown.find("sources/source").attrib) == {"address": "INTERNET", "type": "address"}
    assert _json("firewalls", firewall)["rules"] == [
        {
            "id": "r",
            "sources": [{"type": "address", "address": "INTERNET"}],
            "rule_action": "deny",
            "log_rule": True,
        }
    ]


def test_profiles_are_sorted_by_cpu_and_memory_and_those_without_come_last() -> None:
    profiles = [
        HardwareProfile(id="opaque"),
        HardwareProfile(id="b", properties=(fixed("cpu", 2), fixed("memory", 512))),
        HardwareProfile(id="c", properties=(fixed("cpu", 2), fixed("memory", 2048.0))),
        HardwareProfile(id="a", properties=(fixed("cpu", 1), fixed("memory", 4096))),
        HardwareProfile(id="half", properties=(fixed("cpu", 1),)),
        HardwareProfile(id="word", properties=(HardwareProperty("cpu", "fixed", "many"), fixed("memory", 1))),
    ]
    order = [profile.id for profile in sorted(profiles, key=hardware_profile_order)]
    assert order == ["a", "b", "c", "opaque", "half", "word"]
    assert REPRESENTATIONS["hardware_profiles"].order is hardware_profile_order


@pytest.mark.parametrize(
    ("bucket", "size"),
    [(Bucket(id="b"), ""), (Bucket(id="b", size=3), "3"), (Bucket(id="b", blob_ids=("x", "y")), "2")],
)
def test_a_bucket_has_a_size_where_it_is_known_without_listing(bucket: Bucket, size: str) -> None:
    assert (_xml("buckets", bucket).findtext("size") or "") == size
    assert _json("buckets", bucket)["size"] == (int(size) if size else None)


def test_an_empty_list_is_an_empty_root() -> None:
    assert REPRESENTATIONS["images"].xml_list(VIEW, []).endswith(b"?>\n<images>\n</images>\n")
    assert REPRESENTATIONS["images"].json_list(VIEW, []) == b'{"images":[]}'


def test_times_before_unix_are_times_too() -> None:
    volume = StorageVolume(id="v", created=datetime(1900, 1, 1, tzinfo=UTC))
    assert _xml("storage_volumes", volume).findtext("created") == "1900-01-01T00:00:00Z"


def test_an_instance_names_the_devices_of_its_volumes_where_they_are_known() -> None:
    shown = _json("instances", Instance(id="a", storage_volumes=(("v1", "/dev/sdb"), ("v2", None))))
    assert shown["storage_volumes"] == [
        {"id": "v1", "href": "http://h/api/storage_volumes/v1", "rel": "storage_volume", "device": "/dev/sdb"},
        {"id": "v2", "href": "http://h/api/storage_volumes/v2", "rel": "storage_volume"},
    ]
