"""Broken in what is made: parameters that are lost, and models that say otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.errors import (
    Forbidden,
)
from deltacloud.hardware import HardwareProperty
from deltacloud.inputs import (
    Filters,
    HardwareOverrides,
    NewFirewallRule,
    NewImage,
    NewInstance,
    NewKey,
    NewStorageVolume,
    PageRequest,
)
from deltacloud.models import (
    Firewall,
    HardwareProfile,
    Image,
    Instance,
    Key,
    Page,
    Realm,
    StorageVolume,
)
from mutants.sound import Sound, mutation


@mutation("instances.feature.user_name")
class NameDropped(Sound):
    """The name is not passed on."""

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        return super().create_instance(context, replace(new, name=None))


@mutation("instances.feature.user_data")
class UserDataDropped(Sound):
    """User data is not passed on."""

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        return super().create_instance(context, replace(new, user_data=None))


@mutation("instances.feature.user_data")
class UserDataAsText(Sound):
    """User data is taken for text."""

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        text = None if new.user_data is None else new.user_data.decode(errors="replace").encode()
        return super().create_instance(context, replace(new, user_data=text))


@mutation("storage_volumes.feature.tags")
class TagsDropped(Sound):
    """Tags are not passed on."""

    def create_storage_volume(self, context: Context, new: NewStorageVolume) -> StorageVolume:
        return super().create_storage_volume(context, replace(new, tags=()))


@mutation("instances.feature.instance_count")
class CountIgnored(Sound):
    """One instance, however many are wanted."""

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        return super().create_instance(context, replace(new, count=1))


@mutation("instances.overrides")
class OverridesDropped(Sound):
    """The size is launched as it usually is."""

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        return super().create_instance(context, replace(new, hardware=HardwareOverrides()))


@mutation("images.feature.image_description")
class DescriptionDropped(Sound):
    """The description is not passed on."""

    def create_image(self, context: Context, new: NewImage) -> Image:
        return super().create_image(context, replace(new, description=None))


@mutation("keys.feature.import_key")
class KeyNotImported(Sound):
    """A key is generated, whatever key is given."""

    def create_key(self, context: Context, new: NewKey) -> Key:
        return super().create_key(context, replace(new, public_key=None))


@mutation("firewalls.rules")
class SourcesLost(Sound):
    """Only the first source of a rule is kept."""

    def create_firewall_rule(self, context: Context, firewall_id: str, new: NewFirewallRule) -> Firewall:
        return super().create_firewall_rule(context, firewall_id, replace(new, sources=new.sources[:1]))


@mutation("storage_volumes.capacity")
class BytesForGigabytes(Sound):
    """Capacity in MB."""

    def create_storage_volume(self, context: Context, new: NewStorageVolume) -> StorageVolume:
        capacity = None if new.capacity is None else new.capacity * 1024
        return super().create_storage_volume(context, replace(new, capacity=capacity))


@mutation("storage_volumes.models")
class NaiveTimes(Sound):
    """Times without a zone."""

    def get_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        volume = super().get_storage_volume(context, volume_id)
        return replace(volume, created=volume.created and volume.created.replace(tzinfo=None))


@mutation("hardware_profiles.known", "hardware_profiles.models")
class KilobytesForMegabytes(Sound):
    """Memory in KB."""

    def list_hardware_profiles(self, context: Context) -> Iterator[HardwareProfile]:
        self._gate.admit(context, "list_hardware_profiles")
        for profile in self.hardware_profiles:
            yield replace(profile, properties=tuple(map(self._smaller, profile.properties)))

    def _smaller(self, one: HardwareProperty) -> HardwareProperty:
        if one.name != "memory" or isinstance(one.value, str):
            return one
        first, last = (None if bound is None else bound * 1024 for bound in (one.first, one.last))
        return replace(one, value=one.value * 1024, first=first, last=last)


@mutation("realms.models", "realms.show", "realms.documents")
class NumbersForIds(Sound):
    """Ids that are numbers."""

    def list_realms(self, context: Context, filters: Filters) -> tuple[Realm, ...]:
        found = super().list_realms(context, filters)
        return tuple(replace(one, id=float(number)) for number, one in enumerate(found))


@mutation("instances.models")
class Unhashable(Sound):
    """A list for a tuple."""

    def list_instances(self, context: Context, page: PageRequest) -> Page[Instance]:
        found = super().list_instances(context, page)
        listed = [replace(one, public_addresses=list(one.public_addresses)) for one in found.items]
        return Page(listed, found.next_marker)


@mutation("instances.create", "instances.pages")
class MakesTwo(Sound):
    """Another instance is made that nobody asked for."""

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        super().create_instance(context, replace(new, count=1))
        return super().create_instance(context, new)


@mutation("keys.models", "keys.documents", "secrets.repr")
class KeyAsText(Sound):
    """A private key is plain text."""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        found = super().list_keys(context, page)
        return Page([replace(one, pem=one.pem and one.pem.reveal()) for one in found.items], found.next_marker)


@mutation("keys.taken")
class TakenNames(Sound):
    """A key takes the place of one of the same name."""

    def create_key(self, context: Context, new: NewKey) -> Key:
        try:
            return super().create_key(context, new)
        except Forbidden:
            self.destroy_key(context, new.name)
            return super().create_key(context, new)
