"""Buckets with their blobs, command output, diagrams, drivers and errors: documents of shapes of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from deltacloud.api.representations import (
    DriverFacts,
    EntryPoint,
    ErrorFacts,
    View,
    bucket_listing_json,
    bucket_listing_xml,
    command_output_json,
    command_output_xml,
    driver_json,
    driver_xml,
    drivers_xml,
    entry_point_json,
    entry_point_xml,
    error_json,
    error_problem,
    error_xml,
    states_gv,
    states_svg,
    states_xml,
    stream_bucket_json,
    stream_bucket_xml,
)
from deltacloud.api.representations.markup import element_name, legal
from deltacloud.errors import ProviderError
from deltacloud.models import BlobEntry, Bucket, CommandOutput, Provider
from deltacloud.states import Action, State, StateMachine

VIEW = View("http://h/api")
WRITTEN = datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
TEXT = st.text(max_size=10) | st.text(st.sampled_from("&<>'\"]\r\n\x00\ud800\uffff:/;"), max_size=10)
NAMED = TEXT.filter(bool)


def _mended(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


ENTRIES = st.lists(
    st.builds(
        BlobEntry,
        id=TEXT,
        content_length=st.none() | st.integers(0),
        last_modified=st.none() | st.just(WRITTEN),
        is_prefix=st.booleans(),
    ),
    max_size=6,
)


def _plain(element: Any) -> bytes:
    return bytes(etree.tostring(element).strip())


@given(st.builds(Bucket, id=TEXT, size=st.none() | st.integers(0)), ENTRIES, st.booleans())
def test_a_streamed_bucket_says_the_same_as_a_whole_one(
    bucket: Bucket,
    entries: list[BlobEntry],
    complete: bool,
) -> None:
    whole = json.loads(bucket_listing_json(VIEW, bucket, entries, complete=complete))
    assert json.loads(b"".join(stream_bucket_json(VIEW, bucket, entries, complete=complete))) == whole
    whole_xml = etree.fromstring(bucket_listing_xml(VIEW, bucket, entries, complete=complete))
    streamed = etree.fromstring(b"".join(stream_bucket_xml(VIEW, bucket, entries, complete=complete)))
    assert sorted(map(_plain, streamed)) == sorted(map(_plain, whole_xml))
    listed = [(one.tag, one.get("id")) for one in streamed if one.tag in {"blob", "prefix"}]
    assert listed == [("prefix" if one.is_prefix else "blob", legal(one.id)) for one in entries]
    assert streamed[-1].tag == "size"


def test_a_streamed_bucket_is_written_while_it_is_read() -> None:
    read: list[int] = []

    def entries() -> Iterator[BlobEntry]:
        for number in range(10_000):
            read.append(number)
            yield BlobEntry(id=f"blob{number}", content_length=number)

    chunks = stream_bucket_xml(VIEW, Bucket(id="b"), entries(), complete=True)
    next(chunks)
    next(chunks)
    assert 0 < len(read) < 1000
    rest = b"".join(chunks)
    assert rest.endswith(b"  <size>10000</size>\n</bucket>\n")


def test_a_failing_page_ends_the_stream_without_an_end_of_the_document() -> None:
    def entries() -> Iterator[BlobEntry]:
        for number in range(1000):
            yield BlobEntry(id=f"blob{number}")
        raise ProviderError("the second page failed")

    sent: list[bytes] = []
    with pytest.raises(ProviderError, match="second page"):
        sent.extend(stream_bucket_json(VIEW, Bucket(id="b"), entries(), complete=True))
    document = b"".join(sent)
    assert b'"blob999"' in document
    with pytest.raises(json.JSONDecodeError):
        json.loads(document)


def test_entries_tell_what_the_list_has_for_free_and_prefixes_are_no_blobs() -> None:
    entries = [
        BlobEntry(id="a", content_length=5, last_modified=WRITTEN),
        BlobEntry(id="b"),
        BlobEntry(id="photos/2020 & more/", is_prefix=True),
    ]
    root = etree.fromstring(bucket_listing_xml(VIEW, Bucket(id="b1", size=9), entries, complete=False))
    assert root.findtext("size") == "9"
    assert [dict(one.attrib) for one in root.iterfind("blob")] == [
        {
            "content_length": "5",
            "href": "http://h/api/buckets/b1/a",
            "id": "a",
            "last_modified": "2020-02-03T04:05:06Z",
        },
        {"href": "http://h/api/buckets/b1/b", "id": "b"},
    ]
    below = "http://h/api/buckets/b1?prefix=photos%2F2020%20%26%20more%2F"
    assert root.find("prefix").get("href") == below
    listed = json.loads(bucket_listing_json(VIEW, Bucket(id="b1"), entries, complete=False))["bucket"]
    assert listed["size"] is None
    assert listed["blob_list"][0]["last_modified"] == "2020-02-03T04:05:06Z"
    assert listed["blob_list"][2] == {"rel": "prefix", "href": below, "id": "photos/2020 & more/"}


@given(TEXT, TEXT, st.none() | TEXT, TEXT)
def test_the_output_of_a_command_comes_back(instance: str, command: str, address: str | None, output: str) -> None:
    result = CommandOutput(address, output)
    root = etree.fromstring(command_output_xml(VIEW, instance, command, result))
    assert (root.tag, root.get("id")) == ("instance", legal(instance))
    assert root.findtext("command") == f"\n    {legal(command)}\n  "
    assert root.findtext("output") == legal(output).rstrip("\n")
    document = json.loads(command_output_json(instance, command, result))["instance"]
    assert document["output"] == _mended(output)


def test_several_lines_of_output_are_not_indented() -> None:
    result = CommandOutput(None, "line one\nline two\n")
    assert b"<output>line one\nline two</output>" in command_output_xml(VIEW, "i1", "ls", result)


MACHINES = st.lists(
    st.tuples(
        st.sampled_from(get_args(State)),
        st.none() | st.sampled_from(get_args(Action)),
        st.sampled_from(get_args(State)),
    ),
    max_size=15,
).map(lambda rows: StateMachine(*rows))


@given(MACHINES)
def test_a_diagram_shows_every_state_and_transition(machine: StateMachine) -> None:
    svg = etree.fromstring(states_svg(machine))
    space = {"svg": "http://www.w3.org/2000/svg"}
    texts = svg.xpath("svg:text/text()", namespaces=space)
    assert set(machine.states) <= set(texts)
    pairs = {(row.origin, row.target) for row in machine.transitions}
    assert len(svg.xpath("svg:path", namespaces=space)) == len(pairs)
    assert len(texts) == len(machine.states) + len(pairs)
    story = svg.xpath("string(svg:desc)", namespaces=space)
    for row in machine.transitions:
        assert f"{row.origin} to {row.target}: {row.action or 'automatic'}" in story
    source = states_gv(machine).decode()
    for row in machine.transitions:
        assert f'"{row.origin}" -> "{row.target}" [label="{row.action or "auto"}"' in source
    assert len(etree.fromstring(states_xml(machine))) == len(machine.states)


@given(MACHINES)
def test_no_two_labels_of_a_diagram_stand_in_one_place(machine: StateMachine) -> None:
    svg = etree.fromstring(states_svg(machine))
    width, height = int(svg.get("width")), int(svg.get("height"))
    places = [(int(one.get("x")), int(one.get("y"))) for one in svg.iterfind("{http://www.w3.org/2000/svg}text")]
    assert all(0 < x < width and 0 < y < height for x, y in places)
    for number, (x, y) in enumerate(places):
        assert all(abs(x - other) >= 90 or abs(y - below) >= 13 for other, below in places[number + 1 :])


def test_a_diagram_has_a_title_for_those_who_do_not_see_it() -> None:
    svg = etree.fromstring(states_svg(StateMachine(("running", "reboot", "running"))))
    assert svg.get("role") == "img"
    named = svg.get("aria-labelledby").split()
    assert [svg.xpath(f"//*[@id='{name}']")[0].text for name in named] == [
        "States of an instance",
        "running to running: reboot",
    ]


FACTS = st.builds(
    ErrorFacts,
    status=st.sampled_from((400, 404, 412, 500, 504)),
    url=TEXT,
    message=TEXT,
    error=st.just("ObjectNotFound"),
    code=st.just("not_found"),
    request_id=TEXT,
    retryable=st.booleans(),
    driver=st.none() | TEXT,
    provider=st.none() | TEXT,
    parameters=st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple),
    backend_code=st.none() | TEXT,
    backend_request_id=st.none() | TEXT,
)


@given(FACTS)
def test_error_documents_hold_any_text(facts: ErrorFacts) -> None:
    document = error_xml(facts)
    assert document.startswith(b"<error ")
    root = etree.fromstring(document)
    assert root.findtext("message") == legal(facts.message)
    assert root.get("url") == legal(facts.url)
    assert root.get("status") == root.findtext("code") == str(facts.status)
    assert [one.get("name") for one in root.iterfind("request/param")] == [legal(name) for name, _ in facts.parameters]
    assert json.loads(error_json(facts))["message"] == _mended(facts.message)
    problem = json.loads(error_problem(facts))
    assert (problem["detail"], problem["code"]) == (_mended(facts.message), "not_found")
    assert problem["retryable"] is facts.retryable


def test_a_problem_document_names_the_status_and_the_clouds_own_words() -> None:
    facts = ErrorFacts(
        status=409,
        url="/api/keys",
        message="The key exists",
        error="Conflict",
        code="conflict",
        request_id="r1",
        backend_code="InvalidKeyPair.Duplicate",
        backend_request_id="b1",
    )
    assert json.loads(error_problem(facts)) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "The key exists",
        "instance": "/api/keys",
        "code": "conflict",
        "request_id": "r1",
        "retryable": False,
        "backend_code": "InvalidKeyPair.Duplicate",
        "backend_request_id": "b1",
    }
    assert json.loads(error_json(facts))["error_code"] == "conflict"
    backend = etree.fromstring(error_xml(facts)).find("backend")
    assert dict(backend.attrib) == {
        "code": "InvalidKeyPair.Duplicate",
        "provider": "default",
        "request_id": "b1",
    }


@given(TEXT, TEXT, TEXT, TEXT)
def test_drivers_and_entry_points_hold_any_text(title: str, provider: str, url: str, error: str) -> None:
    driver = DriverFacts(
        id="tiny", title=title, providers=(Provider(id=provider, entry_points=(("kind", url),)),), error=error
    )
    root = etree.fromstring(driver_xml("http://h/api", driver))
    assert (root.findtext("name"), root.findtext("error")) == (legal(title), legal(error))
    assert root.findtext("provider/entrypoint") == legal(url)
    assert etree.fromstring(drivers_xml("http://h/api", [driver])).find("driver/provider").get("id") == legal(provider)
    fields: dict[str, Any] = json.loads(driver_json("http://h/api", driver))["driver"]
    assert fields["entrypoints"]["kind"] == {_mended(provider): _mended(url)}
    entry = EntryPoint(api="http://h/api", driver="tiny", provider=provider, collections=["realms"])
    assert etree.fromstring(entry_point_xml(entry)).get("provider") == legal(provider)
    assert json.loads(entry_point_json(entry))["api"]["provider"] == _mended(provider)


@given(NAMED)
def test_any_text_makes_the_name_of_an_element(name: str) -> None:
    element = element_name(name)
    assert etree.fromstring(f"<{element}/>".encode()).tag == element
    assert len(element) == len(name)


@pytest.mark.parametrize(
    ("name", "element"),
    [("cpuUtilization", "cpuUtilization"), ("CPU load [%]", "CPU_load____"), ("5xx", "_xx"), ("a:b", "a_b"), ("", "_")],
)
def test_the_name_of_a_metric_keeps_what_an_element_can_be_called(name: str, element: str) -> None:
    assert element_name(name) == element
