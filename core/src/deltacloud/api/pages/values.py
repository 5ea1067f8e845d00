"""JSON values as people read them: names as words, sizes with their units, times, and which lists make a table."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from datetime import datetime

FREE = frozenset({"tags", "user_metadata"})
"""Members whose own members have names that users choose."""
STATES = frozenset({"state"})
"""Members that are states."""
COPIED = frozenset({"id", "address", "address_block", "fingerprint", "ip_address", "public_addresses"})
"""Members that people copy elsewhere."""
_MOMENTS = frozenset({"create_time", "created", "created_at", "creation_time", "last_modified"})
_BYTES = frozenset({"content_length"})
_COUNT = "size"
"""A bucket's size is how many blobs it has."""
_UNITS: Mapping[str, str] = {"capacity": "GB", "memory": "MB", "storage": "GB"}
"""What members count: MB of 2^20 bytes, GB of 2^30."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_CAPITALS: Mapping[str, str] = {
    "cpu": "CPU",
    "ip address": "IP address",
    "owner id": "Owner",
    "pem rsa key": "PEM RSA key",
}
_MEASURES: Mapping[str, str] = {
    "cpuUtilization": "CPU use",
    "diskReadRequestCount": "Disk reads",
    "diskReadSector": "Disk sectors read",
    "diskWriteRequestCount": "Disk writes",
    "diskWriteSector": "Disk sectors written",
    "nicInputByte": "Network in (bytes)",
    "nicInputPacket": "Network in (packets)",
    "nicOutputByte": "Network out (bytes)",
    "nicOutputPacket": "Network out (packets)",
}
"""What clouds of the original's time measure, in words."""
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")
_STEP = 1024
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def words(name: str) -> str:
    """A member's or an operation's name as words: ``hardware_profile`` is ``Hardware profile``."""
    spaced = " ".join(name.replace("_", " ").split())
    return _CAPITALS.get(spaced) or spaced[:1].upper() + spaced[1:]


def measure(name: str) -> str:
    """What is measured, in words: ``nicInputByte`` is ``Network in (bytes)``, ``DiskReadOps`` is ``Disk read ops``."""
    known = _MEASURES.get(name[:1].lower() + name[1:])
    return known or words(" ".join(one if one.isupper() else one.lower() for one in _HUMPS.split(name)))


def sentence(text: str) -> str:
    """A text with a full stop at its end."""
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def phrase(text: str) -> str:
    """A sentence's beginning inside another sentence: ``Create an instance`` is ``create an instance``."""
    return text[:1].lower() + text[1:]


def columns(values: Sequence[object]) -> tuple[str, ...]:
    """The headers of a table of these values: the names of the members that at least one of them has.

    Returns:
        Nothing when they make no table: a table needs objects of plain members, and no links.
    """
    names: dict[str, None] = {}
    for value in values:
        if not isinstance(value, Mapping) or "href" in value:
            return ()
        if any(isinstance(one, Mapping | list) for one in value.values()):
            return ()
        names.update(dict.fromkeys(without(value, ())))
    return tuple(names)


def without(value: Mapping[str, object], names: Container[str]) -> dict[str, object]:
    """An object less some of its members, and those that are not known."""
    return {name: one for name, one in value.items() if name not in names and one is not None}


def moment(value: object, name: str) -> str:
    """A time for people, if the member of that name is one: ``2026-11-24 14:48 UTC``; empty for anything else."""
    if name not in _MOMENTS or not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return ""
    try:
        return datetime.fromisoformat(value).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return ""


def quantity(value: object, name: str) -> str:
    """A size with its unit, if the member of that name is one; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or not _NUMBER.fullmatch(str(value)):
        return ""
    number = float(value)
    if name in _BYTES:
        return size(number)
    if name == _COUNT:
        return f"{plain(number)} {'blob' if number == 1 else 'blobs'}"
    unit = _UNITS.get(name)
    if unit is None:
        return ""
    if unit == "MB" and number >= _STEP and number % (_STEP / 16) == 0:
        return f"{plain(number / _STEP)} GB"
    return f"{plain(number)} {unit}"


def size(count: float) -> str:
    """Bytes with the unit that suits them: ``17 bytes``, ``1.5 KB``, ``100 MB``."""
    if count < _STEP:
        return f"{plain(count)} {'byte' if count == 1 else 'bytes'}"
    for unit in ("KB", "MB", "GB"):
        count /= _STEP
        if count < _STEP:
            return f"{plain(count)} {unit}"
    return f"{plain(count / _STEP)} TB"


def plain(number: float) -> str:
    """A number with groups of three digits and at most two decimals."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")
