"""The wire: tokens, requests, pages. One :class:`Engine` serves one call of one caller.

Sources: "Authentication and security" and "Common concepts" of the oVirt Engine API's reference, version 4.
"""

from __future__ import annotations

import base64
import json
import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

import requests

from deltacloud import errors
from deltacloud.context import Context
from deltacloud.outbound import Session
from deltacloud.secret import Secret
from deltacloud_rhevm import documents
from deltacloud_rhevm.documents import Element
from deltacloud_rhevm.endpoints import API, OLD_API, VIEW
from deltacloud_rhevm.errors import Fault

_TOKEN, _TOKEN_SECONDS = "token", 900.0
"""The engine forgets a login after half an hour without use; before that, it is renewed here."""
_SCOPE = "ovirt-app-api"
_LARGEST_LOGIN = 2**16
_DENIED = frozenset({"access_denied", "invalid_grant", "unauthorized_client"})
_SEGMENT = re.compile(r"[0-9A-Za-z-]+", re.ASCII)
"""What ids and collections are called. All else is no id, and might be another path to whoever reads it on its way."""
_LONGEST_CORRELATION = 50
_NOT_CORRELATION = re.compile(r"[^0-9a-zA-Z_-]")


@dataclass(eq=False, slots=True)
class Token:
    """A login: the token, and whether the engine has refused it since."""

    text: Secret
    refused: bool = False


