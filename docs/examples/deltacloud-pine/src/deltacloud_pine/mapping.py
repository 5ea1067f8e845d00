"""What the cloud says, in the words of Deltacloud: pure functions, record in, model out."""

from __future__ import annotations

from deltacloud.blobs import BlobContent
from deltacloud.hardware import fixed
from deltacloud.models import Blob, BlobEntry, Bucket, HardwareProfile, Image, Instance, InstanceAddress, Key, Realm
from deltacloud.secret import Secret

from deltacloud_pine import records

# 4. What the cloud's words mean.
_STATES = {"starting": "PENDING", "up": "RUNNING", "down": "STOPPED"}
"""The cloud's words for the state of a server, and those of Deltacloud."""


def realm_from(place: records.Place) -> Realm:
    """A place is where servers run."""
    return Realm(id=place.id, name=place.name, state="AVAILABLE")


def profile_from(size: records.Size) -> HardwareProfile:
    """The cloud counts memory in GiB, Deltacloud in MB of 2^20 bytes."""
    return HardwareProfile(
        id=size.id,
        properties=(fixed("cpu", size.cores), fixed("memory", size.memory * 1024), fixed("storage", size.disk)),
    )


def image_from(found: records.Image) -> Image:
    """What a server is made of."""
    return Image(id=found.id, name=found.name, architecture=found.cpu, state="AVAILABLE")


def instance_from(server: records.Server, owner: str) -> Instance:
    """A state without a word here is shown as ERROR, which offers no action."""
    return Instance(
        id=server.id,
        name=server.name,
        owner_id=owner,
        image_id=server.image,
        realm_id=server.place,
        hardware_profile_id=server.size,
        state=_STATES.get(server.status, "ERROR"),
        launch_time=server.created,
        public_addresses=tuple(InstanceAddress(address) for address in server.addresses),
        key_name=server.key,
    )


def key_from(pair: records.Key) -> Key:
    """The cloud shows the private part once, when it has made the key."""
    return Key(
        id=pair.name,
        name=pair.name,
        fingerprint=pair.fingerprint,
        pem=None if pair.private is None else Secret(pair.private),
    )


def bucket_from(box: records.Box) -> Bucket:
    """The cloud does not say how many files a box has."""
    return Bucket(id=box.name, name=box.name)


def entry_from(file: records.File) -> BlobEntry:
    """A file in a list."""
    return BlobEntry(id=file.name, content_length=file.bytes, last_modified=file.changed)


def blob_from(file: records.File, bucket_id: str) -> Blob:
    """A file without its content."""
    return Blob(
        id=file.name,
        bucket_id=bucket_id,
        content_length=file.bytes,
        content_type=file.type,
        last_modified=file.changed,
        user_metadata=tuple(file.labels.items()),
    )


def content_from(download: records.Download) -> BlobContent:
    """A content under way; closing it lets go of the connection."""
    return BlobContent(
        chunks=download.chunks,
        content_type=download.type,
        length=download.bytes,
        on_close=download.close,
    )
