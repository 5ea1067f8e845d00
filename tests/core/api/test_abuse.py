"""Abuse gets an answer: every hostile request an error document, and the server goes on as if nothing had happened."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings

from abusetable import ROWS
from abusetable.bodies import LIMIT, SPOOL
from abusetable.judging import json_of, judge, page_of, xml_of
from abusetable.nasty import ANY_NAME, NAMEABLE, NAMES, WAYS, Nameable
from abusetable.row import ACCEPT, FORMATS, PASSWORD, SECRET, Row, ask
from abusetable.wire import Received, Wire
from deltacloud.api.representations.markup import legal
from gateway import Deltacloudd, Gateway

pytestmark = pytest.mark.thorough

CONTENT = re.compile(r"[0-9a-f]{64}-[0-9a-f]{16}")
"""What the mock cloud calls the file of a blob's content."""
FAULTS = re.compile(r"unexpected|Traceback|broken off", re.IGNORECASE)
"""What the log says when something went wrong that nobody had thought of."""


@pytest.fixture(scope="module", name="server")
def server_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """One server for all of this, which afterwards is the same process, with the same files and nothing to complain."""
    servers = Deltacloudd(tmp_path_factory.mktemp("abuse"))
    gateway = servers("-V", "--workers", "1", "--json-limit", str(LIMIT), "--body-limit", str(SPOOL))
    with Wire(gateway.port) as wire:
        check_good(wire)
    processes, files = workers(gateway), files_outside(gateway)
    yield gateway
    try:
        assert workers(gateway) == processes, "a worker has died"
        assert files_outside(gateway) == files
        assert all(CONTENT.fullmatch(path.name) for path in (gateway.storage / "contents").rglob("*"))
    finally:
        servers.stop()
    log = gateway.log.read_text(encoding="utf-8")
    assert FAULTS.search(log) is None, gateway.log_end()
    assert SECRET not in log
    assert PASSWORD not in log


def workers(gateway: Gateway) -> set[str]:
    """The worker processes."""
    pid = gateway.process.pid
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split())


def files_outside(gateway: Gateway) -> set[Path]:
    """The files of the server that are none of its cloud's blobs."""
    home = gateway.storage.parent
    return {path for path in home.rglob("*") if path.parent != gateway.storage / "contents"}


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_abuse_gets_its_answer(server: Gateway, row: Row) -> None:
    with contextlib.ExitStack() as stack:
        wire = stack.enter_context(Wire(server.port))
        for media_type, wanted in row.expected:
            send(wire, row, media_type)
            received = wire.answer(row.method)
            judge(row, wanted, received, server.storage.parent)
            if received.closes:
                assert wire.rest() == b"", "there is more than one answer"
                wire = stack.enter_context(Wire(server.port))
        check_good(wire)


def send(wire: Wire, row: Row, media_type: str) -> None:
    """Send a row's request; where the server keeps the connection, the next one goes over the same."""
    wire.send(row.request.replace(ACCEPT, media_type.encode()))
    if row.continues:
        wire.await_continue()
    if row.body is not None:
        wire.send_until_answered(row.body())


def test_every_row_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(row.name for row in ROWS).items() if times > 1] == []


def check_good(wire: Wire) -> None:
    """A good request gets what it asks for."""
    received = exchange(wire, "GET", "/api/keys/test-key", "json")
    assert received.status == 200, received.raw
    assert json_of(received.body)["key"]["id"] == "test-key"


def exchange(wire: Wire, method: str, target: str, wanted: str) -> Received:
    """A good request on a connection that stays."""
    wire.send(ask(method, target).replace(ACCEPT, FORMATS[wanted].encode()))
    return wire.answer(method)


# Names


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
def test_whatever_a_name_holds_every_document_says_it(
    server: Gateway, name: str, way: Callable[[Nameable, str], bytes]
) -> None:
    with Wire(server.port) as wire:
        for nameable in NAMEABLE:
            check_named(wire, nameable, name, way(nameable, name))
        check_blob(wire, name)


