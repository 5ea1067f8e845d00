"""Firewalls, tags, reserved addresses, load balancers and VPCs."""

from __future__ import annotations

import ipaddress
import uuid

from digitaloceancloud.droplets import action_of, droplet_of
from digitaloceancloud.server import Answer, Call, answers, listing, showing
from digitaloceancloud.state import Record, Refused, not_found, region_of, stamp, unprocessable, vpc_record


def need(things: dict[str, Record], identifier: str) -> Record:
    """A thing of the caller's."""
    if identifier not in things:
        raise not_found()
    return things[identifier]


def _firewall(call: Call) -> Record:
    return need(call.account.firewalls, call.ids["firewall_id"])


listing("firewalls_list", "firewalls", lambda call: list(call.account.firewalls.values()))
showing("firewalls_get", "firewall", _firewall)


@answers("firewalls_create")
def _create_firewall(call: Call) -> Answer:
    account, body = call.account, call.body
    if any(one["name"] == body["name"] for one in account.firewalls.values()):
        raise Refused(409, "conflict", "duplicate name")
    _need_tags(call, body.get("tags", []))
    firewall = {
        "id": str(uuid.uuid4()),
        "status": "waiting",
        "inbound_rules": [],
        "outbound_rules": [],
        "created_at": stamp(),
        "droplet_ids": [],
        "tags": [],
        "pending_changes": [],
        **body,
    }
    account.firewalls[firewall["id"]] = firewall
    return 202, {"firewall": firewall}


def _need_tags(call: Call, names: list[str]) -> None:
    if not set(names) <= call.account.tags:
        raise unprocessable("one or more tags do not exist")


@answers("firewalls_delete")
def _delete_firewall(call: Call) -> Answer:
    del call.account.firewalls[_firewall(call)["id"]]
    return 204, None


@answers("firewalls_add_rules")
def _add_rules(call: Call) -> Answer:
    firewall = _firewall(call)
    for member, side in (("inbound_rules", "sources"), ("outbound_rules", "destinations")):
        for rule in call.body.get(member, []):
            _need_tags(call, rule[side].get("tags", []))
            firewall[member].append({**rule, "ports": "0" if rule["protocol"] == "icmp" else rule["ports"]})
    return 204, None


@answers("firewalls_delete_rules")
def _delete_rules(call: Call) -> Answer:
    firewall = _firewall(call)
    for member in ("inbound_rules", "outbound_rules"):
        for rule in call.body.get(member, []):
            if rule not in firewall[member]:
                raise unprocessable("rule not found")
            firewall[member].remove(rule)
    return 204, None


@answers("firewalls_assign_droplets")
def _assign(call: Call) -> Answer:
    firewall = _firewall(call)
    firewall["droplet_ids"] += [droplet_of(call, one)["id"] for one in call.body["droplet_ids"]]
    return 204, None


@answers("droplets_list_firewalls")
def _firewalls_of(call: Call) -> Answer:
    droplet = droplet_of(call, int(call.ids["droplet_id"]))
    found = [
        one
        for one in call.account.firewalls.values()
        if droplet["id"] in one["droplet_ids"] or set(one["tags"]) & set(droplet["tags"])
    ]
    return 200, call.page("firewalls", found)


@answers("tags_create")
def _create_tag(call: Call) -> Answer:
    call.account.tags.add(call.body["name"])
    return 201, {"tag": _tag(call, call.body["name"])}


def _tag(call: Call, name: str) -> Record:
    if name not in call.account.tags:
        raise not_found()
    droplets = [one for one in call.account.droplets.values() if name in one["tags"]]
    images = [one for one in call.account.images.values() if name in one["tags"]]
    return {
        "name": name,
        "resources": {
            "count": len(droplets) + len(images),
            "droplets": {"count": len(droplets)},
            "images": {"count": len(images)},
        },
    }


showing("tags_get", "tag", lambda call: _tag(call, call.ids["tag_id"]))


@answers("tags_delete")
def _delete_tag(call: Call) -> Answer:
    name = _tag(call, call.ids["tag_id"])["name"]
    call.account.tags.discard(name)
    for thing in (*call.account.droplets.values(), *call.account.firewalls.values()):
        thing["tags"] = [one for one in thing["tags"] if one != name]
    return 204, None


@answers("tags_assign_resources")
def _assign_tag(call: Call) -> Answer:
    name = _tag(call, call.ids["tag_id"])["name"]
    for resource in call.body["resources"]:
        if resource["resource_type"] != "image":
            raise unprocessable("only images are tagged here")
        need({str(key): one for key, one in call.account.images.items()}, resource["resource_id"])["tags"].append(name)
    return 204, None


def _address(call: Call) -> Record:
    return need(call.account.addresses, call.ids["reserved_ip"])


listing("reservedIPs_list", "reserved_ips", lambda call: list(call.account.addresses.values()))
showing("reservedIPs_get", "reserved_ip", _address)


