"""Takes pictures of every page of a furnished mock cloud, on a wide screen and on a phone, light and dark.

``python tests/support/screenshots.py [FOLDER]`` writes them to ``build/screenshots``, or to the folder.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from gateway import Deltacloudd, Gateway
from programs import needed
from surfing import NARROW, PAGES, WIDE, Api, Surfer, furnish, start_chromium, surfing

FOLDER = Path(__file__).parents[2] / "build" / "screenshots"
LOOKS = {"wide-light": (WIDE, "light"), "wide-dark": (WIDE, "dark"), "narrow-light": (NARROW, "light")}
OPENED = {
    "opened-question": ("/api/keys/test-key", "Destroy…"),
    "opened-switcher": ("/api/instances", "mock@default"),
}
"""Pages on which something is opened first: the page, and the button."""


def main(folder: Path) -> None:
    """Take the pictures."""
    program = needed("chromium", "pictures of the web pages")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        servers = Deltacloudd(Path(home))
        try:
            gateway = servers("--workers", "2")
            furnish(Api(gateway.url))
            browser = start_chromium(playwright, program)
            for look in LOOKS:
                _look(browser, gateway, look, folder / look)
            browser.close()
        finally:
            servers.stop()
    print(f"{len(list(folder.rglob('*.png')))} pictures in {folder}")  # noqa: T201 - what it is run for


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
    sys.path.insert(0, str(Path(__file__).parents[1] / "doubles"))
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
