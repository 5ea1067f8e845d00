"""Broken drivers: one that keeps the contract, and others that differ from it in one place each.

Each says which check of the contract kit must find it, and which others fail as a consequence.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, NamedTuple, TypeVar
from urllib.parse import unquote

from msgspec.structs import replace

from deltacloud import context as contexts
from deltacloud.blobs import BlobContent, BlobUpload
from deltacloud.context import Context
from deltacloud.errors import (
    AuthenticationFailed,
    ClientDisconnected,
    CredentialsRequired,
    InvalidRequest,
    NotFound,
    ProviderError,
    ProviderTimeout,
)
from deltacloud.hardware import HardwareProperty
from deltacloud.inputs import (
    ByteRange,
    Filters,
    HardwareOverrides,
    NewFirewallRule,
    NewImage,
    NewInstance,
    NewKey,
    NewStorageSnapshot,
    NewStorageVolume,
    PageRequest,
)
from deltacloud.models import (
    Address,
    Blob,
    BlobEntry,
    Firewall,
    HardwareProfile,
    Image,
    Instance,
    Key,
    LoadBalancer,
    Network,
    NetworkInterface,
    Page,
    Pairs,
    Realm,
    StorageSnapshot,
    StorageVolume,
    Subnet,
)
from deltacloud.states import StateMachine
from deltacloud_mock import MockDriver, MockSettings
from deltacloud_mock.records import KEYS


class SoundSettings(MockSettings, frozen=True, kw_only=True):
    """The pretend cloud's, and one more."""

    lose: bool = False
    """Whether instances are made and their makers hear nothing of it."""


class Sound(MockDriver):
    """Keeps the contract: the pretend cloud, which also remembers what it was told."""

    name = "sound"
    settings = SoundSettings
    launched: ClassVar[dict[str, dict[str, object]]] = {}
    _settings: SoundSettings

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        made = super().create_instance(context, new)
        for instance in made if isinstance(made, tuple) else (made,):
            self.launched[instance.id] = {"user_data": new.user_data, "monitoring": new.monitoring}
        if self._settings.lose:
            raise ProviderError
        return made


class Mutation(NamedTuple):
    """A broken driver, the check that must find it, and those that fail as well."""

    kind: type[Sound]
    fails: str
    also: tuple[str, ...]


MUTATIONS: list[Mutation] = []
Kind = TypeVar("Kind", bound=type[Sound])


def mutation(fails: str, *also: str) -> Callable[[Kind], Kind]:
    """Registers a broken driver; a name may end in ``*``."""

    def register(kind: Kind) -> Kind:
        kind.name = "mutant" + re.sub(r"([A-Z])", r"-\1", kind.__name__).lower()
        MUTATIONS.append(Mutation(kind, fails, also))
        return kind

    return register


# Lists


@mutation("storage_volumes.pages")
class CutAtOnePage(Sound):
    """The cloud's next page is not asked for."""

    def list_storage_volumes(self, context: Context, page: PageRequest) -> Page[StorageVolume]:
        return Page(super().list_storage_volumes(context, page).items)


@mutation("keys.pages", "callers.lazy-lists")
class MarkerIgnored(Sound):
    """Every page is the first."""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        first = super().list_keys(context, PageRequest(limit=page.limit))
        return first if page.marker is None else Page(first.items)


@mutation("networks.pages")
class OverlappingPages(Sound):
    """Each page but the first begins with the last entry of the one before."""

    def list_networks(self, context: Context, page: PageRequest) -> Page[Network]:
        found = super().list_networks(context, page)
        if page.marker is None:
            return found
        before = list(super().list_networks(context, PageRequest(limit=1)).items)
        return Page([*before, *found.items][: page.limit], found.next_marker)


@mutation("subnets.pages")
class LimitIgnored(Sound):
    """A page is as large as the cloud's, whatever was asked for."""

    def list_subnets(self, context: Context, page: PageRequest) -> Page[Subnet]:
        return super().list_subnets(context, PageRequest(marker=page.marker))


