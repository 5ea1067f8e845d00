"""Through the API, as clients of the original see it: in XML and in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from awscloud.accounts import Accounts
from awscloud.api import FORMATS, Api
from awscloud.images import IMAGE
from awscloud.things import ZONE, an_instance, default_subnet, name
from deltacloud_ec2.compute import HARDWARE_PROFILES

pytestmark = pytest.mark.doubles


@pytest.fixture(scope="module", params=FORMATS)
def api(request: pytest.FixtureRequest, provider: str, moto: Accounts) -> Api:
    return Api(provider, moto.main, request.param)


@pytest.fixture(scope="module")
def json(provider: str, moto: Accounts) -> Api:
    return Api(provider, moto.main, "json")


@pytest.fixture(scope="module")
def instance(moto: Accounts) -> Iterator[str]:
    with an_instance(moto) as made:
        yield made


def test_the_entry_point_offers_all_that_the_driver_has(provider: str, moto: Accounts) -> None:
    xml = Api(provider, moto.main, "xml")
    links = {one.get("rel"): one for one in xml.get("")}
    assert {"addresses", "buckets", "firewalls", "hardware_profiles", "images", "instance_states", "instances", "keys",
            "load_balancers", "metrics", "network_interfaces", "networks", "realms", "storage_snapshots",
            "storage_volumes", "subnets"} <= set(links)  # fmt: skip
    features = {one.get("name") for one in links["instances"].iter("feature")}
    assert {"user_name", "user_data", "authentication_key", "firewalls", "instance_count", "metrics",
            "attach_snapshot", "tags"} == features  # fmt: skip


def test_sizes_are_public_and_bundled(provider: str) -> None:
    nobody = Api(provider, None, "json")
    assert set(nobody.ids("/hardware_profiles", "hardware_profiles")) == {one.id for one in HARDWARE_PROFILES}
    nobody("GET", "/instances", 401)


def test_an_instance_lives_and_ends(api: Api) -> None:
    path = api.made(
        "/instances", image_id=IMAGE, hwp_id="t3.micro", name="front", realm_id=ZONE, metrics="yes",
        user_data="aGVsbG8=", tag_team="web",
    )  # fmt: skip
    api("DELETE", path, 405)
    api("POST", f"{path}/start", 405)
    api("POST", f"{path}/reboot", 202)
    api("POST", f"{path}/stop", 202)
    api("POST", f"{path}/start", 202)
    api("POST", f"{path}/stop", 202)
    api("DELETE", path, 204)
    api("GET", "/instances/i-00000000000000000", 404)
    api("POST", "/instances/i-00000000000000000/stop", 403)
    api("POST", "/instances", 400, image_id=IMAGE, hwp_id="t3.nothing")
    api("POST", "/instances", 404, image_id="ami-00000000000000000", hwp_id="t3.micro")


def test_an_instance_shows_what_it_was_given(json: Api, instance: str) -> None:
    shown = json.get(f"/instances/{instance}")["instance"]
    assert (shown["state"], shown["owner"], shown["image"]["id"]) == ("RUNNING", "111111111111", IMAGE)
    assert [one["rel"] for one in shown["actions"]] == ["reboot", "stop", "run", "create_image"]
    assert shown["create_image"] is True
    assert shown["hardware_profile"]["id"] == "t3.micro"
    assert shown["public_addresses"][0]["type"] == "hostname"


def test_several_are_launched_at_once_and_a_key_launches_once(api: Api, moto: Accounts) -> None:
    fields = {"image_id": IMAGE, "hwp_id": "t3.micro", "instance_count": "2"}
    answer = api("POST", "/instances", 201, **fields)
    assert "location" not in answer.headers
    key = name("key" * 30)
    first, second = (api.made("/instances", key=key, image_id=IMAGE, hwp_id="t3.micro") for _ in range(2))
    assert first == second
    ids = api.ids("/instances?state=RUNNING", "instances")
    assert len(ids) == len(set(ids))
    moto.client("ec2").terminate_instances(InstanceIds=[first.rpartition("/")[2]])


def test_pages_of_instances_are_linked(api: Api, moto: Accounts, instance: str) -> None:
    with an_instance(moto) as second, an_instance(moto) as third:
        whole = api.ids("/instances", "instances")
        assert {instance, second, third} <= set(whole)
        found: list[str] = []
        path = "/instances?limit=2"
        while path:
            answer = api("GET", path)
            document = api.read(answer)
            page = [one.get("id") for one in (document["instances"] if isinstance(document, dict) else document)]
            assert len(page) <= 2
            found += page
            link = answer.headers.get("link", "")
            path = link.partition("<")[2].partition(">")[0].partition("/api")[2]
        assert found == whole
        api("GET", "/instances?limit=2&marker=nonsense", 400)


@pytest.mark.parametrize("forced", ["true", "false", ""])
def test_a_volume_goes_to_an_instance_and_back(api: Api, instance: str, forced: str) -> None:
    path = api.made("/storage_volumes", capacity="2", realm_id=ZONE, name="data", tag_team="web")
    api("POST", f"{path}/attach", 202, instance_id=instance, device="/dev/sdh")
    api("DELETE", path, 409)
    fields = {"force": forced} if forced else {}
    api("POST", f"{path}/detach", 202, **fields)
    api("POST", f"{path}/detach", 409)
    where = api.made("/storage_snapshots", volume_id=path.rpartition("/")[2], name="nightly")
    api.get(where)
    api("DELETE", where, 204)
    api("DELETE", path, 204)
    api("GET", path, 404)


def test_a_firewall_has_rules(json: Api) -> None:
    firewall = name("firewall")
    json("POST", "/firewalls", 201, name=firewall, description="for a test")
    fields = {"protocol": "tcp", "port_from": "22", "port_to": "22", "ip_address1": "10.1.2.0/24",
              "ip_address2": "2001:db8::/32", "group1": "default", "group1owner": "111111111111"}  # fmt: skip
    answer = json.read(json("POST", f"/firewalls/{firewall}/rules", 201, **fields))
    (rule,) = answer["firewall"]["rules"]
    assert len(rule["sources"]) == 3
    json("POST", f"/firewalls/{firewall}/rules", 400, protocol="tcp")
    json("DELETE", f"/firewalls/{firewall}/{quote(rule['id'], safe='')}", 204)
    json("DELETE", f"/firewalls/{firewall}/{quote(rule['id'], safe='')}", 404)
    json("POST", "/firewalls", 409, name=firewall, description="again")
    json("DELETE", f"/firewalls/{firewall}", 204)
    json("GET", f"/firewalls/{firewall}", 404)


def test_an_address_goes_to_an_instance_and_back(api: Api, instance: str) -> None:
    path = api.made("/addresses")
    api("POST", f"{path}/associate", 202, instance_id=instance)
    api("DELETE", path, 409)
    api("POST", f"{path}/disassociate", 202)
    api("POST", f"{path}/disassociate", 409)
    api("DELETE", path, 204)
    api("GET", path, 404)


def test_load_balancers_of_both_kinds_have_instances(api: Api, instance: str) -> None:
    plain = {"realm_id": ZONE, "listener_balancer_port": "80", "listener_instance_port": "8080"}
    for fields in ({"listener_protocol": "HTTP"}, {"listener_protocol": "TCP", "type": "network"}):
        path = api.made("/load_balancers", name=name("lb"), **plain, **fields)
        api("POST", f"{path}/register", instance_id=instance)
        api.get(path)
        assert api.ids("/load_balancers", "load_balancers")
        api("POST", f"{path}/unregister", instance_id=instance)
        api("DELETE", path, 204)
        api("GET", path, 404)
    refused = api("POST", "/load_balancers", 400, name="lb", listener_protocol="HTTP", type="application", **plain)
    assert b"two zones" in refused.body
    api("POST", "/load_balancers", 400, name="lb", listener_protocol="HTTP", type="nonsense", **plain)


def test_networks_have_subnets_and_interfaces(api: Api, instance: str, moto: Accounts) -> None:
    network = api.made("/networks", address_block="10.99.0.0/16", name="back")
    identifier = network.rpartition("/")[2]
    subnet = api.made("/subnets", network_id=identifier, address_block="10.99.1.0/24", name="rack")
    assert api.ids(f"/subnets?id={subnet.rpartition('/')[2]}", "subnets") == [subnet.rpartition("/")[2]]
    api("DELETE", network, 409)
    api("DELETE", subnet, 204)
    api("DELETE", network, 204)
    fields = {"instance": instance, "network": default_subnet(moto)["SubnetId"], "name": "second"}
    key = name("key")
    plugged, again = (api.made("/network_interfaces", key=key, **fields) for _ in range(2))
    assert plugged == again
    api.get(plugged)
    api("DELETE", plugged, 204)


def test_keys_and_images_are_made_and_removed(api: Api, instance: str) -> None:
    key = name("key")
    assert b"PRIVATE KEY" in api("POST", "/keys", 201, name=key).body
    assert b"PRIVATE KEY" not in api("GET", f"/keys/{key}").body
    api("POST", "/keys", 409, name=key)
    api("DELETE", f"/keys/{key}", 204)
    api("DELETE", f"/keys/{key}", 404)
    path = api.made("/images", instance_id=instance, name=name("image"), description="made here")
    assert path.rpartition("/")[2] in api.ids("/images", "images")
    api("DELETE", path, 204)
    api("GET", path, 404)


def test_measurements_are_shown(api: Api, moto: Accounts) -> None:
    dimensions = [{"Name": "InstanceId", "Value": "i-0ab"}]
    data = {"MetricName": "CPUUtilization", "Dimensions": dimensions, "Value": 5.0, "Timestamp": datetime.now(UTC)}
    moto.client("cloudwatch").put_metric_data(Namespace="AWS/EC2", MetricData=[data])
    assert "i-0ab" in api.ids("/metrics", "metrics")
    assert b"CPUUtilization" in api("GET", "/metrics/i-0ab").body
    api("GET", "/metrics/i-0ac", 404)


def test_realms_and_providers_are_shown(api: Api, moto: Accounts) -> None:
    subnet = default_subnet(moto)["SubnetId"]
    assert {ZONE, f"{ZONE}:{subnet}"} <= set(api.ids("/realms", "realms"))
    api.get(f"/realms/{ZONE}:{subnet}")
    api("GET", "/realms/mars", 404)
    assert b"eu-west-1" in api("GET", "/drivers/ec2").body


def test_states_are_told_as_a_table(json: Api) -> None:
    states = {one["name"]: one["transitions"] for one in json.get("/instance_states")}
    assert states["stopping"] == [{"to": "stopped", "auto": "true"}]
    assert {one["action"] for one in states["running"]} == {"reboot", "stop"}
