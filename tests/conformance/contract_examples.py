"""Examples of the HTTP contract: requests and what our server answers, one file for each collection.

Files leave out what most examples have: the headers of ``_USUAL_REQUEST`` and ``_USUAL_ANSWER`` (null stands for one
that is not there), the length of bodies, and documents that an earlier example of the file has. Pages of HTML are left
out: that there is one is told by a ``Content-Length``.
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from exchanges import Answer, Request
from normaliser import DATE, Normaliser
from replay import Outcome

FOLDER = Path(__file__).parent / "examples"
_USUAL_REQUEST = {"Host": "localhost:3001", "Authorization": "Basic bW9ja3VzZXI6bW9ja3Bhc3N3b3Jk"}
"""The headers of most requests; user and password are those of the mock cloud."""
_USUAL_ANSWER = {"X-Deltacloud-Driver": "mock"}
_A_PAGE = ("Content-Length", "of a page")
_LONG = 1000
_SAME = "same body as"


@dataclass(frozen=True, slots=True)
class Example:
    """One request and its answer.

    Attributes:
        name: Its name.
        number: Its place in its sequence.
        sequence: Examples of one sequence build on each other, in their order, from a fresh server on.
        driver: The driver that the request needs.
        request: What is sent.
        answer: What comes back.
    """

    name: str
    number: int
    sequence: str
    driver: str
    request: Request
    answer: Answer

    @property
    def collection(self) -> str:
        """The collection that is asked; ``api`` for the entry point, ``server`` outside the API."""
        segments = [one for one in self.request.target.split("/") if one]
        if not segments or segments[0] != "api":
            return "server"
        return segments[1].partition(".")[0] if len(segments) > 1 else "api"


def from_outcomes(outcomes: Iterable[Outcome]) -> list[Example]:
    """Our answers to the recorded requests as examples."""
    normalisers: defaultdict[str, Normaliser] = defaultdict(Normaliser)
    examples = []
    for outcome in outcomes:
        exchange, request, answer = outcome.exchange, outcome.request, outcome.answer
        if request is None or answer is None or request.header("Host") is None:
            continue  # without a host the links have the port on which the server happens to listen
        normaliser = normalisers[exchange.sequence]
        asked = normaliser.request(request)
        answered = _pageless(normaliser.answer(answer))
        examples.append(Example(exchange.name, exchange.number, exchange.sequence, exchange.driver, asked, answered))
    return examples


def _pageless(answer: Answer) -> Answer:
    if answer.media_type != "text/html" or not answer.body:
        return answer
    return replace(answer, headers=(*answer.headers, _A_PAGE), body=b"")


def save(examples: Iterable[Example], folder: Path = FOLDER) -> None:
    """Write examples, and remove the files of those before."""
    files: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        files[example.collection].append(example)
    folder.mkdir(exist_ok=True)
    for path in folder.glob("*.json"):
        path.unlink()
    for collection, members in files.items():
        text = json.dumps(_written(members), indent=1, ensure_ascii=False)
        (folder / f"{collection}.json").write_text(f"{text}\n", encoding="utf-8")


def load(folder: Path = FOLDER) -> list[Example]:
    """All examples, each sequence in its order."""
    examples = [
        example
        for path in sorted(folder.glob("*.json"))
        for example in _read(json.loads(path.read_text(encoding="utf-8")))
    ]
    return sorted(examples, key=lambda example: (example.sequence, example.number))


def _written(examples: list[Example]) -> list[dict[str, Any]]:
    first: dict[bytes, str] = {}
    entries = []
    for example in examples:
        request, answer = example.request, example.answer
        entry: dict[str, Any] = {"name": example.name, "number": example.number, "request": _line(request)}
        if example.sequence != "mock" or example.driver != "mock":
            entry |= {"sequence": example.sequence, "driver": example.driver}
        sent = {name: value for name, value in request.headers if name != "Content-Length"}
        entry["headers"] = _unusual(sent, _USUAL_REQUEST)
        if request.body:
            entry["body"] = _encoded(request.body)
        entry |= {"status": answer.status, "answer": _unusual(dict(answer.headers), _USUAL_ANSWER)}
        if answer.body:
            seen = first.setdefault(answer.body, example.name)
            entry["document"] = _encoded(answer.body) if seen == example.name else {_SAME: seen}
        entries.append(entry)
    return entries


def _unusual(headers: dict[str, str], usual: dict[str, str]) -> dict[str, str | None]:
    absent: dict[str, str | None] = dict.fromkeys(usual.keys() - headers.keys())
    return {name: value for name, value in headers.items() if usual.get(name) != value} | absent


def _usual(headers: dict[str, str | None], usual: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in {**usual, **headers}.items() if value is not None}


def _line(request: Request) -> str:
    version = "" if request.version == "1.1" else f" HTTP/{request.version}"
    return f"{request.method} {request.path}{version}"


def _read(entries: list[dict[str, Any]]) -> Iterable[Example]:
    bodies: dict[str, bytes] = {}
    for entry in entries:
        document = entry.get("document", [])
        body = bodies[document[_SAME]] if isinstance(document, dict) and _SAME in document else _decoded(document)
        bodies[entry["name"]] = body
        headers = _usual(entry["answer"], _USUAL_ANSWER) | {"Date": DATE}
        answer = Answer(entry["status"], tuple(headers.items()), body)
        sequence, driver = entry.get("sequence", "mock"), entry.get("driver", "mock")
        yield Example(entry["name"], entry["number"], sequence, driver, _request(entry), answer)


def _request(entry: dict[str, Any]) -> Request:
    method, path, *version = entry["request"].split(" ")
    body = _decoded(entry.get("body", []))
    sized = {"Content-Length": str(len(body))} if body or method in ("POST", "PUT") else {}
    sent = _usual(entry["headers"], _USUAL_REQUEST) | sized
    return Request(method, path, tuple(sent.items()), body, version[0].partition("/")[2] if version else "1.1")


def _encoded(body: bytes) -> list[str] | dict[str, Any]:
    if len(body) > _LONG and len(set(body)) == 1:
        return {"repeat": chr(body[0]), "times": len(body)}
    try:
        return body.decode().split("\n")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _decoded(body: list[str] | dict[str, Any]) -> bytes:
    if isinstance(body, list):
        return "\n".join(body).encode()
    return body["repeat"].encode() * body["times"] if "repeat" in body else base64.b64decode(body["base64"])
