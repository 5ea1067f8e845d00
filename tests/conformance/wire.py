"""Requests as they are recorded, byte by byte, over a connection of their own."""

from __future__ import annotations

import contextlib
import http.client
import socket

from exchanges import Answer, Request

SECONDS = 30


def send(port: int, request: Request) -> Answer:
    """Send a request to a server of this machine and read its whole answer.

    Raises:
        OSError: the connection broke.
        http.client.HTTPException: what came is no HTTP answer.
    """
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), SECONDS)) as connection:
        connection.sendall(request.wire())
        with contextlib.closing(http.client.HTTPResponse(connection, method=request.method)) as response:
            response.begin()
            return Answer(response.status, tuple(response.getheaders()), response.read())
