"""Answers to HTTP: status, headers, and the document in the format asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import falcon

from deltacloud.api import pages
from deltacloud.api.answers import Answer, BucketShown, Content, Document, Done, Listed, SeeOther, Shown
from deltacloud.api.parsing.accept import CONTENT_TYPES
from deltacloud.api.parsing.etags import entity_tag, matches_if_none_match
from deltacloud.api.parsing.headers import attachment, media_type
from deltacloud.api.parsing.metadata import metadata_headers
from deltacloud.api.parsing.ranges import content_range
from deltacloud.api.representations import REPRESENTATIONS
from deltacloud.api.representations.buckets import (
    BUCKETS,
    bucket_listing_json,
    bucket_listing_xml,
    stream_bucket_json,
    stream_bucket_xml,
)

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.blobs import BlobContent

_PRIVATE = frozenset({"keys"})
"""Collections whose documents nobody may keep: they hold secrets."""


def render(exchange: Exchange, answer: Answer, response: falcon.Response) -> None:
    """Fill the response."""
    _RENDERERS[type(answer)](exchange, answer, response)


def _listed(exchange: Exchange, answer: Listed, response: falcon.Response) -> None:
    representation = REPRESENTATIONS[answer.collection]
    if answer.next_marker is not None:
        _next(exchange, answer.next_marker, response)
    if exchange.format == "html":
        body = pages.listing(exchange, answer)
    elif exchange.format == "json":
        body = representation.json_list(exchange.view, answer.items)
    else:
        body = representation.xml_list(exchange.view, answer.items)
    _send(exchange, response, answer.status, body, private=answer.collection in _PRIVATE)


def _shown(exchange: Exchange, answer: Shown, response: falcon.Response) -> None:
    representation = REPRESENTATIONS[answer.collection]
    view, item = exchange.view, answer.item
    if exchange.format == "html":
        if answer.browser:
            _redirect(exchange, response, answer.browser)
            return
        body = pages.details(exchange, answer)
    elif exchange.format == "json":
        body = (representation.json_bare if answer.bare else representation.json_item)(view, item)
    else:
        body = (representation.xml_created if answer.located else representation.xml_item)(view, item)
    if answer.located:
        response.location = exchange.api + exchange.path(answer.collection, item.id)
    private = answer.collection in _PRIVATE or getattr(item, "password", None) is not None
    _send(exchange, response, answer.status, body, private=private)


def _bucket_shown(exchange: Exchange, answer: BucketShown, response: falcon.Response) -> None:
    bucket, entries, view = answer.bucket, answer.entries, exchange.view
    if answer.located:
        response.location = exchange.api + exchange.path("buckets", bucket.id)
    if exchange.format == "html" and answer.browser:
        _redirect(exchange, response, answer.browser)
        return
    if answer.next_marker is not None:
        _next(exchange, answer.next_marker, response)
    if answer.streamed and exchange.format != "html":
        write = stream_bucket_json if exchange.format == "json" else stream_bucket_xml
        response.content_type = CONTENT_TYPES[exchange.format]
        response.stream = _paced(exchange, write(view, bucket, entries or (), complete=answer.complete))
        return
    if exchange.format == "html":
        body = pages.bucket(exchange, answer, None if entries is None else list(entries))
    elif entries is None:
        body = (BUCKETS.json_item if exchange.format == "json" else BUCKETS.xml_item)(view, bucket)
    else:
        write_whole = bucket_listing_json if exchange.format == "json" else bucket_listing_xml
        body = write_whole(view, bucket, entries, complete=answer.complete)
    _send(exchange, response, answer.status, body)


def _next(exchange: Exchange, marker: str, response: falcon.Response) -> None:
    response.set_header("Link", f'<{exchange.next_link(marker)}>; rel="next"')


def _paced(exchange: Exchange, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """A streamed list: each of the backend's pages has the time of a whole answer."""
    for chunk in chunks:
        exchange.deadline.restart(exchange.kernel.settings.timeout)
        yield chunk


