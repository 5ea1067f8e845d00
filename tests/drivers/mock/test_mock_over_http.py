"""The pretend cloud behind a server of two processes, held to a model through HTTP: by one client, and by many."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from gateway import Deltacloudd, Gateway
from modelcloud.caller import Caller
from modelcloud.machine import SETTINGS, CloudMachine
from modelcloud.observing import COLLECTIONS
from modelcloud.tenant import Life, Tenant

SUPPORT = Path(__file__).parents[2] / "support"
PROCESSES = 3
PATIENCE = 240
PASSWORD = "open sesame"
RUNS = 40
"""More than any client begins."""
USERS = ["crowd", *[f"tenant{number}-{run}" for number in range(PROCESSES) for run in range(RUNS)]]
ONE_CLIENT = settings(SETTINGS, max_examples=10, derandomize=True)
GIVEN_ONCE = ("instances", "addresses", "images")
"""Collections whose ids no two users may have at once."""

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(300)]


@pytest.fixture
def gateway(deltacloudd: Deltacloudd, tmp_path: Path) -> Gateway:
    """A server with tenants for each client, one for each of its runs."""
    users = "\n".join(f'{user} = "{PASSWORD}"' for user in USERS)
    configuration = tmp_path / "deltacloud.toml"
    configuration.write_text(f"[drivers.mock.users]\n{users}\n")
    return deltacloudd("--workers", "2", "--config", str(configuration))


def start(gateway: Gateway, user: str, number: int, company: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "error", "-m", "modelcloud"]
    command += [str(gateway.port), user, PASSWORD, str(number), company]
    return subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(SUPPORT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[bytes]) -> list[Life]:
    output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors.decode()
    lives = [Life(*one) for one in json.loads(output)]
    assert lives
    return lives


def lived_at_once(gateway: Gateway, company: str, user_of: Callable[[int], str]) -> list[Life]:
    processes = [start(gateway, user_of(number), number, company) for number in range(PROCESSES)]
    try:
        return [life for process in processes for life in finish(process)]
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def assert_ids_had_one_holder_at_a_time(lives: list[Life]) -> None:
    lives = sorted(lives)
    for (collection, identifier), holders in itertools.groupby(lives, key=lambda life: (life.collection, life.id)):
        for earlier, later in itertools.pairwise(holders):
            assert earlier.died <= later.born, f"{collection} {identifier} had two holders"


def assert_nothing_is_left(gateway: Gateway, user: str) -> None:
    with contextlib.closing(Caller(gateway.port, user, PASSWORD)) as caller:
        tenant = Tenant(caller, user, "", sharing=False)
        for collection in COLLECTIONS:
            tenant.hold_list(collection, tenant.listed(collection, {"owner_id": "self"}), own=True)


def test_one_client_sees_exactly_what_it_did(gateway: Gateway) -> None:
    runs = itertools.count()

    def machine() -> CloudMachine:
        user = f"tenant0-{next(runs)}"
        return CloudMachine(Caller(gateway.port, user, PASSWORD), user, prefix=f"{user} ")

    run_state_machine_as_test(machine, settings=ONE_CLIENT)  # type: ignore[arg-type]


def test_tenants_at_work_at_once_see_exactly_what_they_did_themselves(gateway: Gateway) -> None:
    lives = lived_at_once(gateway, "alone", lambda number: f"tenant{number}")
    assert_ids_had_one_holder_at_a_time([life for life in lives if life.collection in GIVEN_ONCE])
    for number in range(PROCESSES):
        assert_nothing_is_left(gateway, f"tenant{number}-0")


def test_clients_of_one_tenant_at_work_at_once_lose_nothing_and_share_no_id(gateway: Gateway) -> None:
    lives = lived_at_once(gateway, "sharing", lambda _: "crowd")
    assert_ids_had_one_holder_at_a_time(lives)
    assert_nothing_is_left(gateway, "crowd")
