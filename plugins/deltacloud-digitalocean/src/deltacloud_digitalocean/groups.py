"""Groups of instances: what a firewall's rule lets in by, and what a firewall itself holds for.

DigitalOcean's rules name droplets, load balancers, clusters and tags, never another firewall. So each firewall that is
made here has a tag of its own, and holds for whoever bears it: an instance that is launched into the firewall gets the
tag, and a rule that lets in the members of the firewall names it.
"""

from __future__ import annotations

from deltacloud_digitalocean.records import Firewall, Peers

_OWN = "firewall:"
_KINDS = {
    "tag": "tags",
    "droplet": "droplet_ids",
    "load_balancer": "load_balancer_uids",
    "kubernetes": "kubernetes_ids",
}
"""What a group's name may begin with, and the field of a rule that holds such groups."""


def own_tag(name: str) -> str:
    """The tag of a firewall of this name. Names may have dots and tags may not; tags may have underscores."""
    return _OWN + name.replace(".", "_")


def is_own(tag: str) -> bool:
    """Whether a tag is a firewall's own."""
    return tag.startswith(_OWN)


def own_tag_of(firewall: Firewall) -> str | None:
    """The own tag of a firewall that was made here; None for others."""
    return next((tag for tag in firewall.tags or () if is_own(tag)), None)


def groups_in(peers: Peers) -> list[str]:
    """The names of all groups of a rule: ``web`` is a firewall, ``tag:web`` a tag, ``droplet:1`` a single one."""
    found = []
    for kind, field in _KINDS.items():
        for member in getattr(peers, field) or ():
            own = kind == "tag" and is_own(member)
            found.append(member.removeprefix(_OWN).replace("_", ".") if own else f"{kind}:{member}")
    return found


def kind_of(group: str) -> tuple[str, str] | None:
    """The field of a rule that a group's name belongs into, and the member; None for a firewall's name."""
    kind, colon, member = group.partition(":")
    return (_KINDS[kind], member) if colon and kind in _KINDS else None