def _done(exchange: Exchange, answer: Done, response: falcon.Response) -> None:
    for name, value in (*answer.headers, *metadata_headers(answer.metadata)):
        response.set_header(name, value)
    if exchange.format == "html" and answer.browser:
        _redirect(exchange, response, answer.browser)
        return
    response.status = falcon.code_to_http_status(answer.status)
    if answer.status != falcon.http_status_to_code(falcon.HTTP_204):
        response.content_type = CONTENT_TYPES[exchange.format]


def _see_other(exchange: Exchange, answer: SeeOther, response: falcon.Response) -> None:
    _redirect(exchange, response, answer.path, selected=exchange.format == "html" and not answer.switches)


def _document(exchange: Exchange, answer: Document, response: falcon.Response) -> None:
    _send(exchange, response, answer.status, answer.writers[exchange.format]())


def _content(exchange: Exchange, answer: Content, response: falcon.Response) -> None:
    content = answer.content
    tag = None if content.etag is None else f'"{content.etag}"'
    known = tag is not None and matches_if_none_match(exchange.request.env.get("HTTP_IF_NONE_MATCH"), tag)
    sent = not known and exchange.request.method != "HEAD"
    # The first bytes are here before anything is said about them: until then a failure can still be told.
    chunks = _Chunks(exchange, content) if sent else None
    response.content_type = media_type(content.content_type)
    response.set_header("Accept-Ranges", "bytes")
    response.set_header("Content-Disposition", attachment(answer.filename))
    if content.last_modified is not None:
        response.last_modified = content.last_modified
    if tag is not None:
        response.set_header("ETag", tag)
    if chunks is None:
        content.close()
    else:
        response.stream = chunks
    if known:
        response.status = falcon.HTTP_304
        return
    if content.content_range is not None:
        response.status = falcon.HTTP_206
        response.set_header("Content-Range", content_range(*content.content_range))
    if content.length is not None:
        response.content_length = content.length


class _Chunks:
    """A content being sent: it tells the deadline that bytes move, and is closed when the client goes away.

    Raises:
        DeltacloudError: not even the first bytes come.
    """

    def __init__(self, exchange: Exchange, content: BlobContent) -> None:
        self._deadline = exchange.deadline
        self._content = content
        self._chunks = iter(content.chunks)
        try:
            self._first: bytes | None = next(self._chunks, b"")
        except BaseException:
            content.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._deadline.moved()  # the client has taken what was there before
        chunk, self._first = self._first, None
        if chunk is None:
            chunk = next(self._chunks)
            self._deadline.moved()
        return chunk

    def close(self) -> None:
        """Let go of the backend's connection."""
        self._content.close()


def _redirect(exchange: Exchange, response: falcon.Response, path: str, *, selected: bool = True) -> None:
    """Go there; browsers keep the driver and provider that their URL chose."""
    old = exchange.request.env.get("SERVER_PROTOCOL") == "HTTP/1.0"  # it does not know 303
    response.status = falcon.HTTP_302 if old else falcon.HTTP_303
    response.content_type = CONTENT_TYPES["html"]
    response.location = exchange.api + (pages.selection(exchange.request) if selected else "") + path


def _send(exchange: Exchange, response: falcon.Response, status: int, body: bytes, *, private: bool = False) -> None:
    """Send a document: with its tag when it is the answer to a read, and 304 when the client has it already."""
    response.content_type = CONTENT_TYPES[exchange.format]
    if private:
        response.set_header("Cache-Control", "no-store")
    else:
        response.set_header("Cache-Control", "max-age=0, private, must-revalidate")
    if status in (200, 201):
        tag = entity_tag(body)
        response.set_header("ETag", tag)
        readable = exchange.request.method in ("GET", "HEAD")
        if readable and matches_if_none_match(exchange.request.env.get("HTTP_IF_NONE_MATCH"), tag):
            response.status = falcon.HTTP_304
            return
    response.status = falcon.code_to_http_status(status)
    response.data = body


_RENDERERS: dict[type, Callable[[Exchange, Any, falcon.Response], None]] = {
    Listed: _listed,
    Shown: _shown,
    BucketShown: _bucket_shown,
    Done: _done,
    SeeOther: _see_other,
    Document: _document,
    Content: _content,
}
