"""Contents on their way in: a request's body, or a part of its form, as the driver reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from deltacloud.api.bodies import collected, limits
from deltacloud.api.parameters import Parameters
from deltacloud.api.parsing.blob_forms import read_blob_form
from deltacloud.api.parsing.bodies import MULTIPART, read_body
from deltacloud.api.parsing.headers import media_type, parse_header
from deltacloud.api.parsing.parameter_set import ParameterSet
from deltacloud.api.parsing.uploads import Readable
from deltacloud.blobs import CHUNK, BlobUpload
from deltacloud.errors import InvalidRequest
from deltacloud.models import Pairs

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange


class Upload:
    """A content being received; see :class:`deltacloud.blobs.BlobUpload`."""

    __slots__ = ("_source", "content_type", "length", "metadata")

    def __init__(self, source: Readable, *, content_type: str, metadata: Pairs, length: int | None) -> None:
        self._source = source
        self.content_type = content_type
        self.metadata = metadata
        self.length = length

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; empty at the end.

        Raises:
            ClientDisconnected: the client broke off before it had sent what it announced.
        """
        return b"".join(self) if size < 0 else self._source.read(size)

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._source.read(CHUNK):
            yield chunk


class Body:
    """A request's body as it arrives: it tells the deadline that bytes move."""

    __slots__ = ("_deadline", "_stream", "_timeout")

    def __init__(self, exchange: Exchange) -> None:
        self._deadline = exchange.deadline
        self._timeout = exchange.kernel.settings.timeout
        self._stream = exchange.request.body

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes.

        Raises:
            ClientDisconnected: the client broke off.
        """
        chunk = self._stream.read(size)
        if chunk:
            self._deadline.moved()
        else:
            self._deadline.restart(self._timeout)  # the time of the answer counts from the end of the body
        return chunk


def upload_of(exchange: Exchange) -> BlobUpload:
    """The request's body as a content, with the metadata of its headers."""
    return Upload(
        Body(exchange),
        content_type=exchange.content_type(),
        metadata=exchange.blob_metadata(),
        length=exchange.request.body_length,
    )


@contextmanager
def blob_form(exchange: Exchange) -> Iterator[tuple[str, BlobUpload]]:
    """The name and the content of a blob that came as a form.

    Raises:
        InvalidRequest: a field is missing or malformed.
        PayloadTooLarge: the texts, or a file that has to wait for the fields behind it, are over the limit.
    """
    received = _received(exchange)
    parameters = Parameters(received)
    exchange.parameters = parameters
    try:
        parameters.check(exchange.operation.parameters)
        blob_id = received.get("blob_id")
        if not blob_id:
            raise InvalidRequest("Parameter 'blob_id' must not be empty", "blob_id")
        yield blob_id, _content(received, parameters.metadata())
    finally:
        parameters.close()


def _received(exchange: Exchange) -> ParameterSet:
    request = exchange.request
    content_type = request.env.get("CONTENT_TYPE") or ""
    body, bounds = Body(exchange), limits(exchange.kernel.settings)
    if parse_header(content_type)[0] == MULTIPART:
        return collected(exchange, read_blob_form(body, content_type, request.query, bounds))
    return collected(exchange, read_body(body, content_type, request.body_length, bounds, exchange.declared))


def _content(received: ParameterSet, metadata: Pairs) -> BlobUpload:
    file = received.file("blob_data")
    if file is not None:
        return Upload(file, content_type=media_type(file.content_type), metadata=metadata, length=file.length)
    raw = (received.get("blob_data") or "").encode()
    return Upload(_Text(raw), content_type="text/plain", metadata=metadata, length=len(raw))


class _Text:
    """A text field as a content."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._raw if size < 0 else self._raw[:size]
        self._raw = self._raw[len(chunk) :]
        return chunk
