"""The front page: all clouds that the server knows, each with its providers, and the other front ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deltacloud.api.incoming import MOUNT
from deltacloud.api.pages.engine import framed
from deltacloud.api.pages.frame import Choice, Frame, choice
from deltacloud.api.pages.navigation import Group, groups
from deltacloud.api.pages.site import Link, Site
from deltacloud.api.parsing.percent import segment
from deltacloud.errors import DriverUnavailable

if TYPE_CHECKING:
    from deltacloud.kernel import Kernel


@dataclass(frozen=True, slots=True)
class Cloud:
    """A driver as the front page shows it.

    Attributes:
        name: Its name.
        title: What people call it.
        url: Its entry point.
        usual: Whether it is the one of requests that name none.
        error: Why it does not load; empty when it does.
        has: What it has, in a few words.
        providers: The providers to choose from.
    """

    name: str
    title: str
    url: str
    usual: bool
    error: str = ""
    has: str = ""
    providers: Choice | None = None


def home(kernel: Kernel, base_url: str, others: Iterable[tuple[str, str]]) -> bytes:
    """The page at ``/``.

    Args:
        kernel: What is installed.
        base_url: Scheme, host and port that the page was asked from; empty where that is not known.
        others: Names and mounts of all front ends.
    """
    site = Site(base_url + MOUNT, "", "", "")
    clouds = [_cloud(kernel, site, name) for name in kernel.known_drivers()]
    clouds.sort(key=lambda one: (bool(one.error), not one.usual, one.title.lower()))
    content = {
        "clouds": clouds,
        "front_ends": [Link(site.front.removesuffix("/") + mount, name) for name, mount in others],
    }
    return framed("home", Frame(site, site.front), "Choose a cloud", content)


def _cloud(kernel: Kernel, site: Site, name: str) -> Cloud:
    url = f"{site.base};driver={segment(name)}"
    usual = name == kernel.settings.driver
    try:
        driver = kernel.drivers.get(name)
    except DriverUnavailable:
        return Cloud(name, name, url, usual, error=kernel.check_driver(name) or "")
    return Cloud(
        name,
        driver.kind.title,
        url,
        usual,
        has=_has(groups(driver)),
        providers=choice(driver, driver.default_provider or ""),
    )


def _has(all_groups: Sequence[Group]) -> str:
    """``Compute, buckets``: groups by their names, and a group of one by that one's."""
    names = [one.title if len(one.collections) > 1 else one.collections[0].title for one in all_groups]
    return ", ".join(names).capitalize()
