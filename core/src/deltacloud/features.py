"""The closed vocabulary of features: optional parameters that a driver adds to an operation.

Clients find them at the entry point (``GET /api``). A driver lists those that it
has, with its constraints::

    features = (USER_NAME.constrained(max_length=50), USER_DATA)
"""

from __future__ import annotations

import msgspec

from deltacloud.parameters import Parameter


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One feature: what it is called, which operation it extends, and what that operation can then be told.

    Attributes:
        name: The name at the entry point.
        collection: The collection that it belongs to.
        operation: ``index`` or ``create``; empty for a feature that is never advertised (``hardware_profiles``).
        collections: Further collections with the same feature (``tags``).
        parameters: The parameters on the wire.
        advertised: The names at the entry point where they differ from the parameters' names.
        constraints: (name, value) pairs of the driver's own limits.
        help: One sentence.
    """

    name: str
    collection: str
    operation: str
    parameters: tuple[Parameter, ...]
    help: str
    collections: tuple[str, ...] = ()
    advertised: tuple[tuple[str, str], ...] = ()
    constraints: tuple[tuple[str, int | str | tuple[str, ...]], ...] = ()

    def constrained(self, **constraints: int | str | tuple[str, ...]) -> Feature:
        """The same feature with limits, such as ``max_length=20`` (characters) or ``values=("eu", "us")``."""
        return msgspec.structs.replace(self, constraints=tuple(constraints.items()))

    @property
    def limited(self) -> tuple[Parameter, ...]:
        """The parameters, within the constraints ``max_length`` (characters) and ``values``."""
        limits = {name: value for name, value in self.constraints if name in ("max_length", "values")}
        return tuple(msgspec.structs.replace(one, **limits) for one in self.parameters) if limits else self.parameters

    def applies_to(self, collection: str) -> bool:
        """Whether the feature extends this collection."""
        return collection == self.collection or collection in self.collections


def _feature(name: str, place: str, help_text: str, *parameters: Parameter) -> Feature:
    collection, _, operation = place.partition(".")
    return Feature(name=name, collection=collection, operation=operation, parameters=parameters, help=help_text)


OWNER_ID = _feature(
    "owner_id",
    "images.index",
    "List only the images of one owner",
    Parameter(name="owner_id", help="The owner; some drivers understand 'self'"),
)
IMAGE_NAME = _feature(
    "image_name", "images.create", "Name the new image", Parameter(name="name", help="Name of the new image")
)
IMAGE_DESCRIPTION = _feature(
    "image_description",
    "images.create",
    "Describe the new image",
    Parameter(name="description", help="Description of the new image"),
)
BUCKET_LOCATION = _feature(
    "bucket_location",
    "buckets.create",
    "Choose where the bucket is kept",
    Parameter(name="location", help="Placement of the bucket"),
)
METRICS = _feature(
    "metrics",
    "instances.create",
    "Turn on detailed monitoring",
    Parameter(name="metrics", help="Any value but the empty one turns on detailed monitoring"),
)
REALM_FILTER = _feature(
    "realm_filter",
    "instances.index",
    "List only the instances of one realm",
    Parameter(name="realm_id", help="The realm"),
)
USER_NAME = _feature(
    "user_name", "instances.create", "Name the new instance", Parameter(name="name", help="Name of the new instance")
)
USER_DATA = _feature(
    "user_data",
    "instances.create",
    "Make a text available to the instance",
    Parameter(name="user_data", type="base64", secret=True, help="Base64 of the text"),
)
USER_ISO = _feature(
    "user_iso",
    "instances.create",
    "Attach a CD-ROM",
    Parameter(name="user_iso", type="base64", help="Base64 of a gzipped ISO image"),
)
FIREWALLS = msgspec.structs.replace(
    _feature(
        "firewalls",
        "instances.create",
        "Launch into firewalls",
        Parameter(name="firewalls", type="array", indexed=True, help="Ids of firewalls"),
    ),
    advertised=(("firewalls", "array"),),
)
USER_FILES = msgspec.structs.replace(
    _feature(
        "user_files",
        "instances.create",
        "Place up to five files into the instance",
        Parameter(name="path", indexed=True, help="Target path of file N"),
        Parameter(
            name="content",
            type="file",
            indexed=True,
            help="Contents of file N: an uploaded part, or a text (plain, or base64 where 'content' says so)",
        ),
    ),
    advertised=(("user_files", "string"),),
)
"""Constraint ``content="base64"``: the cloud's clients send text contents in base64; without it they are plain."""
AUTHENTICATION_KEY = _feature(
    "authentication_key", "instances.create", "Authorise a key", Parameter(name="keyname", help="Name of the key")
)
AUTHENTICATION_PASSWORD = _feature(
    "authentication_password",
    "instances.create",
    "Set a password",
    Parameter(name="password", secret=True, help="The password"),
)
HARDWARE_PROFILES = _feature("hardware_profiles", "instances", "Override values of the hardware profile")
REGISTER_TO_LOAD_BALANCER = _feature(
    "register_to_load_balancer",
    "instances.create",
    "Register the new instance",
    Parameter(name="load_balancer_id", help="The load balancer"),
)
INSTANCE_COUNT = _feature(
    "instance_count",
    "instances.create",
    "Launch several instances at once",
    Parameter(name="instance_count", type="integer", minimum=1, help="How many"),
)
ATTACH_SNAPSHOT = _feature(
    "attach_snapshot",
    "instances.create",
    "Attach a snapshot as volume",
    Parameter(name="snapshot_id", help="The snapshot"),
    Parameter(name="device_name", help="The device that it appears as"),
)
SANDBOXING = _feature(
    "sandboxing",
    "instances.create",
    "Launch from a sandbox image",
    Parameter(name="sandbox", help="Any value but the empty one"),
)
IMPORT_KEY = _feature(
    "import_key",
    "keys.create",
    "Import a key instead of generating one",
    Parameter(name="public_key", help="The public key's text"),
)
VOLUME_NAME = _feature(
    "volume_name",
    "storage_volumes.create",
    "Name the new volume",
    Parameter(name="name", help="Name of the new volume"),
)
VOLUME_DESCRIPTION = _feature(
    "volume_description",
    "storage_volumes.create",
    "Describe the new volume",
    Parameter(name="description", help="Description of the new volume"),
)
TAGS = msgspec.structs.replace(
    _feature(
        "tags",
        "instances.create",
        "Put tags on the new resource, and filter lists by them",
        Parameter(name="tag_*", help="Value of the tag whose key follows 'tag_'"),
    ),
    collections=("images", "storage_volumes", "storage_snapshots"),
    advertised=(("tag_*", "string"),),
)

KNOWN: dict[str, Feature] = {
    feature.name: feature
    for feature in (
        OWNER_ID, IMAGE_NAME, IMAGE_DESCRIPTION, BUCKET_LOCATION, METRICS, REALM_FILTER, USER_NAME, USER_DATA,
        USER_FILES, USER_ISO, FIREWALLS, AUTHENTICATION_KEY, AUTHENTICATION_PASSWORD, HARDWARE_PROFILES,
        REGISTER_TO_LOAD_BALANCER, INSTANCE_COUNT, ATTACH_SNAPSHOT, SANDBOXING, IMPORT_KEY, VOLUME_NAME,
        VOLUME_DESCRIPTION, TAGS,
    )
}  # fmt: skip
"""Every feature, by name, in the order of the entry point."""
