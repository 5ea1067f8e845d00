"""What the server knows about an HTTP request before any front end sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

ENVIRON_KEY = "deltacloud.request"
"""Where front ends find the record in the WSGI environment."""


@dataclass(slots=True)
class RequestRecord:
    """One HTTP request, as the server took it in; front ends may fill in what only they learn.

    Attributes:
        id: The request's id, which logs, errors and the answer (``X-Request-Id``) share.
        raw_path: The path as sent, undecoded, without the query string; slashes not yet collapsed.
        base_url: Scheme, host and port for links: ``http://localhost:3001``, without a slash at the end.
        peer: The client's address; the forwarded one when the peer is a trusted proxy.
        local: Whether client and server are on one machine, with nothing in between.
        repeated: Headers that came more than once, by their WSGI names (``HTTP_ACCEPT``); known under
            ``deltacloudd`` only.
        username: Who is calling, for the access line; a front end sets it.
        driver: The driver that serves the request; a front end sets it.
        provider: Its provider; a front end sets it.
        operation: What the client wants, as metrics name it (``instances.index``); a front end sets it, to one of a few
            words of its own and never to what a client sent.
        route: Where that is served, as a template without anything a client sent: ``/api/instances/{id}``; a front end
            sets it.
        trace_id: The trace that the request belongs to, for the access line; an extension sets it.
        detail: Parameters for a verbose access line, without secrets; a front end sets it.
        close: Set by a front end to have the connection closed after the answer.
    """

    id: str
    raw_path: str = field(repr=False)
    base_url: str
    peer: str
    local: bool
    repeated: frozenset[str] = frozenset()
    username: str | None = None
    driver: str | None = None
    provider: str | None = None
    operation: str = ""
    route: str = ""
    trace_id: str | None = None
    detail: str | None = None
    close: bool = False
