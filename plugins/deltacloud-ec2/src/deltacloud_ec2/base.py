"""What all parts of the driver share: the clients, and where the services of a call's provider are."""

from __future__ import annotations

import re

from deltacloud.context import Context
from deltacloud.driver import Driver, Settings
from deltacloud.errors import AuthenticationFailed, CredentialsRequired, DeltacloudError
from deltacloud_ec2 import errors
from deltacloud_ec2.client import Client, Clients
from deltacloud_ec2.endpoints import Place, place_of

_KEY = re.compile(r"\w{16,128}", re.ASCII)


class AwsBase(Driver):
    """A driver of services that speak Amazon's protocols, without its hooks."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._clients = Clients()

    def close(self) -> None:
        """Close the connections."""
        self._clients.close()

    def translate_error(self, error: Exception) -> DeltacloudError | None:
        """What an exception of the SDK means."""
        return errors.translate(error)

    def _place(self, context: Context, service: str) -> Place:
        """Where a service is for this call; drivers of other clouds say it differently.

        Args:
            context: The call's context.
            service: Its name in botocore: ``ec2``, ``s3``, ``elb``, ``elbv2``, ``cloudwatch``, ``ssm``.

        Raises:
            CapabilityMissing: the call's provider does not have it.
        """
        return place_of(context.provider, service)

    def _client(self, context: Context, service: str) -> Client:
        """The client of a service, for this call's provider; it signs with the keys of whatever call uses it.

        Raises:
            CredentialsRequired: the request has none, or the empty pair, which only storage knows.
            AuthenticationFailed: what it has is no key of Amazon's.
            CapabilityMissing: the call's provider does not have the service.
        """
        if context.credentials.anonymous:
            raise CredentialsRequired
        place = self._place(context, service)
        check_key(context, place)
        return self._clients.client(place)


def check_key(context: Context, place: Place) -> None:
    """Ask Amazon itself nothing with what is no key of Amazon's: people mistake one cloud's login for another's.

    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html

    Raises:
        AuthenticationFailed: no access key is written so.
    """
    if place.endpoint is None and place.signed and not _KEY.fullmatch(context.credentials.username):
        raise AuthenticationFailed("The user name is no access key's id")
