"""Trying an operation out from its documentation: a form that really sends it, and the same as a command."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deltacloud.api.pages.fields import Field, FieldSet, field_sets, folds, has_file
from deltacloud.api.pages.site import place, site_of

if TYPE_CHECKING:
    from deltacloud.api.exchange import Exchange
    from deltacloud.api.operations import Collection, Operation

_ASKED = "GET"
_ANY = ("any",)
_NAMES = {"xml": "application/xml", "json": "application/json", "html": "text/html", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Trial:
    """What is sent.

    Attributes:
        where: The fields of the path that must be filled in first; none once they are.
        url: The address.
        verb: The method.
        method: What the form sends; the verb travels beside it where browsers cannot send that.
        parts: The fields of query string and body, those folded away that may stay empty.
        headers: Fields that travel as headers, which only scripts can send.
        content: Whether the body is a content of any kind, which only scripts can send.
        formats: The formats to choose from, as (media type, name).
        multipart: Whether a file is among the fields.
        begin: What a command line begins with that does the same.
        command: All of it, before anything is filled in.
    """

    where: tuple[Field, ...]
    url: str
    verb: str
    method: str
    parts: list[tuple[bool, list[FieldSet]]]
    headers: tuple[Field, ...]
    content: bool
    formats: tuple[tuple[str, str], ...]
    multipart: bool
    begin: str
    command: str

    @property
    def plain(self) -> bool:
        """Whether a form without scripts can send it."""
        return not self.content and self.verb != "HEAD"


def trial(exchange: Exchange, collection: Collection, operation: Operation) -> Trial | None:
    """The trial of an operation; None where the driver cannot perform it."""
    if not operation.available(exchange.driver):
        return None
    request, site = exchange.request, site_of(exchange.request)
    given = {name: request.last(name) or "" for name in operation.fields}
    known = {one.name: one for one in operation.parameters}
    missing = not all(given.values())
    where = tuple(
        Field(f"path-{name}", name, name, "text", known[name].help if name in known else "", given[name], required=True)
        for name in operation.fields
    )
    declared = collection.declared(operation, exchange.driver)
    sets = field_sets("try", declared, {})
    headers = tuple(
        Field(f"header-{number}", one.name, one.name, "text", one.help)
        for number, one in enumerate(declared)
        if one.location == "header"
    )
    url = operation.path if missing else place(operation.path, given)
    formats = () if operation.formats == _ANY else _formats(operation)
    begin = _begin(exchange, operation)
    accept = ["--header", f"Accept: {formats[0][0]}"] if formats else []
    return Trial(
        where=where if missing else (),
        url=site.path(url),
        verb=operation.method,
        method="get" if operation.method == _ASKED else "post",
        parts=folds([_named(one) for one in sets]),
        headers=headers,
        content=operation.body == "content",
        formats=formats,
        multipart=has_file(sets),
        begin=shlex.join(begin),
        command=shlex.join([*begin, *accept, f"{exchange.api}{url}"]),
    )


def _named(one: FieldSet) -> FieldSet:
    """The same fields under the names that they have on the wire, for these are what is documented."""
    needed = any(field.required or field.kind in ("file", "hidden") for field in one.fields)
    return replace(one, folded=not needed, fields=tuple(replace(field, label=field.name) for field in one.fields))


def _formats(operation: Operation) -> tuple[tuple[str, str], ...]:
    return tuple((_NAMES[one], one.upper()) for one in operation.formats if one in _NAMES)


def _begin(exchange: Exchange, operation: Operation) -> list[str]:
    """The words of a command for curl, which asks for the password."""
    words = ["curl"]
    if operation.method == "HEAD":
        words.append("--head")
    elif operation.method != _ASKED:
        words += ["--request", operation.method]
    if exchange.driver.kind.credentials is not None:
        user = "" if exchange.credentials is None else exchange.credentials.username
        words += ["--user", user or "USER"]
    words += ["--header", f"X-Deltacloud-Driver: {exchange.driver.name}"]
    if exchange.provider.text:
        words += ["--header", f"X-Deltacloud-Provider: {exchange.provider.text}"]
    return words
