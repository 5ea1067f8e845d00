"""One Chromium for each process of tests, and servers with clouds to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from emulators import NODE_FOLDER
from gateway import Deltacloudd, Gateway
from programs import needed
from surfing import SLOW, USER, Api, Surfer, furnish, served, start_chromium, surfing

Surf = Callable[..., Surfer]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    program = needed("chromium", "the web pages in a real browser")
    with sync_playwright() as playwright:
        browser = start_chromium(playwright, program)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which finds what keeps people from using a page."""
    script = NODE_FOLDER / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not installed (nox -s doubles installs it): NOT TESTED: that all people can use it")
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def furnished(deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """A cloud with something of everything, for tests that change nothing."""
    gateway = served(deltacloudd, tmp_path_factory.mktemp("furnished"), SLOW.replace("= 1", "= 0"))
    furnish(Api(gateway.url))
    return gateway


@pytest.fixture(scope="module")
def cloud(deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    """A fresh cloud for the tests of one module."""
    return served(deltacloudd, tmp_path_factory.mktemp("cloud"), SLOW)


@pytest.fixture
def api(cloud: Gateway) -> Api:
    """The module's cloud for a program."""
    return Api(cloud.url)


@pytest.fixture
def surf(chromium: Browser, cloud: Gateway) -> Iterator[Surf]:
    """Lets people look at the module's cloud; what their browsers complained of fails the test."""
    surfers: list[Surfer] = []
    with ExitStack() as stack:

        def begin(*, url: str = cloud.url, user: tuple[str, str] | None = USER, **options: Any) -> Surfer:
            surfer = stack.enter_context(surfing(chromium, url, user=user, **options))
            surfers.append(surfer)
            return surfer

        yield begin
    for surfer in surfers:
        assert surfer.complaints == []
        assert surfer.foreign == []


@pytest.fixture
def surfer(surf: Surf) -> Surfer:
    """A person who has signed in."""
    one = surf()
    one.known()
    return one
