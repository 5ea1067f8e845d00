"""What Pine Cloud says, in the words of Deltacloud: pure functions, record in, model out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from deltacloud.hardware import fixed
from deltacloud.models import BlobEntry, HardwareProfile, Image, Instance, InstanceAddress, Pairs

Record: TypeAlias = dict[str, Any]
"""One object of the cloud's JSON."""

_LABEL = "label-"
_STATES = {"up": "RUNNING", "down": "STOPPED", "starting": "PENDING"}


# --8<-- [start:instance]
def instance_from(server: Record, owner: str) -> Instance:
    """A server of the cloud's."""
    return Instance(
        id=server["id"],
        name=server["name"],
        owner_id=owner,
        image_id=server["image"],
        realm_id=server["place"],
        hardware_profile_id=server["size"],
        state=_STATES.get(server["status"], "ERROR"),
        launch_time=datetime.fromisoformat(server["created"]),
        public_addresses=tuple(InstanceAddress(address) for address in server["addresses"]),
    )


# --8<-- [end:instance]


def image_from(image: Record) -> Image:
    """An image of the cloud's."""
    return Image(id=image["id"], name=image["name"], architecture=image["cpu"], state="AVAILABLE")


def profile_from(size: Record) -> HardwareProfile:
    """A size of the cloud's; it counts memory in GiB."""
    return HardwareProfile(
        id=size["id"],
        properties=(
            fixed("cpu", size["cores"]),
            fixed("memory", size["memory"] * 1024),
            fixed("storage", size["disk"]),
        ),
    )


def entry_from(file: Record) -> BlobEntry:
    """A file in a list."""
    return BlobEntry(id=file["name"], content_length=file["bytes"])


def labels_from(metadata: Pairs) -> dict[str, str]:
    """Metadata as the cloud's headers; those carry UTF-8, and requests takes ISO 8859-1 for bytes."""
    return {_LABEL + name: value.encode().decode("latin-1") for name, value in metadata}


def metadata_from(headers: Mapping[str, str]) -> Pairs:
    """The labels among the headers of an answer."""
    return tuple(
        (name.lower().removeprefix(_LABEL), value.encode("latin-1").decode("utf-8", "replace"))
        for name, value in headers.items()
        if name.lower().startswith(_LABEL)
    )
