"""Many processes, threads and greenlets use one pretend cloud at once; some of them are killed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deltacloud.errors import BackendError, ProviderBusy
from deltacloud.inputs import NewKey
from mockcloud import Cloud

pytestmark = pytest.mark.thorough

WORKER = Path(__file__).with_name("worker.py")
PROCESSES, THREADS, COUNT = 3, 4, 10
PATIENCE = 60


def start(storage: Path, what: str, count: int = COUNT, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(WORKER), str(storage), what, str(count), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(worker: subprocess.Popen[bytes]) -> list[str]:
    output, errors = worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 0, errors.decode()
    made: list[str] = json.loads(output)
    return made


def made_at_once(storage: Path, what: str, *options: str) -> list[str]:
    workers = [start(storage, what, COUNT, *options) for _ in range(PROCESSES)]
    return [one for worker in workers for one in finish(worker)]


@pytest.mark.parametrize(
    ("what", "hook", "before"),
    [("instance", "list_instances", 4), ("volume", "list_storage_volumes", 3), ("address", "list_addresses", 4)],
)
def test_what_is_made_at_once_has_ids_of_its_own_and_is_all_there(
    cloud: Cloud, what: str, hook: str, before: int
) -> None:
    made = made_at_once(cloud.storage, what)
    assert len(set(made)) == len(made)
    listed = cloud.ids(hook)
    assert len(listed) == len(made) + before
    assert set(made) <= set(listed)


def test_numbers_of_instances_that_are_gone_are_taken_first(cloud: Cloud) -> None:
    made = made_at_once(cloud.storage, "instance")
    assert len(made) == PROCESSES * THREADS * (COUNT - 1)
    highest = max(int(one.removeprefix("inst")) for one in made)
    assert highest < 4 + PROCESSES * THREADS * COUNT


def test_a_name_asked_for_at_once_is_given_once(cloud: Cloud) -> None:
    made = made_at_once(cloud.storage, "key")
    assert sorted(made) == sorted(f"key{number}" for number in range(THREADS * COUNT))


def test_what_many_change_at_once_keeps_every_change(cloud: Cloud) -> None:
    made = made_at_once(cloud.storage, "interface")
    assert len(set(made)) == PROCESSES * THREADS * COUNT
    assert len(cloud.call("get_instance", instance_id="inst0").network_interface_ids) == len(made)


def test_a_blob_written_by_many_is_always_one_of_their_contents(cloud: Cloud) -> None:
    made_at_once(cloud.storage, "blob")
    assert len(cloud.files()) == 6
    assert cloud.call("get_bucket", bucket_id="bucket1").size == 4


@pytest.mark.parametrize("what", ["instance", "blob"])
def test_greenlets_do_not_stand_in_each_other_s_way(cloud: Cloud, what: str) -> None:
    pytest.importorskip("gevent", reason="gevent is not installed")
    made = made_at_once(cloud.storage, what, "greenlets")
    assert len(made) >= PROCESSES * THREADS * (COUNT - 1)


def test_processes_that_meet_a_new_directory_agree_on_one_set_of_data(cloud: Cloud) -> None:
    for worker in [start(cloud.storage, "volume", 1) for _ in range(4)]:
        finish(worker)
    assert len(cloud.ids("list_images")) == 3
    assert len(cloud.files()) == 5


def test_the_state_outlives_the_process_and_is_seeded_once(make_cloud: Callable[..., Cloud]) -> None:
    first = make_cloud()
    first.call("destroy_key", key_id="test-key")
    first.call("create_key", new=NewKey(name="mine"))
    first.driver.close()
    assert make_cloud().ids("list_keys") == ["mine"]


def test_a_kill_in_the_middle_of_writes_leaves_a_whole_cloud(cloud: Cloud) -> None:
    for _ in range(3):
        worker = start(cloud.storage, "anything", 100_000)
        assert worker.stderr is not None
        assert worker.stderr.read(5) == b"....."
        os.kill(worker.pid, signal.SIGKILL)
        worker.communicate(timeout=PATIENCE)
    instances = {one.id: one for one in cloud.items("list_instances")}
    for volume in cloud.items("list_storage_volumes"):
        if volume.instance_id is not None and volume.id != "vol3":
            assert (volume.id, volume.device) in instances[volume.instance_id].storage_volumes
    attached = [pair[0] for one in instances.values() for pair in one.storage_volumes]
    assert len(attached) == len(set(attached))
    for bucket in cloud.items("list_buckets"):
        for blob in bucket.blob_ids:
            length = cloud.call("get_blob", bucket_id=bucket.id, blob_id=blob).content_length
            assert len(cloud.content(bucket.id, blob)) == length
    assert integrity_of(cloud.storage) == "ok"


def integrity_of(storage: Path) -> str:
    connection = sqlite3.connect(storage / "mock.sqlite3")
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


def test_a_state_of_another_format_is_refused_and_left_alone(cloud: Cloud) -> None:
    cloud.storage.mkdir()
    connection = sqlite3.connect(cloud.storage / "mock.sqlite3")
    try:
        connection.execute("PRAGMA user_version = 99")
    finally:
        connection.close()
    with pytest.raises(BackendError, match="99"):
        cloud.ids("list_keys")


def test_an_exception_in_a_write_leaves_no_trace_and_no_lock(cloud: Cloud) -> None:
    class Refusing(str):
        __slots__ = ()

        def encode(self, *_: object) -> bytes:
            raise RuntimeError("in the middle of a write")

    for _ in range(3):
        with pytest.raises(RuntimeError):
            cloud.call("create_key", new=NewKey(name=Refusing("x")))
    cloud.call("create_key", new=NewKey(name="x"))
    assert cloud.ids("list_keys") == ["test-key", "x"]


def test_a_lock_that_is_never_let_go_is_a_busy_provider(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deltacloud_mock.store.BUSY_SECONDS", 0.1)
    cloud.ids("list_keys")
    cloud.driver.close()
    hog = sqlite3.connect(cloud.storage / "mock.sqlite3", isolation_level=None)
    try:
        hog.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as failed:
            cloud.call("create_key", new=NewKey(name="x"))
        assert isinstance(cloud.driver.translate_error(failed.value), ProviderBusy)
        assert cloud.ids("list_keys") == ["test-key"]
    finally:
        hog.close()
    cloud.call("create_key", new=NewKey(name="x"))
