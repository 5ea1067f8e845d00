"""Broken in how it lists and finds."""

from __future__ import annotations

from msgspec.structs import replace

from deltacloud.context import Context
from deltacloud.errors import (
    InvalidRequest,
    NotFound,
)
from deltacloud.inputs import (
    Filters,
    NewStorageSnapshot,
    PageRequest,
)
from deltacloud.models import (
    Address,
    BlobEntry,
    Firewall,
    Image,
    Instance,
    Key,
    Network,
    Page,
    StorageSnapshot,
    StorageVolume,
    Subnet,
)
from mutants.sound import Sound, SoundSettings, mutation


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

    def list_instances(  # type: ignore[override]  # hooks name what they use
        self,
        context: Context,
        filters: Filters,  # noqa: ARG002 - that is what is broken
        page: PageRequest,
    ) -> Page[Instance]:
        return super().list_instances(context, page)


@mutation("addresses.filters")
class FilteredTooMuch(Sound):
    """An id that is asked for is compared with something else."""

    def list_addresses(  # type: ignore[override]  # hooks name what they use
        self, context: Context, filters: Filters, page: PageRequest
    ) -> Page[Address]:
        found = super().list_addresses(context, page)
        return Page([one for one in found.items if not filters.id or one.id[:3] in filters.id], found.next_marker)


@mutation("keys.unknown")
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
