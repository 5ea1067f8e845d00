"""botocore's clients, shared by all callers: each signs with the keys of the call that uses it.

A client costs some 50 ms and some megabytes to build, so there is one for each place and none for a caller. It holds no
credentials (:mod:`deltacloud_ec2.credentials`), knows neither the server's environment nor its files, and sends through
guarded connections (:mod:`deltacloud_ec2.sending`).
"""

from __future__ import annotations

import functools
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import deltacloud
from deltacloud_ec2.credentials import CallerProvider, KeysOf, NoToken, keys_of
from deltacloud_ec2.endpoints import Place
from deltacloud_ec2.parsing import parser_factory
from deltacloud_ec2.sending import Sender

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.loaders import Loader
    from botocore.session import Session

Record: TypeAlias = Mapping[str, Any]
"""A structure of an answer, as botocore has read it."""

_building = threading.Lock()
_MOST_CLIENTS = 128
"""Callers may name endpoints of their own, and each is a client."""


class Events(Protocol):
    """Where handlers of a client's events are registered."""

    def register(self, event_name: str, handler: Callable[..., object]) -> None:
        """Have it called on an event."""

    def register_first(self, event_name: str, handler: Callable[..., object]) -> None:
        """Have it called before the others."""

    def register_last(self, event_name: str, handler: Callable[..., object]) -> None:
        """Have it called after the others."""


class Meta(Protocol):
    """What a client knows about itself."""

    endpoint_url: str
    events: Events


class Paginator(Protocol):
    """Follows an operation's pages."""

    def paginate(self, **parameters: object) -> Iterable[Record]:
        """The answers, one for each page, asked for when they are wanted."""


class Client(Protocol):
    """A botocore client: its operations are methods in snake case that take keyword arguments."""

    meta: Meta

    def __getattr__(self, operation: str) -> Callable[..., Record]: ...

    def can_paginate(self, operation_name: str) -> bool:
        """Whether botocore knows how to follow the operation's pages."""

    def get_paginator(self, operation_name: str) -> Paginator:
        """What follows them."""


class Clients:
    """The clients of one driver in one process.

    Args:
        prepare: Called with every new client, to add handlers of a driver's own.
        sender: What sends their requests.
        keys: How keys are read out of a caller's credentials.

    Attributes:
        keys: How they are read.
    """

    def __init__(
        self,
        prepare: Callable[[Client], None] | None = None,
        sender: Sender | None = None,
        keys: KeysOf = keys_of,
    ) -> None:
        self._prepare = prepare
        self.keys = keys
        self._clients: OrderedDict[Place, Client] = OrderedDict()
        self._sender = sender or Sender()

    def client(self, place: Place) -> Client:
        """The client for a place; the first call for it builds it.

        Building is not thread safe and takes a while, so it is done by one at a time; who asks for a client that is
        there does not wait.
        """
        found = self._clients.get(place)
        if found is not None:
            return found
        with _building:
            found = self._clients.get(place) or self._build(place)
            self._clients[place] = found
            if len(self._clients) > _MOST_CLIENTS:
                self._clients.popitem(last=False)
        return found

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self._clients.clear()
        self._sender.close()

    def _build(self, place: Place) -> Client:
        built: Client = _session(self.keys).create_client(
            place.service, region_name=place.region, endpoint_url=place.endpoint, config=_configuration(place)
        )
        self._sender.serve(built, place.service)
        if self._prepare is not None:
            self._prepare(built)
        return built


def each(client: Client, operation: str, member: str, **parameters: object) -> Iterator[Record]:
    """The entries of a list, over all its pages; a page is asked for when it is wanted.

    Args:
        client: Whom to ask.
        operation: The client's method, such as ``describe_volumes``.
        member: Where the entries are in an answer, such as ``Volumes``.
        parameters: The operation's.
    """
    if client.can_paginate(operation):
        for answer in client.get_paginator(operation).paginate(**parameters):
            yield from answer.get(member, ())
    else:
        yield from getattr(client, operation)(**parameters).get(member, ())


@functools.cache
def _session(keys: KeysOf) -> Session:
    """A session that knows nothing but what botocore brings and who calls.

    One for each way of reading keys.
    """
    from botocore.configprovider import (  # noqa: PLC0415 - the SDK is loaded at first use
        BOTOCORE_DEFAUT_SESSION_VARIABLES,
        ConfigValueStore,
        ConstantProvider,
    )
    from botocore.session import Session  # noqa: PLC0415

    session = Session()
    values = {name: row[2] for name, row in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    values |= {"config_file": os.devnull, "credentials_file": os.devnull}
    constants = {name: ConstantProvider(value) for name, value in values.items()}
    session.register_component("config_store", ConfigValueStore(constants))
    session.register_component("credential_provider", CallerProvider(keys))
    session.register_component("token_provider", NoToken())
    session.register_component("response_parser_factory", parser_factory())
    session.register_component("data_loader", _loader())
    return cast("Session", session)


@functools.cache
def _loader() -> Loader:
    """What reads the descriptions of the services that botocore brings.

    One for the process: it holds what it has read, which takes a fifth of a second.
    """
    from botocore.loaders import Loader  # noqa: PLC0415 - the SDK is loaded at first use

    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


def _configuration(place: Place) -> Config:
    from botocore import UNSIGNED  # noqa: PLC0415 - the SDK is loaded at first use
    from botocore.config import Config  # noqa: PLC0415

    plain = place.endpoint is not None and place.endpoint.startswith("http:")
    return Config(
        user_agent=f"deltacloud/{deltacloud.__version__}",
        signature_version=None if place.signed else UNSIGNED,
        # Requests are sent again by our own handler, within the call's deadline.
        retries={"mode": "standard", "total_max_attempts": 1},
        proxies={},
        # Trailing checksums are Amazon's alone; others refuse them.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        # These would be kept by less than the caller, or asked for without one.
        account_id_endpoint_mode="disabled",
        endpoint_discovery_enabled=False,
        ignore_configured_endpoint_urls=True,
        s3={
            "addressing_style": "auto" if place.endpoint is None else "path",
            # botocore finds the sessions of S3 Express by the bucket's name: one caller's would sign another's request.
            "disable_s3_express_session_auth": True,
            # TLS says whether a content arrived as it was sent; without it the signature has to.
            "payload_signing_enabled": plain,
            "us_east_1_regional_endpoint": "regional",
        },
    )
