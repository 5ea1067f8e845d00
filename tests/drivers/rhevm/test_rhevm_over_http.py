"""A real server in front of an engine over HTTPS: many callers wait for a slow engine, and each gets their own."""

from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from gateway import Deltacloudd
from ovirtcloud import ADMIN, JANE, JOE, Engine
from ovirtcloud.state import PASSWORDS


class Caller:
    """Somebody who calls a server."""

    def __init__(self, url: str, provider: str, user: str) -> None:
        self._url = url
        login = base64.b64encode(f"{user}:{PASSWORDS[user]}".encode()).decode()
        self._headers = {
            "Authorization": f"Basic {login}", "Accept": "application/json", "X-Deltacloud-Provider": provider,
        }  # fmt: skip

    def __call__(self, method: str, path: str, **form: str) -> Any:
        body = urlencode(form).encode() if method == "POST" else None
        with urlopen(Request(self._url + path, body, self._headers, method=method), timeout=30) as answer:
            content = answer.read()
        return json.loads(content) if content else None


@pytest.fixture
def url(deltacloudd: Deltacloudd, certificates: Path, tmp_path: Path) -> str:
    """Where the gateway is."""
    config = tmp_path / "config.toml"
    config.write_text(f'[drivers.rhevm.ca-files]\n"127.0.0.1" = "{certificates}"\n', encoding="utf-8")
    return f"{deltacloudd('-c', str(config), driver='rhevm').url}/api"


def test_a_machines_life_goes_through_a_real_server(url: str, secure_engine: Engine) -> None:
    call = Caller(url, secure_engine.provider(1), ADMIN)
    template = secure_engine.state.template("Debian 12").id
    machine = call("POST", "/instances", image_id=template, name="by-http", hwp_memory="2048")["instance"]["id"]
    assert _until(call, machine, "STOPPED")["name"] == "by-http"
    call("POST", f"/instances/{machine}/start")
    assert _until(call, machine, "RUNNING")["realm"]["id"] == secure_engine.state.clusters[3].id
    call("POST", f"/instances/{machine}/stop")
    _until(call, machine, "STOPPED")
    image = call("POST", "/images", instance_id=machine, name="of-it")["image"]["id"]
    call("DELETE", f"/images/{image}")
    call("DELETE", f"/instances/{machine}")
    assert secure_engine.state.machines == []


def test_callers_at_once_see_what_is_theirs_also_when_all_have_to_log_in_anew(url: str, secure_engine: Engine) -> None:
    for user in (JANE, JOE):
        for number in range(3):
            secure_engine.state.add_machine(f"{user.partition('@')[0]}-{number}", user)
    callers = {user: Caller(url, secure_engine.provider(0, user=True), user) for user in (JANE, JOE)}

    def ask(number: int) -> tuple[str, set[str]]:
        user = (JANE, JOE)[number % 2]
        return user, {one["name"] for one in callers[user]("GET", "/instances")["instances"]}

    with ThreadPoolExecutor(8) as pool:
        for _ in range(6):
            for user, names in pool.map(ask, range(16)):
                assert names == {f"{user.partition('@')[0]}-{number}" for number in range(3)}
            secure_engine.state.expire_tokens()
    assert secure_engine.state.cookies == []


def _until(call: Caller, machine: str, state: str) -> dict[str, Any]:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        instance: dict[str, Any] = call("GET", f"/instances/{machine}")["instance"]
        if instance["state"] == state:
            return instance
        time.sleep(0.02)
    raise AssertionError(instance["state"])
