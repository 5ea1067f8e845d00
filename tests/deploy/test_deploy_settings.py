"""The settings that the files of ``deploy`` show are the gateway's own, and it starts with them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from deltacloud.driver import read_settings as read_driver_settings
from deltacloud.server.options import ACTIONS, CONFIG, OPTIONS, Action, Option
from deltacloud.server.settings import read_settings
from deltacloud_mock import MockSettings
from gateway import Deltacloudd, find_free_port

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CONFIGS = sorted(DEPLOY.rglob("config.toml"))
FILES = sorted(one for one in DEPLOY.rglob("*") if one.is_file())
OF_DRIVERS = {"DELTACLOUD_MOCK_STORAGE"}
KEYS = {option.key for option in OPTIONS}


def _name(file: Path) -> str:
    return file.relative_to(DEPLOY).as_posix()


def _commented(text: str) -> Iterator[str]:
    """The settings that stand in comments, ready to be used."""
    for line in text.splitlines():
        if found := re.match(r"# ([a-z][a-z-]*) = ", line):
            yield found[1]


@pytest.mark.parametrize("file", CONFIGS, ids=_name)
def test_the_gateway_reads_every_file_of_settings(file: Path) -> None:
    settings = read_settings({"config": str(file)}, {})
    for table in settings.gateway.drivers.values():
        read_driver_settings(MockSettings, table, {})
    assert settings.gateway.public_url == "https://cloud.example.com"
    assert settings.gateway.allow_providers == ()
    assert set(_commented(file.read_text("utf-8"))) <= KEYS


@pytest.mark.parametrize("file", CONFIGS, ids=_name)
def test_the_gateway_starts_with_every_file_of_settings(file: Path, deltacloudd: Deltacloudd, tmp_path: Path) -> None:
    text = file.read_text("utf-8")
    metrics = tomllib.loads(text)["server"]["metrics"]
    port = find_free_port()
    own = tmp_path / "config.toml"
    own.write_text(text.replace(json.dumps(metrics), json.dumps(f"127.0.0.1:{port}")), "utf-8")
    gateway = deltacloudd("-c", str(own), "--workers", "1", driver=None)
    with urlopen(f"{gateway.url}/readyz", timeout=30) as answer:
        assert answer.read() == b"ready\n"
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        assert b"deltacloud_build_info" in answer.read()
    assert gateway.stop() == 0


@pytest.mark.parametrize("file", FILES, ids=_name)
def test_no_file_names_a_variable_or_an_option_that_the_gateway_does_not_know(file: Path) -> None:
    text = file.read_text("utf-8")
    variables = {option.variable for option in (*OPTIONS, CONFIG)} | OF_DRIVERS
    assert set(re.findall(r"\b(?:API|DELTACLOUD)_[A-Z_]+\b", text)) <= variables
    rows: tuple[Option | Action, ...] = (*OPTIONS, CONFIG, *ACTIONS)
    flags = {flag for row in rows for flag in row.flags}
    for command in re.findall(r"deltacloudd( -[^\n]*)", text):
        used = re.findall(r"(?<=\s)--?[a-z][a-z-]*", command)
        assert set(used) <= flags, command


def test_a_mistake_in_a_setting_ends_the_server_with_the_code_that_the_service_does_not_restart(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[server]\nworker = 2\n", "utf-8")
    command = [sys.executable, "-m", "deltacloud.cli", "--config", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "RestartPreventExitStatus=1\n" in (DEPLOY / "systemd" / "deltacloudd.service").read_text("utf-8")


def test_the_proxies_wait_longer_than_the_gateway_and_keep_connections_shorter() -> None:
    gateway = read_settings({"config": str(DEPLOY / "proxy" / "config.toml")}, {})
    longest = max(gateway.gateway.timeout, gateway.gateway.idle_timeout)
    waits = {
        "nginx.conf": r"(?:proxy_read_timeout|proxy_send_timeout|client_body_timeout|\n +send_timeout) +(\d+)s",
        "haproxy.cfg": r"timeout (?:client|server) +(\d+)s",
        "Caddyfile": r"response_header_timeout (\d+)s",
        "apache.conf": r" timeout=(\d+)|\n +Timeout +(\d+)",
    }
    keeps = {
        "nginx.conf": r"keepalive_timeout (\d+)s",
        "haproxy.cfg": r"timeout http-keep-alive (\d+)s",
        "Caddyfile": r"\n\t+keepalive (\d+)s",
        "apache.conf": r" ttl=(\d+)",
    }
    for name, pattern in waits.items():
        text = (DEPLOY / "proxy" / name).read_text("utf-8")
        found = [int("".join(one)) for one in re.findall(pattern, text)]
        assert found, name
        assert all(seconds > longest for seconds in found), name
        kept = [int(seconds) for seconds in re.findall(keeps[name], text)]
        assert kept, name
        assert all(seconds < gateway.keep_alive for seconds in kept), name


def test_the_overview_names_every_file_and_no_other() -> None:
    text = (DEPLOY / "README.md").read_text("utf-8")
    named = set(re.findall(r"`([\w.-]+)`", "\n".join(line for line in text.splitlines() if line.startswith("| `"))))
    there = {one.name for one in FILES} - {"README.md"}
    assert there <= named
    assert {name for name in named - there if "." in name} == set()
    assert {one.parent.name for one in FILES if one.parent != DEPLOY} <= named
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert (DEPLOY / target).exists(), target
