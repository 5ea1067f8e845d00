"""What the engine does with a request: one caller, one path, perhaps a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar
from xml.etree.ElementTree import Element

from ovirtcloud import machines, writing
from ovirtcloud.faults import Absent, Nowhere, Refused, conflict
from ovirtcloud.searching import Field, search
from ovirtcloud.state import ADMIN, BLANK, Attachment, Card, Center, Cluster, Disk, Machine, Network, State, Template

Thing = TypeVar("Thing", bound="Center | Cluster | Disk | Machine | Network | Template | Card")


@dataclass(frozen=True)
class Request:
    """A request that has passed the door.

    Attributes:
        state: What the installation holds.
        user: The caller.
        filtered: Whether the caller has the view of users.
        query: Its parameters.
        body: Its document.
    """

    state: State
    user: str
    filtered: bool
    query: dict[str, str]
    body: Element | None

    @property
    def follow(self) -> frozenset[str]:
        """The links to be followed, without underscores, and each link on the way."""
        paths = self.query.get("follow", "").replace("_", "").split(",")
        steps = [path.strip().split(".") for path in paths if path.strip()]
        return frozenset(".".join(path[:end]) for path in steps for end in range(1, len(path) + 1))

    @property
    def document(self) -> Element:
        """The document, which this operation needs."""
        if self.body is None:
            raise Refused(400, "Missing body", "Incomplete parameters")
        return self.body

    def sees(self, owner: str | None) -> bool:
        """Whether the caller sees what belongs to somebody."""
        return owner is None or owner == self.user or (self.user == ADMIN and not self.filtered)

    def found(self, things: list[Thing], fields: dict[str, Field[Thing]]) -> list[Thing]:
        """What a list holds; what is filtered can be neither searched nor cut into pages."""
        if self.filtered:
            return things
        most = int(self.query["max"]) if "max" in self.query else None
        exact = self.query.get("case_sensitive", "true") == "true"
        return search(things, self.query.get("search"), fields, most, exact=exact)


Handler = Callable[[Request, list[str]], Element]


def answer(request: Request, method: str, path: list[str]) -> Element:
    """The document that answers.

    Raises:
        Refused: the engine does not do it.
        Absent: there is no such thing.
        Nowhere: there is nothing at this path.
    """
    if request.user != ADMIN and not request.filtered:
        raise Refused(403, "query execution failed due to insufficient permissions.")
    handler = _HANDLERS.get((method, path[0] if path else ""))
    if handler is None:
        raise Nowhere
    return handler(request, path[1:])


def _root(_request: Request, _path: list[str]) -> Element:
    return writing.api()


def _get_centers(request: Request, path: list[str]) -> Element:
    state = request.state
    if not path:
        return writing.collection("data_centers", map(writing.center, state.centers))
    center = _one(state.centers, path[0])
    match path[1:]:
        case []:
            return writing.center(center)
        case ["clusters"]:
            clusters = [one for one in state.clusters if one.center == center.id]
            return writing.collection("clusters", map(writing.cluster, clusters))
        case ["networks"]:
            networks = [one for one in state.networks if one.center == center.id]
            return writing.collection("networks", map(writing.network, networks))
        case ["storagedomains"]:
            return writing.collection("storage_domains", [writing.iso_domain(center), writing.storage_domain(center)])
    raise Nowhere


def _get_clusters(request: Request, path: list[str]) -> Element:
    if not path:
        return writing.collection("clusters", map(writing.cluster, request.state.clusters))
    return writing.cluster(_one(request.state.clusters, path[0]))


def _get_hosts(request: Request, _path: list[str]) -> Element:
    if request.filtered:
        raise Refused(403, "query execution failed due to insufficient permissions.")
    hosts = [(one, number) for one in request.state.clusters for number in range(one.hosts_up)]
    fields: dict[str, Field[tuple[Cluster, int]]] = {
        "status": lambda _one: "up",
        "name": lambda one: f"{one[0].name}{one[1]}",
    }
    most = int(request.query["max"]) if "max" in request.query else None
    found = search(hosts, request.query.get("search"), fields, most)
    return writing.collection("hosts", [writing.host(*one) for one in found])


def _get_networks(request: Request, path: list[str]) -> Element:
    networks = request.state.networks
    match path:
        case []:
            return writing.collection("networks", map(writing.network, networks))
        case [one]:
            return writing.network(_one(networks, one))
        case [one, "vnicprofiles"]:
            return writing.collection("vnic_profiles", _profiles([_one(networks, one)]))
    raise Nowhere


def _get_profiles(request: Request, _path: list[str]) -> Element:
    return writing.collection("vnic_profiles", _profiles(request.state.networks))


def _profiles(networks: Iterable[Network]) -> list[Element]:
    return [writing.profile(one, number) for one in networks for number in range(len(one.profiles))]


def _get_templates(request: Request, path: list[str]) -> Element:
    state = request.state
    visible = [one for one in state.templates if request.sees(one.owner)]
    if path:
        return writing.template(_one(visible, path[0]))
    fields: dict[str, Field[Template]] = {
        "name": lambda one: one.name,
        "datacenter": lambda one: _center_name(state, one.cluster),
    }
    return writing.collection("templates", map(writing.template, request.found(visible, fields)))


def _post_templates(request: Request, path: list[str]) -> Element:
    if path:
        raise Nowhere
    return writing.template(machines.make_template(request.state, request.user, request.document, _machines(request)))


def _delete_templates(request: Request, path: list[str]) -> Element:
    state = request.state
    template = _one([one for one in state.templates if request.sees(one.owner)], path[0])
    if template.id == BLANK or not request.sees(template.owner or ADMIN):
        raise Refused(403, "[User is not authorized to perform this action.]")
    users = [one.name for one in state.machines if one.template == template.id]
    if users:
        raise conflict(f"Cannot delete Template. Template is being used by the following VMs: {','.join(users)}.")
    state.templates.remove(template)
    return writing.action()


def _machines(request: Request) -> list[Machine]:
    return [one for one in request.state.machines if request.sees(one.owner)]


def _get_machines(request: Request, path: list[str]) -> Element:
    state, visible = request.state, _machines(request)
    if not path:
        fields: dict[str, Field[Machine]] = {
            "name": lambda one: one.name,
            "datacenter": lambda one: _center_name(state, one.cluster),
        }
        found = request.found(visible, fields)
        return writing.collection("vms", [writing.machine(state, one, request.follow) for one in found])
    machine = _one(visible, path[0])
    match path[1:]:
        case []:
            return writing.machine(state, machine, request.follow)
        case ["nics"]:
            deep = "reporteddevices" in request.follow
            return writing.collection("nics", [writing.card(machine, one, deep=deep) for one in machine.cards])
        case ["diskattachments"]:
            return writing.collection(
                "disk_attachments", [writing.attachment(machine, one, None) for one in machine.attachments]
            )
        case ["diskattachments", disk]:
            return writing.attachment(machine, _attachment(machine, disk), None)
        case ["graphicsconsoles"]:
            current = request.query.get("current") == "true"
            shown = machine.consoles if machine.status == "up" or not current else ()
            return writing.collection(
                "graphics_consoles", [writing.console(machine, one, current=current) for one in shown]
            )
    raise Nowhere


def _post_machines(request: Request, path: list[str]) -> Element:
    state = request.state
    if not path:
        made = machines.make_machine(state, request.user, request.document, request.query)
        return writing.machine(state, made, frozenset())
    machine = _one(_machines(request), path[0])
    match path[1:]:
        case ["nics"]:
            return writing.card(machine, machines.add_card(state, machine, request.document), deep=False)
        case ["diskattachments"]:
            attached = machines.attach(state, machine, request.document, _disks(request))
            return writing.attachment(machine, attached, None)
        case [action] if action in machines.ACTIONS:
            machines.act(state, machine, action, request.document)
            return writing.action()
    raise Nowhere


def _delete_machines(request: Request, path: list[str]) -> Element:
    state = request.state
    machine = _one(_machines(request), path[0])
    match path[1:]:
        case []:
            machines.remove(state, machine, keep_disks=request.query.get("detach_only") == "true")
        case ["nics", card]:
            found = _one(machine.cards, card)
            if machine.status != "down" and found.plugged:
                raise conflict("Cannot remove Interface. The VM Network Interface is plugged to a running VM.")
            machine.cards.remove(found)
        case ["diskattachments", disk]:
            attached = _attachment(machine, disk)
            machine.attachments.remove(attached)
            if request.query.get("detach_only", "true") != "true":
                state.disks.remove(state.disk(disk))
        case _:
            raise Nowhere
    return writing.action()


def _disks(request: Request) -> list[Disk]:
    return [one for one in request.state.disks if request.sees(one.owner)]


def _get_disks(request: Request, path: list[str]) -> Element:
    state, visible = request.state, _disks(request)
    if path:
        disk = _one(visible, path[0])
        everything = request.query.get("all_content") == "true"
        return writing.disk(disk, state.users_of(disk) if everything else ())
    if "search" in request.query:
        # The engine searches all disks, so that a second page is empty, and then cuts the first one to its size.
        whole = search(visible, request.query["search"], {"name": lambda one: one.name}, None)
        visible = whole[: int(request.query.get("max", len(whole)))]
    return writing.collection("disks", [writing.disk(one, ()) for one in visible])


def _post_disks(request: Request, path: list[str]) -> Element:
    if path:
        raise Nowhere
    return writing.disk(machines.make_disk(request.state, request.user, request.document), ())


def _delete_disks(request: Request, path: list[str]) -> Element:
    state = request.state
    disk = _one(_disks(request), path[0])
    if disk.status == "locked":
        raise conflict("Cannot remove Virtual Disk. The following disks are locked. Please try again later.")
    users = state.users_of(disk)
    if any(one.status != "down" for one in users):
        raise conflict("Cannot remove Virtual Disk. At least one of the VMs is not down.")
    for machine in users:  # it does not mind that machines have it, as long as they are down
        machine.attachments.remove(_attachment(machine, disk.id))
    state.disks.remove(disk)
    return writing.action()


def _one(things: list[Thing], wanted: str) -> Thing:
    for thing in things:
        if thing.id == wanted:
            return thing
    raise Absent


def _attachment(machine: Machine, disk: str) -> Attachment:
    for attachment in machine.attachments:
        if attachment.disk == disk:
            return attachment
    raise Absent


def _center_name(state: State, cluster: str | None) -> str:
    center = state.center_of(cluster)
    return next((one.name for one in state.centers if one.id == center), "")


_HANDLERS: dict[tuple[str, str], Handler] = {
    ("GET", ""): _root,
    ("GET", "datacenters"): _get_centers,
    ("GET", "clusters"): _get_clusters,
    ("GET", "hosts"): _get_hosts,
    ("GET", "networks"): _get_networks,
    ("GET", "vnicprofiles"): _get_profiles,
    ("GET", "templates"): _get_templates,
    ("POST", "templates"): _post_templates,
    ("DELETE", "templates"): _delete_templates,
    ("GET", "vms"): _get_machines,
    ("POST", "vms"): _post_machines,
    ("DELETE", "vms"): _delete_machines,
    ("GET", "disks"): _get_disks,
    ("POST", "disks"): _post_disks,
    ("DELETE", "disks"): _delete_disks,
}

__all__ = ["Request", "answer"]
