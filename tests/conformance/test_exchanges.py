"""Recordings are loaded as they were recorded, and go out unchanged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from exchanges import LEAN, Request, load


def recording(folder: Path, name: str, number: int = 1, **changes: Any) -> None:
    request = {"method": "GET", "path": "/api", "headers": {"Host": "localhost:3001"}, "body": ""}
    response = {"status": 200, "reason": "OK", "headers": {"X-Deltacloud-Driver": "mock"}, "body": ""}
    whole = {
        "seq": number,
        "request": request | changes.get("request", {}),
        "response": response | changes.get("response", {}),
        "varies": {"headers": [], "body": False},
    }
    (folder / f"{name}.json").write_text(json.dumps(whole), encoding="utf-8")


def test_a_folder_that_is_not_there_has_no_exchanges(tmp_path: Path) -> None:
    assert load(tmp_path / "nothing") == []


def test_each_sequence_is_in_the_order_of_recording(tmp_path: Path) -> None:
    for name, number in (("b.xml", 2), ("a.xml", 10), ("mockplus.z", 2), ("mockplus.a", 3), ("c.xml", 1)):
        recording(tmp_path, name, number)
    assert [one.name for one in load(tmp_path)] == ["c.xml", "b.xml", "a.xml", "mockplus.z", "mockplus.a"]


@pytest.mark.parametrize(
    ("path", "header", "driver"),
    [
        ("/api", None, "mock"),
        ("/api", "ec2", "ec2"),
        ("/api;driver=gogrid", "ec2", "gogrid"),
        ("/api;provider=x;driver=ec2/instance_states", None, "ec2"),
        ("/api/instances;driver=ec2", None, "mock"),
        ("/api?api[driver]=ec2", None, "ec2"),
        ("/api/drivers/rhevm", None, "rhevm"),
        ("/api/drivers/nosuch", None, "mock"),
        ("/api", "bogus", "mock"),
    ],
)
def test_the_driver_that_a_request_needs_is_known(tmp_path: Path, path: str, header: str | None, driver: str) -> None:
    recording(tmp_path, "a", request={"path": path, "headers": {"X-Deltacloud-Driver": header} if header else {}})
    assert load(tmp_path)[0].driver == driver


def test_what_the_original_mock_driver_lacked_is_asked_of_a_driver_that_lacks_it(tmp_path: Path) -> None:
    recording(tmp_path, "errors.412.firewalls.xml")
    (exchange,) = load(tmp_path)
    assert exchange.driver == exchange.request.header("X-Deltacloud-Driver") == LEAN
    assert exchange.answer is not None
    assert exchange.answer.header("X-Deltacloud-Driver") == LEAN


def test_bodies_are_text_bytes_or_described(tmp_path: Path) -> None:
    recording(tmp_path, "a", 1, request={"body": "é"})
    recording(tmp_path, "b", 2, request={"body_base64": "AAEC"})
    recording(tmp_path, "c", 3, request={"body": None, "body_description": '5 times "x"'})
    assert [one.request.body for one in load(tmp_path)] == ["é".encode(), b"\x00\x01\x02", b"xxxxx"]


def test_an_answer_that_never_came_is_none(tmp_path: Path) -> None:
    recording(tmp_path, "a", response={"status": None, "transport_error": "closed"})
    assert load(tmp_path)[0].answer is None


def test_a_request_goes_out_as_it_was_recorded() -> None:
    headers = (("Host", "localhost:3001"), ("X-Deltacloud-Blobmeta-A", "1"))
    odd = Request("GET", "/api//realms?api[driver]=x", headers, b"body", "1.0")
    assert odd.wire() == (
        b"GET /api//realms?api[driver]=x HTTP/1.0\r\nHost: localhost:3001\r\nX-Deltacloud-Blobmeta-A: 1\r\n\r\nbody"
    )
