"""The hooks: everything that the core may ask of a driver.

A driver implements the hooks that its cloud can answer, by defining methods of the same names, and no others: what it
lacks it does not implement. Every hook is called by keyword with the context first. An implementation may name fewer
arguments than stand here: **what it names it takes charge of, what it leaves out the core does.** It returns models, or
raises one of :mod:`deltacloud.errors`; "not there" is ``NotFound``, never ``None``.
"""

from deltacloud.hookspecs.compute import ComputeSpec
from deltacloud.hookspecs.marker import Listing, hookspec
from deltacloud.hookspecs.storage import StorageSpec

__all__ = ["ComputeSpec", "Listing", "StorageSpec", "hookspec"]
