"""Takes pictures of every page of a furnished mock cloud, on a wide screen and on a phone, light and dark.

``python tests/support/screenshots.py`` writes them to ``build/screenshots``; with ``docs`` behind it, it writes the few
that the documentation shows, small ones, to ``docs/pictures``.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from gateway import Deltacloudd, Gateway
from programs import needed
from surfing import NARROW, PAGES, WIDE, Api, Surfer, furnish, start_chromium, surfing

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "screenshots"
PICTURES = ROOT / "docs" / "pictures"
LOOKS = {"wide-light": (WIDE, "light"), "wide-dark": (WIDE, "dark"), "narrow-light": (NARROW, "light")}
OPENED = {
    "opened-question": ("/api/keys/test-key", "Destroy…"),
    "opened-switcher": ("/api/instances", "mock@default"),
}
"""Pages on which something is opened first: the page, and the button."""


SHOWN = {
    "overview": ("/api;driver=mock?count=all", 1100, 600, "light"),
    "instances": ("/api;driver=mock/instances", 1100, 520, "light"),
    "new": ("/api;driver=mock/instances/new", 1100, 760, "light"),
    "instance": ("/api;driver=mock/instances/inst0", 1100, 800, "dark"),
    "bucket": ("/api;driver=mock/buckets/bucket1", 1100, 760, "light"),
    "metric": ("/api;driver=mock/metrics/inst0", 1100, 520, "dark"),
    "phone": ("/api;driver=mock/instances", 360, 640, "light"),
}
"""What the documentation shows: the page, and the width, the height and the colours of the screen."""
QUALITY = 60


def main(only_shown: bool) -> None:
    """Take the pictures."""
    folder = PICTURES if only_shown else FOLDER
    with _furnished() as (browser, gateway):
        if only_shown:
            for name in SHOWN:
                _show(browser, gateway, name)
        else:
            for look in LOOKS:
                _look(browser, gateway, look, folder / look)
    taken = [one for one in folder.rglob("*") if one.is_file()]
    print(f"{len(taken)} pictures in {folder}, {sum(one.stat().st_size for one in taken) // 1024} KiB")  # noqa: T201


@contextmanager
def _furnished() -> Iterator[tuple[Browser, Gateway]]:
    """A browser, and a server with something to look at."""
    program = needed("chromium", "pictures of the web pages")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        servers = Deltacloudd(Path(home))
        try:
            gateway = servers("--workers", "2")
            furnish(Api(gateway.url))
            browser = start_chromium(playwright, program)
            yield browser, gateway
            browser.close()
        finally:
            servers.stop()


def _show(browser: Browser, gateway: Gateway, name: str) -> None:
    """A picture for the documentation, in the form that takes the least room."""
    path, width, height, scheme = SHOWN[name]
    viewport = {"width": width, "height": height}
    with surfing(browser, gateway.url, viewport=viewport, color_scheme=scheme) as surfer:
        surfer.sign_in("/api;driver=mock")
        surfer.go(path)
        session = surfer.context.new_cdp_session(surfer.page)
        taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))


def _look(browser: Browser, gateway: Gateway, look: str, folder: Path) -> None:
    width, scheme = LOOKS[look]
    folder.mkdir(parents=True, exist_ok=True)
    viewport = {"width": width, "height": 900}
    with surfing(browser, gateway.url, viewport=viewport, color_scheme=scheme) as surfer:
        surfer.sign_in()
        for name, path in PAGES.items():
            _take(surfer, path, folder / f"{name}.png")
        for name, (path, button) in OPENED.items():
            surfer.go(path).get_by_role("button", name=button).click()
            surfer.page.screenshot(path=folder / f"{name}.png")


def _take(surfer: Surfer, path: str, file: Path) -> None:
    surfer.go(path).screenshot(path=file, full_page=True)


if __name__ == "__main__":
    main(only_shown=sys.argv[1:] == ["docs"])
