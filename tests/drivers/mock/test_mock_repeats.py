"""Requests that come twice under one Idempotency-Key: they make one thing, and are answered alike."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from apiclient import Client
from deltacloud.errors import Forbidden, InvalidRequest, NotFound
from deltacloud.inputs import HardwareOverrides, NewInstance, NewKey, NewStorageVolume
from deltacloud.kernel import GatewaySettings
from deltacloud.secret import Secret
from deltacloud.testing.wsgi import Answer
from mockcloud import Clock, Cloud

USERS = {"alice": "wonderland", "bob": "builder"}
CREATES = {
    "/images": ("instance_id=inst1&name=gold", "instance_id=inst1&name=silver"),
    "/instances": ("image_id=img1", "image_id=img2"),
    "/instances?several": ("image_id=img1&instance_count=3", "image_id=img1&instance_count=2"),
    "/instances?without a count": ("image_id=img1&name=a", "image_id=img1&name=a&initial_state=STOPPED"),
    "/keys": ("name=mine", "name=yours"),
    "/firewalls": ("name=wall&description=d", "name=wall&description=another"),
    "/firewalls/default/rules": (
        "protocol=tcp&port_from=1&port_to=2&ip_address1=10.0.0.0/8",
        "protocol=tcp&port_from=1&port_to=2&ip_address1=10.0.0.0/9",
    ),
    "/addresses": ("", None),
    "/load_balancers": (
        "name=lb&realm_id=us&listener_protocol=HTTP&listener_balancer_port=80&listener_instance_port=81",
        "name=lb&realm_id=eu&listener_protocol=HTTP&listener_balancer_port=80&listener_instance_port=81",
    ),
    "/networks": ("name=net&address_block=10.0.0.0/16", "address_block=10.0.0.0/16"),
    "/subnets": ("network_id=net1&address_block=10.1.0.0/24", "network_id=net1&address_block=10.2.0.0/24"),
    "/network_interfaces": ("instance=inst1&network=net1", "instance=inst1&network=net1&name=other"),
    "/storage_volumes": ("capacity=2", "capacity=3"),
    "/storage_snapshots": ("volume_id=vol1", "volume_id=vol2"),
    "/buckets": ("name=mybucket", "name=yourbucket"),
}
"""What makes things, with a request and another one."""
OPERATIONS = list(CREATES)


@pytest.fixture(name="client")
def client_fixture(tmp_path: Path) -> Client:
    return Client(GatewaySettings(driver="mock", drivers={"mock": {"storage": str(tmp_path / "mock")}}))


def create(client: Client, operation: str, body: str | None, key: str, accept: str = "application/json") -> Answer:
    path = f"/api{operation.partition('?')[0]}"
    return client("POST", path, body or "", accept=accept, Idempotency_Key=key)


def ids(client: Client, operation: str) -> list[str]:
    """The ids of all that is in the collection, or of a firewall's rules."""
    collection = operation.partition("?")[0].removesuffix("/rules")
    document = client("GET", f"/api{collection}").json
    (value,) = document.values()
    return sorted(one["id"] for one in (value if isinstance(value, list) else value["rules"]))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_create_is_done_once_for_one_key_and_answered_alike(client: Client, operation: str) -> None:
    body, _ = CREATES[operation]
    before = ids(client, operation)
    first = create(client, operation, body, "k")
    assert first.status == 201, first.text
    after = ids(client, operation)
    again = create(client, operation, body, "k")
    assert (again.status, again.body, again.headers.get("location")) == (201, first.body, first.headers.get("location"))
    assert ids(client, operation) == after != before


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if CREATES[one][1] is not None])
def test_a_key_that_comes_with_another_request_is_refused(client: Client, operation: str) -> None:
    body, another = CREATES[operation]
    assert create(client, operation, body, "k").status == 201
    after = ids(client, operation)
    for accept, member in (("application/json", "error_code"), ("application/problem+json", "code")):
        refused = create(client, operation, another, "k", accept)
        assert (refused.status, refused.json[member]) == (400, "invalid_request")
        assert "Idempotency-Key" in refused.text
    assert ids(client, operation) == after


def test_a_failed_request_is_not_remembered(cloud: Cloud) -> None:
    by = cloud.context(key="k")
    with pytest.raises(NotFound):
        cloud.call("create_instance", by=by, new=NewInstance(image_id="missing"))
    assert cloud.call("create_instance", by=by, new=NewInstance(image_id="img1")).image_id == "img1"


def test_the_same_key_of_the_same_caller_makes_one_thing(cloud: Cloud) -> None:
    def launch(key: str | None) -> object:
        return cloud.call("create_instance", by=cloud.context(key=key), new=NewInstance(image_id="img1", count=2))

    first = launch("once")
    assert launch("once") == first
    assert launch("twice") != first
    assert launch(None) != launch(None)