@mutation("blobs.pages")
class BlobsCut(Sound):
    """The list of a bucket ends with the cloud's first page."""

    def list_blobs(
        self, context: Context, bucket_id: str, prefix: str | None, delimiter: str | None, page: PageRequest
    ) -> Page[BlobEntry]:
        found = super().list_blobs(context, bucket_id, prefix, delimiter, page)
        return found if page.limit else Page(found.items)


@mutation("images.feature.owner_id")
class OwnerIgnored(Sound):
    """It took charge of the filter, and does not apply it."""

    def list_images(self, context: Context, filters: Filters, page: PageRequest) -> Page[Image]:
        return super().list_images(context, replace(filters, owner_id=()), page)


@mutation("instances.feature.realm_filter", "instances.filters")
class RealmFilterIgnored(Sound):
    """It names the filters, and so took charge of the realm's."""

    def list_instances(self, context: Context, filters: Filters, page: PageRequest) -> Page[Instance]:
        return super().list_instances(context, page)


@mutation("addresses.filters")
class FilteredTooMuch(Sound):
    """An id that is asked for is compared with something else."""

    def list_addresses(self, context: Context, filters: Filters, page: PageRequest) -> Page[Address]:
        found = super().list_addresses(context, page)
        return Page([one for one in found.items if not filters.id or one.id[:3] in filters.id], found.next_marker)


# Things that are not there


@mutation("keys.unknown", "keys.destroy", "keys.tenants")
class NoneForNotFound(Sound):
    """None for what is not there."""

    def get_key(self, context: Context, key_id: str) -> Key:
        try:
            return super().get_key(context, key_id)
        except NotFound:
            return None  # type: ignore[return-value]


@mutation("networks.unknown", "networks.destroy", "networks.tenants")
class WrongErrorClass(Sound):
    """Another error than NotFound."""

    def get_network(self, context: Context, network_id: str) -> Network:
        try:
            return super().get_network(context, network_id)
        except NotFound:
            raise InvalidRequest("no such network") from None


@mutation("firewalls.unknown", "firewalls.destroy", "firewalls.tenants")
class Unexplained(Sound):
    """An exception of its own, which translate_error does not explain."""

    def get_firewall(self, context: Context, firewall_id: str) -> Firewall:
        try:
            return super().get_firewall(context, firewall_id)
        except NotFound:
            raise KeyError(firewall_id) from None


@mutation("blobs.destroy")
class DeleteTwiceFails(Sound):
    """Deleting a blob that is not there is an error."""

    def destroy_blob(self, context: Context, bucket_id: str, blob_id: str) -> None:
        self.get_blob(context, bucket_id, blob_id)
        super().destroy_blob(context, bucket_id, blob_id)


@mutation("storage_snapshots.unknown-storage-volume")
class ReferencesUnchecked(Sound):
    """A snapshot of a volume that is not there is an internal error."""

    def create_storage_snapshot(self, context: Context, new: NewStorageSnapshot) -> StorageSnapshot:
        try:
            return super().create_storage_snapshot(context, new)
        except NotFound:
            raise ZeroDivisionError from None


@mutation("networks.destroy", "networks.show", "networks.documents", "networks.pages")
class StaysListed(Sound):
    """What is destroyed is still in the list."""

    def __init__(self, settings: SoundSettings) -> None:
        super().__init__(settings)
        self._gone: list[Network] = []

    def destroy_network(self, context: Context, network_id: str) -> None:
        self._gone = [self.get_network(context, network_id)]
        super().destroy_network(context, network_id)

    def list_networks(self, context: Context, page: PageRequest) -> Page[Network]:
        found = super().list_networks(context, page)
        there = {one.id for one in found.items}
        ghosts = [one for one in self._gone if one.id not in there] if found.next_marker is None else []
        return Page([*found.items, *ghosts], found.next_marker)


# The life of instances


