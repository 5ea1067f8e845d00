"""The documents of the API, version 4, as the engine writes them."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from ovirtcloud.faults import Refused
from ovirtcloud.state import (
    BLANK,
    Attachment,
    Card,
    Center,
    Cluster,
    Disk,
    Machine,
    Network,
    State,
    Template,
)

ROOT = "/ovirt-engine/api"


def document(root: Element) -> bytes:
    """The bytes of a document."""
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + bytes(tostring(root, encoding="utf-8"))


def fault(refused: Refused) -> Element:
    """A fault."""
    return _with(Element("fault"), detail=refused.detail, reason=refused.reason)


def collection(name: str, members: Iterable[Element]) -> Element:
    """A collection."""
    root = Element(name)
    root.extend(members)
    return root


def action(status: str = "complete") -> Element:
    """What became of an action."""
    return _with(Element("action"), status=status)


def center(one: Center) -> Element:
    """A data centre."""
    root = _thing("data_center", f"datacenters/{one.id}", one.id, name=one.name, local="false", status=one.status)
    _links(root, f"datacenters/{one.id}", "clusters", "networks", "storagedomains", "permissions", "quotas")
    return root


def cluster(one: Cluster) -> Element:
    """A cluster."""
    root = _thing("cluster", f"clusters/{one.id}", one.id, name=one.name, ballooning_enabled="false")
    _links(root, f"clusters/{one.id}", "networks", "permissions", "cpuprofiles")
    _refer(root, "data_center", f"datacenters/{one.center}", one.center)
    return root


def host(one: Cluster, number: int) -> Element:
    """A host of a cluster."""
    root = _thing("host", f"hosts/{one.id}{number}", f"{one.id}{number}", name=f"host{number}", status="up")
    _refer(root, "cluster", f"clusters/{one.id}", one.id)
    return root


def network(one: Network) -> Element:
    """A network of a data centre."""
    root = _thing("network", f"networks/{one.id}", one.id, name=one.name, mtu="0", stp="false")
    _links(root, f"networks/{one.id}", "permissions", "vnicprofiles", "networklabels")
    SubElement(SubElement(root, "usages"), "usage").text = one.usage
    _refer(root, "data_center", f"datacenters/{one.center}", one.center)
    return root


def profile(one: Network, number: int) -> Element:
    """A profile of a network."""
    identifier, passes = one.profiles[number]
    root = _thing("vnic_profile", f"vnicprofiles/{identifier}", identifier, name=f"{one.name} {number}")
    _with(SubElement(root, "pass_through"), mode="enabled" if passes else "disabled")
    _with(root, port_mirroring="false")
    _refer(root, "network", f"networks/{one.id}", one.id)
    return root


def storage_domain(one: Center) -> Element:
    """The storage domain of a data centre."""
    path = f"datacenters/{one.id}/storagedomains/{one.domain}"
    root = _thing("storage_domain", path, one.domain, name=f"{one.storage} of {one.name}", type="data", status="active")
    _with(root, available=str(900 * 2**30), used=str(100 * 2**30), committed="0", master="true")
    _with(SubElement(root, "storage"), type=one.storage)
    return root


def iso_domain(one: Center) -> Element:
    """A domain that cannot have disks; older installations have such."""
    identifier = one.domain[:-1] + ("0" if one.domain[-1] != "0" else "1")
    path = f"datacenters/{one.id}/storagedomains/{identifier}"
    root = _thing("storage_domain", path, identifier, name="iso", type="iso", status="active")
    _with(root, available=str(2**50))
    _with(SubElement(root, "storage"), type="nfs")
    return root


def template(one: Template) -> Element:
    """A template."""
    root = _thing("template", f"templates/{one.id}", one.id, name=one.name, description=one.description)
    _links(root, f"templates/{one.id}", "nics", "diskattachments", "permissions", "tags", "cdroms")
    architecture = "undefined" if one.id == BLANK else "x86_64"
    cpu = _with(SubElement(root, "cpu"), architecture=architecture)
    _with(SubElement(cpu, "topology"), cores="1", sockets="1", threads="1")
    _with(root, creation_time=one.created.isoformat(timespec="milliseconds"), memory=str(one.memory), type="server")
    version = _with(SubElement(root, "version"), version_name=one.version[1], version_number=str(one.version[0]))
    _refer(version, "base_template", f"templates/{one.id}", one.id)
    if one.cluster is not None:
        _refer(root, "cluster", f"clusters/{one.cluster}", one.cluster)
    return _with(root, status=one.status)


def machine(state: State, one: Machine, follow: frozenset[str]) -> Element:
    """A machine, with the linked things that are to be followed."""
    path = f"vms/{one.id}"
    root = _thing("vm", path, one.id, name=one.name, description=one.description)
    actions = SubElement(root, "actions")
    for name in ("start", "stop", "shutdown", "reboot", "reset", "suspend", "migrate", "ticket"):
        SubElement(actions, "link", href=f"{ROOT}/{path}/{name}", rel=name)
    _links(root, path, "graphicsconsoles", "snapshots", "permissions", "reporteddevices", "statistics")
    _machine_facts(root, one)
    _refer(root, "cluster", f"clusters/{one.cluster}", one.cluster)
    _refer(root, "template", f"templates/{one.template}", one.template)
    if "nics" in follow:
        deep = "nics.reporteddevices" in follow
        root.append(collection("nics", [card(one, each, deep=deep) for each in one.cards]))
    else:
        _links(root, path, "nics")
    if "diskattachments" in follow:
        deep = "diskattachments.disk" in follow
        attachments = [attachment(one, each, state.disk(each.disk) if deep else None) for each in one.attachments]
        root.append(collection("disk_attachments", attachments))
    else:
        _links(root, path, "diskattachments")
    return root


def _machine_facts(root: Element, one: Machine) -> None:
    cpu = _with(SubElement(root, "cpu"), architecture="x86_64")
    cores, sockets, threads = map(str, one.topology)
    _with(SubElement(cpu, "topology"), cores=cores, sockets=sockets, threads=threads)
    _with(root, creation_time=one.created.isoformat(timespec="milliseconds"), memory=str(one.memory))
    _with(SubElement(root, "memory_policy"), guaranteed=str(one.memory), max=str(one.memory * 4))
    devices = SubElement(SubElement(SubElement(root, "os"), "boot"), "devices")
    for device in one.boot:
        SubElement(devices, "device").text = device
    _with(SubElement(root, "display"), type="vnc", monitors="1")
    if one.initialization:
        _with(SubElement(root, "initialization"), **one.initialization)
    if one.fqdn is not None and one.status == "up":
        _with(root, fqdn=one.fqdn)
    _with(root, type=one.type, status=one.status, stateless="false", origin="ovirt")


def card(one: Machine, each: Card, *, deep: bool) -> Element:
    """An interface of a machine; ``deep`` brings what the guest's agent reports."""
    path = f"vms/{one.id}/nics/{each.id}"
    root = _thing("nic", path, each.id, name=each.name, interface="virtio", linked="true")
    _with(SubElement(root, "mac"), address=each.mac)
    _with(root, plugged="true" if each.plugged else "false")
    _refer(root, "vm", f"vms/{one.id}", one.id)
    if each.profile is not None:
        _refer(root, "vnic_profile", f"vnicprofiles/{each.profile}", each.profile)
    if deep:
        root.append(collection("reported_devices", [_reported(one, each)] if one.status == "up" else []))
    else:
        _links(root, path, "reporteddevices")
    return root


