"""The API as HTML pages, for people: plain documents that work without JavaScript.

Nothing is said twice: a page shows the members that the JSON document of the same resource has, and its forms are made
of the operations' rows. Whatever a value holds, templates escape it.
"""

from __future__ import annotations

from deltacloud.api.pages.buckets import bucket
from deltacloud.api.pages.dashboard import entry_point
from deltacloud.api.pages.documents import command_output, driver, drivers, states
from deltacloud.api.pages.forms import form
from deltacloud.api.pages.frame import user_mark
from deltacloud.api.pages.home import home
from deltacloud.api.pages.listing import listing
from deltacloud.api.pages.problems import error
from deltacloud.api.pages.reference import docs_collection, docs_index, docs_operation
from deltacloud.api.pages.resources import details
from deltacloud.api.pages.session import signed_out
from deltacloud.api.pages.site import selection

__all__ = [
    "bucket", "command_output", "details", "docs_collection", "docs_index", "docs_operation", "driver", "drivers",
    "entry_point", "error", "form", "home", "listing", "selection", "signed_out", "states", "user_mark",
]  # fmt: skip
