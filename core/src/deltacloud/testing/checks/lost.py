"""Answers that are lost: what may have been done is not done again."""

from __future__ import annotations

from deltacloud.errors import DeltacloudError
from deltacloud.testing.backend import Variant
from deltacloud.testing.caller import ids_of
from deltacloud.testing.check import GUIDE, NotChecked, check, expect
from deltacloud.testing.losing import Losing
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import Run

_MOST = 8
"""How many requests of one creation are lost, one after the other."""


@check(
    "create.once",
    "a call that creates is not repeated when its answer is lost: at most one thing is made",
    (GUIDE, "Creating and acting"),
    hooks=("list_instances", "create_instance"),
)
def _once(run: Run) -> None:
    if run.backend.lossy is not None:
        _create(run, run.backend.lossy)
        return
    if run.backend.at is None or run.backend.endpoint is None:
        raise NotChecked("the backend gives neither `lossy` nor `at` with `endpoint`")
    number, count = 0, 1
    while number < min(count, _MOST):
        number += 1
        way = Losing(run.backend.endpoint, lost=number)
        with way.listening() as url:
            _create(run, run.backend.at(url))
        count = max(count, way.count)


def _create(run: Run, variant: Variant) -> None:
    """Create one instance on the way on which an answer is lost, and count what became of it."""
    resource = RESOURCES["instances"]
    before = set(ids_of(run.main.items(resource)))
    who = run.caller(run.backend.credentials, variant=variant)
    try:
        run.make(resource, by=who)
    except DeltacloudError as error:
        expect(error.status >= 500, f"said {type(error).__name__} ({error}) of an answer that was lost")  # noqa: PLR2004 - a fault of the cloud
    made = set(ids_of(run.main.items(resource))) - before
    for identifier in made:
        run.forget(identifier)
        run.made_elsewhere(resource, identifier)
    expect(len(made) <= 1, f"made {len(made)} instances when one was asked for and an answer was lost")
