"""What schemathesis is told about this API: findings that are no faults, each with its reason."""

from __future__ import annotations

import json
import re
from typing import Any

import schemathesis

from deltacloud.api.collections import COLLECTIONS
from lenient import fits

PAGES = {operation.form for collection in COLLECTIONS for operation in collection.operations if operation.form}
"""Paths of forms for people, which are no part of the document."""


@schemathesis.hook
def map_query(_context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """No marker that anybody makes up is one that the server gave out; other tests turn pages."""
    if isinstance(query, dict):
        query.pop("marker", None)
    return query


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Whether a finding is a fault."""
    excuse = next((_EXCUSES[check] for check in failure.checks if check in _EXCUSES), None)
    return excuse is None or not excuse(case, response)


def _was_refused_with_reason(case: Any, response: Any) -> bool:
    """A document cannot tell what names a cloud takes, how long a blob is, or in which state an instance is."""
    if response.status_code == 416:
        return "range" in {name.lower() for name in response.request.headers}
    if response.status_code == 405:
        return "action_not_allowed" in response.text or "html" in _kind(response)
    return response.status_code == 400 and _blamed(response) in _names(case)


def _blamed(response: Any) -> str | None:
    """The parameter that an error document blames; in a page for people it is not marked."""
    if "html" in _kind(response):
        return ""
    if "json" in _kind(response):
        found = json.loads(response.text).get("parameter")
        return re.sub(r"[0-9]+", "1", found) if isinstance(found, str) else None
    marked = re.search(r"<error [^>]*parameter='([^']*)'", response.text)
    return re.sub(r"[0-9]+", "1", marked[1]) if marked else None


def _kind(response: Any) -> str:
    return str(response.headers.get("content-type", [""])[0])


def _names(case: Any) -> set[str]:
    """Everything that an operation can be told, by name; and nothing, for pages."""
    described = case.operation.definition.raw
    names = {parameter["name"] for parameter in described["parameters"]}
    for content in described.get("requestBody", {}).get("content", {}).values():
        names.update(content.get("schema", {}).get("properties", {}))
    return {*names, ""}


def _says_it_all_the_same(case: Any, response: Any) -> bool:
    """The server reads more than the document tells to send (see :mod:`lenient`); credentials it always has."""
    request = response.request
    shared = case.operation.schema.raw_schema["paths"][case.operation.path]["parameters"]
    return fits(case.operation.definition.raw, shared, request.url, request.headers, request.body)


def _is_a_page(case: Any, response: Any) -> bool:
    """A path with a form knows GET; who wants no HTML is told 406."""
    return case.operation.path in PAGES and response.request.method == "GET" and response.status_code in (200, 406)


def _is_as_the_original(_case: Any, response: Any) -> bool:
    """The pretend cloud fails to make an image of some instances, and says so as it always did."""
    return response.status_code == 500 and "CreateImageNotSupported" in response.text


_EXCUSES = {
    "positive_data_acceptance": _was_refused_with_reason,
    "negative_data_rejection": _says_it_all_the_same,
    "unsupported_method": _is_a_page,
    "not_a_server_error": _is_as_the_original,
}
