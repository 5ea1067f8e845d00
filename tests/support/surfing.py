"""A real Chromium on a real server: how it is started, whom it signs in as, and what it complains of."""

from __future__ import annotations

import json
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, BrowserContext, HttpCredentials, Page, Playwright

from gateway import Deltacloudd, Gateway
from waiting import wait_until

USER = ("mockuser", "mockpassword")
FLAGS = (
    "--disable-background-networking", "--disable-component-update", "--disable-gpu", "--disable-quic",
    "--disable-sync", "--no-first-run", "--no-sandbox",
)  # fmt: skip
"""What keeps Chromium from talking to anybody else, and lets it run as root."""
WIDE, NARROW = 1440, 320
CHALLENGED = "with a status of 401"


SLOW = """
[drivers.mock]
transition-seconds = 1
[drivers.mock.users]
mockuser = "mockpassword"
other = "secret"
"""
"""Settings of a cloud whose changes take their time, and where there is someone else."""


def served(deltacloudd: Deltacloudd, folder: Path, settings: str) -> Gateway:
    """A server with these settings."""
    file = folder / "deltacloud.toml"
    file.write_text(settings, encoding="utf-8")
    return deltacloudd("-c", str(file), "--workers", "1")


def start_chromium(playwright: Playwright, program: str) -> Browser:
    """A headless Chromium; who starts it closes it."""
    return playwright.chromium.launch(executable_path=program, args=list(FLAGS))


