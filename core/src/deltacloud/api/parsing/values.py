"""One value of a parameter: from its text to what a driver is handed."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zlib
from collections.abc import Callable, Mapping
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from math import isfinite
from typing import TypeAlias

from deltacloud.errors import InvalidRequest, PayloadTooLarge
from deltacloud.parameters import Parameter

Value: TypeAlias = str | int | float | bool | bytes

_INTEGER = re.compile(r"([+-]?[0-9]{1,30})(?:\.0{1,30})?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?")
_BOOLEANS = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}
_EXACT = 2**53  # beyond, a float stands for more than one whole number
_LONGEST_ADDRESS = 64
_LINE_BREAKS = str.maketrans("", "", "\r\n")


def convert(parameter: Parameter, text: str) -> Value | None:
    """Read and check one value. Messages name the parameter and never quote the value.

    Args:
        parameter: What the value shall be.
        text: The value as it came.

    Returns:
        ``integer`` an int, ``number`` an int or float (an int when it is whole), ``boolean`` a bool, ``base64`` bytes,
        others the text. A value of an enumeration comes back as it is declared, whatever its letter case. None for an
        empty value of what is no free text and not required: an empty form field was not filled in.

    Raises:
        InvalidRequest: the value does not fit.
    """
    if parameter.max_length is not None and len(text) > parameter.max_length:
        message = f"Parameter '{parameter.name}' must have at most {parameter.max_length} characters"
        raise InvalidRequest(message, parameter.name)
    free_text = parameter.type not in _READERS and not parameter.values
    if free_text:
        return text
    if not text.strip() and text not in parameter.values:
        if parameter.required:
            raise _unfit(parameter)
        return None
    if parameter.values:
        text = _declared(parameter, text)
    reader = _READERS.get(parameter.type)
    value = text if reader is None else reader(parameter, text.strip())
    if isinstance(value, int | float) and not isinstance(value, bool):
        _check_bounds(parameter, value)
    return value


def interface(text: str, parameter: str) -> IPv4Interface | IPv6Interface:
    """Addresses in CIDR notation, the host part kept; an address without prefix stands for itself alone.

    Args:
        text: Such as ``10.1.2.3/24`` or ``2001:db8::/32``.
        parameter: The name to blame.

    Raises:
        InvalidRequest: no such notation; scoped addresses (``%eth0``) mean nothing to a cloud and are refused.
    """
    stripped = text.strip()
    if len(stripped) <= _LONGEST_ADDRESS and "%" not in stripped:
        try:
            return ip_interface(stripped)
        except ValueError:
            pass
    raise InvalidRequest(f"Parameter '{parameter}' must be an address or a network such as 10.1.0.0/16", parameter)


def decode_base64(text: str, parameter: str) -> bytes:
    """Undo base64; line breaks, which some clients send, are passed over.

    Raises:
        InvalidRequest: anything else that is no base64.
    """
    try:
        return base64.b64decode(text.translate(_LINE_BREAKS), validate=True)
    except ValueError:
        raise InvalidRequest(f"Parameter '{parameter}' must be base64", parameter) from None


def loosely_decoded(text: str) -> str:
    """The text behind base64, as far as there is any."""
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except ValueError:
        return ""


def gunzip(data: bytes, limit: int, parameter: str) -> bytes:
    """Undo gzip, into at most ``limit`` bytes.

    Raises:
        InvalidRequest: not gzip, or damaged.
        PayloadTooLarge: longer than ``limit`` when unpacked.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            unpacked = file.read(limit + 1)
    except (OSError, EOFError, zlib.error):
        raise InvalidRequest(f"Parameter '{parameter}' must be compressed with gzip", parameter) from None
    if len(unpacked) > limit:
        raise PayloadTooLarge(f"Parameter '{parameter}' is longer than {limit} bytes when unpacked")
    return unpacked


def _integer(parameter: Parameter, text: str) -> int:
    found = _INTEGER.fullmatch(text)
    if found is None:
        raise _unfit(parameter)
    return int(found[1])


def _number(parameter: Parameter, text: str) -> int | float:
    if _INTEGER.fullmatch(text):
        return _integer(parameter, text)
    value = float(text) if _NUMBER.fullmatch(text) else float("nan")
    if not isfinite(value):
        raise _unfit(parameter)
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def _boolean(parameter: Parameter, text: str) -> bool:
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise _unfit(parameter)
    return value


def _base64(parameter: Parameter, text: str) -> bytes:
    return decode_base64(text, parameter.name)


_READERS: Mapping[str, Callable[[Parameter, str], Value]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "base64": _base64,
}
_SAYS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "base64": "base64",
}


def _declared(parameter: Parameter, text: str) -> str:
    if text in parameter.values:
        return text
    wanted = text.strip().lower()
    for value in parameter.values:
        if value.lower() == wanted:
            return value
    raise _unfit(parameter)


def _check_bounds(parameter: Parameter, value: float) -> None:
    if parameter.minimum is not None and value < parameter.minimum:
        raise _unfit(parameter)
    if parameter.maximum is not None and value > parameter.maximum:
        raise _unfit(parameter)


def _unfit(parameter: Parameter) -> InvalidRequest:
    wanted = f"one of {', '.join(parameter.values)}" if parameter.values else _SAYS[parameter.type]
    bounds = []
    if parameter.minimum is not None:
        bounds.append(f"at least {parameter.minimum}")
    if parameter.maximum is not None:
        bounds.append(f"at most {parameter.maximum}")
    limits = f" of {' and '.join(bounds)}" if bounds else ""
    return InvalidRequest(f"Parameter '{parameter.name}' must be {wanted}{limits}", parameter.name)
