"""``multipart/form-data`` (RFC 7578), one part at a time while the body arrives.

At most one chunk and one delimiter are held in memory, however long a part is, and every byte is looked at a fixed
number of times, however it is cut into reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deltacloud.api.parsing.headers import parse_header
from deltacloud.api.parsing.uploads import Readable
from deltacloud.api.parsing.urlencoded import FIELD_LIMIT
from deltacloud.blobs import CHUNK
from deltacloud.errors import InvalidRequest

_CRLF = b"\r\n"
_BOUNDARY = re.compile(r"[ -~]{0,69}[!-~]")
_PREAMBLE_LIMIT = 65536
_HEADER_LIMIT = 8192
_IDENTITY_ENCODINGS = ("", "7bit", "8bit", "binary")


def boundary_of(content_type: str) -> bytes:
    """The boundary that a ``Content-Type`` header names.

    Raises:
        InvalidRequest: there is none, or it is none that RFC 2046 allows.
    """
    boundary = parse_header(content_type)[1].get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise InvalidRequest("The multipart body has no valid boundary")
    return boundary.encode("ascii")


class Part:
    """One field of a form; to be read before the next one is asked for.

    Attributes:
        name: The field's name.
        filename: The file's name, as the client sent it; None for what is no file.
        content_type: The part's ``Content-Type``; None when it has none.
    """

    __slots__ = ("_reader", "content_type", "filename", "name")

    def __init__(self, reader: MultipartReader, name: str, filename: str | None, content_type: str | None) -> None:
        self._reader = reader
        self.name = name
        self.filename = filename
        self.content_type = content_type

    @property
    def is_file(self) -> bool:
        """Whether this is a file: it has a file name, or a media type that is no text."""
        return self.filename is not None or not (self.content_type or "text/").lower().startswith("text/")

    def read(self, size: int = -1, /) -> bytes:
        """The next ``size`` bytes of the part, fewer only at its end; the whole rest when ``size`` is negative.

        Raises:
            ClientDisconnected: the client broke off.
            InvalidRequest: the body ends inside the part.
        """
        chunks: list[bytes] = []
        left = size
        while left and (chunk := self._reader.take(self, left)):
            chunks.append(chunk)
            left -= len(chunk) if size > 0 else 0
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)


class MultipartReader:
    """Iterate over it for the parts, in the order sent. What a caller leaves unread of a part is passed over.

    Parts with an empty name are left out, as they are of plain forms.

    Args:
        stream: The body.
        boundary: What :func:`boundary_of` found.

    Raises (while iterating and reading):
        InvalidRequest: malformed, cut short, or more than ``FIELD_LIMIT`` parts.
        ClientDisconnected: the client broke off.
    """

    def __init__(self, stream: Readable, boundary: bytes) -> None:
        self._stream = stream
        self._delimiter = _CRLF + b"--" + boundary
        # The line break that the first delimiter lacks when nothing comes before it.
        self._buffer = bytearray(_CRLF)
        self._clear = 0  # so many bytes at the front are known to belong to the part
        self._closed = False  # the delimiter follows them
        self._current: Part | None = None

    def __iter__(self) -> Iterator[Part]:
        self._skip(_PREAMBLE_LIMIT)
        parts = 0
        while self._another_follows():
            parts += 1
            if parts > FIELD_LIMIT:
                raise InvalidRequest(f"There are more than {FIELD_LIMIT} fields")
            self._current = self._open()
            if self._current.name:
                yield self._current
            self._current = None
            self._skip()

    def take(self, part: Part, size: int) -> bytes:
        """Up to ``size`` bytes of the part, as many as are at hand; none at its end, or when it is past."""
        if part is not self._current or not self._content():
            return b""
        count = self._clear if size < 0 else min(size, self._clear)
        self._clear -= count
        return self._cut(count)

    def _content(self) -> int:
        """How many bytes at the front belong to the part; 0 when the delimiter is at the front."""
        while not self._clear and not self._closed:
            found = self._buffer.find(self._delimiter)
            if found >= 0:
                self._clear, self._closed = found, True
            else:
                self._clear = max(0, len(self._buffer) - len(self._delimiter) + 1)
                if not self._clear:
                    self._fill()
        return self._clear

    def _skip(self, limit: int | None = None) -> None:
        skipped = 0
        while count := self._content():
            del self._buffer[:count]
            self._clear = 0
            skipped += count
            if limit is not None and skipped > limit:
                raise InvalidRequest("The multipart body does not begin with its boundary")

    def _another_follows(self) -> bool:
        """Read the delimiter; False when it is the last one."""
        del self._buffer[: len(self._delimiter)]
        self._closed = False
        while len(self._buffer) < len(b"--"):
            self._fill()
        if self._buffer.startswith(b"--"):
            return False
        if self._line(_HEADER_LIMIT).strip(b" \t"):
            raise InvalidRequest("A boundary of the multipart body is malformed")
        return True

    def _open(self) -> Part:
        headers: dict[str, str] = {}
        left = _HEADER_LIMIT
        while line := self._line(left):
            left -= len(line) + len(_CRLF)
            name, colon, value = line.decode("utf-8", "replace").partition(":")
            if not colon:
                raise InvalidRequest("A header of the multipart body is malformed")
            headers[name.strip().lower()] = value.strip()
        if headers.get("content-transfer-encoding", "").lower() not in _IDENTITY_ENCODINGS:
            raise InvalidRequest("A part of the multipart body has a transfer encoding")
        return self._described(headers)

    def _described(self, headers: dict[str, str]) -> Part:
        kind, parameters = parse_header(headers.get("content-disposition", ""))
        name = parameters.get("name")
        if kind != "form-data" or name is None:
            raise InvalidRequest("A part of the multipart body has no name")
        filename = parameters.get("filename", parameters.get("filename*"))
        return Part(self, name, filename, headers.get("content-type") or None)

    def _line(self, limit: int) -> bytes:
        searched = 0
        while (end := self._buffer.find(_CRLF, searched)) < 0 and len(self._buffer) <= limit:
            searched = max(0, len(self._buffer) - 1)
            self._fill()
        if not 0 <= end <= limit:
            raise InvalidRequest("The headers of a part of the multipart body are too long")
        line = self._cut(end)
        del self._buffer[: len(_CRLF)]
        return line

    def _cut(self, count: int) -> bytes:
        chunk = bytes(self._buffer[:count])
        del self._buffer[:count]
        return chunk

    def _fill(self) -> None:
        more = self._stream.read(CHUNK)
        if not more:
            raise InvalidRequest("The multipart body ends early")
        self._buffer += more
