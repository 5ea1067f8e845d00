"""Amazon itself, played: what clients would send to its own hosts is answered by the test, and goes nowhere."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from urllib3 import HTTPResponse

from awscloud.accounts import Keys
from awscloud.calls import Hooks
from deltacloud_ec2.base import AwsBase
from deltacloud_ec2.client import Clients
from deltacloud_ec2.sending import Sender

KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


class Request(NamedTuple):
    """What Amazon would have been asked."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def host(self) -> str:
        """Which of its hosts."""
        return urlsplit(self.url).hostname or ""

    @property
    def path(self) -> str:
        """The path, as it is written."""
        return urlsplit(self.url).path

    @property
    def region(self) -> str:
        """The region that the signature is for."""
        return self.headers["Authorization"].split("Credential=")[1].split("/")[2]


class Reply(NamedTuple):
    """What Amazon says."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}


class Played(Sender):
    """Answers in Amazon's place.

    Args:
        answer: What is answered.
    """

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        super().__init__()
        self.asked: list[Request] = []
        self._answer = answer

    def send(self, request: AWSPreparedRequest, **_event: object) -> AWSResponse:
        body = request.body
        content = body.read() if hasattr(body, "read") else (body or b"")
        headers = {name: _text(value) for name, value in request.headers.items()}
        asked = Request(request.method, request.url, headers, bytes(content))
        self.asked.append(asked)
        reply = self._answer(asked)
        if asked.method == "HEAD":
            reply = reply._replace(body=b"")
        length = {} if "Content-Length" in reply.headers else {"Content-Length": str(len(reply.body))}
        shown = {**length, **reply.headers}
        raw = HTTPResponse(
            io.BytesIO(reply.body), shown, reply.status, preload_content=False, request_method=asked.method
        )
        return AWSResponse(request.url, reply.status, shown, raw)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


@contextmanager
def playing(
    answer: Callable[[Request], Reply],
    provider: str | None = None,
    keys: Keys = KEYS,
    driver: str = "ec2",
    **options: Any,
) -> Iterator[tuple[Hooks, Played]]:
    """Calls of a driver that would ask Amazon itself, or whose own cloud speaks S3, and what it would have asked."""
    hooks = Hooks(driver, provider, keys, allow=None, **options)
    amazon = Played(answer)
    (plugin,) = (one for one in hooks.driver.plugins.get_plugins() if isinstance(one, AwsBase))
    plugin._clients = Clients(sender=amazon, keys=plugin._clients.keys)
    try:
        yield hooks, amazon
    finally:
        hooks.close()
