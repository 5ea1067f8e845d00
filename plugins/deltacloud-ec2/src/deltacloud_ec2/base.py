"""What all parts of the driver share: the clients, and where the services of a call's provider are."""

from __future__ import annotations

from deltacloud.context import Context
from deltacloud.driver import Driver, Settings
from deltacloud.errors import CredentialsRequired, DeltacloudError
from deltacloud_ec2 import errors
from deltacloud_ec2.clients import Client, Clients
from deltacloud_ec2.places import Place, place_of


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
        return errors.meaning_of(error)

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
            CapabilityMissing: the call's provider does not have the service.
        """
        if context.credentials.anonymous:
            raise CredentialsRequired
        return self._clients.client(self._place(context, service))
