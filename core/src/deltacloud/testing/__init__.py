"""The driver contract as tests, for whoever writes a driver.

A driver's repository needs one file::

    @pytest.fixture(scope="module")
    def backend() -> Backend:
        return Backend(driver="tiny", credentials=("ann", "secret"), wrong_credentials=("ann", "wrong"))


    class TestContract(DriverContract):
        pass

pytest imports this package in every run, since its plugin lives here; so nothing is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deltacloud.testing.backend import Backend, Variant
    from deltacloud.testing.contract import DriverContract

__all__ = ["Backend", "DriverContract", "Variant"]

_HOMES = {
    "Backend": "deltacloud.testing.backend",
    "DriverContract": "deltacloud.testing.contract",
    "Variant": "deltacloud.testing.backend",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
