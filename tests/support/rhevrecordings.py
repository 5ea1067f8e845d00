"""The exchanges with a real RHEV-M 3.1 that were recorded in 2013, and a server that answers as it did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from loopback import Asked, Backend, reply
from recordings import RECORDED
from yamlfiles import read_yaml

FOLDER = RECORDED / "recorded" / "deltacloud" / "rhevm"


@dataclass(frozen=True)
class Recording:
    """One exchange.

    Attributes:
        file: The name of its file.
        method: In capitals.
        path: Below ``/api``.
        search: What was searched for, without quotation marks; empty for everything.
        body: What was sent.
        status: Of the answer.
        answer: Its body.
        kind: Its media type.
    """

    file: str
    method: str
    path: str
    search: str
    body: str
    status: int
    answer: str
    kind: str


def recordings() -> list[Recording]:
    """All exchanges, in the order of their files; none where the folder is absent."""
    found = []
    for path in sorted(FOLDER.glob("test_*.yml")):
        (document,) = read_yaml(path.read_text("utf-8"))
        found += [_recording(path, one) for one in document["http_interactions"]]
    return found


@contextmanager
def recorded_engine(exchanges: list[Recording]) -> Iterator[Backend]:
    """A server that answers by method, path and search; the same question again gets the next recorded answer."""
    answers: defaultdict[tuple[str, str, str], list[Recording]] = defaultdict(list)
    for one in exchanges:
        answers[one.method, one.path, one.search].append(one)

    def answer(asked: Asked) -> list[bytes]:
        found = answers.get((asked.method, *_place(asked.path)))
        if not found:
            return reply(b"not recorded", "599 Not Recorded")
        one = found.pop(0) if len(found) > 1 else found[0]
        return reply(one.answer.encode(), f"{one.status} Recorded", Content_Type=one.kind)

    backend = Backend(answer)
    try:
        yield backend
    finally:
        backend.close()


def _recording(path: Path, one: dict[str, Any]) -> Recording:
    request, response = one["request"], one["response"]
    place, search = _place(request["uri"])
    return Recording(
        file=path.stem,
        method=request["method"].upper(),
        path=place,
        search=search,
        body=request["body"].get("string") or "",
        status=response["status"]["code"],
        answer=response["body"].get("string") or "",
        kind=(response["headers"].get("Content-Type") or [""])[0],
    )


def _place(url: str) -> tuple[str, str]:
    """Path and search of a URL, alike for different spellings of the same."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return parts.path.removeprefix("/api").rstrip("/"), query.get("search", "").replace('"', "")