class Engine:
    """A caller's way to an installation, for as long as a call takes.

    Args:
        context: The call's context.
        version: Of the API: 4, or 3 for RHEV 3.x.
        page_size: How many things one page of a list has.
        tls: What the installation's certificate is verified against; None for what counts for all.

    Attributes:
        version: The same.
        as_user: Whether the caller has the view of users, which can neither be searched nor paged.
    """

    def __init__(self, context: Context, version: int, page_size: int, tls: ssl.SSLContext | None) -> None:
        self.version = version
        self.as_user = VIEW in context.provider.options
        self._context = context
        self._page_size = page_size
        self._api = context.provider.endpoints[API if version > 3 else OLD_API]  # noqa: PLR2004 - versions
        self._tls = tls
        self._session = self._open()
        self._session.headers.update(self._headers())

    def get(self, *path: str, **query: str) -> Element:
        """The document at a path.

        Raises:
            Fault: the engine refuses.
            NotFound: a segment cannot be an id.
            DeltacloudError: the login is refused, or the answer makes no sense.
        """
        return documents.parse(self._call("GET", path, query))

    def post(self, document: Element, *path: str, **query: str) -> Element:
        """The document that answers one; raises as :meth:`get` does. It is never sent twice."""
        return documents.parse(self._call("POST", path, query, documents.write(document)))

    def delete(self, *path: str, **query: str) -> None:
        """Delete what is at a path; raises as :meth:`get` does."""
        self._call("DELETE", path, query)

    def pages(self, collection: str, criteria: str, **query: str) -> Iterator[Element]:
        """All members of a collection that meet the criteria, page by page; each page is asked for when it is wanted.

        The pages are cut anew for each request. What another caller removes meanwhile moves the rest forward by one,
        and what is made moves it back: members that come again are left out.

        Raises:
            ProviderError: a full page repeats the one before; so would the next, without an end.
        """
        seen: set[str | None] = set()
        before: list[str | None] = []
        number, full = 1, True
        while full:
            search = f"{criteria} sortby name asc page {number}"
            page = self.get(collection, search=search, max=str(self._page_size), case_sensitive="true", **query)
            yield from (one for one in page if one.get("id") not in seen)
            ids = [one.get("id") for one in page]
            seen.update(ids)
            number, full = number + 1, len(page) >= self._page_size
            if full and ids == before:
                raise errors.ProviderError("The provider sends the same page again and again")
            before = ids

    def _call(self, method: str, path: tuple[str, ...], query: dict[str, str], body: bytes | None = None) -> bytes:
        if not all(map(_SEGMENT.fullmatch, path)):
            raise errors.NotFound
        url = "/".join((self._api, *path))

        def send(authorization: str) -> requests.Response:
            headers = {"Authorization": authorization} | ({} if body is None else {"Content-Type": "application/xml"})
            return self._session.request(method, url, params=query, data=body, headers=headers)

        answer = self._with_token(send) if self.version > 3 else send(self._basic())  # noqa: PLR2004 - versions
        if answer.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            raise Fault(answer, *_told(answer.content))
        return answer.content

    def _with_token(self, send: Callable[[str], requests.Response]) -> requests.Response:
        """Send with a token; with a new one when the engine does not know it any more, once."""
        token = self._login()
        answer = send(f"Bearer {token.text.reveal()}")
        if answer.status_code != HTTPStatus.UNAUTHORIZED:
            return answer
        token.refused = True
        if self._login().refused:  # another call may have renewed it meanwhile
            self._context.forget(_TOKEN)
        return send(f"Bearer {self._login().text.reveal()}")

    def _login(self) -> Token:
        """The caller's token; the engine is asked for one when there is none."""
        session, service = self._open(), self._api.removesuffix("/api")

        def log_in() -> tuple[Token, float]:
            who = self._context.credentials
            form = {"grant_type": "password", "scope": _SCOPE}
            form |= {"username": who.username, "password": who.password.reveal()}
            answer = session.post(f"{service}/sso/oauth/token", data=form, headers={"Accept": "application/json"})
            return Token(_token(answer)), _TOKEN_SECONDS

        def log_out(token: Token) -> None:
            if not token.refused:
                form = {"scope": _SCOPE, "token": token.text.reveal()}
                session.post(f"{service}/services/sso-logout", data=form, headers={"Accept": "application/json"})

        return self._context.private(_TOKEN, log_in, log_out)

    def _basic(self) -> str:
        who = self._context.credentials
        return "Basic " + base64.b64encode(f"{who.username}:{who.password.reveal()}".encode()).decode()

    def _open(self) -> Session:
        return self._context.http(self._api, tls=self._tls)

    def _headers(self) -> dict[str, str]:
        """What every request for a document carries; ``Filter`` is the view of users."""
        headers = {"Accept": "application/xml", "Version": str(self.version)}
        correlation = _NOT_CORRELATION.sub("", self._context.request_id)[:_LONGEST_CORRELATION]
        if correlation:
            headers["Correlation-Id"] = correlation
        if self.as_user:
            headers["Filter"] = "true"
        return headers


def _token(answer: requests.Response) -> Secret:
    """The token in the answer to a login.

    Raises:
        AuthenticationFailed: user or password are wrong.
        ProviderError: the answer is none to a login.
    """
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise errors.from_response(answer)
    try:
        told = json.loads(answer.content) if len(answer.content) <= _LARGEST_LOGIN else None
    except (ValueError, RecursionError):
        told = None
    told = told[0] if isinstance(told, list) and told else told
    facts = told if isinstance(told, dict) else {}
    token = facts.get("access_token")
    if isinstance(token, str) and token.isascii() and token.isprintable() and token:
        return Secret(token)
    # Which of the two members has the word, and which the sentence, depends on the release.
    words = {word for word in (facts.get("error_code"), facts.get("error")) if isinstance(word, str)}
    if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or words & _DENIED:
        raise errors.AuthenticationFailed
    raise errors.ProviderError("The provider does not answer to a login as an oVirt engine does", retryable=False)


def _told(content: bytes) -> tuple[str | None, str | None]:
    """Reason and detail of a fault, which is a document of its own or lies in that of an action; HTML has neither."""
    try:
        root = documents.parse(content)
    except errors.ProviderError:
        return None, None
    fault = root if root.tag == "fault" else root.find("fault")
    return (None, None) if fault is None else (documents.text(fault, "reason"), documents.text(fault, "detail"))
