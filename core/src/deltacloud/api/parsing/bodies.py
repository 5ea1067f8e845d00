"""Request bodies that carry parameters: plain forms, multipart forms and JSON objects."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deltacloud.api.parsing.headers import parse_header
from deltacloud.api.parsing.json_bodies import parse_json
from deltacloud.api.parsing.multipart import MultipartReader, Part, boundary_of
from deltacloud.api.parsing.parameter_set import Field
from deltacloud.api.parsing.uploads import Readable, UploadedFile, read_bounded
from deltacloud.api.parsing.urlencoded import parse_urlencoded
from deltacloud.errors import InvalidRequest, PayloadTooLarge, UnsupportedMediaType
from deltacloud.parameters import Parameter

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"

# Widely used form libraries say ISO 8859-1 unless told otherwise.
_ENCODINGS = {"utf-8": "utf-8", "us-ascii": "utf-8", "iso-8859-1": "latin-1"}


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """How much of a body may be held; sizes in bytes.

    Attributes:
        text: A plain form, a JSON object, or the texts of a multipart form together.
        file: One file of a multipart form, in memory.
        files: How many files a multipart form may have.
        spool: One file that has to wait on disk for the fields behind it.
    """

    text: int = 1024 * 1024
    file: int = 1024 * 1024
    files: int = 5
    spool: int = 64 * 1024 * 1024


def read_body(
    stream: Readable,
    content_type: str | None,
    length: int | None = None,
    limits: BodyLimits | None = None,
    declared: Iterable[Parameter] | None = None,
) -> tuple[Field, ...]:
    """Read the fields of a body; files are read into memory.

    Args:
        stream: The body.
        content_type: Its ``Content-Type``; None or empty means a plain form.
        length: Its ``Content-Length``; None when it is unknown.
        limits: How much to hold.
        declared: The parameters that are understood; None when anything may be meant.

    Raises:
        InvalidRequest: malformed.
        PayloadTooLarge: over a limit.
        UnsupportedMediaType: not empty, and of a type that holds no fields.
        ClientDisconnected: the client broke off.
    """
    limits = limits or BodyLimits()
    if length == 0:
        return ()
    kind, parameters = parse_header(content_type or FORM)
    if kind == MULTIPART:
        return _read_multipart(MultipartReader(stream, boundary_of(content_type or "")), limits)
    if kind not in (FORM, JSON):
        if stream.read(1):
            raise UnsupportedMediaType(f"Parameters can be sent as {FORM}, {MULTIPART} or {JSON}")
        return ()
    raw = read_bounded(stream, limits.text, length)
    return parse_json(raw, declared) if kind == JSON else parse_urlencoded(raw, _encoding(parameters))


class TextFields:
    """The texts of a multipart form, together within a limit."""

    __slots__ = ("_left", "_limit")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._left = limit

    def read(self, part: Part) -> str:
        """The text of a part.

        Raises:
            InvalidRequest: it is not in the encoding that it claims.
            PayloadTooLarge: the texts so far are over the limit.
            UnsupportedMediaType: it claims an encoding that is not understood.
        """
        raw = part.read(self._left + 1)
        self._left -= len(raw)
        if self._left < 0:
            raise PayloadTooLarge(f"The text fields of the form are longer than {self._limit} bytes together")
        try:
            return raw.decode(_encoding(parse_header(part.content_type or "")[1]))
        except UnicodeDecodeError:
            raise InvalidRequest("A field of the form is not UTF-8") from None


def _encoding(parameters: Mapping[str, str]) -> str:
    encoding = _ENCODINGS.get(parameters.get("charset", "utf-8").lower())
    if encoding is None:
        raise UnsupportedMediaType("Texts can be sent as UTF-8 or ISO-8859-1")
    return encoding


def _read_multipart(reader: MultipartReader, limits: BodyLimits) -> tuple[Field, ...]:
    texts = TextFields(limits.text)
    fields: list[Field] = []
    files = 0
    for part in reader:
        if not part.is_file:
            fields.append((part.name, texts.read(part)))
            continue
        content = _read_file(part, limits)
        if content or part.filename:
            files += 1
            fields.append(
                (part.name, UploadedFile(io.BytesIO(content), part.filename, part.content_type, len(content)))
            )
        if files > limits.files:
            raise InvalidRequest(f"The form has more than {limits.files} files")
    return tuple(fields)


def _read_file(part: Part, limits: BodyLimits) -> bytes:
    content = part.read(limits.file + 1)
    if len(content) > limits.file:
        raise PayloadTooLarge(f"A file of the form is longer than {limits.file} bytes")
    return content
