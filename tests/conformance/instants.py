"""Points in time as the original server and ours write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_RFC_3339_IN_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_RUBY = re.compile(r"\w{3} (\w{3} \d\d \d\d:\d\d:\d\d) (\w+) (\d{4})")
_ZONES = {"UTC": 0, "CET": 1, "CEST": 2}
_A_DAY = timedelta(days=1)


def instant(text: str) -> datetime:
    """The point in time that a text means.

    Args:
        text: ``2010-09-23 16:44:54 +0100``, ``2013-10-01 10:20:30 UTC``, ``Thu Oct 25 14:27:53 CEST 2012`` or RFC 3339.

    Raises:
        ValueError: it is none of these.
    """
    ruby = _RUBY.fullmatch(text)
    if ruby:
        local = datetime.strptime(f"{ruby[1]} {ruby[3]} +0000", "%b %d %H:%M:%S %Y %z")
        return local - timedelta(hours=_ZONES[ruby[2]])
    return datetime.fromisoformat(text.replace(" UTC", "Z").replace(" +", "+")).astimezone(UTC)


def is_wire_form(text: str) -> bool:
    """Whether a text has the one form that our answers use: RFC 3339 in UTC, with ``Z``."""
    return _RFC_3339_IN_UTC.fullmatch(text) is not None


def day_of(date: str | None) -> tuple[datetime, datetime] | None:
    """A day before and after an answer's ``Date``: what is dated within was made while the answers were recorded."""
    if date is None:
        return None
    middle = parsedate_to_datetime(date)
    return middle - _A_DAY, middle + _A_DAY
