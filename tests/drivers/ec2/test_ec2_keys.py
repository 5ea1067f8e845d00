"""Keys: generated and imported."""

from __future__ import annotations

import pytest

from awscloud.calls import Hooks
from awscloud.things import name
from deltacloud.errors import Conflict, InvalidRequest, NotFound
from deltacloud.inputs import NewKey

pytestmark = pytest.mark.doubles

PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMW0fW5Zt1h2gyuHwz7hG0uSgzJpYyB0v0rSbvV8y2aU test"


def test_a_generated_key_shows_its_private_part_once(ec2: Hooks) -> None:
    wanted = name("key")
    made = ec2.call("create_key", new=NewKey(name=wanted))
    assert made.pem.reveal().startswith("-----BEGIN RSA PRIVATE KEY-----")
    shown = ec2.call("get_key", key_id=wanted)
    assert (shown.id, shown.name, shown.type, shown.state, shown.pem) == (wanted, wanted, "key", "AVAILABLE", None)
    assert shown.fingerprint == made.fingerprint != ""
    assert shown in ec2.list("keys")
    with pytest.raises(Conflict):
        ec2.call("create_key", new=NewKey(name=wanted))
    ec2.call("destroy_key", key_id=wanted)
    with pytest.raises(NotFound):
        ec2.call("get_key", key_id=wanted)


def test_a_public_part_is_imported_as_it_is(ec2: Hooks) -> None:
    wanted = name("key")
    made = ec2.call("create_key", new=NewKey(name=wanted, public_key=PUBLIC))
    assert (made.id, made.pem) == (wanted, None)
    assert made.fingerprint
    with pytest.raises(Conflict):
        ec2.call("create_key", new=NewKey(name=wanted, public_key=PUBLIC))
    ec2.call("destroy_key", key_id=wanted)


def test_what_is_no_key_is_not_imported(ec2: Hooks) -> None:
    with pytest.raises(InvalidRequest):
        ec2.call("create_key", new=NewKey(name=name("key"), public_key="ssh-rsa AAAAB3NzaC1yc2E nonsense"))


@pytest.mark.parametrize("unknown", ["nothing", "*", "a?"])
def test_a_key_that_is_not_there_is_not_found(ec2: Hooks, unknown: str) -> None:
    for hook in ("get_key", "destroy_key"):
        with pytest.raises(NotFound):
            ec2.call(hook, key_id=unknown)
