"""Names that want to be more than names, and everything that can be called by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from hypothesis import strategies as st

from abusetable.row import FORM, JSON, post

NAMES: Mapping[str, str] = {
    "end-of-a-section": "]]>",
    "section": "<![CDATA[x]]>]]",
    "script": "<script>alert(1)</script>",
    "attribute": "\"><img src=x onerror='alert(1)'>",
    "entities": "&amp;&lt;&#0;&x;<!ENTITY x '&x;'>",
    "instruction": "<?xml version='1.0'?><!-- -- -->",
    "template": "{{ 7*7 }}{% raw %}${7*7}",
    "closing-tags": "</name></instance></title></textarea>",
    "emoji": "\U0001f98a\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "right-to-left": "\u202egpj.exe\u2066",
    "non-characters": "\ufffe\uffff\U0001fffe\ufdd0",
    "line-separators": "\x85\u2028\u2029",
    "composed": "\u00e9\ufb01\u212b",
    "decomposed": "e\u0301",
    "blanks": " x  y\u00a0",
    "tab": "a\tb",
    "line-breaks": "a\r\nb\rc\nd",
    "nul": "a\x00b",
    "control-characters": "\x01\x08\x0b\x1f\x7f\x9f",
    "link": "javascript:alert(1)",
    "foreign-link": "//evil.example/?a=b#c",
    "path": "../../../etc/passwd",
    "percent": "%2e%2e%2f%00",
    "matrix": "a;driver=nosuch",
    "json": '"}],"x":[{"',
    "backslashes": "\\u0000\\\\\\",
    "quotes": "'\"`",
    "ten-kilobytes": "x<" * 5000,
}
ALPHABET = "ab &<>'\"]\r\n\t\x00\x0b\x1f\x7f\x85\ufffe\uffff\u2028\u202e/;?#%{}\\\u00e9\U0001f98a"
ANY_NAME = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=20) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20
)
"""Any text but lone surrogates, which neither UTF-8 nor JSON in UTF-8 can say."""


@dataclass(frozen=True, slots=True)
class Nameable:
    """Something that can be given a name.

    Attributes:
        collection: Its collection.
        singular: One of it.
        told: What its creation is told besides the names.
        texts: The parameters that get the name.
        shows: Which of them XML shows, by element.
        takes_all: Whether it takes any name; else a name becomes an id, and the mock cloud refuses some.
    """

    collection: str
    singular: str
    told: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ("name",)
    shows: tuple[str, ...] = ("name",)
    takes_all: bool = False

    def as_json(self, name: str) -> bytes:
        """The request that creates it, in JSON."""
        return post(f"/api/{self.collection}", json.dumps({**self.told, **self._named(name)}), JSON)

    def as_form(self, name: str) -> bytes:
        """The request that creates it, as a form."""
        return post(f"/api/{self.collection}", urlencode({**self.told, **self._named(name)}), FORM)

    def _named(self, name: str) -> Mapping[str, str]:
        return dict.fromkeys(self.texts, name)


_BOTH = ("name", "description")
NAMEABLE = (
    Nameable("instances", "instance", {"image_id": "img1"}, ("name", "tag_stage"), takes_all=True),
    Nameable("images", "image", {"instance_id": "inst1"}, ("name", "description", "tag_stage"), _BOTH),
    Nameable("keys", "key"),
    Nameable("firewalls", "firewall", {}, _BOTH, _BOTH),
    Nameable("storage_volumes", "storage_volume", {}, ("name", "description", "tag_stage"), takes_all=True),
    Nameable("storage_snapshots", "storage_snapshot", {"volume_id": "vol1"}, _BOTH, (), takes_all=True),
    Nameable("networks", "network", {"address_block": "10.0.0.0/8"}),
    Nameable("subnets", "subnet", {"network_id": "net1", "address_block": "10.1.0.0/16"}),
    Nameable("network_interfaces", "network_interface", {"instance": "inst1", "network": "net1"}),
    Nameable(
        "load_balancers",
        "load_balancer",
        {
            "realm_id": "us",
            "listener_protocol": "TCP",
            "listener_balancer_port": "80",
            "listener_instance_port": "80",
        },
        shows=(),
    ),
    Nameable("buckets", "bucket"),
)

WAYS: tuple[Callable[[Nameable, str], bytes], ...] = (Nameable.as_json, Nameable.as_form)
