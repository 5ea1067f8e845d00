"""Makes checks and says how they ended; knows nothing of pytest."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator

from deltacloud.errors import DeltacloudError
from deltacloud.kernel.calls import UNEXPLAINED
from deltacloud.testing.backend import Backend
from deltacloud.testing.check import Broken, Check, NotChecked, NotDeclared, Outcome
from deltacloud.testing.profiles import Profile
from deltacloud.testing.run import Run


def perform(run: Run, check: Check) -> Outcome:
    """Make one check, and remove what it has made."""
    missing = sorted(set(check.hooks) - run.driver.hooks)
    if missing:
        return Outcome(check, "not declared", f"the driver has no {', '.join(missing)}")
    if check.feature and check.feature not in run.driver.features:
        return Outcome(check, "not declared", f"the driver has no feature {check.feature}")
    try:
        for attribute in check.wants:
            run.need(attribute)
        with run.tidy():
            check.body(run)
    except NotChecked as reason:
        return Outcome(check, "not checked", str(reason))
    except NotDeclared as reason:
        return Outcome(check, "not declared", str(reason))
    except Broken as broken:
        return Outcome(check, "failed", str(broken))
    except DeltacloudError as error:
        return Outcome(check, "failed", _raised(error))
    except Exception as error:  # noqa: BLE001 - what a driver returns may be anything
        return Outcome(check, "failed", _unusable(error))
    return Outcome(check, "passed")


def perform_all(backend: Backend, profile: Profile, checks: Iterable[Check]) -> Iterator[Outcome]:
    """Make checks in a run of their own."""
    run = Run(backend, profile)
    try:
        for check in checks:
            yield perform(run, check)
    finally:
        run.close()


def _unusable(error: Exception) -> str:
    """What a check made of an answer that it could not even read."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{place.filename.rpartition('/')[2]}, line {place.lineno}: {place.line}"
    return f"gave something that cannot be used: {type(error).__name__}: {error} ({where})"


def _raised(error: DeltacloudError) -> str:
    hook = next(iter(getattr(error, "__notes__", ())), "a list")
    if error.message == UNEXPLAINED and error.__context__ is not None:
        cause = error.__context__
        return f"raised {type(cause).__name__} in {hook}, which translate_error does not explain"
    word = f" ({error.backend_code})" if error.backend_code else ""
    return f"raised {type(error).__name__}{word} in {hook}: {error.message}"
