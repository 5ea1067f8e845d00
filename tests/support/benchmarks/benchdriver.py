"""A driver that does what the figures need: instances built anew for each call, many blobs, and nothing at all.

The caller's user name says how many instances the account has; a bucket's id is the number of its blobs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from deltacloud import features
from deltacloud.context import Context
from deltacloud.driver import Driver, Settings
from deltacloud.inputs import Command
from deltacloud.models import BlobEntry, Bucket, CommandOutput, Instance, InstanceAddress, Realm
from deltacloud.states import StateMachine

_MOST = 1000
_START = datetime(2026, 1, 1, tzinfo=UTC)


class Record(NamedTuple):
    """An instance as a cloud's client library has read it."""

    id: str
    name: str
    launched: datetime
    host: str
    address: str
    volume: str


def records(count: int) -> list[Record]:
    """As many different ones."""
    return [
        Record(
            f"i-{number:08x}", f"web server number {number}", _START + timedelta(seconds=number),
            f"web{number}.example.com", f"10.0.{number // 256}.{number % 256}", f"vol{number}",
        )
        for number in range(count)
    ]  # fmt: skip


def instance_from(record: Record) -> Instance:
    """The model, with all that an instance usually has: 1.7 kB in XML."""
    return Instance(
        id=record.id,
        name=record.name,
        owner_id="mockuser",
        image_id="img1",
        realm_id="us",
        state="RUNNING",
        hardware_profile_id="m1-large",
        hardware_overrides=(("memory", "12288"),),
        launch_time=record.launched,
        public_addresses=(InstanceAddress(record.host, "hostname"),),
        private_addresses=(InstanceAddress(record.address),),
        firewall_ids=("default", "web"),
        storage_volumes=((record.volume, "/dev/sdb"),),
        key_name="test-key",
        network_interface_ids=(),
        create_image=True,
    )


class BenchDriver(Driver):
    """A cloud without a network."""

    name = "bench"
    title = "Bench"
    contract = 1
    features = (features.USER_NAME, features.AUTHENTICATION_KEY)
    states = StateMachine(
        ("running", "reboot", "running"),
        ("running", "stop", "stopped"),
        ("stopped", "start", "running"),
        ("stopped", "destroy", "finish"),
    )

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._records = records(_MOST)

    def list_realms(self, context: Context) -> tuple[Realm, ...]:  # noqa: ARG002 - the hook has it
        """Nothing."""
        return ()

    def list_instances(self, context: Context) -> Iterator[Instance]:
        """As many as the user name says."""
        for record in self._records[: int(context.credentials.username)]:
            yield instance_from(record)

    def start_instance(self, instance: Instance) -> None:
        """Nothing; it is here so that instances link to it."""

    stop_instance = reboot_instance = destroy_instance = start_instance

    def run_on_instance(self, command: Command) -> CommandOutput:
        """Nothing, too."""
        return CommandOutput(command.address, "")

    def list_buckets(self, context: Context) -> tuple[Bucket, ...]:  # noqa: ARG002 - the hook has it
        """None, but there is each that is asked for."""
        return ()

    def get_bucket(self, context: Context, bucket_id: str) -> Bucket:  # noqa: ARG002 - the hook has it
        """A bucket."""
        return Bucket(id=bucket_id)

    def list_blobs(self, context: Context, bucket_id: str) -> Iterator[BlobEntry]:  # noqa: ARG002 - the hook has it
        """Its blobs, one after the other."""
        for number in range(int(bucket_id)):
            yield BlobEntry(id=f"folder/blob-{number:07}", content_length=number, last_modified=_START)