@mutation("instances.lifecycle", "instances.action.stop", "instances.documents")
class WrongState(Sound):
    """A state that no table knows."""

    def get_instance(self, context: Context, instance_id: str) -> Instance:
        instance = super().get_instance(context, instance_id)
        return replace(instance, state="SHUTOFF") if instance.state == "STOPPED" else instance


@mutation("instances.action.stop", "instances.lifecycle")
class UndeclaredTransition(Sound):
    """The table says that stop leads to an error."""

    states = StateMachine(
        ("start", "create", "pending"),
        ("pending", None, "running"),
        ("running", "reboot", "running"),
        ("running", "stop", "error"),
        ("error", "destroy", "finish"),
        ("stopped", "start", "running"),
        ("stopped", "destroy", "finish"),
    )


@mutation(
    "instances.action.stop",
    "instances.action.start",
    "instances.action.destroy",
    "instances.destroy",
    "instances.lifecycle",
)
class DoesNothing(Sound):
    """Stop is called, and nothing happens."""

    def stop_instance(self, context: Context, instance: Instance) -> Instance:
        return instance


@mutation("instances.action.start")
class SaysOtherwise(Sound):
    """What start returns is not what becomes of it."""

    def start_instance(self, context: Context, instance: Instance) -> Instance:
        return replace(super().start_instance(context, instance), state="ERROR")


@mutation("instances.action.destroy")
class DestroyReturns(Sound):
    """Destroy returns the instance."""

    def destroy_instance(self, context: Context, instance: Instance) -> None:
        super().destroy_instance(context, instance)
        return instance  # type: ignore[return-value]


# Parameters that are lost


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


# Things that belong together


@mutation("storage_volumes.attach")
class AttachmentNotShown(Sound):
    """An attached volume does not say to what."""

    def get_storage_volume(self, context: Context, volume_id: str) -> StorageVolume:
        return replace(super().get_storage_volume(context, volume_id), instance_id=None, device=None)


@mutation("addresses.associate")
class AddressNotShown(Sound):
    """An address does not say whose it is."""

    def get_address(self, context: Context, address_id: str) -> Address:
        return replace(super().get_address(context, address_id), instance_id=None)


@mutation("load_balancers.register")
class StaysRegistered(Sound):
    """Unregistering does nothing."""

    def unregister_from_load_balancer(self, context: Context, load_balancer_id: str, instance_id: str) -> LoadBalancer:
        return self.get_load_balancer(context, load_balancer_id)


@mutation("network_interfaces.plugged")
class InterfaceOfNobody(Sound):
    """An interface does not say whose it is."""

    def get_network_interface(self, context: Context, network_interface_id: str) -> NetworkInterface:
        return replace(super().get_network_interface(context, network_interface_id), instance_id=None)


@mutation("storage_snapshots.origin")
class SnapshotOfNothing(Sound):
    """A snapshot's origin is its own id."""

    def get_storage_snapshot(self, context: Context, snapshot_id: str) -> StorageSnapshot:
        return replace(super().get_storage_snapshot(context, snapshot_id), storage_volume_id=snapshot_id)


# Models


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


@mutation("realms.models", "realms.*", "instances.filters")
class NumbersForIds(Sound):
    """Ids that are numbers."""

    def list_realms(self, context: Context, filters: Filters) -> tuple[Realm, ...]:
        found = super().list_realms(context, filters)
        return tuple(replace(one, id=float(number)) for number, one in enumerate(found))  # type: ignore[arg-type]


@mutation("instances.models", "secrets.repr")
class Unhashable(Sound):
    """A list for a tuple."""

    def list_instances(self, context: Context, page: PageRequest) -> Page[Instance]:
        found = super().list_instances(context, page)
        listed = [replace(one, public_addresses=list(one.public_addresses)) for one in found.items]  # type: ignore[arg-type]
        return Page(listed, found.next_marker)


# Who is let in


