"""Log lines: what they say, and what they never say."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest

from deltacloud.kernel import RequestRecord
from deltacloud.server.logs import AccessLog, LogFile, LogHandler, request_line
from probeserver import Server


@pytest.fixture(name="path")
def path_fixture(tmp_path: Path) -> Path:
    return tmp_path / "log"


def _record(**more: str) -> RequestRecord:
    record = RequestRecord(id="f00d", raw_path="/api", base_url="", peer="192.0.2.1", local=False)
    for name, value in more.items():
        setattr(record, name, value)
    return record


def _write(path: Path, record: RequestRecord, log_format: str = "text", *, verbose: bool = False) -> str:
    log = AccessLog(LogFile(str(path)), log_format, verbose=verbose)
    log.write(record, request_line("GET", record.raw_path, "HTTP/1.1"), status=200, length=1614, seconds=0.00871)
    return path.read_text()


def test_a_line_has_the_fields_of_the_original_and_the_id(path: Path) -> None:
    line = _write(path, _record(username="mockuser"))
    assert re.fullmatch(
        r'192\.0\.2\.1 - mockuser \[\d\d/\w{3}/\d{4} \d\d:\d\d:\d\d\] "GET /api HTTP/1\.1" 200 1614 0\.0087 f00d\n',
        line,
    )


def test_an_answer_without_a_body_has_no_length(path: Path) -> None:
    AccessLog(LogFile(str(path))).write(_record(), "GET /api HTTP/1.1", status=204, length=0, seconds=1)
    assert '" 204 - 1.0000 f00d\n' in path.read_text()


def test_a_verbose_line_ends_with_parameters_driver_and_provider(path: Path) -> None:
    record = _record(detail='{"name":"x"}', driver="mock", provider="eu west")
    assert _write(path, record, verbose=True).endswith(' f00d {"name":"x"} mock eu\\x20west\n')


def test_nothing_in_a_request_can_break_or_forge_a_line(path: Path) -> None:
    line = _write(path, _record(raw_path='/a"b\nc\x1bd\\', username="x y\n"))
    assert '"GET /a\\x22b\\x0ac\\x1bd\\x5c HTTP/1.1"' in line
    assert " x\\x20y\\x0a " in line
    assert line.count("\n") == 1


def test_matrix_parameters_are_left_out(path: Path) -> None:
    assert '"GET /api/keys HTTP/1.1"' in _write(path, _record(raw_path="/api;driver=mock;password=sesame/keys;x=y"))


def test_lines_can_be_json(path: Path) -> None:
    line = json.loads(_write(path, _record(driver="mock", provider="a;b", raw_path='/"'), "json", verbose=True))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line.pop("time"))
    assert line == {
        "peer": "192.0.2.1", "user": None, "request": "GET /\\x22 HTTP/1.1", "status": 200, "length": 1614,
        "seconds": 0.0087, "request_id": "f00d", "parameters": None, "driver": "mock", "provider": "a;b",
    }  # fmt: skip


def test_a_line_names_the_trace_that_an_extension_has_found(path: Path) -> None:
    record = _record(trace_id="4bf92f3577b34da6a3ce929d0e0e4736")
    assert _write(path, record).endswith(" 0.0087 f00d trace_id=4bf92f3577b34da6a3ce929d0e0e4736\n")
    path.unlink()
    assert json.loads(_write(path, record, "json"))["trace_id"] == record.trace_id


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_loggers_say_goes_to_the_same_file(path: Path, log_format: str) -> None:
    logger = logging.getLogger("deltacloud.test")
    handler = LogHandler(LogFile(str(path)), log_format)
    logger.addHandler(handler)
    try:
        logger.error("no %s", "luck")
    finally:
        logger.removeHandler(handler)
    line = path.read_text()
    if log_format == "json":
        assert (json.loads(line)["level"], json.loads(line)["message"]) == ("ERROR", "no luck")
    else:
        assert re.fullmatch(r"\[.{20}\] ERROR \d+: no luck\n", line)


def test_the_file_can_be_opened_anew(path: Path) -> None:
    file = LogFile(str(path))
    file.write("one")
    path.rename(path.with_suffix(".old"))
    file.reopen()
    file.write("two")
    assert (path.with_suffix(".old").read_text(), path.read_text()) == ("one\n", "two\n")


def test_the_file_cannot_be_read_by_everybody(path: Path) -> None:
    LogFile(str(path)).close()
    assert path.stat().st_mode & 0o007 == 0


def test_a_running_server_logs_no_query_and_no_credential(deltacloudd_with_probe: Server) -> None:
    server = deltacloudd_with_probe
    reply = server.ask("/probe/echo?password=sesame", "Authorization: Basic c2VzYW1l", method="POST", body=b"x=sesame")
    line = server.line_with(str(reply.headers["x-request-id"]))
    assert re.fullmatch(
        rf'127\.0\.0\.1 - caller \[[^]]+\] "POST /probe/echo HTTP/1\.1" 200 {len(reply.body)} \d\.\d{{4}} \w{{24}}',
        line,
    )
    server.ask("/probe/fail?password=sesame")
    server.line_with("unexpected RuntimeError")
    assert "sesame" not in server.log.read_text()
    assert "c2VzYW1l" not in server.log.read_text()


def test_a_broken_answer_is_seen_as_broken_by_the_client(deltacloudd_with_probe: Server) -> None:
    broken = deltacloudd_with_probe.ask("/probe/break")
    assert not broken.body.endswith(b"0\r\n\r\n")
    deltacloudd_with_probe.line_with("the answer was broken off (RuntimeError)")
    assert len(deltacloudd_with_probe.ask("/probe/short").body) < 100
    deltacloudd_with_probe.line_with("the answer was broken off (IncompleteAnswer)")


def test_an_answer_that_failed_before_it_was_sent_becomes_another(deltacloudd_with_probe: Server) -> None:
    reply = deltacloudd_with_probe.ask("/probe/second-thoughts", "Accept: application/json")
    assert (reply.status, reply.told["code"], "x-first" in reply.headers) == (500, 500, False)
    assert int(reply.headers["content-length"]) == len(reply.body)


def test_headers_that_came_twice_are_told_to_front_ends(deltacloudd_with_probe: Server) -> None:
    told = deltacloudd_with_probe.ask("/probe/echo", "X-Twice: a", "X-Twice: b", "X-Once: a,b").told
    assert (told["repeated"], told["headers"]["HTTP_X_TWICE"]) == (["HTTP_X_TWICE"], "a,b")


def test_an_answer_to_head_has_no_body(deltacloudd_with_probe: Server) -> None:
    reply = deltacloudd_with_probe.ask("/", method="HEAD")
    assert (reply.status, reply.body, reply.headers["content-length"] > "0") == (200, b"", True)
