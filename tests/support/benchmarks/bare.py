"""The raw limit: a Falcon application that answers with bytes that are there, and does nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import falcon

_FOLDER = Path(os.environ["BARE_FOLDER"])
_READ = 256 * 1024
_WRITE = 1024 * 1024


class Constant:
    """Answers with the bytes of the file ``body``, on every path."""

    def __init__(self) -> None:
        self._body = (_FOLDER / "body").read_bytes()
        self._content_type = os.environ["BARE_TYPE"]

    def __call__(self, req: falcon.Request, resp: falcon.Response, **_: str) -> None:  # noqa: ARG002 - Falcon's names
        resp.content_type = self._content_type
        resp.data = self._body


class Stream:
    """A file that is written and read in blocks."""

    def on_put(self, request: falcon.Request, response: falcon.Response) -> None:
        """Write the file, and sync it."""
        with (_FOLDER / "stream").open("wb") as file:
            while block := request.bounded_stream.read(_WRITE):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        response.status = falcon.HTTP_200

    def on_get(self, _request: falcon.Request, response: falcon.Response) -> None:
        """Send the file."""
        path = _FOLDER / "stream"
        response.content_length = path.stat().st_size
        response.stream = _blocks(path)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while block := file.read(_READ):
            yield block


application = falcon.App()
application.add_route("/stream", Stream())
application.add_sink(Constant(), "/")