@mutation("storage_volumes.wrong-credentials")
class AnybodyIsLetIn(Sound):
    """The user's name is enough."""

    def list_storage_volumes(self, context: Context, page: PageRequest) -> Page[StorageVolume]:
        try:
            return super().list_storage_volumes(context, page)
        except AuthenticationFailed as error:
            if isinstance(error, CredentialsRequired):
                raise
            return Page([])


@mutation("callers.together", "callers.lazy-lists", "callers.streams", "callers.parts", "*.tenants")
class SharedCredentials(Sound):
    """The first caller's name is kept on the driver."""

    def __init__(self, settings: SoundSettings) -> None:
        super().__init__(settings)
        self._who: contexts.Credentials | None = None

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        super().list_keys(context, page)
        self._who = self._who or context.credentials
        mine = Context(self._way(context), credentials=self._who, provider=context.provider, deadline=context.deadline)
        return super().list_keys(mine, page)

    def _way(self, context: Context) -> Any:
        return context._way_out  # noqa: SLF001 - it is broken on purpose


_CALLER: dict[str, str] = {}


@mutation("callers.together")
class ModuleGlobal(Sound):
    """Who is calling stands in the module."""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        super().list_keys(context, page)
        _CALLER["now"] = context.credentials.username
        time.sleep(0)
        with self._store.reading() as session:
            return Page(*session.page(KEYS, _CALLER["now"], page.marker or "", self._size_of(page)))


@mutation("callers.lazy-lists")
class LazyGlobal(Sound):
    """Who is calling stands in the module while a list is read step by step."""

    def list_keys(self, context: Context) -> Iterator[Key]:
        page = super().list_keys(context, PageRequest())
        user = context.credentials.username
        _CALLER["lazy"] = user
        for number, key in enumerate(self._whole(context, page)):
            if number and _CALLER["lazy"] != user:
                yield replace(key, id=f"{_CALLER['lazy']}'s")
            else:
                yield key

    def _whole(self, context: Context, page: Page[Key]) -> Iterator[Key]:
        while True:
            yield from page.items
            if page.next_marker is None:
                return
            page = super().list_keys(context, PageRequest(marker=page.next_marker))


@mutation("segments.joined", "callers.parts", "segments.abort")
class LostInAThread(Sound):
    """Parts are written by threads that do not know for whom."""

    def write_segment(
        self, context: Context, bucket_id: str, blob_id: str, upload_id: str, number: int, upload: BlobUpload
    ) -> str:
        write = super().write_segment
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(
                lambda: write(contexts.current(), bucket_id, blob_id, upload_id, number, upload)
            ).result()


# What must not be shown


@mutation("secrets.repr")
class SecretInRepr(Sound):
    """The driver keeps who called last, and shows it."""

    def __init__(self, settings: SoundSettings) -> None:
        super().__init__(settings)
        self._last = ""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        self._last = context.credentials.password.reveal()
        return super().list_keys(context, page)


@mutation("secrets.repr")
class SecretInModel(Sound):
    """A password is plain text in a model."""

    def list_instances(self, context: Context, page: PageRequest) -> Page[Instance]:
        found = super().list_instances(context, page)
        shown = context.credentials.password.reveal()
        return Page([replace(one, authentication_error=shown) for one in found.items], found.next_marker)


@mutation("secrets.logs")
class SecretInLog(Sound):
    """A line for debugging has everything."""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        logging.getLogger("mutants.wire").debug("login with %s", context.credentials.password.reveal())
        return super().list_keys(context, page)


@mutation("secrets.errors")
class SecretInError(Sound):
    """An error quotes what was sent."""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        try:
            return super().list_keys(context, page)
        except AuthenticationFailed:
            raise AuthenticationFailed(f"{context.credentials.password.reveal()} is wrong") from None


# Clouds that fail


@mutation("backend.dead", "backend.garbage")
class SwallowedError(Sound):
    """A cloud that fails is an empty list."""

    def list_instances(self, context: Context, page: PageRequest) -> Page[Instance]:
        try:
            return super().list_instances(context, page)
        except ProviderError:
            return Page([])


