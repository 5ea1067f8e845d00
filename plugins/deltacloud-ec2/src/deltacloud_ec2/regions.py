"""Which region a bucket is in, and how requests get there."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from deltacloud.errors import InvalidRequest
from deltacloud_ec2.client import Clients, Record
from deltacloud_ec2.endpoints import DEFAULT_REGION, REGION, Place
from deltacloud_ec2.errors import code_of, status_of

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_NAME = re.compile(r"(?!\.+\Z)[A-Za-z0-9._-]{1,255}", re.ASCII)
_ELSEWHERE = frozenset({
    "301", "307", "400", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "PermanentRedirect",
    "TemporaryRedirect",
})  # fmt: skip
"""What a region says of a bucket that is in another one; to a HEAD, which has no body, with its status alone."""
_REMEMBERED = 4096
_OLD_NAMES = {"eu": "eu-west-1", "us": DEFAULT_REGION}
"""What locations were called before there were several in Europe."""


class BucketRegions:
    """Remembers which regions buckets are in: a limited number of them, and the same for all callers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._regions: OrderedDict[tuple[str, str], str] = OrderedDict()

    def find(self, place: Place, bucket: str) -> Place:
        """Where to ask about a bucket first: where it is known to be, else in the region of the call's provider."""
        region = self._regions.get((place.region, bucket)) if place.endpoint is None else None
        return place if region is None else replace(place, region=region)

    def knows(self, place: Place, bucket: str) -> bool:
        """Whether it is known where a bucket is."""
        return (place.region, bucket) in self._regions

    def remember(self, place: Place, bucket: str, region: str) -> None:
        """Note where a bucket is that was asked for in ``place``."""
        with self._lock:
            self._regions[place.region, bucket] = region
            self._regions.move_to_end((place.region, bucket))
            if len(self._regions) > _REMEMBERED:
                self._regions.popitem(last=False)


@dataclass(frozen=True, slots=True)
class BucketAt:
    """One bucket, for one call: its requests go to the region that it is in.

    The region of the call's provider is tried first. Where a bucket is elsewhere the answer says so, nothing is done,
    and the request is sent there. An endpoint that a provider names has all its buckets.

    Attributes:
        name: The bucket's.
        place: Where the call's provider has its storage.
        clients: The driver's.
        regions: What is known of buckets.
    """

    name: str
    place: Place
    clients: Clients
    regions: BucketRegions

    @property
    def private(self) -> bool:
        """Whether what is sent passes through TLS, so that signatures need not hold for contents."""
        return self.place.endpoint is None or self.place.endpoint.startswith("https:")

    def call(self, operation: str, **parameters: object) -> Record:
        """The answer to a request about the bucket.

        Args:
            operation: A method of botocore's client, such as ``head_object``.
            parameters: The operation's, the bucket's name excepted.

        Raises:
            botocore.exceptions.ClientError: the storage refused.
        """
        from botocore.exceptions import ClientError  # noqa: PLC0415 - the SDK is loaded at first use

        here = self.regions.find(self.place, self.name)
        try:
            return self._ask(here, operation, parameters)
        except ClientError as error:
            region = self._leading(here, error)
            if region is None or region == here.region:
                raise
        self.regions.remember(self.place, self.name, region)
        return self._ask(replace(here, region=region), operation, parameters)

    def locate(self) -> None:
        """Find out where the bucket is, so that what can be sent only once is sent to the right place.

        Raises:
            botocore.exceptions.ClientError: there is no such bucket, or the storage does not say.
        """
        from botocore.exceptions import ClientError  # noqa: PLC0415 - the SDK is loaded at first use

        if self.place.endpoint is not None or self.regions.knows(self.place, self.name):
            return
        region = self.place.region
        try:
            region = self.call("head_bucket").get("BucketRegion") or region
        except ClientError as error:
            if status_of(error) != HTTPStatus.FORBIDDEN:
                raise
            region = _region_in(error) or region
        self.regions.remember(self.place, self.name, region)

    def _ask(self, place: Place, operation: str, parameters: dict[str, object]) -> Record:
        client = self.clients.client(place)
        answer: Record = getattr(client, operation)(Bucket=self.name, **parameters)
        return answer

    def _leading(self, here: Place, error: ClientError) -> str | None:
        """The region that an error answer leads to, by itself or after one more question; None if it is no redirect."""
        if here.endpoint is not None or code_of(error) not in _ELSEWHERE:
            return None
        return _region_in(error) or self._asked(here)

    def _asked(self, here: Place) -> str | None:
        from botocore.exceptions import ClientError  # noqa: PLC0415 - the SDK is loaded at first use

        try:
            region = self._ask(here, "head_bucket", {}).get("BucketRegion")
        except ClientError as error:
            return _region_in(error)
        return region if isinstance(region, str) else None


def is_name(text: str) -> bool:
    """Whether a bucket can be called so; paths, and the long names that Amazon calls ARN, are no buckets."""
    return _NAME.fullmatch(text) is not None


def location(place: Place, wanted: str | None) -> tuple[str, str | None]:
    """The region that a new bucket is asked for in, and the location that the request names.

    Args:
        place: Where the call's provider has its storage.
        wanted: The location that the caller names.

    Raises:
        InvalidRequest: Amazon has no region of such a name.
    """
    if place.endpoint is None and wanted:
        region = _OLD_NAMES.get(wanted.lower(), wanted.lower())
        if re.fullmatch(REGION, region) is None:
            raise InvalidRequest("There is no such region", "location")
    else:
        region = place.region
    if place.endpoint is not None and wanted:
        return region, wanted
    # The first region is what a request without a location means, and must not be named.
    return region, region if re.fullmatch(REGION, region) and region != DEFAULT_REGION else None


def _region_in(error: ClientError) -> str | None:
    """The region in the header or the body of an error answer; a host name is made of it, so its form is checked."""
    response = error.response
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    region = headers.get("x-amz-bucket-region") or response.get("Error", {}).get("Region") or ""
    return region if re.fullmatch(REGION, region) else None
