"""The Falcon application: its routes are the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import falcon

from deltacloud.api import forms, places, problems
from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.docs import DOCS
from deltacloud.api.entry import ENTRY_POINT
from deltacloud.api.gateway import Gateway
from deltacloud.api.incoming import MOUNT, Incoming
from deltacloud.api.operations import Collection, Operation
from deltacloud.api.options import allow
from deltacloud.errors import ActionNotAllowed, MethodNotAllowed, NotFound
from deltacloud.kernel import GatewaySettings, Kernel
from deltacloud.kernel.extensions import Application

Row: TypeAlias = tuple[Collection, Operation]
Rows: TypeAlias = dict[str, Row]
"""Method to row."""

VARY = "Accept, Authorization, X-Deltacloud-Driver, X-Deltacloud-Provider"


class FrontEnd:
    """The entry point ``deltacloud`` of the group ``deltacloud.frontends``."""

    name = "deltacloud"
    mount = MOUNT

    def create(self, kernel: Kernel, settings: GatewaySettings) -> Application:
        """The WSGI application."""
        return create_application(kernel, settings)


def create_application(kernel: Kernel, settings: GatewaySettings) -> Application:
    """The WSGI application of ``/api``."""
    gateway = Gateway(kernel, settings)
    application = falcon.App(request_type=Incoming, middleware=[Intake(settings)], independent_middleware=False)
    application.req_options.strip_url_path_trailing_slash = False
    application.resp_options.default_media_type = "text/html"
    routes = _routes((ENTRY_POINT, *COLLECTIONS, DOCS))
    for path, rows in routes.items():
        application.add_route(MOUNT + path, Place(gateway, rows, _beneath(path, routes)))
    application.add_route(MOUNT + places.ASSETS, places.AssetPlace())
    application.add_route(MOUNT + places.SIGN_OUT, places.SignOutPlace(gateway))
    application.add_sink(_nowhere, "/")
    application.add_error_handler(Exception, problems.Reporter(gateway))
    application.add_error_handler(falcon.HTTPError, problems.Reporter(gateway))
    return application


class Intake:
    """What every request goes through before it has a route."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings

    def process_request(self, request: Incoming, response: falcon.Response) -> None:
        """Read what can be read without a route; and put the headers on that every answer has."""
        response.set_header("Vary", VARY)
        try:
            request.take_in(self._settings)
        finally:
            if request.driver_name:
                response.set_header("X-Deltacloud-Driver", request.driver_name)
        if request.route.trailing_slash and len(request.route.segments) > 1:
            raise NotFound  # the original's clients ask for /api/instances/ and count on it

    def process_response(
        self, request: Incoming, response: falcon.Response, _resource: object, _succeeded: object
    ) -> None:
        """Name the provider that the request ended up with."""
        if request.provider_text:
            response.set_header("X-Deltacloud-Provider", _latin(request.provider_text))


class Place:
    """A path, and the rows that answer there by their methods.

    Args:
        gateway: What performs them.
        rows: The rows of the path.
        beneath: The rows of a path with a field where this one has a word: a key may be called ``new``, as its form is.
    """

    def __init__(self, gateway: Gateway, rows: Rows, beneath: Rows) -> None:
        self._gateway = gateway
        self._rows = rows
        self._known = {**beneath, **rows}

    def on_get(self, request: Incoming, response: falcon.Response, **_fields: str) -> None:
        """Answer by the row of the request's method."""
        method = forms.method_of(request)
        if method == "OPTIONS":
            allow(self._gateway, request, response, self._rows)
            return
        row = self._row(method)
        if row is not None:
            self._perform(method, row, request, response)
        elif method == "HEAD" and "POST" in self._known:
            response.status = falcon.HTTP_200
        else:
            raise MethodNotAllowed(self.methods)

    def _row(self, method: str) -> Row | None:
        """The row of a method. A page hides what has its name for GET only: a key called ``new`` can be deleted."""
        return self._known.get(method) or (self._known.get("GET") if method == "HEAD" else None)

    def _perform(self, method: str, row: Row, request: Incoming, response: falcon.Response) -> None:
        try:
            self._gateway.perform(*row, request, response)
        except ActionNotAllowed:
            response.set_header("Allow", ", ".join(one for one in self.methods if one != method))
            raise

    on_head = on_post = on_put = on_patch = on_delete = on_options = on_trace = on_get

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that this place knows."""
        known = set(self._known) | {"OPTIONS"} | ({"HEAD"} if "GET" in self._known else set())
        return tuple(sorted(known))


def _routes(collections: Iterable[Collection]) -> dict[str, Rows]:
    """Path to method to row; rows with a form have another one for its page."""
    routes: dict[str, Rows] = {}
    for collection in collections:
        for operation in collection.operations:
            routes.setdefault(operation.path, {})[operation.method] = (collection, operation)
            if operation.form:
                page = forms.page_of(collection, operation)
                routes.setdefault(page.path, {})[page.method] = (collection, page)
    return routes


def _beneath(path: str, routes: Mapping[str, Rows]) -> Rows:
    """The rows of the path that would match as well, if the more exact one were not there."""
    parts = path.split("/")
    for other, rows in routes.items():
        wanted = other.split("/")
        if other != path and len(wanted) == len(parts) and all(map(_covers, wanted, parts)):
            return rows
    return {}


def _covers(wanted: str, part: str) -> bool:
    return wanted == part or (wanted.startswith("{") and not part.startswith("{"))


def _nowhere(req: Incoming, resp: falcon.Response, **_fields: object) -> None:  # noqa: ARG001 - Falcon's names
    raise NotFound


def _latin(text: str) -> str:
    return text.encode("utf-8", "replace").decode("latin-1")
