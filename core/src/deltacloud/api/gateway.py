"""The way of a request through an operation: the checks, in their order, then the handler, then the answer's format.

The order is part of the contract: format (406), driver (400, 500), capability (412), absent credentials (401), foreign
pages (403), parameters (400); then the driver. Nothing is read of a body before the checks that need none of it.
"""

from __future__ import annotations

import functools
import json
import os

import falcon

from deltacloud.api import bodies
from deltacloud.api.exchange import Exchange, MissingCapability
from deltacloud.api.incoming import MOUNT, Incoming
from deltacloud.api.operations import ANY, DOCUMENTS, PAGE, Collection, Operation
from deltacloud.api.parsing.accept import negotiate
from deltacloud.api.parsing.basic import parse_authorization
from deltacloud.api.parsing.headers import idempotency_key
from deltacloud.api.rendering import render
from deltacloud.context import Credentials
from deltacloud.driver import Driver
from deltacloud.errors import CredentialsRequired, DriverUnavailable, Forbidden, InvalidRequest
from deltacloud.kernel import GatewaySettings, Kernel, LoadedDriver
from deltacloud.parameters import Parameter
from deltacloud.providers import ParsedProvider

_TIMED = frozenset({"index", "show", "start", "stop", "reboot", "destroy"})
_LONGEST_LOGGED = 256
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Gateway:
    """Answers requests by rows.

    Args:
        kernel: The kernel.
        settings: What the operator decided.
    """

    def __init__(self, kernel: Kernel, settings: GatewaySettings) -> None:
        self.kernel = kernel
        self.settings = settings
        self._parameters: dict[tuple[str, str, str], tuple[Parameter, ...]] = {}
        self._nobody = functools.cache(lambda: LoadedDriver("", _Nobody, settings))
        self._hostname = os.environ.get("HOSTNAME", "")

    def perform(
        self, collection: Collection, operation: Operation, request: Incoming, response: falcon.Response
    ) -> None:
        """Run a row.

        Raises:
            DeltacloudError: for whatever is wrong; the application turns it into an error document.
        """
        request.record.operation = f"{collection.name}.{operation.name}"
        request.record.route = MOUNT + operation.path
        exchange = self.admit(collection, operation, request)
        try:
            render(exchange, operation.handler(exchange), response)
        finally:
            if operation.name in _TIMED:
                response.set_header("X-Backend-Runtime", f"{exchange.runtime:.6f}")

    def admit(self, collection: Collection, operation: Operation, request: Incoming) -> Exchange:
        """Everything that is checked before the driver is asked."""
        answer_format = self._negotiate(operation, request)
        driver, provider = self._driver(request, lenient=collection.name == "drivers")
        if not operation.available(driver):
            raise MissingCapability(operation.expect)
        ids = _ids(operation, request)
        exchange = Exchange(
            self.kernel, request, operation, driver, provider=provider, answer_format=answer_format, ids=ids
        )
        request.exchange = exchange
        exchange.declared = self._understood(collection, operation, driver)
        exchange.credentials = self.credentials(request, driver.kind)
        if exchange.credentials is None and not operation.public and driver.kind.credentials is not None:
            raise CredentialsRequired
        refuse_foreign(request)
        if request.method not in _SAFE:
            exchange.idempotency_key = idempotency_key(request.env.get("HTTP_IDEMPOTENCY_KEY"))
        if operation.body == "form":
            return exchange  # its handler reads it, as it arrives
        reads = operation.body == "parameters" and request.method not in _SAFE
        exchange.parameters = bodies.with_body(exchange) if reads else bodies.without_body(exchange)
        if self.settings.verbose:
            request.record.detail = _for_log(exchange)
        exchange.parameters.check(exchange.declared)
        return exchange

    def credentials(self, request: Incoming, kind: type[Driver]) -> Credentials | None:
        """Whose credentials the driver gets: the caller's, or the server's own where the operator set that up."""
        settings = self.settings
        if settings.credentials is not None and (request.record.local or settings.credentials_for_all):
            return settings.credentials
        declared = kind.credentials
        found = parse_authorization(
            request.env.get("HTTP_AUTHORIZATION"),
            request.env.get("HTTP_X_DELTACLOUD_SESSION_TOKEN"),
            has_token=declared is not None and declared.token is not None,
        )
        if found is None:
            return None
        if found.anonymous and declared is not None and not declared.anonymous:
            return None
        request.record.username = found.username or None
        return found

    def _understood(self, collection: Collection, operation: Operation, driver: LoadedDriver) -> tuple[Parameter, ...]:
        """What the operation understands with this driver, worked out once."""
        key = (collection.name, operation.name, driver.name)
        known = self._parameters.get(key)
        if known is None:
            known = self._parameters[key] = collection.understood(operation, driver)
        return known

    def challenge(self, driver: str) -> str:
        """The value of ``WWW-Authenticate``."""
        return f'Basic realm="{driver}-deltacloud@{self._hostname}"'

    def _negotiate(self, operation: Operation, request: Incoming) -> str:
        if operation.formats == ANY:
            return request.error_format
        accept = request.env.get("HTTP_ACCEPT")
        offered = DOCUMENTS if operation.formats == PAGE else operation.formats
        if request.error_format == "problem" and "json" in offered:
            accept = f"{accept}, application/json;q=0.001"  # who reads problems reads JSON
        chosen = negotiate(accept, request.format_parameter, offered)
        return "html" if operation.formats == PAGE else chosen

    def driver(self, request: Incoming) -> LoadedDriver:
        """The driver that the request selects.

        Raises:
            InvalidRequest: it is not installed.
            DriverUnavailable: it does not load, or none is installed.
        """
        if not request.driver_name:
            raise DriverUnavailable("No driver is installed: pip install deltacloud-mock, or the driver of your cloud")
        return self.kernel.drivers.get(request.driver_name)

    def _driver(self, request: Incoming, *, lenient: bool) -> tuple[LoadedDriver, ParsedProvider]:
        """The driver and provider of the request; the list of drivers works without either."""
        try:
            driver = self.driver(request)
        except (InvalidRequest, DriverUnavailable):
            if not lenient:
                raise
            return self._nobody(), ParsedProvider(text=request.provider_text)
        if lenient:
            return driver, _provider_if_known(driver, request.provider_text)
        provider = driver.provider(request.provider_text)
        request.provider_text = provider.text
        request.record.provider = provider.text
        return driver, provider