def _reported(one: Machine, each: Card) -> Element:
    root = _thing("reported_device", f"vms/{one.id}/reporteddevices/{each.id}", each.id, name="eth0", type="network")
    addresses = SubElement(root, "ips")
    for address in each.addresses:
        _with(SubElement(addresses, "ip"), address=address, version="v6" if ":" in address else "v4")
    _with(SubElement(root, "mac"), address=each.mac)
    return root


def attachment(one: Machine, each: Attachment, whole: Disk | None) -> Element:
    """A disk at a machine; with the whole disk where that is to be followed."""
    path = f"vms/{one.id}/diskattachments/{each.disk}"
    root = _thing("disk_attachment", path, each.disk, interface=each.bus)
    _with(root, active=str(each.active).lower(), bootable=str(each.bootable).lower(), pass_discard="false")
    if each.logical_name is not None and one.status == "up":
        _with(root, logical_name=each.logical_name)
    if whole is None:
        _refer(root, "disk", f"disks/{each.disk}", each.disk)
    else:
        root.append(disk(whole, ()))
    _refer(root, "vm", f"vms/{one.id}", one.id)
    return root


def disk(one: Disk, machines: Iterable[Machine]) -> Element:
    """A disk, with the machines that have it where all is asked for."""
    root = _thing("disk", f"disks/{one.id}", one.id, name=one.name, description=one.description, alias=one.name)
    _with(root, provisioned_size=str(one.size), actual_size="0", format="cow", sparse="true", status=one.status)
    _with(root, content_type=one.content, storage_type="image", shareable=str(one.shareable).lower())
    _refer(SubElement(root, "storage_domains"), "storage_domain", f"storagedomains/{one.domain}", one.domain)
    vms = [_refer(Element("vms"), "vm", f"vms/{each.id}", each.id) for each in machines]
    if vms:
        root.append(collection("vms", vms))
    return root


def console(one: Machine, each: tuple[str, str, int], *, current: bool) -> Element:
    """A console; where it is, only while the machine runs and that is asked for."""
    protocol, address, port = each
    identifier = protocol.encode().hex()
    root = _thing("graphics_console", f"vms/{one.id}/graphicsconsoles/{identifier}", identifier)
    if current:
        _with(root, address=address, port=str(port))
    return _with(root, protocol=protocol)


def api() -> Element:
    """What is at the root."""
    root = Element("api")
    _links(root, "", "vms", "datacenters", "clusters", "templates", "disks", "networks")
    product = _with(SubElement(root, "product_info"), name="oVirt Engine", vendor="ovirt.org")
    _with(SubElement(product, "version"), major="4", minor="5", build="7", revision="0", full_version="4.5.7-1.el9")
    return root


def _thing(tag: str, path: str, identifier: str, **values: str) -> Element:
    return _with(Element(tag, href=f"{ROOT}/{path}", id=identifier), **values)


def _with(root: Element, **values: str) -> Element:
    for name, value in values.items():
        SubElement(root, name).text = value
    return root


def _refer(root: Element, tag: str, path: str, identifier: str) -> Element:
    return SubElement(root, tag, href=f"{ROOT}/{path}", id=identifier)


def _links(root: Element, path: str, *names: str) -> None:
    for name in names:
        SubElement(root, "link", href="/".join(filter(None, (ROOT, path, name))), rel=name)