@mutation("backend.dead", "backend.garbage")
class FailureUnexplained(Sound):
    """What the network raises is not explained."""

    def list_keys(self, context: Context, page: PageRequest) -> Page[Key]:
        try:
            return super().list_keys(context, page)
        except ProviderError:
            raise RuntimeError("connection refused") from None


@mutation("backend.slow")
class HangsOnSlow(Sound):
    """It waits as long as its cloud does, not as long as its caller."""

    def list_addresses(self, context: Context, page: PageRequest) -> Page[Address]:
        time.sleep(min(self._settings.delay_seconds, 6))
        return super().list_addresses(context, page)


@mutation("backend.slow")
class TimeoutIsAnError(Sound):
    """A deadline that has passed is called something else."""

    def list_addresses(self, context: Context, page: PageRequest) -> Page[Address]:
        try:
            return super().list_addresses(context, page)
        except ProviderTimeout:
            raise ProviderError("it took too long") from None


@mutation("create.once")
class CreatesAgain(Sound):
    """What failed is tried again, though it may have been done."""

    def create_instance(self, context: Context, new: NewInstance) -> Instance | tuple[Instance, ...]:
        try:
            return super().create_instance(context, new)
        except ProviderError:
            return super().create_instance(context, new)


# Blobs


@mutation("blobs.broken-upload")
class PartialBlob(Sound):
    """What has arrived of an upload that broke off becomes the blob."""

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        return super().write_blob(context, bucket_id, blob_id, _Received(upload))


class _Received:
    """An upload that ends where it breaks off."""

    def __init__(self, upload: BlobUpload) -> None:
        self._upload = upload
        self.content_type, self.metadata, self.length = upload.content_type, upload.metadata, upload.length

    def read(self, size: int = -1) -> bytes:
        return self._upload.read(size)

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._upload
        except ClientDisconnected:
            return


@mutation("blobs.streamed")
class HeldWhole(Sound):
    """An upload is read whole before any of it is sent."""

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        return super().write_blob(context, bucket_id, blob_id, _Held(upload, b"".join(upload)))


class _Held(_Received):
    """A content in memory."""

    def __init__(self, upload: BlobUpload, content: bytes) -> None:
        super().__init__(upload)
        self.content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self.content


@mutation("blobs.streamed")
class ReadWhole(Sound):
    """A download is read whole before any of it is handed out."""

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        content = super().read_blob(context, bucket_id, blob_id, byte_range)
        content.chunks = iter([b"".join(content.chunks)])
        return content


@mutation("blobs.ranges")
class RangeOffByOne(Sound):
    """The last byte of a range is left out."""

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        if byte_range is not None and byte_range.last is not None and byte_range.last > byte_range.first:
            byte_range = replace(byte_range, last=byte_range.last - 1)
        return super().read_blob(context, bucket_id, blob_id, byte_range)


@mutation("blobs.metadata")
class MetadataLost(Sound):
    """Values lose their letter case."""

    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        blob = super().get_blob(context, bucket_id, blob_id)
        return replace(blob, user_metadata=tuple((name, value.lower()) for name, value in blob.user_metadata))


@mutation(
    "blobs.metadata",
    "blobs.broken-upload",
    "blobs.documents",
    "blobs.overwrite",
    "blobs.replace-metadata",
    "segments.joined",
)
class MetadataNamesTitled(Sound):
    """Names come back as headers are written."""

    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        blob = super().get_blob(context, bucket_id, blob_id)
        return replace(blob, user_metadata=tuple((name.title(), value) for name, value in blob.user_metadata))


@mutation("blobs.replace-metadata")
class ContentTypeLost(Sound):
    """New metadata resets the content type."""

    def replace_blob_metadata(self, context: Context, bucket_id: str, blob_id: str, metadata: Pairs) -> None:
        old = super().read_blob(context, bucket_id, blob_id, None)
        upload = _Held(_Plain(metadata), b"".join(old.chunks))
        old.close()
        super().write_blob(context, bucket_id, blob_id, upload)


