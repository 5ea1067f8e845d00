"""What an operator can decide about the pretend cloud, and who sees what in it."""

from __future__ import annotations

import inspect
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deltacloud.driver import read_settings
from deltacloud.errors import (
    AuthenticationFailed,
    CredentialsRequired,
    DeltacloudError,
    Forbidden,
    NotFound,
    ProviderTimeout,
)
from deltacloud.inputs import Filters, NewBucket, NewImage, NewInstance, NewKey, NewStorageVolume, PageRequest
from deltacloud.kernel import HOOKS
from deltacloud.testing.uploading import Upload
from deltacloud_mock import MockDriver, MockSettings
from deltacloud_mock.failures import CRASH, FAILURES
from mockcloud import Cloud

PAIRS = [("mockuser", "wrong"), ("wrong", "mockpassword"), ("", ""), ("mockusermockpassword", ""), ("mockuser", "")]


@pytest.mark.parametrize(("user", "password"), PAIRS)
def test_one_pair_of_credentials_comes_in_and_no_other(cloud: Cloud, user: str, password: str) -> None:
    assert cloud.call("inspect_account") is None
    with pytest.raises(AuthenticationFailed, match=r"^Authentication Failure$"):
        cloud.call("inspect_account", by=cloud.context(user, password))


def test_a_request_without_credentials_is_asked_for_them(cloud: Cloud) -> None:
    with pytest.raises(CredentialsRequired):
        cloud.call("inspect_account", by=cloud.context(None))


def arguments_of(hook: str) -> dict[str, object]:
    names = inspect.signature(getattr(MockDriver, hook)).parameters
    return {name: None for name in names if name not in ("self", "context")}


GUARDED = sorted(hook for hook in HOOKS if hasattr(MockDriver, hook) and hook != "translate_error")


@pytest.mark.parametrize("hook", GUARDED)
def test_every_hook_checks_the_credentials_before_anything_else(cloud: Cloud, hook: str) -> None:
    with pytest.raises(AuthenticationFailed):
        cloud.call(hook, by=cloud.context("somebody", "else"), **arguments_of(hook))


@pytest.mark.parametrize("hook", GUARDED)
def test_every_hook_can_be_made_to_fail_by_its_name(make_cloud: Callable[..., Cloud], hook: str) -> None:
    cloud = make_cloud(fail={hook: "conflict"})
    with pytest.raises(DeltacloudError) as failed:
        cloud.call(hook, **arguments_of(hook))
    assert failed.value.code == "conflict"


@pytest.mark.parametrize("word", sorted(FAILURES))
def test_a_hook_fails_as_the_word_says_and_others_do_not(make_cloud: Callable[..., Cloud], word: str) -> None:
    cloud = make_cloud(fail={"list_keys": word})
    with pytest.raises(RuntimeError if word == CRASH else DeltacloudError) as failed:
        cloud.items("list_keys")
    assert word in (CRASH, getattr(failed.value, "code", None))
    assert len(cloud.items("list_instances")) == 4