@answers("reservedIPs_create")
def _create_address(call: Call) -> Answer:
    region = region_of(call.body["region"])
    if region is None:
        raise unprocessable("Region is invalid")
    number = call.cloud.number()
    address: Record = {
        "ip": f"203.0.{number // 250 % 250}.{number % 250 + 1}",
        "droplet": None,
        "region": region,
        "locked": False,
        "project_id": str(uuid.uuid4()),
    }
    call.account.addresses[address["ip"]] = address
    return 202, {"reserved_ip": address, "links": {}}


@answers("reservedIPs_delete")
def _delete_address(call: Call) -> Answer:
    address = _address(call)
    if call.cloud.is_busy(call.account, ("reserved_ip", address["ip"])):
        raise unprocessable("The reserved IP already has a pending event.")
    del call.account.addresses[address["ip"]]
    return 204, None


@answers("reservedIPsActions_post")
def _act_on_address(call: Call) -> Answer:
    account, address = call.account, _address(call)
    if call.cloud.is_busy(account, ("reserved_ip", address["ip"])):
        raise unprocessable("The reserved IP already has a pending event.")
    droplet = None
    if call.body["type"] == "assign":
        droplet = droplet_of(call, call.body["droplet_id"])
        if droplet["region"]["slug"] != address["region"]["slug"]:
            raise unprocessable("The droplet must be in the same region as the reserved IP.")
    elif address["droplet"] is None:
        raise unprocessable("The reserved IP is not assigned to a droplet.")
    kind = f"{call.body['type']}_ip"
    slug = address["region"]["slug"]
    action = call.cloud.begin(
        account, kind, ("reserved_ip", address["ip"]), lambda: address.update(droplet=droplet), slug
    )
    return 201, {"action": {**action, "project_id": address["project_id"]}}


showing(
    "reservedIPsActions_get",
    "action",
    lambda call: action_of(call, "reserved_ip", call.ids["reserved_ip"]) | {"project_id": _address(call)["project_id"]},
)


def _balancer(call: Call) -> Record:
    return need(call.account.balancers, call.ids["lb_id"])


listing("loadBalancers_list", "load_balancers", lambda call: list(call.account.balancers.values()))
showing("loadBalancers_get", "load_balancer", _balancer)


@answers("loadBalancers_create")
def _create_balancer(call: Call) -> Answer:
    account, body = call.account, call.body
    if any(one["name"] == body["name"] for one in account.balancers.values()):
        raise unprocessable("name is not unique")
    identifier = str(uuid.uuid4())
    balancer = {
        "algorithm": "round_robin",
        "created_at": stamp(),
        "tag": "",
        "sticky_sessions": {"type": "none"},
        **body,
        "id": identifier,
        "ip": "",
        "status": "new",
        "region": region_of(body["region"]),
    }
    account.balancers[identifier] = balancer
    call.cloud.begin(
        account,
        "create",
        ("load_balancer", identifier),
        lambda: balancer.update(status="active", ip="203.0.113.9"),
        body["region"],
    )
    return 202, {"load_balancer": balancer}


@answers("loadBalancers_delete")
def _delete_balancer(call: Call) -> Answer:
    del call.account.balancers[_balancer(call)["id"]]
    return 204, None


@answers("loadBalancers_add_droplets")
def _add_droplets(call: Call) -> Answer:
    balancer = _balancer(call)
    balancer["droplet_ids"] += [droplet_of(call, one)["id"] for one in call.body["droplet_ids"]]
    return 204, None


@answers("loadBalancers_remove_droplets")
def _remove_droplets(call: Call) -> Answer:
    balancer, gone = _balancer(call), call.body["droplet_ids"]
    if not set(gone) <= set(balancer["droplet_ids"]):
        raise not_found()
    balancer["droplet_ids"] = [one for one in balancer["droplet_ids"] if one not in gone]
    return 204, None


def _vpc(call: Call) -> Record:
    return need(call.account.vpcs, call.ids["vpc_id"])


listing("vpcs_list", "vpcs", lambda call: list(call.account.vpcs.values()))
showing("vpcs_get", "vpc", _vpc)


@answers("vpcs_create")
def _create_vpc(call: Call) -> Answer:
    account, body = call.account, call.body
    number = call.cloud.number()
    block = ipaddress.ip_network(body.get("ip_range", f"10.{number // 16 % 80}.{number % 16 * 16}.0/20"))
    if any(block.overlaps(ipaddress.ip_network(one["ip_range"])) for one in account.vpcs.values()):
        raise unprocessable("This range/size overlaps with another VPC network in your account.")
    vpc = vpc_record(str(uuid.uuid4()), body["name"], body["region"], str(block))
    account.vpcs[vpc["id"]] = vpc
    return 201, {"vpc": vpc}


@answers("vpcs_delete")
def _delete_vpc(call: Call) -> Answer:
    vpc = _vpc(call)
    if vpc["default"]:
        raise Refused(403, "forbidden", "Can not delete default VPCs")
    if any(one["vpc_uuid"] == vpc["id"] for one in call.account.droplets.values()):
        raise Refused(403, "forbidden", "Can not delete VPC with members")
    del call.account.vpcs[vpc["id"]]
    return 204, None