def refuse_foreign(request: Incoming) -> None:
    """Requests that a foreign page made a browser send may neither change anything nor select a driver by URL.

    Raises:
        Forbidden: it is such a request.
    """
    if request.cross_site and (request.method not in _SAFE or request.chosen_by_url):
        raise Forbidden("This request comes from a page of another site")


def _for_log(exchange: Exchange) -> str:
    """The parameters as JSON in ASCII: those that are declared and no secret, long ones cut."""
    return json.dumps({name: text[:_LONGEST_LOGGED] for name, text in exchange.parameters.shown(exchange.declared)})


def _provider_if_known(driver: LoadedDriver, text: str | None) -> ParsedProvider:
    """The provider of a request, parsed so that the driver can be asked there; a text that names none stays one."""
    try:
        return driver.provider(text)
    except InvalidRequest:
        return ParsedProvider(text=text)


def _ids(operation: Operation, request: Incoming) -> dict[str, str]:
    """The fields of the path, decoded; they lie where the row's path has them."""
    if "{" not in operation.path:
        return {}
    parts = operation.path.split("/")[1:]
    segments = request.route.segments[1:]
    return {part[1:-1]: value for part, value in zip(parts, segments, strict=True) if part.startswith("{")}


class _Nobody(Driver):
    """Stands where a request selects no driver that works, so that the list of drivers can still be shown."""

    name, title, contract = "", "", 1
    credentials = None
