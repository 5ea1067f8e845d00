"""A broken driver that has to stand in a module of its own: the module loads an SDK."""

from __future__ import annotations

import fakevendorsdk  # noqa: F401 - that is what is broken
from mutants import Sound, mutation


@mutation("driver.imports")
class EagerImport(Sound):
    """Importing the driver loads its vendor's SDK."""
