"""A gateway to oVirt out of two wheels, led by curl, with a certificate authority of the engine's own."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from apicurl import Curl
from environments import VENDOR_SDKS, Installing
from gateway import Deltacloudd
from ovirtcloud import ADMIN, ovirt_engine
from ovirtcloud.state import PASSWORDS

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def curl(installed: Installing, servers: Deltacloudd, tmp_path: Path) -> Iterator[Callable[[str], Curl]]:
    """Curl with the administrator's login, for what is added to the engine's URL as the provider."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    config = tmp_path / "config.toml"
    config.write_text(f'[drivers.rhevm.ca-files]\n"127.0.0.1" = "{tmp_path}/ca.pem"\n', encoding="utf-8")
    environment = installed("core", "rhevm")
    assert not environment.distributions() & VENDOR_SDKS
    with ovirt_engine(tls=context) as engine:
        gateway = servers("-c", str(config), driver="rhevm", python=environment.binaries / "python")
        yield lambda provider: Curl(gateway.url, f"{ADMIN}:{PASSWORDS[ADMIN]}", provider or engine.url)


def test_data_centres_machines_templates_and_interfaces(curl: Callable[[str], Curl]) -> None:
    anywhere = curl("")
    centers = anywhere.get("/drivers/rhevm")["entrypoints"]
    assert list(centers) == ["Default", "South Side"]
    south = curl(*centers["South Side"].values())
    assert anywhere.list("realms", "name") == ["beta", "alpha", "empty"]
    assert south.list("realms", "name") == ["south"]

    (image,) = (one["id"] for one in south.get("/images") if one["name"] == "Debian 12")
    made = south.make("instances", image_id=image, name="web", hwp_memory=2048)["id"]
    instance = f"/instances/{made}"
    south.until(instance, "STOPPED")
    card = south.make("network_interfaces", instance=made, network=south.list("networks")[0])["id"]
    assert card in south.list("network_interfaces")
    south.delete(f"/network_interfaces/{card}")
    for action, state in (("start", "RUNNING"), ("reboot", "RUNNING"), ("stop", "STOPPED")):
        south.act(instance, action)
        south.until(instance, state)
    template = south.make("images", instance_id=made, name="of-web")["id"]
    assert "of-web" in south.list("images", "name")
    assert made not in anywhere.list("instances")
    south.delete(f"/images/{template}", instance)
    assert south.status(instance) == 404
    assert south.list("instances") == []
