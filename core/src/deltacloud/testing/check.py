"""What a check is, and how one ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from deltacloud.testing.resources import Resource
    from deltacloud.testing.run import Run

Verdict: TypeAlias = Literal["passed", "failed", "not checked", "not declared"]
Body: TypeAlias = "Callable[[Run], None]"

GUIDE = "Write a driver"
"""The page ``driver.md``."""
REFERENCE = "Contract reference"
"""The pages ``contract*.md``."""


class Broken(Exception):
    """The driver does not keep the contract; the text says what it did."""


class NotChecked(Exception):
    """The check cannot be made; the text says why."""


class NotDeclared(Exception):
    """The driver does not have what the check is about; the text says what."""


@dataclass(frozen=True)
class Check:
    """One check of the contract.

    Attributes:
        name: Its stable name: ``instances.pages``.
        asks: What the contract asks, as a sentence.
        page: Where that is explained: a page of the documentation and one of its headings.
        body: Makes the check; raises Broken, NotChecked or NotDeclared.
        hooks: The hooks that a driver must have for it.
        feature: The feature that a driver must declare for it; empty for none.
        wants: What the author must tell of the backend, by the names of its attributes.
    """

    name: str
    asks: str
    page: tuple[str, str]
    body: Body
    hooks: tuple[str, ...] = ()
    feature: str = ""
    wants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How a check ended; ``detail`` says what the driver did, or why nothing was checked."""

    check: Check
    verdict: Verdict
    detail: str = ""

    @property
    def message(self) -> str:
        """What a developer reads when it failed."""
        page, heading = self.check.page
        return (
            f"{self.check.name}\n"
            f"  the contract asks: {self.check.asks}\n"
            f"  the driver:        {self.detail}\n"
            f"  explained in:      {page}, {heading}"
        )


REGISTRY: list[Check] = []
"""All checks, in the order of their definition; filled by the modules of :mod:`deltacloud.testing.checks`."""


def check(
    name: str,
    asks: str,
    page: tuple[str, str],
    *,
    hooks: tuple[str, ...] = (),
    feature: str = "",
    wants: tuple[str, ...] = (),
) -> Callable[[Body], Body]:
    """Registers a function as a check; see :class:`Check`."""

    def register(body: Body) -> Body:
        REGISTRY.append(Check(name, asks, page, body, hooks, feature, wants))
        return body

    return register


def check_each(
    resources: Iterable[Resource],
    aspect: str,
    asks: str,
    page: tuple[str, str],
    *,
    hooks: Callable[[Resource], tuple[str, ...]],
    wants: tuple[str, ...] = (),
) -> Callable[[Callable[[Run, Resource], None]], Callable[[Run, Resource], None]]:
    """Registers a function as one check for each of some collections, called ``COLLECTION.ASPECT``."""

    def register(body: Callable[[Run, Resource], None]) -> Callable[[Run, Resource], None]:
        for resource in resources:
            name = f"{resource.collection}.{aspect}"
            REGISTRY.append(Check(name, asks, page, _bound(body, resource), hooks(resource), "", wants))
        return body

    return register


def _bound(body: Callable[[Run, Resource], None], resource: Resource) -> Body:
    return lambda run: body(run, resource)


def expect(holds: object, did: str) -> None:
    """Raises Broken with what the driver did, unless the condition holds."""
    if not holds:
        raise Broken(did)
