"""What stands around the content of every page: where one is, who one is, and where one can go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deltacloud.api.pages.navigation import Group, groups
from deltacloud.api.pages.site import Site, own_address, site_of
from deltacloud.api.parsing.percent import segment

if TYPE_CHECKING:
    from deltacloud.api.incoming import Incoming
    from deltacloud.kernel import LoadedDriver
    from deltacloud.providers import Providers


@dataclass(frozen=True, slots=True)
class Choice:
    """The providers that a person can choose from.

    Attributes:
        values: The known ones, as (value, text); empty where they have to be typed.
        example: What one looks like, where others can be typed.
        chosen: The present one.
        required: Whether there is no usual one.
    """

    values: tuple[tuple[str, str], ...]
    example: str = ""
    chosen: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page.

    Attributes:
        site: Where links go.
        url: The address of what the page shows; empty where nothing is to be read again.
        cloud: What people call the driver; empty for none.
        user: Who is signed in; empty for nobody.
        sign_in: Where to sign in; empty where that is not needed.
        sign_out: Where to sign out; empty for who is not signed in.
        groups: The menu.
        drivers: The names of all installed drivers.
        providers: The choice of providers; None where the driver has none to choose from.
        place: The collection that the page belongs to.
    """

    site: Site
    url: str
    cloud: str = ""
    user: str = ""
    sign_in: str = ""
    sign_out: str = ""
    groups: tuple[Group, ...] = ()
    drivers: tuple[str, ...] = ()
    providers: Choice | None = None
    place: str = ""


def frame_of(request: Incoming, own: str | None = None) -> Frame:
    """The frame of a request's page, with what is known of the request.

    Args:
        request: The request, however malformed.
        own: The path of what is shown, below the API, where that is not the request's own.
    """
    site, url = site_of(request), own_address(request, own)
    place = request.route.segments[1] if len(request.route.segments) > 1 else ""
    exchange = request.exchange
    if exchange is None:
        return Frame(site, url, place=place)
    driver, signed_in = exchange.driver, bool(request.env.get("HTTP_AUTHORIZATION"))
    user = exchange.credentials.username if exchange.credentials is not None and signed_in else ""
    asks = driver.kind.credentials is not None and exchange.credentials is None
    return Frame(
        site,
        url,
        cloud=getattr(driver.kind, "title", ""),
        user=user,
        sign_in=f"{site.path('')}?force_auth=yes" if asks else "",
        sign_out=f"{site.path('/sign-out')}?user={segment(user_mark(user))}" if signed_in else "",
        groups=groups(driver),
        drivers=exchange.kernel.known_drivers(),
        providers=choice(driver, site.provider),
        place=place,
    )


def unread(request: Incoming) -> Frame:
    """The frame of what nothing reads again: an error, whose address may hold anything."""
    return replace(frame_of(request), url="")


def choice(driver: LoadedDriver, chosen: str = "") -> Choice | None:
    """The providers of a driver to choose from; None where there are none."""
    providers = driver.providers
    if providers is None:
        return None
    values = tuple((one.value or one.id, one.name or one.id) for one in providers.listed)
    example = _example(providers)
    return Choice(values, example, chosen, providers.required) if values or example else None


def user_mark(user: str) -> str:
    """A few digits that tell one user from most others, and nothing about either."""
    return f"{sum(place * ord(letter) for place, letter in enumerate(user, 1)) % 0xFFFF:04x}"


def _example(providers: Providers) -> str:
    if providers.endpoints is not None:
        return providers.endpoints.example
    return f"a name that matches {providers.pattern}" if providers.pattern is not None else ""
