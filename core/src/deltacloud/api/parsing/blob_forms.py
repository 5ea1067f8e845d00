"""Multipart forms that upload a blob: the file may come before or after the fields that say what it is.

A file that comes last is handed on while it arrives. One that comes before a field it needs waits in a temporary file.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO

from deltacloud.api.parsing.bodies import BodyLimits, TextFields
from deltacloud.api.parsing.families import METADATA_LIMIT
from deltacloud.api.parsing.multipart import MultipartReader, Part, boundary_of
from deltacloud.api.parsing.parameter_set import Field
from deltacloud.api.parsing.uploads import Readable, UploadedFile
from deltacloud.blobs import CHUNK
from deltacloud.errors import InvalidRequest, PayloadTooLarge
from deltacloud.models import Pairs

_CONTENT = "blob_data"
_DESCRIBES = re.compile(r"blob_id|blob_data|meta_params|meta_name[0-9]+|meta_value[0-9]+")
_IN_MEMORY = CHUNK


def read_blob_form(
    stream: Readable, content_type: str, query: Pairs = (), limits: BodyLimits | None = None
) -> tuple[Field, ...]:
    """Read a form up to its file, or whole when the file does not come last.

    The file is handed on as it arrives once ``blob_id``, ``meta_params`` and as many ``meta_nameN`` and ``meta_valueN``
    are there. Reading it to its end then also checks the rest of the form, which must not change what it is.

    Args:
        stream: The body.
        content_type: Its ``Content-Type``, which is ``multipart/form-data``.
        query: The query string, which may hold some of the fields.
        limits: ``text`` and ``spool`` count.

    Returns:
        The fields. ``blob_data`` is a file of known length if it had to wait, and of unknown length otherwise; it is to
        be closed.

    Raises:
        InvalidRequest: malformed.
        PayloadTooLarge: the texts, or a file that has to wait, are over their limit.
        ClientDisconnected: the client broke off.
    """
    limits = limits or BodyLimits()
    texts = TextFields(limits.text)
    fields: list[Field] = []
    described = dict(query)
    parts = iter(MultipartReader(stream, boundary_of(content_type)))
    try:
        for part in parts:
            if not part.is_file:
                text = texts.read(part)
                fields.append((part.name, text))
                described[part.name] = text
            elif part.name == _CONTENT:
                _refuse_second_file(fields)
                if _is_complete(described):
                    last = _LastFile(part, parts)
                    fields.append((_CONTENT, UploadedFile(last, part.filename, part.content_type, None)))
                    break
                fields.append((_CONTENT, _spooled(part, limits.spool)))
    except BaseException:
        _close(fields)
        raise
    return tuple(fields)


def _is_complete(fields: Mapping[str, str]) -> bool:
    """Whether nothing that a blob needs can still come."""
    count = fields.get("meta_params", "")
    if "blob_id" not in fields or not re.fullmatch("[0-9]{1,9}", count) or int(count) > METADATA_LIMIT:
        return False
    numbers = range(1, int(count) + 1)
    return all(f"meta_name{number}" in fields and f"meta_value{number}" in fields for number in numbers)


class _LastFile:
    """A file in a form that is still arriving; its end is the end of the form."""

    __slots__ = ("_ended", "_part", "_rest")

    def __init__(self, part: Part, rest: Iterator[Part]) -> None:
        self._part = part
        self._rest = rest
        self._ended = False

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._part.read(size)
        if not self._ended and not 0 <= size <= len(chunk):
            self._ended = True
            for part in self._rest:
                if _DESCRIBES.fullmatch(part.name):
                    raise InvalidRequest(f"Field '{part.name}' must come before the file", part.name)
        return chunk


def _spooled(part: Part, limit: int) -> UploadedFile:
    # Not a context: the file is closed by whoever reads it.
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    try:
        length = _copy(part, file, limit)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return UploadedFile(file, part.filename, part.content_type, length)


def _copy(part: Part, file: IO[bytes], limit: int) -> int:
    length = 0
    while chunk := part.read(CHUNK):
        length += len(chunk)
        if length > limit:
            raise PayloadTooLarge(
                f"A file that comes before 'blob_id' and all of 'meta_params' may have {limit} bytes; send it last"
            )
        file.write(chunk)
    return length


def _refuse_second_file(fields: list[Field]) -> None:
    if any(isinstance(value, UploadedFile) for _, value in fields):
        raise InvalidRequest(f"There is more than one file '{_CONTENT}'", _CONTENT)


def _close(fields: list[Field]) -> None:
    for _, value in fields:
        if isinstance(value, UploadedFile):
            value.close()
