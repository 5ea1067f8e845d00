"""What the web pages need besides the operations: their style sheet and scripts, and the way to sign out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import falcon

from deltacloud.api import pages
from deltacloud.api.gateway import refuse_foreign
from deltacloud.api.incoming import MOUNT
from deltacloud.api.pages.assets import PATH, assets
from deltacloud.api.parsing.accept import CONTENT_TYPES
from deltacloud.api.parsing.basic import NO_SCHEME, parse_authorization
from deltacloud.api.parsing.etags import matches_if_none_match
from deltacloud.errors import MethodNotAllowed, NotFound

if TYPE_CHECKING:
    from deltacloud.api.gateway import Gateway
    from deltacloud.api.incoming import Incoming

_READ_ONLY = ("GET", "HEAD")
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"

ASSETS = f"{PATH}/{{digest}}/{{name}}"
"""The path of the style sheet and the scripts, below ``/api``."""
SIGN_OUT = "/sign-out"
"""The path where browsers are made to forget credentials, below ``/api``."""


class AssetPlace:
    """Sends style sheet and scripts. A page of another version gets today's files, and asks again the next time."""

    def on_get(self, request: Incoming, response: falcon.Response, *, digest: str, name: str) -> None:
        """Send a file.

        Raises:
            NotFound: there is none of that name.
        """
        request.record.operation = "pages.asset"
        known = assets()
        found = known.files.get(name)
        if found is None:
            raise NotFound
        response.content_type = found.content_type
        response.set_header("Cross-Origin-Resource-Policy", "same-origin")
        response.set_header("Vary", "Accept-Encoding")
        response.cache_control = [_FOR_GOOD if digest == known.digest else _ASK_AGAIN]
        packed = "gzip" in (request.env.get("HTTP_ACCEPT_ENCODING") or "")
        tag = f'"{known.digest}-{name}{"-gzip" * packed}"'
        response.set_header("ETag", tag)
        if matches_if_none_match(request.env.get("HTTP_IF_NONE_MATCH"), tag):
            response.status = falcon.HTTP_304
            return
        if packed:
            response.set_header("Content-Encoding", "gzip")
        response.data = found.packed if packed else found.content

    def on_post(self, _request: Incoming, _response: falcon.Response, **_fields: str) -> None:
        """Files are read only."""
        raise MethodNotAllowed(_READ_ONLY)

    on_head = on_get
    on_put = on_patch = on_delete = on_options = on_trace = on_post


class SignOutPlace:
    """Makes a browser forget the credentials that it sends, by refusing them.

    Nothing is remembered here, so the address says whose credentials they are, as far as that tells two users apart.
    With ``again`` the browser asks for others right away, and goes on to the entry point with them.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def on_get(self, request: Incoming, response: falcon.Response) -> None:
        """Refuse the credentials of the user who leaves; let another one in."""
        request.record.operation = "pages.sign_out"
        refuse_foreign(request)
        sent = parse_authorization(request.env.get("HTTP_AUTHORIZATION"), None, has_token=False)
        again = request.last("again") is not None
        leaving = sent is not None and pages.user_mark(sent.username) == request.last("user")
        response.set_header("Cache-Control", "no-store")
        if sent is not None and not leaving:
            response.status = falcon.HTTP_303
            response.location = request.record.base_url + MOUNT + pages.selection(request)
            return
        if leaving or again:
            response.status = falcon.HTTP_401
            challenge = self._gateway.challenge(request.driver_name) if again else NO_SCHEME
            response.set_header("WWW-Authenticate", challenge)
        response.content_type = CONTENT_TYPES["html"]
        response.data = pages.signed_out(request)

    def on_post(self, _request: Incoming, _response: falcon.Response) -> None:
        """Nothing is sent here."""
        raise MethodNotAllowed(_READ_ONLY)

    on_head = on_get
    on_put = on_patch = on_delete = on_options = on_trace = on_post
