"""The rules of ``deploy/prometheus``: Prometheus takes them, and what they and the documentation ask for is counted."""

from __future__ import annotations

import base64
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from deltacloud import errors
from deltacloud.errors import DeltacloudError
from gateway import Deltacloudd, Gateway
from programs import needed
from yamlfiles import read_yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
RULES = (FOLDER / "rules.yml").read_text("utf-8")
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
METRIC = re.compile(r"(?<![\w:])deltacloud_[a-z_]+(?![\w:/])")
OTHERS = {"ok", "client_disconnected"}
"""What a call may end with besides the words of the errors."""


@pytest.mark.doubles
def test_prometheus_takes_the_rules_and_they_do_what_their_tests_say() -> None:
    promtool = needed("promtool", "deploy/prometheus/rules.yml")
    for command in (["check", "rules", "rules.yml"], ["test", "rules", "rules_test.yml"]):
        done = subprocess.run([promtool, *command], capture_output=True, text=True, check=False, cwd=FOLDER)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def counted(deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The metrics of a server that has served a request, and refused one because another was in progress."""
    file = tmp_path_factory.mktemp("settings") / "config.toml"
    file.write_text("[server]\ndriver-calls = 1\nworkers = 1\n[drivers.mock]\ndelay-seconds = 0.5\n", "utf-8")
    gateway = deltacloudd("-c", str(file))
    with ThreadPoolExecutor(4) as pool:
        statuses = set(pool.map(_status, [gateway] * 4))
    assert statuses == {200, 503}
    end = time.monotonic() + 20
    while "deltacloud_connections{" not in (metrics := _metrics(gateway)):  # they are counted once a second
        assert time.monotonic() < end, metrics
        time.sleep(0.2)
    return metrics


def _metrics(gateway: Gateway) -> str:
    with urlopen(f"{gateway.url}/metrics", timeout=30) as answer:
        return str(answer.read(), "utf-8")


def _status(gateway: Gateway) -> int:
    pair = base64.b64encode(b"mockuser:mockpassword").decode()
    request = Request(f"{gateway.url}/api/realms?format=json", headers={"Authorization": f"Basic {pair}"})
    try:
        with urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("text", [RULES, PAGE], ids=["rules", "page"])
def test_every_metric_that_is_asked_for_is_there(text: str, counted: str) -> None:
    samples = set(re.findall(r"^([a-z_]+)[{ ]|^# TYPE ([a-z_]+) histogram", counted, re.MULTILINE))
    there = {name for found in samples for name in found}
    assert set(METRIC.findall(text)) - there == set()


def test_every_status_that_is_asked_for_is_one() -> None:
    words = {word for found in re.findall(r'status=~?"([a-z_|]+)"', RULES) for word in found.split("|")}
    assert words
    assert words <= _codes(DeltacloudError) | OTHERS


def _codes(kind: type[DeltacloudError]) -> set[str]:
    known = {one for one in kind.__subclasses__() if one.__module__ == errors.__name__}
    return {one.code for one in known} | {code for one in known for code in _codes(one)}


def test_every_alert_is_on_the_page_and_the_page_has_no_other() -> None:
    rules = [rule for group in read_yaml(RULES)[0]["groups"] for rule in group["rules"]]
    alerts = {rule["alert"] for rule in rules if "alert" in rule}
    assert alerts == set(re.findall(r"^\| `(Deltacloud\w+)` \|", PAGE, re.MULTILINE))
