"""Realms, images, instances, keys and metrics of the pretend cloud."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from deltacloud.errors import (
    ActionNotAllowed,
    BackendError,
    Conflict,
    DeltacloudError,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotSupported,
    ProviderError,
    ProviderTimeout,
    QuotaExceeded,
)
from deltacloud.inputs import Command, Filters, HardwareOverrides, NewFirewall, NewImage, NewInstance, NewKey
from deltacloud.models import InstanceAddress
from mockcloud import Clock, Cloud

TEST_REALMS = [
    ("500", BackendError, "DeltacloudErrorMessage"),
    ("501", NotSupported, "NotImplementedMessage"),
    ("502", ProviderError, "ProviderErrorMessage"),
    ("504", ProviderTimeout, "ProviderTimeoutMessage"),
]


@pytest.mark.parametrize(("realm", "error", "message"), TEST_REALMS)
def test_a_test_realm_fails_when_it_is_read_and_when_it_is_listed(
    cloud: Cloud, realm: str, error: type[DeltacloudError], message: str
) -> None:
    with pytest.raises(error, match=message):
        cloud.call("get_realm", realm_id=realm)
    with pytest.raises(error, match=message):
        cloud.call("list_realms", filters=Filters(id=(realm,)))


def test_a_realm_is_read_or_not_found(cloud: Cloud) -> None:
    assert cloud.call("get_realm", realm_id="eu").name == "Europe"
    with pytest.raises(NotFound, match=r"^Not Found$"):
        cloud.call("get_realm", realm_id="503")


# Images


def test_images_are_filtered_by_owner_and_self_is_the_caller(cloud: Cloud) -> None:
    assert cloud.ids("list_images", filters=Filters(owner_id=("fedoraproject",))) == ["img1", "img2"]
    assert cloud.ids("list_images", filters=Filters(owner_id=("self",))) == ["img3"]
    assert cloud.ids("list_images", filters=Filters(owner_id=("somebody",))) == []


def test_an_image_made_of_an_instance_is_shown_with_profiles_from_then_on(cloud: Cloud) -> None:
    made = cloud.call("create_image", new=NewImage(instance_id="inst1", name="gold", description="A golden image"))
    assert (made.id, made.name, made.description, made.owner_id) == ("gold", "gold", "A golden image", "root")
    assert (made.architecture, made.state, made.hardware_profile_ids) == ("i386", "AVAILABLE", None)
    found = cloud.call("get_image", image_id="gold")
    assert found.hardware_profile_ids == ("m1-small", "m1-large", "m1-xlarge", "opaque")
    assert "gold" in cloud.ids("list_images", filters=Filters(owner_id=("self",)))


def test_images_of_one_owner_sort_with_and_without_a_description(cloud: Cloud) -> None:
    for name, description in (("a", None), ("b", "x"), ("c", None)):
        cloud.call("create_image", new=NewImage(instance_id="inst1", name=name, description=description))
    assert cloud.ids("list_images") == ["img1", "img2", "img3", "a", "c", "b"]


def test_an_image_without_a_name_is_given_one(cloud: Cloud) -> None:
    made = [cloud.call("create_image", new=NewImage(instance_id="inst1")) for _ in range(3)]
    assert len({image.id for image in made}) == 3


def test_an_image_is_not_made_of_what_is_not_there_or_cannot_be_imaged(cloud: Cloud) -> None:
    with pytest.raises(NotFound, match=r"^NotFound$"):
        cloud.call("create_image", new=NewImage(instance_id="nosuch", name="x"))
    with pytest.raises(BackendError, match=r"^CreateImageNotSupported$"):
        cloud.call("create_image", new=NewImage(instance_id="inst3", name="x"))
    with pytest.raises(Conflict):
        cloud.call("create_image", new=NewImage(instance_id="inst1", name="img1"))


def test_an_image_is_deleted_once(cloud: Cloud) -> None:
    cloud.call("destroy_image", image_id="img2")
    assert cloud.ids("list_images") == ["img1", "img3"]
    for hook in ("destroy_image", "get_image"):
        with pytest.raises(NotFound):
            cloud.call(hook, image_id="img2")


# Instances


def test_a_new_instance_has_the_lowest_free_number(cloud: Cloud) -> None:
    made = [cloud.call("create_instance", new=NewInstance(image_id="img1")).id for _ in range(3)]
    assert made == ["inst4", "inst5", "inst6"]
    stopped = cloud.call("stop_instance", instance=cloud.call("get_instance", instance_id="inst5"))
    cloud.call("destroy_instance", instance=stopped)
    assert cloud.call("create_instance", new=NewInstance(image_id="img1")).id == "inst5"


def test_a_new_instance_shows_what_was_asked_for(cloud: Cloud) -> None:
    cloud.call("create_firewall", new=NewFirewall(name="web", description="d"))
    asked = NewInstance(
        image_id="img2",
        name="<a> & é",
        realm_id="eu",
        hardware_profile_id="m1-large",
        hardware=HardwareOverrides(cpu=2, memory=12288.0, storage=850, architecture="x86_64"),
        key_name="test-key",
        firewall_ids=("web",),
        user_data=b"hello",
        tags=(("role", "front"),),
    )
    made = cloud.call("create_instance", new=asked)
    assert made == cloud.call("get_instance", instance_id="inst4")
    assert (made.name, made.image_id, made.realm_id, made.owner_id) == ("<a> & é", "img2", "eu", "mockuser")
    assert (made.state, made.hardware_profile_id, made.create_image) == ("RUNNING", "m1-large", True)
    assert made.hardware_overrides == (
        ("memory", "12288"),
        ("storage", "850"),
        ("architecture", "x86_64"),
        ("cpu", "2"),
    )
    assert (made.key_name, made.firewall_ids, made.tags) == ("test-key", ("web",), (("role", "front"),))
    assert made.public_addresses == (InstanceAddress("img2.inst4.public.com", "hostname"),)
    assert made.private_addresses == (InstanceAddress("img2.inst4.private.com", "hostname"),)


def test_a_new_instance_needs_an_image_only(cloud: Cloud) -> None:
    made = cloud.call("create_instance", new=NewInstance(image_id="img1", realm_id="", hardware_profile_id=""))
    assert (made.realm_id, made.hardware_profile_id, made.hardware_overrides) == ("us", "m1-small", ())
    assert re.fullmatch(r"i-\d+", made.name)


@pytest.mark.parametrize(
    "asked",
    [
        NewInstance(image_id="nosuch"),
        NewInstance(image_id="img1", realm_id="nosuch"),
        NewInstance(image_id="img1", key_name="nosuch"),
        NewInstance(image_id="img1", firewall_ids=("default", "nosuch")),
        NewInstance(image_id="img1", subnet_id="nosuch"),
        NewInstance(image_id="img1", snapshot=("nosuch", "/dev/sdb")),
    ],
    ids=["image", "realm", "key", "firewall", "subnet", "snapshot"],
)
def test_a_new_instance_refers_to_nothing_that_is_not_there(cloud: Cloud, asked: NewInstance) -> None:
    with pytest.raises(NotFound, match="nosuch"):
        cloud.call("create_instance", new=asked)
    assert cloud.ids("list_instances") == ["inst0", "inst1", "inst2", "inst3"]
    assert cloud.ids("list_storage_volumes") == ["vol1", "vol2", "vol3"]


def test_several_instances_are_launched_at_once(cloud: Cloud) -> None:
    made = cloud.call("create_instance", new=NewInstance(image_id="img1", name="worker", count=3))
    assert [one.id for one in made] == ["inst4", "inst5", "inst6"]
    assert {one.name for one in made} == {"worker"}


def test_nobody_launches_very_many_instances_at_once(cloud: Cloud) -> None:
    with pytest.raises(QuotaExceeded):
        cloud.call("create_instance", new=NewInstance(image_id="img1", count=1_000_000))


def test_an_instance_can_begin_stopped(cloud: Cloud) -> None:
    by = cloud.context(extra={"initial_state": "STOPPED"})
    assert cloud.call("create_instance", by=by, new=NewInstance(image_id="img1")).state == "STOPPED"


def test_an_instance_can_begin_with_the_volume_of_a_snapshot(cloud: Cloud) -> None:
    made = cloud.call("create_instance", new=NewInstance(image_id="img1", snapshot=("snap1", "/dev/sdb")))
    ((volume_id, device),) = made.storage_volumes
    volume = cloud.call("get_storage_volume", volume_id=volume_id)
    assert (device, volume.device, volume.instance_id) == ("/dev/sdb", "/dev/sdb", made.id)


def test_an_instance_can_begin_in_a_subnet(cloud: Cloud) -> None:
    made = cloud.call("create_instance", new=NewInstance(image_id="img1", subnet_id="subnet3"))
    (interface_id,) = made.network_interface_ids
    interface = cloud.call("get_network_interface", network_interface_id=interface_id)
    assert (interface.instance_id, interface.network_id, interface.ip_address) == (made.id, "subnet3", "10.1.0.1")


def test_the_life_of_an_instance(cloud: Cloud) -> None:
    instance = cloud.call("get_instance", instance_id="inst0")
    assert cloud.call("reboot_instance", instance=instance).state == "RUNNING"
    stopped = cloud.call("stop_instance", instance=instance)
    assert stopped.state == cloud.call("get_instance", instance_id="inst0").state == "STOPPED"
    started = cloud.call("start_instance", instance=stopped)
    assert started.state == "RUNNING"
    cloud.call("destroy_instance", instance=cloud.call("stop_instance", instance=started))
    with pytest.raises(NotFound):
        cloud.call("get_instance", instance_id="inst0")


def test_what_happened_meanwhile_decides_which_actions_are_possible(cloud: Cloud) -> None:
    running = cloud.call("get_instance", instance_id="inst0")
    stopped = cloud.call("stop_instance", instance=running)
    for hook in ("stop_instance", "reboot_instance"):
        with pytest.raises(ActionNotAllowed):
            cloud.call(hook, instance=running)
    cloud.call("start_instance", instance=stopped)
    for hook in ("start_instance", "destroy_instance"):
        with pytest.raises(ActionNotAllowed):
            cloud.call(hook, instance=stopped)


def test_pending_and_stopping_last_as_long_as_the_settings_say(make_cloud: Callable[..., Cloud]) -> None:
    clock = Clock()
    cloud = make_cloud(clock=clock, transition_seconds=30)
    made = cloud.call("create_instance", new=NewInstance(image_id="img1"))
    assert made.state == "PENDING"
    with pytest.raises(ActionNotAllowed):
        cloud.call("stop_instance", instance=made)
    clock.now += 29
    assert cloud.call("get_instance", instance_id=made.id).state == "PENDING"
    clock.now += 1
    assert cloud.call("get_instance", instance_id=made.id).state == "RUNNING"
    assert cloud.call("stop_instance", instance=made).state == "STOPPING"
    assert [one.state for one in cloud.items("list_instances") if one.id == made.id] == ["STOPPING"]
    clock.now += 30
    assert cloud.call("start_instance", instance=made).state == "PENDING"


def test_what_happens_to_a_pending_instance_does_not_keep_it_pending(make_cloud: Callable[..., Cloud]) -> None:
    clock = Clock()
    cloud = make_cloud(clock=clock, transition_seconds=30)
    made = cloud.call("create_instance", new=NewInstance(image_id="img1"))
    cloud.call("attach_storage_volume", volume_id="vol1", instance_id=made.id, device="/dev/sdb")
    assert cloud.call("get_instance", instance_id=made.id).state == "PENDING"
    clock.now += 30
    found = cloud.call("get_instance", instance_id=made.id)
    assert (found.state, found.storage_volumes) == ("RUNNING", (("vol1", "/dev/sdb"),))


def test_what_belonged_to_an_instance_is_free_when_it_is_gone(cloud: Cloud) -> None:
    cloud.call("associate_address", address_id="192.168.0.1", instance_id="inst1")
    cloud.call("destroy_instance", instance=cloud.call("stop_instance", instance=_instance(cloud, "inst1")))
    volume = cloud.call("get_storage_volume", volume_id="vol3")
    assert (volume.state, volume.instance_id, volume.device) == ("AVAILABLE", None, None)
    assert cloud.call("get_address", address_id="192.168.0.1").instance_id is None
    assert cloud.ids("list_network_interfaces") == ["nicinst3"]


def test_a_command_is_quoted_and_not_run(cloud: Cloud) -> None:
    said = cloud.call("run_on_instance", instance=_instance(cloud, "inst0"), command=Command(command="uptime -p"))
    assert said.address == "img1.inst0.public.com"
    assert "'uptime -p'" in said.output
    command = Command(command="uptime", address="192.0.2.1")
    assert cloud.call("run_on_instance", instance=_instance(cloud, "inst0"), command=command).address == "192.0.2.1"


def _instance(cloud: Cloud, instance_id: str) -> object:
    return cloud.call("get_instance", instance_id=instance_id)


# Keys


def test_a_new_key_has_a_fingerprint_and_a_private_part(cloud: Cloud) -> None:
    made = cloud.call("create_key", new=NewKey(name="mine"))
    assert re.fullmatch(r"([0-9a-f]{2}:){19}[0-9a-f]{2}", made.fingerprint)
    assert made.pem.reveal().startswith("-----BEGIN RSA PRIVATE KEY-----\n")
    assert cloud.call("get_key", key_id="mine") == made
    assert made.pem.reveal() not in repr(made)


def test_chance_can_be_chosen(make_cloud: Callable[..., Cloud]) -> None:
    first = make_cloud(randomness=random.Random(7)).call("create_key", new=NewKey(name="a"))  # noqa: S311
    second = make_cloud(randomness=random.Random(7)).call("create_key", new=NewKey(name="b"))  # noqa: S311
    assert (first.fingerprint, first.pem) == (second.fingerprint, second.pem)


def test_an_imported_key_has_no_private_part(cloud: Cloud) -> None:
    made = cloud.call("create_key", new=NewKey(name="mine", public_key="ssh-ed25519 AAAA me"))
    assert made.pem is None
    assert re.fullmatch(r"([0-9a-f]{2}:){19}[0-9a-f]{2}", made.fingerprint)


def test_the_name_of_a_key_is_taken_once(cloud: Cloud) -> None:
    with pytest.raises(Forbidden, match=r"^Key with same name already exists$"):
        cloud.call("create_key", new=NewKey(name="test-key"))


def test_a_key_is_deleted_once(cloud: Cloud) -> None:
    cloud.call("destroy_key", key_id="test-key")
    assert cloud.ids("list_keys") == []
    with pytest.raises(NotFound):
        cloud.call("destroy_key", key_id="test-key")


@pytest.mark.parametrize("name", ["", "../escape", "a/b", "a\\b", ".hidden", "..", "nul\0", "line\nbreak", "x" * 256])
def test_a_name_that_becomes_an_id_has_no_path_in_it(cloud: Cloud, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        cloud.call("create_key", new=NewKey(name=name))
    assert refused.value.parameter == "name"
    assert cloud.ids("list_keys") == ["test-key"]


@pytest.mark.parametrize("name", ["clé", "鍵", "a b&c", "x" * 255, "a;b=c", "%2e%2e%2f", "-rf", "🔑"])
def test_a_name_may_be_in_any_language(cloud: Cloud, name: str) -> None:
    cloud.call("create_key", new=NewKey(name=name))
    assert cloud.call("get_key", key_id=name).name == name
    assert name in cloud.ids("list_keys")


def test_text_that_is_no_unicode_is_the_client_s_mistake(cloud: Cloud) -> None:
    with pytest.raises(UnicodeEncodeError) as failed:
        cloud.call("get_key", key_id="\udcff")
    assert isinstance(cloud.driver.translate_error(failed.value), InvalidRequest)


# Metrics

UNITS = {
    "cpuUtilization": "Percent",
    "diskReadRequestCount": "Count",
    "diskReadSector": "Count",
    "diskWriteRequestCount": "Count",
    "diskWriteSector": "Count",
    "nicInputByte": "Bytes",
    "nicInputPacket": "Count",
    "nicOutputByte": "Bytes",
    "nicOutputPacket": "Count",
}


def test_there_is_one_metric_for_each_instance_without_samples_in_the_list(cloud: Cloud) -> None:
    metrics = cloud.items("list_metrics")
    assert [metric.id for metric in metrics] == ["inst0", "inst1", "inst2", "inst3"]
    assert metrics[1].entity == "MockUserInstance"
    assert [(one.name, one.samples) for one in metrics[0].properties] == [(name, None) for name in UNITS]


def test_a_metric_has_six_samples_of_the_instance_that_was_asked_for(make_cloud: Callable[..., Cloud]) -> None:
    metric = make_cloud(clock=Clock(1_795_422_466.7)).call("get_metric", metric_id="inst2")
    assert (metric.id, metric.entity) == ("inst2", "AnotherInstance")
    assert [one.name for one in metric.properties] == list(UNITS)
    for one in metric.properties:
        assert [sample.timestamp for sample in one.samples] == list(range(1_795_422_466, 1_795_422_460, -1))
        divisor = 100 if one.name == "cpuUtilization" else 1
        for sample in one.samples:
            assert sample.unit == UNITS[one.name]
            assert 1 <= round(sample.minimum * divisor) <= 49
            assert 50 <= round(sample.maximum * divisor) <= 99
            half = (sample.minimum + sample.maximum) / 2
            assert sample.average == (pytest.approx(half) if divisor == 100 else int(half))


def test_there_is_no_metric_of_an_unknown_instance(cloud: Cloud) -> None:
    with pytest.raises(NotFound):
        cloud.call("get_metric", metric_id="nosuch")
