"""Examples are the same whenever they are made."""

from __future__ import annotations

from pathlib import Path

import contract_examples
import pytest
from contract_examples import Example
from exchanges import Answer, Request
from normaliser import DATE, Normaliser, without_drivers

TODAY = ("Date", "Tue, 24 Nov 2026 08:00:00 GMT")
PEM = "-----BEGIN RSA PRIVATE KEY-----{0}AAAA{0}BBBB-----END RSA PRIVATE KEY-----"


def normalised(*bodies: str) -> list[str]:
    normaliser = Normaliser()
    return [normaliser.answer(Answer(200, (TODAY,), body.encode())).body.decode() for body in bodies]


def test_ids_with_a_clock_are_numbered_and_stay_the_same() -> None:
    assert normalised("volume_1795422475 volume_1795422480", "Volumevolume_1795422480 net_1795422475") == [
        "volume_1000000001 volume_1000000002",
        "Volumevolume_1000000002 net_1000000001",
    ]


def test_only_what_was_made_now_changes_its_date() -> None:
    assert normalised("2026-11-24T07:59:58Z 2009-07-30T14:35:11Z") == ["2026-01-01T00:00:00Z 2009-07-30T14:35:11Z"]


def test_no_key_material_is_kept() -> None:
    indented, escaped = PEM.format("\n    "), PEM.format("\\n")
    one, two = normalised(indented, escaped)
    assert one == "-----BEGIN RSA PRIVATE KEY-----\n    KEY1\n    -----END RSA PRIVATE KEY-----"
    assert two == "-----BEGIN RSA PRIVATE KEY-----\\nKEY1\\n-----END RSA PRIVATE KEY-----"


def test_samples_keep_their_type_alone() -> None:
    assert normalised('{"minimum":0.41,"maximum":58}', "<property name='average' value='0.4'>") == [
        '{"minimum":1.5,"maximum":1}',
        "<property name='average' value='1'>",
    ]


def test_headers_of_the_moment_are_fixed_or_left_out() -> None:
    headers = (("ETag", '"abc"'), ("Vary", "Accept"), ("Location", "http://localhost:3001/api/networks/net_1795422475"))
    answer = Normaliser().answer(Answer(200, (TODAY, *headers), b""))
    assert answer.headers == (("ETag", '"tag"'), ("Location", "http://localhost:3001/api/networks/net_1000000001"))


HOST = ("Host", "localhost:3001")
USER = ("Authorization", "Basic bW9ja3VzZXI6bW9ja3Bhc3N3b3Jk")
TEXT = (("Content-Type", "text/plain"), ("X-Deltacloud-Driver", "mock"))


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/api/realms?x=y", "realms"),
        ("/api;driver=mock/buckets/b/c", "buckets"),
        ("/api/instances.xml", "instances"),
        ("/api", "api"),
        ("/", "server"),
        ("/robots.txt", "server"),
    ],
)
def test_each_collection_has_a_file(tmp_path: Path, path: str, file: str) -> None:
    contract_examples.save([_example(Request("GET", path, (HOST,), b""), Answer(204, (), b""))], tmp_path)
    assert [found.name for found in tmp_path.iterdir()] == [f"{file}.json"]


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/api/realms", (HOST, USER), b""),
        Request("GET", "/api/realms", (("Accept", "*/*"),), b"", "1.0"),
        Request("PUT", "/api/buckets/b/c", (HOST, ("Content-Length", "2")), b"\xff\0"),
        Request("PUT", "/api/buckets/b/c", (HOST, USER, ("Content-Length", "5000")), b"x" * 5000),
        Request("POST", "/api/keys", (("Host", "localhost"), ("Content-Length", "7")), "name=é".encode()),
    ],
    ids=lambda request_: f"{request_.method} {request_.path} {len(request_.body)}",
)
@pytest.mark.parametrize(
    "answer",
    [Answer(200, TEXT, "é\n\nb\n".encode()), Answer(200, TEXT[:1], b"\xff\0"), Answer(204, (), b"")],
    ids=["text", "bytes", "nothing"],
)
def test_an_example_is_read_as_it_was_written(tmp_path: Path, request_: Request, answer: Answer) -> None:
    contract_examples.save([_example(request_, answer)], tmp_path)
    (read,) = contract_examples.load(tmp_path)
    assert (read.request.method, read.request.path, read.request.version, read.request.body) == (
        request_.method,
        request_.path,
        request_.version,
        request_.body,
    )
    assert set(read.request.headers) == set(request_.headers)
    assert (read.answer.status, read.answer.body) == (answer.status, answer.body)
    assert set(read.answer.headers) == {*answer.headers, ("Date", DATE)}


def test_a_document_that_was_there_before_is_not_written_again(tmp_path: Path) -> None:
    answer = Answer(200, TEXT, b"a document of some length")
    requests = [Request("GET", f"/api/realms?{number}", (HOST, USER), b"") for number in range(3)]
    contract_examples.save([_example(one, answer, number) for number, one in enumerate(requests)], tmp_path)
    assert (tmp_path / "realms.json").read_text().count("a document of some length") == 1
    assert [example.answer.body for example in contract_examples.load(tmp_path)] == [answer.body] * 3


def _example(request_: Request, answer: Answer, number: int = 1) -> Example:
    return Example(f"example {number}", number, "mock", "mock", request_, answer)


def test_a_list_of_drivers_is_that_of_the_examples_whatever_else_is_installed() -> None:
    xml = "<drivers>\n  <driver href='u/{0}' id='{0}'>\n    <name>N</name>\n  </driver>\n  {1}</drivers>"
    further = "<driver href='u/ec2' id='ec2'>\n    <name>N</name>\n    <error>no</error>\n  </driver>\n"
    assert without_drivers(xml.format("mock", further), ["ec2", "rhevm"]) == xml.format("mock", "").replace(
        "  </drivers>", "</drivers>"
    )
    for text in ('{"ec2":{"name":"E"},"mock":{"name":"M"}}', '{"mock":{"name":"M"},"ec2":{"name":"E"}}'):
        assert without_drivers(text, ["ec2"]) == '{"mock":{"name":"M"}}'
    told = "Driver 'x' is not available (installed: {}mock; it usually comes with deltacloud-x)"
    assert without_drivers(told.format("ec2, "), ["ec2"]) == told.format("")
    assert without_drivers(told.format("ec2, "), []) == told.format("ec2, ")