def test_a_delay_is_served_before_an_answer_and_ends_with_the_deadline(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud(delay_seconds=30)
    with pytest.raises(ProviderTimeout):
        cloud.call("list_keys", by=cloud.context(seconds=0.1), page=PageRequest())


def test_a_page_holds_no_more_than_the_settings_say(make_cloud: Callable[..., Cloud]) -> None:
    cloud = make_cloud(page_size=3)
    first = cloud.call("list_instances", page=PageRequest(limit=100))
    assert [one.id for one in first.items] == ["inst0", "inst1", "inst2"]
    second = cloud.call("list_instances", page=PageRequest(limit=100, marker=first.next_marker))
    assert [one.id for one in second.items] == ["inst3"]
    assert second.next_marker is None


LISTS = sorted(hook for hook in GUARDED if hook.startswith("list_") and hook not in ("list_realms", "list_blobs"))


@pytest.mark.parametrize("hook", LISTS)
def test_a_list_in_pages_is_the_whole_list(make_cloud: Callable[..., Cloud], hook: str) -> None:
    whole = make_cloud()
    for _ in range(3):
        whole.call("create_instance", new=NewInstance(image_id="img1"))
        whole.call("create_address")
    assert make_cloud(page_size=2).items(hook) == whole.items(hook)


def test_a_marker_that_is_made_up_only_cuts_the_list(cloud: Cloud) -> None:
    marked = cloud.call("list_instances", page=PageRequest(marker="inst2' OR 1=1 --"))
    assert [one.id for one in marked.items] == ["inst3"]


def test_nothing_goes_missing_from_a_list_when_what_was_listed_is_deleted(cloud: Cloud) -> None:
    for name in ("k1", "k2", "k3"):
        cloud.call("create_key", new=NewKey(name=name))
    first = cloud.call("list_keys", page=PageRequest(limit=2))
    for key in first.items:
        cloud.call("destroy_key", key_id=key.id)
    rest = cloud.call("list_keys", page=PageRequest(limit=2, marker=first.next_marker))
    assert [key.id for key in rest.items] == ["k3", "test-key"]


# Tenants

USERS = {"alice": "wonder", "bob": "builder"}


@pytest.fixture
def shared_cloud(make_cloud: Callable[..., Cloud]) -> Cloud:
    """A cloud with two tenants."""
    return make_cloud(users=USERS)


def test_a_tenant_sees_and_touches_nothing_of_another(shared_cloud: Cloud) -> None:
    alice, bob = (shared_cloud.context(*pair) for pair in USERS.items())
    instance = shared_cloud.call("create_instance", by=alice, new=NewInstance(image_id="img1"))
    volume = shared_cloud.call("create_storage_volume", by=alice, new=NewStorageVolume())
    shared_cloud.call("create_bucket", by=alice, new=NewBucket(name="b"))
    upload = Upload(b"private")
    shared_cloud.call("write_blob", by=alice, bucket_id="b", blob_id="x", upload=upload)
    for hook in LISTS:
        found = shared_cloud.ids(hook, by=bob)
        assert found == (["img1", "img2", "img3"] if hook == "list_images" else [])
    for hook, arguments in (
        ("get_instance", {"instance_id": instance.id}),
        ("stop_instance", {"instance": instance}),
        ("get_metric", {"metric_id": instance.id}),
        ("get_storage_volume", {"volume_id": volume.id}),
        ("destroy_storage_volume", {"volume_id": volume.id}),
        ("get_blob", {"bucket_id": "b", "blob_id": "x"}),
        ("read_blob", {"bucket_id": "b", "blob_id": "x", "byte_range": None}),
        ("destroy_blob", {"bucket_id": "b", "blob_id": "x"}),
    ):
        with pytest.raises(NotFound):
            shared_cloud.call(hook, by=bob, **arguments)


def test_asking_for_another_owner_s_instances_gives_one_s_own(cloud: Cloud) -> None:
    assert "filters" not in inspect.signature(MockDriver.list_instances).parameters
    assert cloud.ids("list_instances") == ["inst0", "inst1", "inst2", "inst3"]


def test_two_tenants_may_use_one_name_but_never_have_one_instance_id(shared_cloud: Cloud) -> None:
    alice, bob = (shared_cloud.context(*pair) for pair in USERS.items())
    for by in (alice, bob):
        shared_cloud.call("create_key", by=by, new=NewKey(name="mine"))
    made = [shared_cloud.call("create_instance", by=by, new=NewInstance(image_id="img1")).id for by in (alice, bob)]
    assert made == ["inst4", "inst5"]


def test_an_image_is_public_and_only_its_maker_deletes_it(shared_cloud: Cloud) -> None:
    alice, bob = (shared_cloud.context(*pair) for pair in USERS.items())
    instance = shared_cloud.call("create_instance", by=alice, new=NewInstance(image_id="img1"))
    shared_cloud.call("create_image", by=alice, new=NewImage(instance_id=instance.id, name="gold"))
    assert shared_cloud.call("get_image", by=bob, image_id="gold").id == "gold"
    assert shared_cloud.ids("list_images", by=alice, filters=Filters(owner_id=("self",))) == ["gold"]
    assert shared_cloud.ids("list_images", by=bob, filters=Filters(owner_id=("self",))) == []
    for image in ("gold", "img1"):
        with pytest.raises(Forbidden):
            shared_cloud.call("destroy_image", by=bob, image_id=image)
    shared_cloud.call("destroy_image", by=alice, image_id="gold")


# Settings as such


def test_settings_come_from_the_table_and_the_environment(tmp_path: Path) -> None:
    environment = {"DELTACLOUD_MOCK_STORAGE": str(tmp_path)}
    table = {"users": {"a": "b"}, "page-size": 5, "delay-seconds": 0.5, "transition-seconds": 2, "fail": {}}
    settings = read_settings(MockSettings, table, environment)
    assert (settings.storage, settings.users, settings.page_size) == (str(tmp_path), {"a": "b"}, 5)
    assert (settings.delay_seconds, settings.transition_seconds) == (0.5, 2)
    assert read_settings(MockSettings, {"storage": "/elsewhere"}, environment).storage == "/elsewhere"


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"page-size": 0}, "page-size"),
        ({"delay-seconds": -1}, "delay-seconds"),
        ({"fail": {"list_keyz": "conflict"}}, "list_keyz"),
        ({"fail": {"list_keys": "confict"}}, "fail.list_keys"),
        ({"pagesize": 1}, "pagesize"),
    ],
)
def test_wrong_settings_are_refused_by_name(table: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        read_settings(MockSettings, table, {})


def test_settings_show_no_password() -> None:
    assert "wonder" not in repr(MockSettings(users=USERS))


def test_without_a_directory_the_state_is_in_a_place_of_the_user_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deltacloud_mock.settings.PERSISTENT", tmp_path)
    driver = MockDriver(MockSettings())
    assert list(tmp_path.iterdir()) == []
    driver.list_keys(Cloud(tmp_path / "unused").context(), PageRequest())
    driver.close()
    (home,) = tmp_path.iterdir()
    assert home.name.startswith("deltacloud-")
    assert stat.S_IMODE(home.stat().st_mode) == stat.S_IMODE((home / "mock").stat().st_mode) == 0o750


def test_a_directory_prepared_by_someone_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deltacloud_mock.settings.PERSISTENT", tmp_path / "public")
    monkeypatch.setattr("getpass.getuser", lambda: "me")
    (tmp_path / "public").mkdir()
    (tmp_path / "trap").mkdir()
    (tmp_path / "public" / "deltacloud-me").symlink_to(tmp_path / "trap")
    driver = MockDriver(MockSettings())
    with pytest.raises(PermissionError):
        driver.list_keys(Cloud(tmp_path / "unused").context(), PageRequest())


def test_importing_the_driver_brings_in_no_web_framework_and_no_event_loop() -> None:
    heavy = ("falcon", "gevent", "gunicorn", "requests", "stevedore")
    code = f"import sys, deltacloud_mock; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[]"
