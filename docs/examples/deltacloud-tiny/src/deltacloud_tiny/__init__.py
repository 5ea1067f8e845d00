"""Tiny Cloud: three machines that always run."""

from collections.abc import Iterator

from deltacloud.context import Context
from deltacloud.driver import Driver
from deltacloud.errors import AuthenticationFailed
from deltacloud.hardware import fixed
from deltacloud.models import HardwareProfile, Instance, InstanceAddress, Realm

MACHINES = {"web": "192.0.2.10", "database": "192.0.2.11", "cache": "192.0.2.12"}


class TinyDriver(Driver):
    """Every public method is a hook of the contract; what the cloud cannot do is simply not here."""

    name = "tiny"
    title = "Tiny Cloud"
    contract = 1
    hardware_profiles = (HardwareProfile(id="one-size", properties=(fixed("cpu", 1), fixed("memory", 512))),)

    def list_realms(self, context: Context) -> Iterator[Realm]:
        """The one place."""
        _check(context)
        yield Realm(id="here", name="Here", state="AVAILABLE")

    def list_instances(self, context: Context) -> Iterator[Instance]:
        """All machines; filtering, paging and finding one by its id are the core's."""
        _check(context)
        for name, address in MACHINES.items():
            yield Instance(
                id=name,
                name=name,
                owner_id=context.credentials.username,
                realm_id="here",
                hardware_profile_id="one-size",
                state="RUNNING",
                public_addresses=(InstanceAddress(address),),
            )


def _check(context: Context) -> None:
    """Refuse callers that the cloud does not know; an error's class says everything about the answer."""
    if context.credentials.password.reveal() != "secret":
        raise AuthenticationFailed
