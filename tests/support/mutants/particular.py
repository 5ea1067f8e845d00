"""A cloud with ways of its own: it generates no keys, tells nobody which key it was given, and opens firewalls."""

from __future__ import annotations

from ipaddress import ip_interface
from typing import ClassVar

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.errors import ActionNotAllowed, Conflict, InvalidRequest
from deltacloud.inputs import AddressSource, NewFirewall, NewFirewallRule, NewImage, NewInstance, NewKey, PageRequest
from deltacloud.models import Firewall, Image, Instance, Key, Page
from deltacloud.secret import Secret
from mutants.sound import Sound

EVERYWHERE = NewFirewallRule(
    protocol="tcp", port_from=1, port_to=65535, direction="egress", sources=(AddressSource(ip_interface("0.0.0.0/0")),)
)


class Particular(Sound):
    """Keeps the contract all the same."""

    name = "particular"
    taken: ClassVar[set[tuple[str, str]]] = set()

    def create_key(self, context: Context, new: NewKey) -> Key:
        if not new.public_key:
            raise InvalidRequest("This cloud generates no keys", "public_key")
        key = (context.credentials.username, new.public_key)
        if key in self.taken:
            raise Conflict
        self.taken.add(key)
        return replace(super().create_key(context, new), pem=Secret(new.public_key))

    def list_instances(self, context: Context, page: PageRequest) -> Page[Instance]:
        found = super().list_instances(context, page)
        return Page((replace(one, key_name=None) for one in found.items), found.next_marker)

    def get_instance(self, context: Context, instance_id: str) -> Instance:
        return replace(super().get_instance(context, instance_id), key_name=None)

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        made = super().create_instance(context, new)
        for instance in made if isinstance(made, tuple) else (made,):
            self.launched[instance.id]["key_name"] = new.key_name
        return made

    def create_firewall(self, context: Context, new: NewFirewall) -> Firewall:
        return self.create_firewall_rule(context, super().create_firewall(context, new).id, EVERYWHERE)


class StoppedImages(Particular):
    """Makes images of stopped instances alone, as these show: keeps the contract, too."""

    name = "stopped-images"

    def list_instances(self, context: Context, page: PageRequest) -> Page[Instance]:
        found = super().list_instances(context, page)
        return Page((replace(one, create_image=one.state == "STOPPED") for one in found.items), found.next_marker)

    def get_instance(self, context: Context, instance_id: str) -> Instance:
        found = super().get_instance(context, instance_id)
        return replace(found, create_image=found.state == "STOPPED")

    def create_image(self, context: Context, new: NewImage) -> Image:
        if not self.get_instance(context, new.instance_id).create_image:
            raise ActionNotAllowed
        return super().create_image(context, new)


class NoImages(StoppedImages):
    """No instance ever shows that an image can be made of it."""

    name = "no-images"

    def get_instance(self, context: Context, instance_id: str) -> Instance:
        return replace(super().get_instance(context, instance_id), create_image=False)


class KeyTwice(Particular):
    """A key that is there is taken again, under another name."""

    name = "key-twice"

    def create_key(self, context: Context, new: NewKey) -> Key:
        try:
            return super().create_key(context, new)
        except Conflict:
            return Key(id=f"{new.name}-again", name=new.name)


class PrivatePart(Particular):
    """A private part is shown of a key that was imported."""

    name = "private-part"

    def create_key(self, context: Context, new: NewKey) -> Key:
        pem = Secret("-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----")
        return replace(super().create_key(context, new), pem=pem)


class KeyLost(Particular):
    """The key of an instance is not passed on."""

    name = "key-lost"

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        return super().create_instance(context, replace(new, key_name=None))


class TagsInWords(Particular):
    """Tags lose what follows a hyphen."""

    name = "tags-in-words"

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        tags = tuple((key, value.partition("-")[0]) for key, value in new.tags)
        return super().create_instance(context, replace(new, tags=tags))


class RuleKept(Particular):
    """A rule that is destroyed stays."""

    name = "rule-kept"

    def destroy_firewall_rule(self, context: Context, firewall_id: str, rule_id: str) -> None:
        if rule_id not in {rule.id for rule in self.get_firewall(context, firewall_id).rules}:
            super().destroy_firewall_rule(context, firewall_id, rule_id)
