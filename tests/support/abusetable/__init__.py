"""Hostile requests as data: what is sent, and what it must get.

* :mod:`abusetable.row` says what a row is; the other modules hold the rows, one kind of abuse each;
* :mod:`abusetable.wire` sends them, byte by byte, and reads what comes;
* :mod:`abusetable.judging` holds an answer against its row.
"""

from __future__ import annotations

from abusetable.bodies import BODIES
from abusetable.callers import CALLERS
from abusetable.framing import FRAMING
from abusetable.identifiers import IDENTIFIERS
from abusetable.jsonbodies import JSON_BODIES
from abusetable.multiparts import MULTIPARTS
from abusetable.operations import OPERATIONS
from abusetable.reading import READING
from abusetable.routes import ROUTES
from abusetable.selection import SELECTION

ROWS = (
    *ROUTES, *SELECTION, *CALLERS, *FRAMING, *BODIES, *MULTIPARTS, *JSON_BODIES, *READING, *OPERATIONS, *IDENTIFIERS
)  # fmt: skip
"""Every hostile request; their names are unique."""