def test_a_repeated_name_is_no_conflict_under_the_same_key(cloud: Cloud) -> None:
    by = cloud.context(key="k")
    first = cloud.call("create_key", by=by, new=NewKey(name="mine"))
    assert cloud.call("create_key", by=by, new=NewKey(name="mine")) == first
    with pytest.raises(Forbidden):
        cloud.call("create_key", by=cloud.context(key="other"), new=NewKey(name="mine"))


def test_a_key_means_something_else_to_another_caller_operation_or_day(make_cloud: Callable[..., Cloud]) -> None:
    clock = Clock()
    cloud = make_cloud(users=USERS, clock=clock)

    def volume(user: str) -> object:
        by = cloud.context(user, USERS[user], key="k")
        return cloud.call("create_storage_volume", by=by, new=NewStorageVolume()).id

    first = volume("alice")
    assert volume("bob") != first
    cloud.call("create_address", by=cloud.context("alice", USERS["alice"], key="k"))
    assert volume("alice") == first
    clock.now += 25 * 3600
    cloud.call("create_address", by=cloud.context("alice", USERS["alice"], key="another"))
    assert volume("alice") != first


def test_a_late_repetition_does_not_bring_back_what_is_gone(cloud: Cloud) -> None:
    by = cloud.context(key="k")
    first = cloud.call("create_key", by=by, new=NewKey(name="mine"))
    cloud.call("destroy_key", key_id="mine")
    assert cloud.call("create_key", by=by, new=NewKey(name="mine")) == first
    assert "mine" not in cloud.ids("list_keys")


def test_a_repetition_is_answered_as_the_first_request_was_whatever_has_changed(cloud: Cloud) -> None:
    by = cloud.context(key="k")
    first = cloud.call("create_instance", by=by, new=NewInstance(image_id="img1"))
    cloud.call("stop_instance", instance=first)
    assert cloud.call("create_instance", by=by, new=NewInstance(image_id="img1")).state == "RUNNING"
    assert cloud.call("get_instance", instance_id=first.id).state == "STOPPED"


def test_all_that_a_request_says_counts_but_its_secrets(cloud: Cloud) -> None:
    by = cloud.context(key="k")
    asked = NewInstance(image_id="img1", user_data=b"\xff", hardware=HardwareOverrides(cpu=1.5), tags=(("a", "b"),))
    first = cloud.call("create_instance", by=by, new=asked)
    assert cloud.call("create_instance", by=by, new=asked) == first
    with pytest.raises(InvalidRequest, match="used for another request"):
        cloud.call("create_instance", by=by, new=NewInstance(image_id="img1", user_data=b"\xfe"))
    with pytest.raises(InvalidRequest, match="used for another request"):
        cloud.call("create_instance", by=cloud.context(key="k", extra={"initial_state": "STOPPED"}), new=asked)
    secret = NewInstance(image_id="img1", password=Secret("one that nobody may find"))
    cloud.call("create_instance", by=cloud.context(key="s"), new=secret)
    kept = b"".join(path.read_bytes() for path in cloud.storage.rglob("*") if path.is_file())
    assert b"one that nobody" not in kept


def test_requests_at_the_same_time_make_one_thing(cloud: Cloud) -> None:
    def launch(_: int) -> object:
        return cloud.call("create_instance", by=cloud.context(key="k"), new=NewInstance(image_id="img1", count=3))

    before = len(cloud.ids("list_instances"))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(launch, range(24)))
    assert all(answer == answers[0] for answer in answers)
    assert len(cloud.ids("list_instances")) == before + 3


@pytest.mark.parametrize("key", ["x" * 256, "a b", 'a"b', "a,b", "a\\b", "\u00e9", '""', "a\tb"])
def test_a_key_that_could_not_be_handed_on_is_refused(client: Client, key: str) -> None:
    before = ids(client, "/addresses")
    refused = create(client, "/addresses", "", key)
    assert (refused.status, refused.json["error_code"], refused.json["parameter"]) == (
        400,
        "invalid_request",
        "Idempotency-Key",
    )
    assert ids(client, "/addresses") == before


def test_quotation_marks_around_a_key_are_no_part_of_it(client: Client) -> None:
    first = create(client, "/addresses", "", "x" * 255)
    assert create(client, "/addresses", "", f'"{"x" * 255}"').body == first.body
    assert create(client, "/addresses", "", " ").body != create(client, "/addresses", "", "").body


def test_a_read_takes_no_notice_of_a_key(client: Client) -> None:
    assert client("GET", "/api/instances", Idempotency_Key="a b").status == 200
