"""Where our server answers otherwise than the original did, on purpose: each group with the rule that says so.

A row changes the recorded answer into the one that ours must equal, so our own answer is asserted as fully as any
other. Several rows may concern one exchange; they are applied in the order of this table. A row that no recording
matches, or without which an answer is alike anyway, fails the suite.
"""

from __future__ import annotations

from decided_amazon import AMAZON
from decided_digitalocean import DIGITALOCEAN
from decided_requests import REQUESTS
from decided_resources import RESOURCES
from decided_rhevm import RHEVM
from decided_storage import STORAGE
from deviation import Deviation

DEVIATIONS: tuple[Deviation, ...] = (*REQUESTS, *RESOURCES, *DIGITALOCEAN, *RHEVM, *STORAGE, *AMAZON)
