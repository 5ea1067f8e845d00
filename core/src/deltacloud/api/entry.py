"""The entry point: what this driver offers, and the switch to another one."""

from __future__ import annotations

import re
from urllib.parse import quote

from deltacloud.api import documents
from deltacloud.api.account import check, offered
from deltacloud.api.answers import Answer, Document, SeeOther
from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.exchange import Exchange
from deltacloud.api.incoming import PROVIDER, checked_name
from deltacloud.api.openapi import document
from deltacloud.api.operations import Collection, Operation, text
from deltacloud.parameters import Parameter


def _show(exchange: Exchange) -> Document:
    if exchange.parameters.text("force_auth") is not None:
        check(exchange)
    return documents.entry_point(exchange, offered(exchange))


def _switch(exchange: Exchange) -> Answer:
    """Go to another driver or provider; the target is a plain URL, nothing is remembered."""
    values = exchange.parameters
    driver, provider = values.text("driver"), values.text("provider")
    if driver:
        return SeeOther(f";driver={quote(driver, safe='')}", switches=True)
    if provider and checked_name(provider, PROVIDER, "provider") != "default":
        chosen = _kept(exchange)
        return SeeOther(f"{chosen};provider={quote(provider, safe='')}", switches=True)
    return SeeOther("/", switches=True)


def _kept(exchange: Exchange) -> str:
    """The driver that goes on: the one of this URL, or that of the page before, as old forms have it."""
    driver = exchange.request.route.matrix_value("driver")
    if driver is None:
        _, _, rest = exchange.request.env.get("HTTP_REFERER", "").partition(";driver=")
        driver = re.split("[;/?#]", rest, maxsplit=1)[0]
    return f";driver={quote(driver, safe='')}" if driver else ""


def _openapi(exchange: Exchange) -> Document:
    return Document({"json": lambda: document(exchange, (ENTRY_POINT, *COLLECTIONS))})


ENTRY_POINT = Collection(
    name="api",
    singular="api",
    title="Entry Point",
    help="What the driver offers",
    listed=False,
    operations=(
        Operation(
            name="entry",
            method="GET",
            path="",
            handler=_show,
            help="Show what the driver of the request offers",
            parameters=(Parameter(name="force_auth", location="query", help="Check the credentials first; any value"),),
            public=True,
            shape="other",
        ),
        Operation(
            name="switch",
            method="POST",
            path="",
            handler=_switch,
            help="Go to another driver or provider",
            parameters=(text("driver", "The driver"), text("provider", "The provider")),
            status=303,
            public=True,
            shape="none",
        ),
        Operation(
            name="openapi",
            method="GET",
            path="/openapi.json",
            handler=_openapi,
            help="Describe the API of the request's driver as OpenAPI",
            formats=("json",),
            public=True,
            shape="other",
        ),
    ),
)
