"""HTML forms: the pages that hold them, and the methods that browsers cannot send themselves."""

from __future__ import annotations

from dataclasses import replace

from deltacloud.api import pages
from deltacloud.api.answers import Document
from deltacloud.api.exchange import Exchange
from deltacloud.api.incoming import Incoming
from deltacloud.api.operations import Collection, Operation
from deltacloud.api.parsing.bodies import FORM
from deltacloud.api.parsing.headers import parse_header
from deltacloud.api.parsing.uploads import read_bounded
from deltacloud.api.parsing.urlencoded import parse_urlencoded
from deltacloud.errors import InvalidRequest

_SMALL = 64 * 1024
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH"})
"""What a POST may stand for. HEAD is not among them: who sends a POST waits for the body of its answer."""


def page_of(collection: Collection, operation: Operation) -> Operation:
    """The row of the page whose form posts to an operation. It reads nothing, so it needs no credentials."""

    def handler(exchange: Exchange) -> Document:
        return Document({"html": lambda: pages.form(exchange, collection, operation)})

    return replace(
        operation,
        name=f"{operation.name}_form",
        method="GET",
        path=operation.form,
        handler=handler,
        help=f"A form to {operation.help[0].lower()}{operation.help[1:]}",
        parameters=tuple(one for one in operation.parameters if one.location == "path"),
        status=200,
        formats=("html",),
        public=True,
        body="none",
        action=False,
        form="",
        shape="other",
    )


def method_of(request: Incoming) -> str:
    """The method that a request means: a POST may name another one, as browsers' forms cannot send it."""
    if request.method != "POST":
        return str(request.method)
    named = request.env.get("HTTP_X_HTTP_METHOD_OVERRIDE") or request.last("_method") or _in_form(request)
    wanted = (named or "").strip().upper()
    if wanted in _METHODS:
        request.method = wanted
    return str(request.method)


def _in_form(request: Incoming) -> str | None:
    """``_method`` of a small plain form, which is then kept for the operation.

    A client that waits for ``100 Continue`` is no browser; its body is left alone until it is known to be wanted.
    """
    kind, _ = parse_header(request.env.get("CONTENT_TYPE") or "")
    length = request.body_length
    if kind != FORM or not length or length > _SMALL or request.env.get("HTTP_EXPECT"):
        return None
    request.held = read_bounded(request.body, length, length)
    if b"_method" not in request.held:
        return None
    try:
        pairs = parse_urlencoded(request.held, "latin-1")
    except InvalidRequest:
        return None  # whoever reads the parameters refuses it, after the checks that come before that
    return next((value for name, value in reversed(pairs) if name == "_method"), None)
