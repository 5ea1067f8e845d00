"""Outcomes held against what is expected of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from cloudfaults.faults import WHOLE, Expected
from cloudfaults.sending import Asking, Outcome

_INTERNAL = re.compile(rb"secret of alice|Traceback|Errno|urllib3|requests\.|http\.client|\.py\b|object at 0x|Pool\(")


def complaints(asking: Asking, outcome: Outcome, expected: Expected, *, success: int, asked: int) -> Iterator[str]:
    """What is wrong with an outcome.

    Args:
        asking: What was sent.
        outcome: What came back.
        expected: What should have.
        success: The status that a sound cloud leads to.
        asked: How often the cloud was asked.
    """
    status = success if expected.status == WHOLE else expected.status
    if outcome.status != status:
        yield f"status {outcome.status} instead of {status}: {outcome.body[:200]!r}"
        return
    if outcome.broken != expected.broken:
        yield "it broke off" if outcome.broken else "it does not show that it broke off"
    least, most = expected.asked
    if not least <= asked <= most:
        yield f"the cloud was asked {asked} times instead of {least} to {most}"
    if outcome.headers.get("retry-after") != expected.retry_after and expected.status != WHOLE:
        yield f"Retry-After is {outcome.headers.get('retry-after')}"
    if outcome.headers.get("x-request-id") != outcome.request_id:
        yield "the request id is another one"
    if _INTERNAL.search(outcome.body):
        yield f"it tells too much: {outcome.body[:300]!r}"
    if expected.status != WHOLE and asking.what.method != "HEAD":
        yield from _document(asking, outcome, expected)


def _document(asking: Asking, outcome: Outcome, expected: Expected) -> Iterator[str]:
    """What is wrong with an error document."""
    kind = outcome.headers.get("content-type", "").partition(";")[0]
    if kind != asking.accept:
        yield f"the document is {kind} instead of {asking.accept}"
        return
    found = error_facts(outcome)
    wanted = (expected.status, expected.word, outcome.request_id)
    if found[:3] != wanted:
        yield f"the document says {found} instead of {wanted}"
    if len(found[3]) < len("Accepted"):
        yield "it has no message"


def error_facts(outcome: Outcome) -> tuple[int, str, str, str]:
    """Status, word, request id and message of an error document."""
    if outcome.headers["content-type"].startswith("application/xml"):
        root = ElementTree.fromstring(outcome.body)  # noqa: S314 - our own document
        message = root.findtext("message") or ""
        return int(root.attrib["status"]), root.attrib["error_code"], root.attrib["request_id"], message
    document: Any = json.loads(outcome.body)
    status = document.get("status") or document["code"]
    word = document.get("error_code") or document["code"]
    return int(status), word, document["request_id"], document.get("detail") or document["message"]