@settings(max_examples=10, deadline=None)
@given(name=ANY_NAME)
def test_any_name_is_said_by_every_document(server: Gateway, name: str) -> None:
    with Wire(server.port) as wire:
        for nameable in NAMEABLE:
            check_named(wire, nameable, name, nameable.as_json(name))
        check_blob(wire, name)


def check_named(wire: Wire, nameable: Nameable, name: str, request: bytes) -> None:
    """Create something, read it in every format alone and in its list, and delete it."""
    wire.send(request.replace(ACCEPT, FORMATS["json"].encode()))
    created = wire.answer()
    document = json_of(created.body)
    if created.status == 400 and not nameable.takes_all:
        assert document["parameter"] == "name", created.raw
        return
    assert created.status == 201, created.raw
    identifier = document[nameable.singular]["id"]
    place = created.headers["location"].removeprefix("http://localhost")
    filtered = f"/api/{nameable.collection}?id={quote(identifier, safe='')}"
    check_read(wire, place, nameable, identifier, name)
    check_listed(wire, filtered, nameable, identifier)
    if nameable.collection == "instances":
        assert exchange(wire, "POST", f"{place}/stop", "xml").status == 202
    assert exchange(wire, "DELETE", place, "xml").status == 204


def check_read(wire: Wire, place: str, nameable: Nameable, identifier: str, name: str) -> None:
    root = xml_of(exchange(wire, "GET", place, "xml"))
    assert (root.tag, root.get("id")) == (nameable.singular, legal(identifier))
    for element in nameable.shows:
        assert root.findtext(element) == legal(name)
    document = json_of(exchange(wire, "GET", place, "json").body)[nameable.singular]
    assert document["id"] == identifier
    assert [document[text] for text in nameable.texts if text in document] != []
    assert all(document[text] == name for text in nameable.texts if text in document)
    if "tag_stage" in nameable.texts:
        assert root.findtext("tags/tag[@key='stage']") == legal(name)
        assert document["tags"] == {"stage": name}
    assert_page_says(name, exchange(wire, "GET", place, "html"))


def check_listed(wire: Wire, filtered: str, nameable: Nameable, identifier: str) -> None:
    root = xml_of(exchange(wire, "GET", filtered, "xml"))
    assert [(one.tag, one.get("id")) for one in root] == [(nameable.singular, legal(identifier))]
    (document,) = json_of(exchange(wire, "GET", filtered, "json").body)[nameable.collection]
    assert document["id"] == identifier
    assert_page_says(identifier, exchange(wire, "GET", filtered, "html"))


def check_blob(wire: Wire, name: str) -> None:
    """A blob's name is part of its path, and its metadata part of headers."""
    place = f"/api/buckets/bucket1/{quote(name, safe='')}"
    wire.send(ask("PUT", place, body="content").replace(ACCEPT, FORMATS["json"].encode()))
    created = wire.answer()
    if created.status == 400:
        assert json_of(created.body)["parameter"] == "blob_id", created.raw
        return
    assert json_of(created.body)["blob"]["id"] == name
    assert xml_of(exchange(wire, "GET", place, "xml")).get("id") == legal(name)
    assert_page_says(name, exchange(wire, "GET", place, "html"))
    listed = xml_of(exchange(wire, "GET", "/api/buckets/bucket1", "xml"))
    assert legal(name) in [one.get("id") for one in listed.iter("blob")]
    listing = json_of(exchange(wire, "GET", "/api/buckets/bucket1", "json").body)
    assert name in [one["id"] for one in listing["bucket"]["blob_list"]]
    content = exchange(wire, "GET", f"{place}/content", "xml")
    assert (content.status, content.body) == (200, b"content")
    assert exchange(wire, "DELETE", place, "xml").status == 204


def assert_page_says(text: str, received: Received) -> None:
    """A page has a text as text, with characters that no document can hold replaced, and blanks told as one."""
    shown = page_of(received).find(".//main").text_content()
    assert " ".join(legal(text).split()) in " ".join(shown.split())
