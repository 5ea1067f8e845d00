"""A way to the cloud on which one answer is lost: the request arrives and is performed, and nobody hears of it."""

from __future__ import annotations

import contextlib
import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from deltacloud.testing.endpoints import listening

_HOP = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


class Losing:
    """Hands requests on to a cloud, and loses one answer.

    Args:
        endpoint: The cloud's URL.
        lost: Which answer is lost, counted from 1; 0 for none.
    """

    def __init__(self, endpoint: str, lost: int = 0) -> None:
        self._cloud = urlsplit(endpoint)
        self._lost = lost
        self.count = 0

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Its URL, with the path of the cloud's."""
        with listening(self._serve) as url:
            yield url + self._cloud.path

    def _serve(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while line := file.readline():
                method, target, _ = line.decode("latin-1").split(" ", 2)
                headers = http.client.parse_headers(file)
                body = file.read(int(headers.get("Content-Length", "0")))
                self.count += 1
                number = self.count
                answer = self._ask(method, target, headers, body)
                if number == self._lost:
                    with contextlib.suppress(OSError):
                        connection.shutdown(socket.SHUT_RDWR)
                    return
                connection.sendall(answer)

    def _ask(self, method: str, target: str, headers: http.client.HTTPMessage, body: bytes) -> bytes:
        kind = http.client.HTTPSConnection if self._cloud.scheme == "https" else http.client.HTTPConnection
        asked = kind(self._cloud.hostname or "", self._cloud.port, timeout=30)
        try:
            # A signature holds for the host that the client has asked.
            signed = "SignedHeaders=" in headers.get("Authorization", "")
            own = {"connection"} if signed else {"connection", "host"}
            sent = {name: value for name, value in headers.items() if name.lower() not in own}
            asked.request(method, target, body or None, sent)
            answer = asked.getresponse()
            content = answer.read()
        finally:
            asked.close()
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        lines += [f"{name}: {value}" for name, value in answer.getheaders() if name.lower() not in _HOP]
        length = answer.getheader("Content-Length", "0") if method == "HEAD" else str(len(content))
        lines.append(f"Content-Length: {length}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if method == "HEAD" else content)
