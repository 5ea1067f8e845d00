"""The wire: what the cloud's HTTP API is asked, and how. Nothing here knows Deltacloud's words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TypeVar
from urllib.parse import quote

import msgspec
import requests
from deltacloud.context import Context
from deltacloud.errors import NotFound

from deltacloud_pine.records import Box, Download, File, Image, Key, Page, Place, Server, Session, Size

_CHUNK = 256 * 1024

Kind = TypeVar("Kind")


# 3. The cloud's calls.
class Client:
    """The cloud's API, for one call of one caller.

    Args:
        context: The call's: who is calling, where, and until when.
        page_size: How many things one answer shall hold.
    """

    def __init__(self, context: Context, page_size: int) -> None:
        self._context = context
        self._url = context.provider.endpoints["api"]
        self._page_size = page_size

    def places(self) -> Iterator[Place]:
        """Where servers run."""
        return self._items(_path("places"), Place)

    def sizes(self) -> Iterator[Size]:
        """The sizes of servers."""
        return self._items(_path("sizes"), Size)

    def images(self) -> Iterator[Image]:
        """What servers are made of."""
        return self._items(_path("images"), Image)

    def servers(self) -> Iterator[Server]:
        """The account's servers."""
        return self._items(_path("servers"), Server)

    def server(self, server_id: str) -> Server:
        """One server."""
        return _read(self._send("GET", _path("servers", server_id)).content, Server)

    def create_server(
        self, *, image: str, size: str | None, place: str | None, name: str | None, key: str | None
    ) -> Server:
        """Launch a server; None leaves the choice to the cloud."""
        wanted = {"image": image, "size": size, "place": place, "name": name, "key": key}
        return _read(self._send("POST", _path("servers"), document=wanted).content, Server)

    def act_on_server(self, server_id: str, action: str) -> Server:
        """Start, stop or reboot a server."""
        return _read(self._send("POST", _path("servers", server_id, action)).content, Server)

    def delete_server(self, server_id: str) -> None:
        """Delete a server."""
        self._send("DELETE", _path("servers", server_id))

    def keys(self) -> Iterator[Key]:
        """The account's keys."""
        return self._items(_path("keys"), Key)

    def create_key(self, name: str) -> Key:
        """Generate a key."""
        return _read(self._send("POST", _path("keys"), document={"name": name}).content, Key)

    def delete_key(self, name: str) -> None:
        """Delete a key."""
        self._send("DELETE", _path("keys", name))

    def boxes(self) -> Iterator[Box]:
        """The account's boxes."""
        return self._items(_path("boxes"), Box)

    def create_box(self, name: str) -> Box:
        """Make a box."""
        return _read(self._send("POST", _path("boxes"), document={"name": name}).content, Box)

    def delete_box(self, name: str) -> None:
        """Delete an empty box."""
        self._send("DELETE", _path("boxes", name))

    def files(self, box: str, begin: str) -> Iterator[File]:
        """The files of a box whose names begin so."""
        return self._items(_path("boxes", box, "files"), File, {"begin": begin})

    def file(self, box: str, name: str) -> File:
        """A file without its content."""
        return _read(self._send("GET", _path("boxes", box, "files", name, "about")).content, File)

    def download(self, box: str, name: str) -> Download:
        """The content of a file, as it arrives."""
        answer = self._send("GET", _path("boxes", box, "files", name), stream=True)
        return Download(
            chunks=answer.iter_content(_CHUNK),
            bytes=int(answer.headers["Content-Length"]),
            type=answer.headers["Content-Type"],
            close=answer.close,
        )

    def upload(
        self,
        box: str,
        name: str,
        chunks: Iterator[bytes],
        *,
        length: int | None,
        media_type: str,
        labels: Mapping[str, str],
    ) -> File:
        """Store a file; without a length it is sent in chunks of HTTP's."""
        headers = {"Content-Type": media_type, "Labels": json.dumps(labels)}
        if length is not None:
            headers["Content-Length"] = str(length)
        return _read(self._send("PUT", _path("boxes", box, "files", name), body=chunks, headers=headers).content, File)

    def delete_file(self, box: str, name: str) -> None:
        """Delete a file, if it is there."""
        self._send("DELETE", _path("boxes", box, "files", name))

    def _items(self, path: str, kind: type[Kind], query: Mapping[str, str] | None = None) -> Iterator[Kind]:
        """A whole list; the next page is asked for when it is wanted."""
        wanted = {**(query or {}), "limit": str(self._page_size)}
        while True:
            page = _read(self._send("GET", path, query=wanted).content, Page)
            for item in page.items:
                yield _read(item, kind)
            if page.next is None:
                return
            wanted["after"] = page.next

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        document: Mapping[str, str | None] | None = None,
        body: Iterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
    ) -> requests.Response:
        """One request with the caller's token; an answer that is no success is raised."""
        session = self._context.http(self._url)
        session.headers["Token"] = self._token()
        send = partial(
            session.request,
            method,
            self._url + path,
            params=query,
            json=document,
            data=body,
            headers=headers,
            stream=stream,
        )
        answer = send()
        if answer.status_code == requests.codes.unauthorized:
            self._context.forget("token")  # the cloud may take a token back before its time
            if body is None:  # an upload can be read but once
                session.headers["Token"] = self._token()
                answer = send()
        answer.raise_for_status()
        return answer

    def _token(self) -> str:
        return self._context.private("token", self._log_in)

    def _log_in(self) -> tuple[str, float]:
        """A token, and the seconds that it may be kept; the access key is revealed here and nowhere else."""
        who = self._context.credentials
        answer = self._context.http(self._url).post(f"{self._url}/login", auth=(who.username, who.password.reveal()))
        answer.raise_for_status()
        session = _read(answer.content, Session)
        return session.token, session.seconds


def _read(document: bytes | msgspec.Raw, kind: type[Kind]) -> Kind:
    return msgspec.json.decode(document, type=kind)


def _path(*segments: str) -> str:
    """A path of ids, which have come from a client and may hold anything.

    Raises:
        NotFound: one is a dot segment, which whoever reads the URL takes for a step up.
    """
    if not {".", ".."}.isdisjoint(segments):
        raise NotFound
    return "".join(f"/{quote(segment, safe='')}" for segment in segments)
