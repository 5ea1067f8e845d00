"""The API as HTML pages, for people: plain documents that work without JavaScript.

Nothing is said twice: a page shows the members that the JSON document of the same resource has, and its forms are made
of the operations' rows. Whatever a value holds, templates escape it.
"""

from __future__ import annotations

from deltacloud.api.pages.documents import command_output, driver, drivers, entry_point, states
from deltacloud.api.pages.forms import form
from deltacloud.api.pages.problems import error
from deltacloud.api.pages.reference import docs_collection, docs_index, docs_operation
from deltacloud.api.pages.resources import bucket, details, listing
from deltacloud.api.pages.site import selection

__all__ = [
    "bucket", "command_output", "details", "docs_collection", "docs_index", "docs_operation", "driver", "drivers",
    "entry_point", "error", "form", "listing", "selection", "states",
]  # fmt: skip
