"""Answers that were recorded when DigitalOcean was younger still go through the mapping."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deltacloud import errors
from deltacloud_digitalocean import records
from deltacloud_digitalocean.client import member_of
from deltacloud_digitalocean.errors import Refusal, translate
from digitaloceancloud.readings import model_from

MANY: dict[str, tuple[str, type[records.Record]]] = {
    "list_images": ("images", records.Image),
    "list_key_pairs": ("ssh_keys", records.Key),
    "list_locations": ("regions", records.Region),
    "list_nodes": ("droplets", records.Droplet),
    "list_nodes_empty": ("droplets", records.Droplet),
    "list_nodes_page_1": ("droplets", records.Droplet),
    "list_sizes": ("sizes", records.Size),
    "list_volume_snapshots": ("snapshots", records.Snapshot),
    "list_volumes": ("volumes", records.Volume),
    "list_volumes_empty": ("volumes", records.Volume),
    "list_floating_ips": ("floating_ips", records.ReservedAddress),
}
ACTIONS = (
    "attach_floating_ip", "attach_volume", "create_image", "create_node", "detach_floating_ip", "detach_volume",
    "ex_change_kernel", "ex_enable_ipv6", "ex_hard_reboot", "ex_power_on_node", "ex_rebuild_node", "ex_rename_node",
    "ex_resize_node", "ex_shutdown_node", "reboot_node",
)  # fmt: skip
ONE: dict[str, tuple[str, type[records.Record]]] = {
    "create_floating_ip": ("floating_ip", records.ReservedAddress),
    "create_key_pair": ("ssh_key", records.Key),
    "create_volume": ("volume", records.Volume),
    "create_volume_snapshot": ("snapshot", records.Snapshot),
    "get_image": ("image", records.Image),
    "list_node": ("droplet", records.Droplet),
    **dict.fromkeys(ACTIONS, ("action", records.Action)),
}
REFUSALS = {
    "error": (401, errors.AuthenticationFailed),
    "error_invalid_image": (422, errors.NotFound),
}


@pytest.fixture
def answers(recorded: Path) -> Callable[[str], bytes]:
    """A recorded answer by its name."""
    folder = recorded / "recorded" / "libcloud" / "compute" / "digitalocean_v2"
    known = {path.stem for path in folder.glob("*.json")}
    assert known == set(MANY) | set(ONE) | set(REFUSALS)
    return lambda name: (folder / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", MANY)
def test_a_recorded_list_is_understood(answers: Callable[[str], bytes], name: str) -> None:
    member, kind = MANY[name]
    found = [model_from(one) for one in member_of(answers(name), member, list[kind])]  # type: ignore[valid-type]
    assert bool(found) == (not name.endswith("_empty"))
    assert len({one.id for one in found}) == len(found)


@pytest.mark.parametrize("name", ONE)
def test_a_recorded_answer_is_understood(answers: Callable[[str], bytes], name: str) -> None:
    member, kind = ONE[name]
    assert model_from(member_of(answers(name), member, kind)).id


@pytest.mark.parametrize("name", REFUSALS)
def test_a_recorded_refusal_means_what_it_says(answers: Callable[[str], bytes], name: str) -> None:
    status, kind = REFUSALS[name]
    message = member_of(answers(name), "message", str)
    assert type(translate(Refusal(status, None, message, None, None))) is kind


def test_a_recorded_droplet_is_shown_as_it_was(answers: Callable[[str], bytes]) -> None:
    (droplet,) = map(model_from, member_of(answers("list_nodes"), "droplets", list[records.Droplet]))
    assert (droplet.id, droplet.name, droplet.state) == ("3164444", "ubuntu-s-1vcpu-1gb-sfo3-01", "RUNNING")
    assert (droplet.image_id, droplet.hardware_profile_id) == ("69463186", "s-1vcpu-1gb")
    assert droplet.launch_time == datetime(2020, 10, 15, 13, 58, 22, tzinfo=UTC)
    assert [one.address for one in droplet.private_addresses] == ["10.124.0.2"]
    images = map(model_from, member_of(answers("list_images"), "images", list[records.Image]))
    assert [getattr(one, "architecture", None) for one in images] == ["x86_64", "i386", "x86_64"]
