"""The unit of ``deploy/systemd``: systemd accepts it, and the server can do with what it leaves."""

from __future__ import annotations

import base64
import contextlib
import ctypes
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from deltacloud.server.settings import read_settings
from gateway import HOST, Deltacloudd, Gateway, find_free_port
from processes import tied
from programs import needed

FOLDER = Path(__file__).parents[2] / "deploy" / "systemd"
UNIT = (FOLDER / "deltacloudd.service").read_text("utf-8")
SETTINGS = read_settings({"config": str(FOLDER / "config.toml")}, {})
MOST_EXPOSED = 20
"""In tenths: below 2 of 10 systemd calls a service well protected."""
PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1
START_SECONDS = 30


def _value(key: str) -> str:
    found = re.findall(rf"^{key}=(.*)$", UNIT, re.MULTILINE)
    assert found, f"the unit has no {key}"
    return str(found[-1])


@pytest.mark.doubles
def test_systemd_has_nothing_to_say_against_the_unit(tmp_path: Path) -> None:
    analyze = needed("systemd-analyze", "deploy/systemd/deltacloudd.service")
    file = tmp_path / "deltacloudd.service"
    program = Path(sysconfig.get_path("scripts")) / "deltacloudd"
    file.write_text(UNIT.replace("/opt/deltacloud/bin/deltacloudd", str(program)), "utf-8")
    done = subprocess.run([analyze, "verify", "--man=no", str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.doubles
def test_systemd_calls_the_service_well_protected() -> None:
    analyze = needed("systemd-analyze", "how well deploy/systemd/deltacloudd.service is protected")
    command = [analyze, "security", "--offline=yes", "--no-pager", f"--threshold={MOST_EXPOSED}"]
    done = subprocess.run([*command, str(FOLDER / "deltacloudd.service")], capture_output=True, text=True, check=False)
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd cannot judge a service that does not run: its protection is NOT TESTED")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_server_tells_systemd_when_it_listens(tmp_path: Path) -> None:
    assert _value("Type") == "notify"
    port = find_free_port()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(str(tmp_path / "notify"))
        notified.settimeout(START_SECONDS)
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "DELTACLOUD_MOCK_STORAGE": str(tmp_path / "mock")}
        command = [sys.executable, "-m", "deltacloud.cli", "-r", HOST, "-p", str(port), "--workers", "1"]
        process = subprocess.Popen(tied(command), env=os.environ | environment, stderr=subprocess.DEVNULL)
        try:
            assert "READY=1" in notified.recv(4096).decode().splitlines()
            with urlopen(f"http://{HOST}:{port}/healthz", timeout=START_SECONDS) as answer:
                assert answer.status == 200
            os.kill(process.pid, 1)  # what ExecReload does
            with urlopen(f"http://{HOST}:{port}/healthz", timeout=START_SECONDS) as answer:
                assert answer.status == 200
        finally:
            process.terminate()
            assert process.wait(START_SECONDS) == 0


def test_limits_and_times_fit_the_settings() -> None:
    assert int(_value("LimitNOFILE")) >= 2 * SETTINGS.connections + 512
    assert int(_value("TimeoutStopSec")) >= SETTINGS.graceful_timeout + 10
    assert (_value("KillSignal"), _value("KillMode"), _value("Restart")) == ("SIGTERM", "mixed", "on-failure")
    assert _value("ExecReload") == "/bin/kill -HUP $MAINPID"
    assert "/etc/deltacloud/config.toml" in _value("ExecStart")


def test_the_server_needs_no_memory_that_can_be_written_and_run(deltacloudd: Deltacloudd, tmp_path: Path) -> None:
    """What MemoryDenyWriteExecute forbids, the kernel forbids here, too; the children inherit it."""
    assert _value("MemoryDenyWriteExecute") == "yes"
    if ctypes.CDLL(None).prctl(66, 0, 0, 0, 0) < 0:  # PR_GET_MDWE
        pytest.skip("this kernel is older than 6.3: MemoryDenyWriteExecute is NOT TESTED")
    start = (
        f"import ctypes, os, sys; assert ctypes.CDLL(None).prctl({PR_SET_MDWE}, {REFUSE_EXEC_GAIN}, 0, 0, 0) == 0; "
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    wrapper = tmp_path / "python"
    wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{start}" "$@"\n', "utf-8")
    wrapper.chmod(0o755)
    forbidden = "import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)"
    tried = subprocess.run([str(wrapper), "-c", forbidden], capture_output=True, text=True, check=False)
    assert "PermissionError" in tried.stderr
    gateway = deltacloudd("--workers", "1", python=wrapper)
    pair = base64.b64encode(b"mockuser:mockpassword").decode()
    asked = Request(f"{gateway.url}/api/realms?format=xml", headers={"Authorization": f"Basic {pair}"})
    with urlopen(asked, timeout=30) as answer:
        assert b"<realm " in answer.read()


@pytest.mark.doubles
def test_the_log_is_rotated_without_losing_a_line(deltacloudd: Deltacloudd, tmp_path: Path) -> None:
    logrotate = needed("logrotate", "deploy/systemd/logrotate.conf")
    log = tmp_path / "deltacloud.log"
    gateway = deltacloudd("-L", str(log), "--workers", "1")
    text = (FOLDER / "logrotate.conf").read_text("utf-8")
    signal = "systemctl kill --kill-who=main --signal=SIGUSR1 deltacloudd.service"
    assert signal in text
    own = tmp_path / "logrotate.conf"
    text = text.replace(signal, f"kill -USR1 {gateway.process.pid}")
    own.write_text(text.replace("/var/log/deltacloud/deltacloud.log", str(log)), "utf-8")
    own.chmod(0o644)
    _visit(gateway, "/before")
    command = [logrotate, "--force", "--state", str(tmp_path / "state"), str(own)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    end = time.monotonic() + START_SECONDS
    while not log.exists() or "/after" not in log.read_text("utf-8"):
        assert time.monotonic() < end, "the server writes no new file"
        _visit(gateway, "/after")
        time.sleep(0.1)
    assert "/before" in log.with_name("deltacloud.log.1").read_text("utf-8")
    assert "/before" not in log.read_text("utf-8")


def _visit(gateway: Gateway, path: str) -> None:
    with contextlib.suppress(HTTPError):
        urlopen(f"{gateway.url}{path}", timeout=START_SECONDS).close()
