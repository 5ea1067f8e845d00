"""The engine of these tests is not only our own belief: the official SDK leads a machine's life on it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ovirtcloud import ADMIN, Engine
from ovirtcloud.state import GB, PASSWORDS
from ovirtsdk import python_with_sdk

pytestmark = pytest.mark.doubles


def test_the_official_sdk_reads_every_document_and_is_understood(secure_engine: Engine, certificates: Path) -> None:
    python = python_with_sdk("that the server of the rhevm tests speaks as oVirt does")
    script = str(Path(__file__).with_name("sdklife.py"))
    command = [python, script, secure_engine.url, str(certificates), ADMIN]
    done = subprocess.run(
        command, input=PASSWORDS[ADMIN] + "\n", capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["version"].startswith("4.")
    assert seen["data centres"] == [["Default", "up"], ["South Side", "up"]]
    assert seen["clusters"] == ["south"]
    assert seen["hosts"] == 3
    assert seen["templates"] == [["Debian 12", "base version", "ok", GB]]
    assert seen["made"] == "image_locked"
    assert seen["profiles"] == ["enabled", "disabled"]
    assert seen["interfaces"] == ["nic1", "nic2"]
    assert seen["domains"] == [["iso", "nfs"], ["data", "iscsi"]]
    assert seen["attached"] == ["virtio", "virtio_scsi"]
    assert seen["disk"] == ["more", 3 * GB, "ok", 1]
    assert seen["consoles"] == [["vnc", "192.0.2.40", 5900], ["spice", "192.0.2.40", 5901]]
    assert [code for code, _, _ in seen["refused"]] == [409, 409]
    assert seen["refused"][0][1:] == ["Operation Failed", "[Cannot remove VM. VM is running.]"]
    assert seen["followed"] == [[["nic1", True, True]], [["by-the-sdk_Disk1", 5 * GB, True]]]
    script_ = "#cloud-config\n"
    assert seen["machine"] == ["by-the-sdk", 2 * GB, 2, ["hd", "network"], script_, True, "server"]
    assert seen["template"] == ["of-the-sdk", "ok"]
    assert "404" in seen["gone"]
    assert secure_engine.state.machines == []
    assert secure_engine.state.tokens == {}  # it has logged out