class Surfer:
    """A person with a browser.

    Attributes:
        page: What they look at.
        url: The server, without a slash at the end.
        complaints: What the browser's console said, and what scripts failed with.
        foreign: Addresses on other hosts that the browser was made to ask for.
    """

    def __init__(self, context: BrowserContext, url: str, *, scripts: bool = True) -> None:
        self.context = context
        self._scripts = scripts
        self.url = url
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._see(request.url))

    def go(self, path: str) -> Page:
        """Look at a page of the server, until its scripts are at work."""
        self.page.goto(self.url + path)
        if self._scripts:
            self.ready()
        return self.page

    def ready(self) -> None:
        """Wait until the scripts of a page that a link has led to are at work."""
        self.page.locator("html[data-ready]").wait_for(state="attached")

    def sign_in(self, path: str = "/api") -> Page:
        """Go there as someone who has signed in before."""
        return self.go(f"{path}?force_auth=yes")

    def known(self) -> None:
        """Sign in, and look at nothing yet."""
        self.page.goto(f"{self.url}/api/instances?view=count")

    @property
    def path(self) -> str:
        """Where they are, without scheme, user and host."""
        address = self.page.url.partition("://")[2]
        return "/" + address.partition("/")[2]

    def weight(self, path: str) -> int:
        """What a page makes a browser read that has nothing yet, as sent: documents, style sheet, scripts, icon."""
        sizes: list[int] = []
        self.page.on("requestfinished", lambda one: sizes.append(one.sizes()["responseBodySize"]))
        self.go(path).wait_for_load_state("networkidle")
        return sum(sizes)

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and CHALLENGED not in text:
            self.complaints.append(text)

    def _see(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme != "blob" and address.netloc.rpartition("@")[2] != urlsplit(self.url).netloc:
            self.foreign.append(url)


@contextmanager
def surfing(browser: Browser, url: str, *, user: tuple[str, str] | None = USER, **options: Any) -> Iterator[Surfer]:
    """A person, who is signed in when the server asks for it.

    Args:
        browser: Their browser.
        url: The server.
        user: Their credentials; None for nobody's.
        options: Of Playwright's contexts: ``viewport``, ``color_scheme``, ``java_script_enabled``, ...
    """
    known = None if user is None else HttpCredentials(username=user[0], password=user[1])
    options.setdefault("viewport", {"width": WIDE, "height": 900})
    context = browser.new_context(http_credentials=known, reduced_motion="reduce", **options)
    try:
        yield Surfer(context, url, scripts=options.get("java_script_enabled", True))
    finally:
        context.close()


class Api:
    """The same server for a program."""

    def __init__(self, url: str, user: tuple[str, str] = USER) -> None:
        self._url = url
        self._user = b64encode(":".join(user).encode()).decode()

    def __call__(self, method: str, path: str, values: Mapping[str, object] | bytes | None = None) -> Any:
        """The answer in JSON; None for an empty one."""
        body = values if isinstance(values, bytes) else urlencode(values).encode() if values is not None else None
        request = urllib.request.Request(self._url + path, data=body, method=method)
        request.add_header("Authorization", f"Basic {self._user}")
        request.add_header("Accept", "application/json")
        if isinstance(values, bytes):
            request.add_header("Content-Type", "application/octet-stream")
        with urllib.request.urlopen(request, timeout=60) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    def until(self, path: str, state: str) -> None:
        """Wait until an instance is in a state."""
        wait_until(lambda: self("GET", path)["instance"]["state"] == state, f"{path} is not {state}", seconds=10)


def furnish(api: Api) -> None:
    """Put something of everything into a fresh mock cloud."""
    address = {"protocol": "tcp", "port_from": 22, "port_to": 22, "ip_address1": "10.1.2.0/24", "group1": "default"}
    api("POST", "/api/firewalls/default/rules", address)
    api("POST", "/api/load_balancers", {
        "name": "front", "realm_id": "us", "listener_protocol": "HTTP", "listener_balancer_port": 80,
        "listener_instance_port": 8080,
    })  # fmt: skip
    api("POST", "/api/load_balancers/front/register", {"instance_id": "inst0"})
    api("POST", "/api/instances", {"image_id": "img1", "name": "web-1", "tag_team": "red", "tag_stage": "test"})
    api("POST", "/api/instances/inst3/stop", {})
    for name in ("photos%2F2026%2Fcat.jpg", "photos%2Findex.html", "readme.txt"):
        api("PUT", f"/api/buckets/bucket1/{name}", b"content of a file\n" * 1000)


PAGES: dict[str, str] = {
    "home": "/",
    "overview": "/api?force_auth=yes&count=all",
    "instances": "/api/instances",
    "instance": "/api/instances/inst0",
    "instance-new": "/api/instances/new",
    "instance-run": "/api/instances/inst0/run",
    "images": "/api/images",
    "image": "/api/images/img1",
    "image-new": "/api/images/new?instance_id=inst0",
    "hardware-profiles": "/api/hardware_profiles",
    "hardware-profile": "/api/hardware_profiles/m1-large",
    "realms": "/api/realms",
    "realm": "/api/realms/us",
    "keys": "/api/keys",
    "key": "/api/keys/test-key",
    "key-new": "/api/keys/new",
    "metrics": "/api/metrics",
    "metric": "/api/metrics/inst0",
    "instance-states": "/api/instance_states",
    "buckets": "/api/buckets",
    "bucket": "/api/buckets/bucket1",
    "bucket-folder": "/api/buckets/bucket1?prefix=photos/",
    "bucket-new": "/api/buckets/new",
    "blob": "/api/buckets/bucket1/readme.txt",
    "blob-new": "/api/buckets/bucket1/new_blob_form_d15cfd90",
    "storage-volumes": "/api/storage_volumes",
    "storage-volume": "/api/storage_volumes/vol1",
    "storage-volume-new": "/api/storage_volumes/new",
    "storage-volume-attach": "/api/storage_volumes/vol1/attach_instance",
    "storage-snapshots": "/api/storage_snapshots",
    "storage-snapshot": "/api/storage_snapshots/snap1",
    "storage-snapshot-new": "/api/storage_snapshots/new?volume_id=vol1",
    "addresses": "/api/addresses",
    "address": "/api/addresses/192.168.0.1",
    "address-associate": "/api/addresses/192.168.0.1/associate",
    "firewalls": "/api/firewalls",
    "firewall": "/api/firewalls/default",
    "firewall-new": "/api/firewalls/new",
    "firewall-rule-new": "/api/firewalls/default/new_rule",
    "load-balancers": "/api/load_balancers",
    "load-balancer": "/api/load_balancers/front",
    "load-balancer-new": "/api/load_balancers/new",
    "networks": "/api/networks",
    "network": "/api/networks/net1",
    "network-new": "/api/networks/new",
    "subnets": "/api/subnets",
    "subnet": "/api/subnets/subnet1",
    "subnet-new": "/api/subnets/new",
    "network-interfaces": "/api/network_interfaces",
    "network-interface": "/api/network_interfaces/nic1",
    "network-interface-new": "/api/network_interfaces/new?instance=inst0",
    "drivers": "/api/drivers",
    "driver": "/api/drivers/mock",
    "documentation": "/api/docs",
    "documentation-collection": "/api/docs/instances",
    "documentation-operation": "/api/docs/instances/create",
    "documentation-where": "/api/docs/instances/show",
    "documentation-content": "/api/docs/blobs/put?id=bucket1&blob_id=new.txt",
    "error": "/api/instances/none",
    "signed-out": "/api/sign-out?user=0f6e",
    "empty": "/api/images?architecture=vax",
}
"""Every page of a furnished mock cloud, by the name that its picture has."""