class _Plain:
    """What an upload is like that says nothing of itself."""

    def __init__(self, metadata: Pairs) -> None:
        self.content_type, self.metadata, self.length = "application/octet-stream", metadata, None

    def read(self, _size: int = -1) -> bytes:
        return b""

    def __iter__(self) -> Iterator[bytes]:
        return iter(())


@mutation("blobs.replace-metadata")
class MetadataMerged(Sound):
    """New metadata is added to the old."""

    def replace_blob_metadata(self, context: Context, bucket_id: str, blob_id: str, metadata: Pairs) -> None:
        old = self.get_blob(context, bucket_id, blob_id).user_metadata
        super().replace_blob_metadata(context, bucket_id, blob_id, (*old, *metadata))


@mutation("blobs.overwrite")
class MetadataKept(Sound):
    """A blob that is written again keeps its old metadata."""

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        try:
            old = self.get_blob(context, bucket_id, blob_id).user_metadata
        except NotFound:
            old = ()
        merged = _Whole(upload)
        merged.metadata = (*old, *upload.metadata)
        return super().write_blob(context, bucket_id, blob_id, merged)


class _Whole(_Received):
    """An upload as it came."""

    def __iter__(self) -> Iterator[bytes]:
        yield from self._upload


@mutation("blobs.names", "blobs.documents")
class DecodedTwice(Sound):
    """A name is decoded once more than it was encoded."""

    def get_blob(self, context: Context, bucket_id: str, blob_id: str) -> Blob:
        return super().get_blob(context, bucket_id, unquote(blob_id))

    def write_blob(self, context: Context, bucket_id: str, blob_id: str, upload: BlobUpload) -> Blob:
        return super().write_blob(context, bucket_id, unquote(blob_id), upload)

    def read_blob(self, context: Context, bucket_id: str, blob_id: str, byte_range: ByteRange | None) -> BlobContent:
        return super().read_blob(context, bucket_id, unquote(blob_id), byte_range)


@mutation("blobs.prefixes")
class FoldedWrong(Sound):
    """Names are folded at the first delimiter, were it inside the prefix."""

    def list_blobs(
        self, context: Context, bucket_id: str, prefix: str | None, delimiter: str | None, page: PageRequest
    ) -> Page[BlobEntry]:
        found = super().list_blobs(context, bucket_id, prefix, None, page)
        if not delimiter:
            return found
        names = dict.fromkeys(one.id.partition(delimiter)[0] + delimiter for one in found.items)
        return Page([BlobEntry(id=name, is_prefix=True) for name in names], found.next_marker)


@mutation("segments.joined")
class JoinedAsTheyCame(Sound):
    """Parts are joined in the order in which they came."""

    def __init__(self, settings: SoundSettings) -> None:
        super().__init__(settings)
        self._order: dict[str, list[int]] = {}

    def write_segment(
        self, context: Context, bucket_id: str, blob_id: str, upload_id: str, number: int, upload: BlobUpload
    ) -> str:
        order = self._order.setdefault(upload_id, [])
        order.append(number)
        place = len(order)
        return f"{place}:" + super().write_segment(context, bucket_id, blob_id, upload_id, place, upload)

    def finish_segmented_upload(
        self,
        context: Context,
        bucket_id: str,
        blob_id: str,
        upload_id: str,
        segments: tuple[tuple[int, str], ...],
    ) -> Blob:
        came = tuple((int(one.partition(":")[0]), one.partition(":")[2]) for _, one in segments)
        return super().finish_segmented_upload(context, bucket_id, blob_id, upload_id, came)


@mutation("segments.abort")
class NotAborted(Sound):
    """An upload that is thrown away can still be finished."""

    def abort_segmented_upload(self, context: Context, bucket_id: str, blob_id: str, upload_id: str) -> None:
        self._gate.admit(context, "abort_segmented_upload")
