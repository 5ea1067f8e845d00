"""How single values of two documents are compared; the reasons stand in ``comparator``."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

from carried import Carried
from exchanges import Answer
from instants import day_of, instant, is_wire_form
from trees import Value

INSTANTS = frozenset({"created", "created_at", "creation_time", "create_time", "launch_time", "last_modified"})
TRIMMED = frozenset({"address_block", "network", "public_address", "command"})
SAMPLED = frozenset({"minimum", "maximum", "average", "timestamp"})
SAMPLE = "the value of a sample"
"""Stands for the name of an attribute ``value`` that holds a measurement."""
_OF_CHANCE = frozenset({"fingerprint", "pem", "pem_rsa_key", "ip_address", SAMPLE})
_FINGERPRINT = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){15,19}")
_KEY = re.compile(
    r"-----BEGIN RSA PRIVATE KEY-----\n([A-Za-z0-9=/+]{1,80}\n)+[A-Za-z0-9=/+]*-----END RSA PRIVATE KEY-----"
)
_DEFAULT_NAME = re.compile(r"i-\d{9,}")
_REQUEST_ID = re.compile(r"[0-9a-f]{24}")
_NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the rules look at besides the two values.

    Attributes:
        carried: What earlier answers of the sequence decided.
        recorded: The recorded answer.
        ours: Our answer.
        varies: Whether the recorded body may hold values of chance and of the moment.
    """

    carried: Carried
    recorded: Answer
    ours: Answer
    varies: bool


def same_value(setting: Setting, name: str, recorded: Value, ours: Value) -> bool:
    """Whether our value is as good as the recorded one.

    Args:
        setting: The two answers, and what was carried over.
        name: The name of the element, attribute or member that has the value.
        recorded: The recorded value.
        ours: Our value.
    """
    if type(recorded) is not type(ours):
        return False
    if isinstance(recorded, str) and isinstance(ours, str):
        if name in _OF_CHANCE and not setting.varies:
            return _lines(recorded) == _lines(ours)
        return _RULES.get(name, _equal)(setting, recorded, ours)
    return recorded == ours or (setting.varies and name in SAMPLED and isinstance(recorded, int | float))


def _equal(_setting: Setting, recorded: str, ours: str) -> bool:
    return recorded == ours


def _trimmed(_setting: Setting, recorded: str, ours: str) -> bool:
    return recorded.strip() == ours.strip()


def _instant(setting: Setting, recorded: str, ours: str) -> bool:
    if not is_wire_form(ours):
        return False
    theirs, moment = instant(recorded), instant(ours)
    recording, replay = day_of(setting.recorded.header("Date")), day_of(setting.ours.header("Date"))
    if setting.varies and recording and replay and recording[0] <= theirs <= recording[1]:
        return replay[0] <= moment <= replay[1]
    return theirs == moment


def _fingerprint(setting: Setting, recorded: str, ours: str) -> bool:
    return _FINGERPRINT.fullmatch(ours) is not None and setting.carried.same(recorded, ours)


def _key(setting: Setting, recorded: str, ours: str) -> bool:
    key = _lines(ours)
    return _KEY.fullmatch(key) is not None and setting.carried.same(_lines(recorded), key)


def _address(setting: Setting, recorded: str, ours: str) -> bool:
    try:
        near = ipaddress.ip_address(ours) in ipaddress.ip_network(f"{recorded}/24", strict=False)
    except ValueError:
        return False
    return near and setting.carried.same(recorded, ours, alone=False)


def _name(_setting: Setting, recorded: str, ours: str) -> bool:
    if _DEFAULT_NAME.fullmatch(recorded):
        return _DEFAULT_NAME.fullmatch(ours) is not None
    return recorded == ours


def _sample(_setting: Setting, _recorded: str, ours: str) -> bool:
    return _NUMBER.fullmatch(ours) is not None


def _request_id(_setting: Setting, _recorded: str, ours: str) -> bool:
    return _REQUEST_ID.fullmatch(ours) is not None


def _nothing(_setting: Setting, _recorded: str, ours: str) -> bool:
    return not ours.strip()


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


_RULES: dict[str, Callable[[Setting, str, str], bool]] = {
    **dict.fromkeys(INSTANTS, _instant),
    **dict.fromkeys(TRIMMED, _trimmed),
    "fingerprint": _fingerprint,
    "pem": _key,
    "pem_rsa_key": _key,
    "ip_address": _address,
    "name": _name,
    "backtrace": _nothing,
    "request_id": _request_id,
    SAMPLE: _sample,
}
