"""DigitalOcean's own description of its API: what is asked is in it, and what it shows as an answer is understood."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

import deltacloud_digitalocean
from deltacloud_digitalocean import operations, records
from deltacloud_digitalocean.client import member_of
from digitaloceancloud import HANDLERS, digitalocean_cloud, digitalocean_document
from digitaloceancloud.asking import SIZE, Gateway, gateway
from digitaloceancloud.readings import model_from
from emulators import running
from prism import prism

SOURCE = Path(deltacloud_digitalocean.__file__).parent
TABLE = {name: one for name, one in vars(operations).items() if isinstance(one, operations.Operation)}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFzrAAAAC3NzaC1lZDI1NTE5AAAAIFzrAAAA ann@example.com"


def test_the_table_of_operations_is_all_that_the_driver_asks_for() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in SOURCE.glob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    used = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "do"
    }
    assert {name for name in used if name.isupper()} == set(TABLE)
    sending = [node for node in nodes if isinstance(node, ast.Attribute) and node.attr == "request"]
    assert len(sending) == 1  # there is one place where anything is sent, and it sends an Operation


@pytest.mark.parametrize("operation", TABLE.values(), ids=lambda one: one.name)
def test_each_operation_is_the_documents_own(operation: operations.Operation) -> None:
    described = digitalocean_document().operations[operation.name]
    assert (described.method.upper(), described.path) == (operation.method, operation.path)
    assert operation.name in HANDLERS


def everything(api: Gateway) -> None:
    """Uses the driver once in every way, with every parameter that it has."""
    tags = {"tag_env": "prod", "tag_team": "a:b"}
    key = api.post("/keys", name="mine", public_key=KEY)["key"]["id"]
    network = api.post("/networks", name="net-1", address_block="10.90.0.0/24", realm_id="nyc3")["network"]["id"]
    other = api.post("/networks", realm_id="nyc3")["network"]["id"]
    made = api.post("/firewalls", name="web", description="any")["firewall"]["id"]
    foreign = api.post("/firewalls", name="elsewhere", description="any")["firewall"]["id"]
    api.cloud.main.firewalls[foreign]["tags"] = []
    rule = {"protocol": "tcp", "port_from": 22, "port_to": 23, "ip_address1": "10.1.0.0/16", "group1": "web"}
    api.post(f"/firewalls/{made}/rules", **rule)
    out = {"protocol": "icmp", "direction": "egress", "ip_address1": "2001:db8::/32"}
    shown = api.post(f"/firewalls/{made}/rules", **out)["firewall"]
    for one in shown["rules"]:
        api.ask("DELETE", f"/firewalls/{made}/{one['id']}")
    instance = api.launch(
        name="web-1", keyname=key, user_data="I2Nsb3VkLWNvbmZpZwo=", metrics="true", ipv6="true", subnet_id=network,
        firewalls1=made, firewalls2=foreign, **tags,
    )  # fmt: skip
    api.post("/instances", image_id="ubuntu-22-04-x64", instance_count=2, name="many")
    for action in ("reboot", "stop", "start"):
        while action not in [one["rel"] for one in api.get(f"/instances/{instance}")["instance"]["actions"]]:
            pass
        assert api.ask("POST", f"/instances/{instance}/{action}").status == 303
    volume = api.post("/storage_volumes", name="data", description="of ann", capacity=2, realm_id="nyc3", **tags)
    identifier = volume["storage_volume"]["id"]
    attached = api.ask("POST", f"/storage_volumes/{identifier}/attach", instance_id=instance, device="/dev/sda")
    assert attached.status == 202
    snapshot = api.post("/storage_snapshots", volume_id=identifier, name="monday", **tags)["storage_snapshot"]["id"]
    copy = api.post("/storage_volumes", name="copy", snapshot_id=snapshot)["storage_volume"]["id"]
    assert api.ask("POST", f"/storage_volumes/{identifier}/detach").status == 202
    address = api.post("/addresses", realm_id="nyc3")["address"]["id"]
    assert api.ask("POST", f"/addresses/{address}/associate", instance_id=instance).status == 202
    assert api.ask("POST", f"/addresses/{address}/disassociate").status == 202
    balancers = []
    for protocol in ("HTTP", "HTTPS", "TCP", "UDP"):
        listener = {"listener_protocol": protocol, "listener_balancer_port": 80, "listener_instance_port": 8080}
        balancer = api.post("/load_balancers", name=f"lb-{protocol.lower()}", realm_id="nyc3", **listener)
        balancers.append(balancer["load_balancer"]["id"])
    api.post(f"/load_balancers/{balancers[0]}/register", instance_id=instance)
    api.post(f"/load_balancers/{balancers[0]}/unregister", instance_id=instance)
    image = image_of(api, instance)
    lists = {
        "instances": instance, "images": image, "keys": key, "firewalls": made, "addresses": address, "realms": "nyc3",
        "load_balancers": balancers[0], "networks": network, "storage_volumes": copy, "storage_snapshots": snapshot,
        "hardware_profiles": SIZE, "metrics": instance,
    }  # fmt: skip
    for collection, one in lists.items():
        assert api.ask("GET", f"/{collection}").status == api.ask("GET", f"/{collection}/{one}").status == 200
    api.get("/images", owner_id="self")
    for path in (
        f"/images/{image}", f"/storage_snapshots/{snapshot}", f"/storage_volumes/{copy}", f"/addresses/{address}",
        *(f"/load_balancers/{one}" for one in balancers), f"/instances/{instance}", f"/networks/{other}",
        f"/keys/{key}",
    ):  # fmt: skip
        while api.ask("DELETE", path).status == 405:  # something happens to it
            pass
    while api.ask("DELETE", f"/firewalls/{made}").status == 409:
        pass


def image_of(api: Gateway, instance: str) -> str:
    """An image, made by who asks twice: once too hastily."""
    while not api.get(f"/instances/{instance}")["instance"]["actions"]:
        pass
    seconds, api.cloud.seconds = api.cloud.seconds, 3
    with gateway(api.cloud, timeout=1.3) as hasty:
        assert hasty.ask("POST", "/images", instance_id=instance, name="golden", tag_env="prod").status == 202
    api.cloud.seconds = seconds
    made = api.post("/images", instance_id=instance, name="golden", tag_env="prod")
    return str(made["image"]["id"])


@pytest.fixture(scope="module")
def requests_sent() -> list[tuple[str, str, bytes]]:
    """Each request that the driver sends when it is used in every way, once."""
    with digitalocean_cloud(digitalocean_document(), seconds=0.02) as cloud, gateway(cloud) as api:
        everything(api)
        assert set(cloud.seen) == {one.name for one in TABLE.values()}
        return list(dict.fromkeys(cloud.requests))


def test_every_operation_of_the_table_is_asked_for_and_nothing_that_the_document_does_not_allow(
    requests_sent: list[tuple[str, str, bytes]],
) -> None:
    document = digitalocean_document()
    assert [wrong for one in requests_sent for wrong in document.wrong_in_request(*one)] == []
    assert len(requests_sent) > len(TABLE)


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", "/v2/nothing", b""),
        ("PATCH", "/v2/droplets", b""),
        ("GET", "/v2/droplets/web-1", b""),
        ("GET", "/v2/droplets?per_page=201", b""),
        ("GET", "/v2/droplets?size=small", b""),
        ("DELETE", "/v2/droplets/1", b"{}"),
        ("POST", "/v2/droplets", b""),
        ("POST", "/v2/droplets", b'{"name": "web", "image": 1}'),
        ("POST", "/v2/droplets", b'{"name": "web", "image": 1, "size": "s-1vcpu-1gb", "colour": "blue"}'),
        ("POST", "/v2/droplets/1/actions", b'{"type": "paint"}'),
    ],
)
def test_what_the_document_does_not_allow_is_found(method: str, target: str, body: bytes) -> None:
    assert digitalocean_document().wrong_in_request(method, target, body)


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (200, b'{"droplet": {"id": "1"}}'),
        (200, b'{"droplet": {"id": 1}}'),
        (404, b'{"id": 1}'),
    ],
)
def test_an_answer_that_the_document_does_not_allow_is_found(status: int, content: bytes) -> None:
    document = digitalocean_document()
    assert document.wrong_in_answer(document.operations["droplets_get"], status, content)


@pytest.mark.doubles
@pytest.mark.thorough
def test_prism_finds_nothing_wrong_with_any_request(
    requests_sent: list[tuple[str, str, bytes]], tmp_path: Path
) -> None:
    file = tmp_path / "digitalocean.json"
    file.write_text(json.dumps(digitalocean_document().root), encoding="utf-8")
    wrong = []
    without_a_size = ("POST", "/v2/droplets", b'{"name": "web", "image": 1}')
    with running(prism(file), tmp_path) as place:
        for method, target, body in (*requests_sent, without_a_size):
            headers = {"Authorization": "Bearer token", "Content-Type": "application/json"}
            asked = Request(place.url + target, data=body or None, method=method, headers=headers)
            try:
                with urlopen(asked, timeout=30) as answer:
                    if answer.headers.get("sl-violations"):
                        wrong.append((method, target, body, answer.headers["sl-violations"]))
            except HTTPError as error:
                wrong.append((method, target, body, f"{error.code} {error.read(300)!r}"))
    assert [one[:3] for one in wrong] == [without_a_size], wrong


READINGS: dict[str, tuple[str, type[records.Record]]] = {
    "regions_list": ("regions", records.Region),
    "sizes_list": ("sizes", records.Size),
    "images_list": ("images", records.Image),
    "images_get": ("image", records.Image),
    "droplets_list": ("droplets", records.Droplet),
    "droplets_get": ("droplet", records.Droplet),
    "droplets_create": ("droplet", records.Droplet),
    "droplets_list_firewalls": ("firewalls", records.Firewall),
    "droplets_list_snapshots": ("snapshots", records.Snapshot),
    "dropletActions_post": ("action", records.Action),
    "dropletActions_list": ("actions", records.Action),
    "dropletActions_get": ("action", records.Action),
    "sshKeys_list": ("ssh_keys", records.Key),
    "sshKeys_get": ("ssh_key", records.Key),
    "sshKeys_create": ("ssh_key", records.Key),
    "firewalls_list": ("firewalls", records.Firewall),
    "firewalls_get": ("firewall", records.Firewall),
    "firewalls_create": ("firewall", records.Firewall),
    "tags_create": ("tag", records.Tag),
    "tags_get": ("tag", records.Tag),
    "reservedIPs_list": ("reserved_ips", records.ReservedAddress),
    "reservedIPs_get": ("reserved_ip", records.ReservedAddress),
    "reservedIPs_create": ("reserved_ip", records.ReservedAddress),
    "reservedIPsActions_post": ("action", records.Action),
    "reservedIPsActions_get": ("action", records.Action),
    "loadBalancers_list": ("load_balancers", records.LoadBalancer),
    "loadBalancers_get": ("load_balancer", records.LoadBalancer),
    "loadBalancers_create": ("load_balancer", records.LoadBalancer),
    "vpcs_list": ("vpcs", records.Vpc),
    "vpcs_get": ("vpc", records.Vpc),
    "vpcs_create": ("vpc", records.Vpc),
    "volumes_list": ("volumes", records.Volume),
    "volumes_get": ("volume", records.Volume),
    "volumes_create": ("volume", records.Volume),
    "volumeActions_post_byId": ("action", records.Action),
    "volumeActions_get": ("action", records.Action),
    "volumeSnapshots_create": ("snapshot", records.Snapshot),
    "snapshots_list": ("snapshots", records.Snapshot),
    "snapshots_get": ("snapshot", records.Snapshot),
    "monitoring_get_DropletCpuMetrics": ("data", records.Measurements),
    "monitoring_get_dropletBandwidthMetrics": ("data", records.Measurements),
    "monitoring_get_dropletFilesystemFreeMetrics": ("data", records.Measurements),
    "monitoring_get_dropletFilesystemSizeMetrics": ("data", records.Measurements),
    "monitoring_get_dropletLoad1Metrics": ("data", records.Measurements),
    "monitoring_get_dropletLoad5Metrics": ("data", records.Measurements),
    "monitoring_get_dropletLoad15Metrics": ("data", records.Measurements),
    "monitoring_get_dropletMemoryAvailableMetrics": ("data", records.Measurements),
    "monitoring_get_dropletMemoryCachedMetrics": ("data", records.Measurements),
    "monitoring_get_dropletMemoryFreeMetrics": ("data", records.Measurements),
    "monitoring_get_dropletMemoryTotalMetrics": ("data", records.Measurements),
}
"""How the answer of each operation is read that has one."""


def read(name: str, example: Any) -> list[object]:
    """The models of an answer."""
    member, kind = READINGS[name]
    if member not in example:
        member += "s"  # several droplets were asked for
    content = json.dumps(example).encode()
    many = member.endswith("s")
    found = member_of(content, member, list[kind]) if many else [member_of(content, member, kind)]  # type: ignore[valid-type]
    return [model_from(one) for one in found]


def test_every_operation_whose_answer_says_something_is_read() -> None:
    document = digitalocean_document()
    telling = {one.name for one in TABLE.values() if list(document.examples(document.operations[one.name]))}
    assert telling == set(READINGS)


@pytest.mark.parametrize("name", READINGS)
def test_every_example_of_an_answer_goes_through_the_mapping(name: str) -> None:
    document = digitalocean_document()
    examples = [example for _, example in document.examples(document.operations[name])]
    assert examples
    for example in examples:
        models = read(name, example)
        assert models
        for model in models:
            hash(model)
