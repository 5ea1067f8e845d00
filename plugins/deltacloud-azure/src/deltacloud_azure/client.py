"""The SDK's clients for one caller: built for each call, over connections that all callers share.

This is the one module that imports the SDK when it is imported itself. A client costs a tenth of a millisecond and
holds the caller's key, so none is kept. Nothing of the process's environment gets into one, and neither retries,
redirects nor a secondary location are the SDK's to decide.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import requests
from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential
from azure.core.exceptions import ServiceResponseError
from azure.core.pipeline.transport import RequestsTransport
from azure.core.settings import settings as sdk_settings
from azure.storage.blob import BlobClient, BlobServiceClient, ContainerClient
from urllib3.exceptions import HTTPError

from deltacloud.context import Context, Deadline
from deltacloud.errors import AuthenticationFailed, BackendError, NameNotFound, ProviderError
from deltacloud_azure import signatures
from deltacloud_azure.endpoints import place_of

LARGEST_PIECE = 4 * 1024 * 1024
"""The most that one request brings or takes in one piece, unless a blob is so large that it needs larger blocks."""
_CONNECT_SECONDS = 10
_SDK_PAUSE = 1
"""Seconds that the SDK waits before it asks for a piece again whose body broke off; it does so twice."""
_CONTENT_RANGE = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19})", re.ASCII)

sdk_settings.tracing_enabled = False  # else AZURE_TRACING_ENABLED and an installed tracer decide

_silent = logging.Logger("azure")
_silent.disabled = True


class _Piece:
    """The body of a download, as the SDK reads it; not unpacked.

    The SDK's own class tells a length in bytes, for which a list of as many entries is made: eight times the memory.
    """

    def __init__(self, answer: requests.Response, deadline: Deadline, _pipeline: object, **_options: object) -> None:
        self.response = answer
        self.content_length = int(answer.headers.get("Content-Length", 0))
        self.properties: object = None
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        left = LARGEST_PIECE
        try:
            for part in self.response.raw.stream(LARGEST_PIECE, decode_content=False):
                left -= len(part)
                if left < 0:
                    _refuse(self.response)
                yield part
        except HTTPError as error:
            if self._deadline.remaining() <= _SDK_PAUSE:
                raise
            raise ServiceResponseError(error, error=error) from error


def _require_part(answer: requests.Response) -> None:
    """The SDK does not look whether an answer is a part of a blob; and what it takes for an empty one, it never reads.

    Raises:
        ProviderError: it is none.
    """
    part = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if part is None:
        _refuse(answer)
    first, last, length = map(int, part.groups())
    if answer.headers.get("Content-Length") == "0":
        answer.raw.drain_conn()
    elif not first <= last < length:
        _refuse(answer)


def _refuse(answer: requests.Response) -> NoReturn:
    answer.close()
    raise ProviderError("The provider sent something else than it was asked for")


class _GuardedTransport(RequestsTransport):  # type: ignore[misc]
    """Sends over a session of the guard's, which repeats what may be repeated and keeps the call's deadline."""

    def __init__(self, context: Context, url: str, *, named_by_account: bool) -> None:
        super().__init__(
            session=context.http(url),
            session_owner=False,
            connection_timeout=_CONNECT_SECONDS,
            read_timeout=None,
            connection_data_block_size=LARGEST_PIECE,
        )
        self._deadline = context.deadline
        self._named_by_account = named_by_account

    def send(self, request: Any, **options: Any) -> Any:  # noqa: ANN401 - the SDK's own
        """Send once, as far as the SDK is concerned."""
        try:
            answer: Any = super().send(request, **options)
        except NameNotFound:
            if not self._named_by_account:
                raise
            raise AuthenticationFailed("There is no storage account of this name") from None
        if options.get("stream") and answer.status_code < requests.codes.multiple_choices:
            _require_part(answer.internal_response)
        answer.stream_download = functools.partial(_Piece, answer.internal_response, self._deadline)
        return answer


class Account:
    """A caller's storage account.

    Args:
        context: The call's context.
        api_version: The version of the service to speak; the SDK's own if None.

    Raises:
        AuthenticationFailed: name or signature cannot be right.
        Forbidden: the guard does not let this caller there.
    """

    def __init__(self, context: Context, api_version: str | None) -> None:
        place = place_of(context)
        self._url = place.url
        self._options: dict[str, Any] = {
            "credential": _credential(context),
            "transport": _GuardedTransport(context, place.url, named_by_account=place.named_by_account),
            "retry_total": 0,
            "retry_to_secondary": False,
            "permit_redirects": False,
            "user_agent_use_env": False,
            "logger": _silent,
            "max_single_get_size": LARGEST_PIECE,
        }
        if api_version is not None:
            self._options["api_version"] = api_version

    def service(self) -> BlobServiceClient:
        """The SDK's client of the account."""
        with self._made():
            return BlobServiceClient(self._url, **self._options)

    def container(self, name: str) -> ContainerClient:
        """The SDK's client of a container."""
        with self._made():
            return ContainerClient(self._url, name, **self._options)

    def blob(self, container: str, name: str) -> BlobClient:
        """The SDK's client of a blob."""
        with self._made():
            return BlobClient(self._url, container, name, **self._options)

    @contextlib.contextmanager
    def _made(self) -> Iterator[None]:
        try:
            yield
        except ValueError:
            if "api_version" not in self._options:
                raise
            raise BackendError("The SDK does not speak the version of this server's setting api-version") from None


def _credential(context: Context) -> AzureNamedKeyCredential | AzureSasCredential:
    password = context.credentials.password.reveal()
    if not password:
        raise AuthenticationFailed("The password is a key of the account, or a shared access signature")
    if signatures.is_signature(password):
        return AzureSasCredential(signatures.checked(password))
    return AzureNamedKeyCredential(context.credentials.username, password)
