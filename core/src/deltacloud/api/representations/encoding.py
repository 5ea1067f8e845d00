"""JSON: values to bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

_SURROGATES = re.compile(r"[\ud800-\udfff]")
_encoder = msgspec.json.Encoder()


def encode(value: object) -> bytes:
    """``value`` as JSON in UTF-8. Lone surrogates, which UTF-8 cannot hold, become U+FFFD."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return _encoder.encode(_mended(value))


def raw(value: object) -> msgspec.Raw:
    """A fragment that is encoded once and then placed into documents as it is."""
    return msgspec.Raw(encode(value))


def _mended(value: object) -> object:
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {_mended(key): _mended(one) for key, one in value.items()}
    if isinstance(value, msgspec.Struct):
        return {name: _mended(one) for name, one in msgspec.structs.asdict(value).items() if one is not msgspec.UNSET}
    if isinstance(value, list | tuple):
        return [_mended(one) for one in value]
    return value
