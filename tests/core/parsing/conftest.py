"""Settings of the property tests of the parsers."""

from __future__ import annotations

from hypothesis import settings

# A busy machine makes single examples slow; that is no fault of a parser.
settings.register_profile("parsing", deadline=None)
settings.load_profile("parsing")
