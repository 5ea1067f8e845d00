"""One request on its way through an operation: what handlers are given."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from deltacloud.api.incoming import MOUNT, Incoming
from deltacloud.api.parameters import NO_PARAMETERS
from deltacloud.api.parsing.headers import media_type
from deltacloud.api.parsing.markers import decode_marker, encode_marker, list_digest
from deltacloud.api.parsing.metadata import metadata_from_headers
from deltacloud.api.parsing.percent import segment
from deltacloud.api.parsing.uploads import read_bounded
from deltacloud.api.representations.view import View
from deltacloud.context import Context, Credentials, Deadline
from deltacloud.errors import CapabilityMissing, InvalidRequest, NotFound
from deltacloud.inputs import Filters, PageRequest
from deltacloud.kernel import DriverCall, Kernel, Lister, LoadedDriver, read_all, reads
from deltacloud.models import Model, Pairs
from deltacloud.parameters import Parameter
from deltacloud.providers import ParsedProvider
from deltacloud.redaction import RequestLogger, secrets_in

if TYPE_CHECKING:
    from deltacloud.api.operations import Operation

_log = logging.getLogger("deltacloud.driver")


class Exchange:
    """A request that has an operation, a driver and a format.

    Attributes:
        kernel: The kernel, for documents about drivers.
        request: The HTTP request.
        operation: The row.
        ids: The fields of the path.
        driver: The driver.
        provider: The provider, parsed.
        format: The format of the answer.
        declared: Every parameter that the operation understands with this driver.
        credentials: The caller's credentials; None for none.
        idempotency_key: By which a repeated request can be told, where the client has sent one.
        parameters: The parameters, checked; none until the operation's checks have read them.
        runtime: Seconds spent in the driver so far.
        digest: What the markers of this list are bound to, once a page of it is asked for.
    """

    __slots__ = (
        "_deadline",
        "_lister",
        "_told",
        "credentials",
        "declared",
        "digest",
        "driver",
        "format",
        "idempotency_key",
        "ids",
        "kernel",
        "operation",
        "parameters",
        "provider",
        "request",
        "runtime",
    )

    def __init__(
        self,
        kernel: Kernel,
        request: Incoming,
        operation: Operation,
        driver: LoadedDriver,
        *,
        provider: ParsedProvider,
        answer_format: str,
        ids: dict[str, str],
    ) -> None:
        self.kernel = kernel
        self._deadline: Deadline | None = None
        self._lister: Lister | None = None
        self._told: dict[str, object] = {}
        self.request = request
        self.operation = operation
        self.driver = driver
        self.provider = provider
        self.format = answer_format
        self.ids = ids
        self.declared: tuple[Parameter, ...] = ()
        self.credentials: Credentials | None = None
        self.idempotency_key: str | None = None
        self.parameters = NO_PARAMETERS
        self.runtime = 0.0
        self.digest = ""

    # The driver

    @property
    def deadline(self) -> Deadline:
        """Until when the answer must begin; its clock starts at the first use, when the body has ended."""
        if self._deadline is None:
            settings = self.kernel.settings
            self._deadline = Deadline(settings.timeout, settings.idle_timeout)
        return self._deadline

    def call(self, hook: str, **arguments: object) -> Any:  # noqa: ANN401 - each hook has a type of its own
        """Call a hook of the request's driver.

        Raises:
            DeltacloudError: what the driver raised, or what its exception means.
        """
        return self._invoke(hook, arguments)

    def require(self, hook: str, expect: str) -> None:
        """Raises CapabilityMissing when the driver lacks a hook that only some requests of the operation need."""
        if hook not in self.driver.hooks:
            raise MissingCapability(expect)

    @property
    def lister(self) -> Lister:
        """The driver's lists."""
        if self._lister is None:
            self._lister = Lister(self.driver, self._invoke)
        return self._lister

    def find(self, get_hook: str, list_hook: str, argument: str, identifier: str) -> Model:
        """One resource: by its own hook, else out of the list.

        Raises:
            NotFound: there is none of that id.
        """
        if get_hook in self.driver.hooks:
            found: Model | None = self._invoke(get_hook, {argument: identifier})
            if found is None:
                raise NotFound
            return found
        return self.lister.find(list_hook, identifier)

    def inspected(self, seconds: float, *, anew: bool = False) -> frozenset[str] | None:
        """What the account has, as the driver's ``inspect_account`` says; kept for a while for this caller.

        Args:
            seconds: How long.
            anew: Whether the cloud is asked, whatever is kept.
        """

        def build() -> tuple[frozenset[str] | None, float]:
            return self.call("inspect_account"), seconds

        context = self._context()
        if anew:
            context.forget("inspect_account")
        return context.private("inspect_account", build)

    def _invoke(self, hook: str, arguments: dict[str, object]) -> Any:  # noqa: ANN401 - each hook has a type of its own
        began = time.perf_counter()
        self._told = arguments
        try:
            return self.kernel.call(DriverCall(self.driver, hook, self._context(reads(hook)), arguments))
        finally:
            self.runtime += time.perf_counter() - began

    def _context(self, reading: bool = True) -> Context:
        request = self.request
        record = request.record
        return Context(
            self.driver.way_out,
            credentials=self.credentials,
            provider=self.provider,
            deadline=self.deadline,
            reading=reading,
            extra=self.parameters.extra,
            request_id=record.id,
            idempotency_key=self.idempotency_key,
            log=RequestLogger(_log, record.id, self.credentials, (self.parameters.secrets, self._told)),
            local=record.local,
        )

    # The request

    @property
    def secrets(self) -> tuple[str, ...]:
        """What the driver was told that no document about an error may repeat, whatever the driver says in one."""
        caller = self.credentials
        own = () if caller is None else (caller.password, caller.token)
        return tuple(one.reveal() for one in secrets_in((own, self.parameters.secrets, self._told)))

    def page(self, collection: str, filters: Filters, usual: int | None = None) -> PageRequest | None:
        """The page that the request asks for; None when it asks for the whole list.

        Args:
            collection: The collection that is listed.
            filters: What narrows it.
            usual: How many entries a page has when the request does not say; None for the whole list.

        Raises:
            InvalidRequest: a limit over the server's, or a marker of another list.
        """
        limit, marker = self.parameters.integer("limit"), self.parameters.text("marker") or None
        if limit is None:
            limit = usual
        if limit is None and marker is None:
            return None
        self.digest = list_digest(collection, self.driver.name, self.provider.text, filters, self.format)
        most = self.kernel.settings.page_limit
        if limit is not None and limit > most:
            raise InvalidRequest(f"limit must be at most {most}", "limit")
        return PageRequest(limit=limit, marker=None if marker is None else decode_marker(marker, self.digest))

    def next_link(self, marker: str) -> str:
        """The URL of the next page: the same request with another marker."""
        pairs = [(name, value) for name, value in self.request.repeatable if name != "marker"]
        pairs.append(("marker", encode_marker(marker, self.digest)))
        query = "&".join(f"{segment(name)}={segment(value)}" for name, value in pairs)
        return f"{self.request.record.base_url}{self.request.path}?{query}"

    def blob_metadata(self) -> Pairs:
        """User metadata out of the request's headers."""
        return metadata_from_headers(
            (key[5:].replace("_", "-"), value) for key, value in self.request.env.items() if key.startswith("HTTP_")
        )

    def content_type(self) -> str:
        """The media type of the body, for a blob's content."""
        return media_type(self.request.env.get("CONTENT_TYPE"))

    def body_text(self) -> str:
        """A small body as text.

        Raises:
            PayloadTooLarge: it is over the limit for bodies held in memory.
            InvalidRequest: it is no UTF-8.
        """
        raw = read_bounded(self.request.body, self.kernel.settings.json_limit, self.request.body_length)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            raise InvalidRequest("The body is not UTF-8") from None

    # The answer

    @property
    def api(self) -> str:
        """The absolute URL of the API."""
        return self.request.record.base_url + MOUNT

    @property
    def view(self) -> View:
        """What the writers know besides the models."""
        return View(self.api, self.driver.hooks, self.driver.feature_names, self.driver.states)

    def path(self, *segments: str) -> str:
        """A path below ``/api``, with each segment percent-encoded."""
        return "".join([f"/{segment(one)}" for one in segments])

    def timed(self, items: Iterable[Model]) -> list[Model]:
        """A lazy list read whole, its time counted as the driver's."""
        began = time.perf_counter()
        try:
            return read_all(items)
        finally:
            self.runtime += time.perf_counter() - began


class MissingCapability(CapabilityMissing):
    """The same, with the word for the ``Expect`` header."""

    def __init__(self, expect: str) -> None:
        super().__init__()
        self.expect = expect
