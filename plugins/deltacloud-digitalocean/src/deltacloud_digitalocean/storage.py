"""Buckets and blobs: Spaces, which speaks S3, with an endpoint for each region.

Sources: https://docs.digitalocean.com/reference/api/spaces/ and
https://docs.digitalocean.com/products/spaces/reference/s3-compatibility/
"""

from __future__ import annotations

from deltacloud.context import Context
from deltacloud.errors import AuthenticationFailed, CapabilityMissing, Conflict, InvalidRequest
from deltacloud.inputs import NewBucket
from deltacloud.models import Bucket
from deltacloud.outbound import check_label
from deltacloud_digitalocean.base import DigitalOceanBase
from deltacloud_digitalocean.credentials import is_access_key, is_api_token, keys_of_spaces
from deltacloud_digitalocean.endpoints import SPACES, region_of
from deltacloud_digitalocean.settings import DigitalOceanSettings
from deltacloud_ec2.client import Clients
from deltacloud_ec2.endpoints import Place
from deltacloud_ec2.settings import AwsSettings
from deltacloud_ec2.storage import StorageHooks as S3Hooks

WHAT_SPACES_WANTS = (
    "Spaces has a pair of keys of its own: the user name is the access key, and the secret key is the session token "
    "(X-Deltacloud-Session-Token, or after a semicolon behind the API token), or without an API token the password"
)


class StorageHooks(DigitalOceanBase, S3Hooks):
    """Object storage. A call is about the buckets of one region."""

    def __init__(self, settings: DigitalOceanSettings) -> None:
        super().__init__(AwsSettings(page_size=settings.page_size))
        self._settings = settings
        self._clients = Clients(keys=keys_of_spaces)

    def create_bucket(self, context: Context, new: NewBucket) -> Bucket:
        """Make a bucket in the call's region.

        Raises:
            InvalidRequest: it is asked for in another region, where nobody would find it with this provider.
            Conflict: there is one already; Spaces would answer the owner's second request as it did the first.
        """
        region = self._spaces_region(context)
        if new.location and new.location.lower() != region:
            raise InvalidRequest(f"Buckets are made in the provider's region, which is {region} here", "location")
        if not context.credentials.anonymous and self._exists(self._bucket(context, new.name)):
            raise Conflict("There is such a bucket already")
        return super().create_bucket(context, NewBucket(name=new.name))

    def _place(self, context: Context, service: str) -> Place:
        """The endpoint of the call's region, or the one that the provider names.

        Raises:
            AuthenticationFailed: what the caller sent are no keys of Spaces; an API token signs nothing.
            CapabilityMissing: the provider names other endpoints, and none for Spaces.
        """
        provider, region = context.provider, self._spaces_region(context)
        endpoint = provider.endpoints.get(SPACES)
        if endpoint is None and provider.endpoints:
            raise CapabilityMissing(f"The provider names no endpoint for this: {SPACES}=URL is missing")
        if not context.credentials.anonymous:
            access_key, secret_key, _ = keys_of_spaces(context.credentials)
            if is_api_token(secret_key) or not (endpoint or is_access_key(access_key)):
                raise AuthenticationFailed(WHAT_SPACES_WANTS)
        return Place(service, region, endpoint or f"https://{check_label(region)}.digitaloceanspaces.com")

    def _spaces_region(self, context: Context) -> str:
        """The region of this call's buckets; signatures name it, too."""
        return context.provider.options.get("region") or region_of(context.provider) or self._settings.spaces_region
