"""What the author of a driver tells the kit about the cloud that the driver is run against."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from deltacloud.errors import Conflict, DeltacloudError
from deltacloud.models import Model, Pairs

Login: TypeAlias = tuple[str, str] | tuple[str, str, str]
"""User and password, and a session token where the cloud has them."""


def _as_it_is(name: str) -> str:
    return name


@dataclass(frozen=True, kw_only=True)
class Variant:
    """The same driver, set up differently.

    Attributes:
        settings: What is different in the ``[drivers.NAME]`` table.
        provider: Another provider; None for the backend's own.
    """

    settings: Mapping[str, object] = field(default_factory=dict, repr=False)
    provider: str | None = None


@dataclass(frozen=True, kw_only=True)
class Backend:
    """A cloud, or an emulator of it, that the contract is checked against.

    Only ``driver`` and ``credentials`` are needed. What is left out is not checked, and the report says so.

    Attributes:
        driver: The driver's name, as its entry point has it.
        settings: Its ``[drivers.NAME]`` table.
        provider: The provider; None for the driver's default.
        credentials: A login that may do everything.
        wrong_credentials: A login that the cloud refuses; it must look like a good one.
        other_credentials: A login of another tenant, who sees other things.
        image: The id of an image to launch; the first in the list if None.
        realm: The id of the realm to use; the cloud's choice if None.
        hardware_profile: The id of the size to launch; the cloud's choice if None.
        extra: The driver's own parameters, by operation (``"instances.create"``), that these calls carry.
        known: Models of things that are there, with those fields that are known from elsewhere; the driver must show
            the same. A size from the cloud's price list proves the units.
        ids: Gives the ids in a collection (``"instances"``) as the cloud itself has them, asked past the driver; None
            for collections that cannot be asked about.
        launched_with: Gives what the cloud was told when it launched an instance, by the fields' names of
            ``NewInstance``, given the instance's id; asked past the driver.
        untold: Features whose parameters the cloud takes and never shows again; ``launched_with`` is asked instead.
        user_data: User data that the cloud can carry; None for any bytes, which some clouds cannot.
        without_effect: Features that the driver accepts and that do nothing, as its ``limitations`` say.
        public: Collections (``"images"``) that all callers see alike, maybe also those whom the cloud refuses.
        small_pages: The driver on a backend with pages of ``page_size`` entries.
        page_size: How many entries those pages have.
        unpaged: Collections that the cloud always gives whole, however many entries they have.
        endpoint: The URL at which the driver reaches the cloud now.
        at: Makes the variant that reaches its cloud at another URL (``http`` or ``https``). With it the kit puts
            up dead, slow, broken and untrusted endpoints by itself, and with ``endpoint`` one that loses answers.
        dead: The driver on a backend that cannot be reached; for drivers without ``at``.
        slow: The driver on a backend that does not answer for minutes; for drivers without ``at``.
        garbage: The driver on a backend whose answers make no sense; for drivers without ``at``.
        lossy: The driver on a backend that performs the creation of an instance and does not answer; for drivers
            without ``at``.
        imports: Top-level modules that importing the driver may load besides those of the core.
        unknown: Ids that name nothing but look right to the cloud, by collection.
        name: Makes a name that the cloud accepts out of the kit's own, which has small letters, digits and hyphens.
            The result must begin alike, or the sweep does not find what a broken run has left.
        blob_name: The same for blobs, whose names hold anything.
        device: Where volumes are attached.
        capacity: The size of new volumes, in GB of 2^30.
        address_blocks: A network's block of addresses, and one for a subnet inside it.
        bucket_location: A location for a bucket, where the driver has that feature.
        tags: Tags that the cloud can carry.
        public_key: The text of a public key, for drivers that import keys. A function that makes a new one each time is
            for clouds that generate none: all keys are then imported, and the same key twice is what is a Conflict.
        conflict: What the driver says of a name that is taken and of a thing in use; only an older interface that has
            to be kept is a reason for another class than ``Conflict``.
        same_process: Whether the cloud runs in the process of the tests, so that memory cannot be measured.
        seconds: How long one call may take.
        patience: How long a change may take to be seen, in seconds.
    """

    driver: str
    credentials: Login = field(repr=False)
    settings: Mapping[str, object] = field(default_factory=dict, repr=False)
    provider: str | None = None
    wrong_credentials: Login | None = field(default=None, repr=False)
    other_credentials: Login | None = field(default=None, repr=False)
    image: str | None = None
    realm: str | None = None
    hardware_profile: str | None = None
    extra: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    known: tuple[Model, ...] = ()
    ids: Callable[[str], Collection[str] | None] | None = None
    launched_with: Callable[[str], Mapping[str, object]] | None = None
    untold: frozenset[str] = frozenset()
    user_data: bytes | None = None
    without_effect: frozenset[str] = frozenset()
    public: frozenset[str] = frozenset()
    small_pages: Variant | None = None
    page_size: int = 0
    unpaged: frozenset[str] = frozenset()
    endpoint: str | None = None
    at: Callable[[str], Variant] | None = None
    dead: Variant | None = None
    slow: Variant | None = None
    garbage: Variant | None = None
    lossy: Variant | None = None
    imports: frozenset[str] = frozenset()
    unknown: Mapping[str, str] = field(default_factory=dict)
    name: Callable[[str], str] = _as_it_is
    blob_name: Callable[[str], str] = _as_it_is
    device: str = "/dev/sdc"
    capacity: int = 1
    address_blocks: tuple[str, str] = ("10.91.0.0/16", "10.91.1.0/24")
    bucket_location: str | None = None
    tags: Pairs = (("dck-colour", "blue"), ("dck-owner", "the kit"))
    public_key: str | Callable[[], str] | None = None
    conflict: type[DeltacloudError] = Conflict
    same_process: bool = False
    seconds: float = 60.0
    patience: float = 300.0
