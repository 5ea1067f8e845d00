"""The API as HTML pages, for people: plain documents that work without JavaScript, and better with it.

Nothing is said twice: a page shows the members that the JSON document of the same resource has, and its forms are made
of the operations' rows. Whatever a value holds, templates escape it.

What makes pages is loaded when the first one is asked for: a server that only programs call never needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deltacloud.api.pages.buckets import bucket
    from deltacloud.api.pages.dashboard import entry_point
    from deltacloud.api.pages.documents import command_output, driver, drivers, states
    from deltacloud.api.pages.forms import form
    from deltacloud.api.pages.frame import user_mark
    from deltacloud.api.pages.front import home
    from deltacloud.api.pages.lists import listing
    from deltacloud.api.pages.problems import error
    from deltacloud.api.pages.reference import docs_collection, docs_index, docs_operation
    from deltacloud.api.pages.resources import details
    from deltacloud.api.pages.session import signed_out
    from deltacloud.api.pages.site import selection

IN_BACKGROUND = "deltacloud-background"
"""What scripts say in ``X-Requested-With`` when nobody is waiting: a browser must not ask for a password then."""

__all__ = [
    "IN_BACKGROUND", "bucket", "command_output", "details", "docs_collection", "docs_index", "docs_operation", "driver",
    "drivers", "entry_point", "error", "form", "home", "listing", "selection", "signed_out", "states", "user_mark",
]  # fmt: skip

_MODULES = {
    "buckets": ("bucket",),
    "dashboard": ("entry_point",),
    "documents": ("command_output", "driver", "drivers", "states"),
    "forms": ("form",),
    "frame": ("user_mark",),
    "front": ("home",),
    "lists": ("listing",),
    "problems": ("error",),
    "reference": ("docs_collection", "docs_index", "docs_operation"),
    "resources": ("details",),
    "session": ("signed_out",),
    "site": ("selection",),
}
_PLACES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """A name of this package, out of the module that has it; it is loaded now (PEP 562)."""
    if name not in _PLACES:
        raise AttributeError(name)
    found = globals()[name] = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    return found
