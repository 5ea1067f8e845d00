"""The wire client: the caller's token, pages, actions that take time, and answers read into records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeVar, cast

import msgspec
import requests

from deltacloud.context import Context, Credentials
from deltacloud.errors import AuthenticationFailed, CapabilityMissing, CredentialsRequired, ProviderError
from deltacloud.providers import ParsedProvider
from deltacloud_digitalocean.credentials import is_for_spaces_alone
from deltacloud_digitalocean.endpoints import API
from deltacloud_digitalocean.errors import WHAT_TO_USE, refusal
from deltacloud_digitalocean.operations import Operation
from deltacloud_digitalocean.records import Action, Record

OFFICIAL = "https://api.digitalocean.com"
LARGEST_PAGE = 200
"""The most entries that DigitalOcean gives at once."""

Kind = TypeVar("Kind")
Listed = TypeVar("Listed", bound=Record)
Body = Mapping[str, object]


class _Meta(msgspec.Struct, frozen=True):
    total: int | None = None


class _Listing(msgspec.Struct, frozen=True):
    meta: _Meta = _Meta()


class Api:
    """DigitalOcean's API, for one call of one caller.

    The password is the token; the user name, which the server's log shows, never is.

    Args:
        context: The call's context.
        page_size: How many entries to ask for at once.

    Raises:
        CredentialsRequired: the request has no credentials, or the empty pair, which only Spaces knows.
        AuthenticationFailed: what it has cannot be a token, or are the keys of Spaces, which the API is not told.
        CapabilityMissing: the provider names other endpoints, and none for the API.
    """

    def __init__(self, context: Context, page_size: int = LARGEST_PAGE) -> None:
        self._context = context
        self._page_size = page_size
        self._base = _endpoint(context.provider)
        self._token = _token(context.credentials)
        self._session = context.http(self._base)
        self._session.headers.update({"Authorization": f"Bearer {self._token}", "Accept": "application/json"})

    def get(
        self, operation: Operation, kind: type[Kind], member: str, *ids: str, query: Mapping[str, str] | None = None
    ) -> Kind:
        """One record.

        Args:
            operation: What to ask.
            kind: The record's structure.
            member: Where in the answer it stands.
            ids: For the operation's path.
            query: What follows the path.

        Raises:
            Refusal: the cloud says no.
            ProviderError: its answer makes no sense.
        """
        return member_of(self._ask(operation, ids, query=query), member, kind)

    def send(self, operation: Operation, kind: type[Kind], member: str, body: Body, *ids: str) -> Kind:
        """Ask for a change, and read the record in the answer."""
        return member_of(self._ask(operation, ids, body=body), member, kind)

    def order(self, operation: Operation, *ids: str, body: Body | None = None) -> None:
        """Ask for a change whose answer says nothing more."""
        self._ask(operation, ids, body=body)

    def pages(
        self, operation: Operation, kind: type[Listed], member: str, *ids: str, query: Mapping[str, str] | None = None
    ) -> Iterator[Listed]:
        """All records of a list, each once, page by page as they are wanted.

        The cloud counts pages by their numbers, so what is deleted meanwhile moves the rest forward and could hide an
        entry between two pages. When the total has shrunk, the list is therefore read from its beginning again. Links
        to the next page are not followed: they are absolute, and lead to DigitalOcean whatever the provider is.
        """
        many = cast("type[list[Listed]]", list.__class_getitem__(kind))
        seen: set[object] = set()
        page, passed = 1, 0
        total: int | None = None
        while True:
            wanted = {**(query or {}), "page": str(page), "per_page": str(self._page_size)}
            answer = self._ask(operation, ids, query=wanted)
            found = member_of(answer, member, many)
            before, total = total, _total(answer)
            if before is not None and total is not None and total < before:
                page, passed = 1, 0
                continue
            yield from (one for one in found if one.identity not in seen)
            seen.update(one.identity for one in found)
            page, passed = page + 1, passed + len(found)
            if not found or (total is not None and passed >= total):
                return

    def finished(self, action: Action, operation: Operation, *ids: str) -> Action:
        """Wait until an action has come to its end.

        Args:
            action: As it was begun.
            operation: How to ask about it.
            ids: What the action's own id follows in the path.

        Raises:
            NotYetCompleted: it takes longer than this request may; it goes on without us.
            ProviderError: it failed.
        """
        pauses = self._context.deadline.pauses(f"DigitalOcean has begun, and is not done yet (action {action.id})")
        while action.status == "in-progress":
            next(pauses)
            action = self.get(operation, Action, "action", *ids, str(action.id))
        if action.status != "completed":
            raise ProviderError(f"DigitalOcean has begun, and failed (action {action.id})", retryable=False)
        return action

    def _ask(
        self, operation: Operation, ids: tuple[str, ...], *, query: Body | None = None, body: Body | None = None
    ) -> bytes:
        answer = self._session.request(
            operation.method,
            self._base + operation.at(*ids),
            params=query,  # type: ignore[arg-type]
            json=body,
            retry=operation.method == "GET",
        )
        if answer.status_code >= requests.codes.bad_request:
            raise refusal(answer, self._token)
        if answer.status_code >= requests.codes.multiple_choices:
            raise ProviderError("DigitalOcean's answer leads elsewhere")
        return answer.content


def _endpoint(provider: ParsedProvider) -> str:
    """Where the API is."""
    if provider.endpoints and API not in provider.endpoints:
        raise CapabilityMissing(f"The provider names no endpoint for this: {API}=URL is missing")
    return provider.endpoints.get(API, OFFICIAL)


def _token(caller: Credentials) -> str:
    """The caller's token."""
    if caller.anonymous:
        raise CredentialsRequired
    token = caller.password.reveal()
    if re.fullmatch(r"[!-~]+", token) is None or is_for_spaces_alone(caller):
        raise AuthenticationFailed(WHAT_TO_USE)
    return token


def member_of(content: bytes, name: str, kind: type[Kind]) -> Kind:
    """A member of the object that an answer is, read into a structure.

    Raises:
        ProviderError: it is no such object, or has no such member.
    """
    try:
        whole = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        return msgspec.json.decode(whole[name], type=kind)
    except (msgspec.DecodeError, KeyError):
        raise ProviderError("DigitalOcean's answer makes no sense") from None


def _total(content: bytes) -> int | None:
    """How many entries all pages have."""
    try:
        return msgspec.json.decode(content, type=_Listing).meta.total
    except msgspec.DecodeError:
        return None
