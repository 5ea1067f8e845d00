"""The span of an HTTP request, as a collector gets it."""

from __future__ import annotations

import random
import time

import pytest

from canaries.sending import break_off, exchange
from gateway import Gateway
from otlpcollector import ERROR, SERVER, Collector
from strictclient import StrictClient
from watchedserver import WatchedClient, raw, request_id

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SAMPLED = f"00-{TRACE}-{PARENT}-01"
MIB = 1024 * 1024


def test_a_span_says_what_the_conventions_want_and_where_it_was_sent(ask: WatchedClient, server: Gateway) -> None:
    span = ask("GET", "/api/instances/inst1")
    assert (span.name, span.kind, span.status, span.parent) == ("GET /api/instances/{id}", SERVER, 0, "")
    assert span.attributes.pop("deltacloud.request.id")
    assert span.attributes == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/api/instances/{id}",
        "url.path": "/api/instances/inst1",
        "url.scheme": "http",
        "server.address": "127.0.0.1",
        "server.port": server.port,
        "client.address": "127.0.0.1",
        "network.protocol.version": "1.1",
        "deltacloud.operation": "instances.show",
    }
    assert span.resource["service.name"] == "deltacloud"
    assert span.start < span.end < time.time_ns()


def test_the_access_line_names_the_trace(ask: WatchedClient, server: Gateway) -> None:
    span = ask("GET", "/api/realms")
    own = span.attributes["deltacloud.request.id"]
    (line,) = [one for one in server.log.read_text("utf-8").splitlines() if own in one]
    assert line.endswith(f"{own} trace_id={span.trace}")


# Whose trace it is


def test_the_trace_of_the_client_goes_on(ask: WatchedClient) -> None:
    span = ask("GET", "/api/realms", headers={"traceparent": SAMPLED, "tracestate": "vendor=one,other=two"})
    assert (span.trace, span.parent, span.state) == (TRACE, PARENT, "vendor=one,other=two")


@pytest.mark.parametrize(
    "traceparent",
    ["", "nonsense", f"00-{TRACE}-{PARENT}", f"00-{'0' * 32}-{PARENT}-01", f"ff-{TRACE}-{PARENT}-01", "0" * 4000],
)
def test_a_malformed_trace_is_a_new_one(ask: WatchedClient, traceparent: str) -> None:
    span = ask("GET", "/api/realms", headers={"traceparent": traceparent, "tracestate": "a=b"})
    assert (span.parent, span.state) == ("", "")
    assert span.trace != TRACE


def test_two_traces_are_none(server: Gateway, collected: Collector) -> None:
    twice = f"{SAMPLED}\r\ntraceparent: {SAMPLED}"
    answer = exchange(server.port, raw("GET", "/healthz", {"Connection": "close", "traceparent": twice}))
    assert collected.request(request_id(answer)).trace != TRACE


def test_what_the_client_does_not_want_traced_is_not(server: Gateway, ask: WatchedClient, collected: Collector) -> None:
    with StrictClient(server.port) as client:
        answer = client.ask("GET", "/api/keys", headers={"traceparent": f"00-{TRACE}-{PARENT}-00"})
    ask("GET", "/api/keys")
    seen = {one.attributes.get("deltacloud.request.id") for one in collected.spans}
    assert answer.headers["x-request-id"] not in seen


# What became of it


@pytest.mark.parametrize(
    ("method", "target", "name", "status"),
    [
        ("GET", "/api/instances/nothing", "GET /api/instances/{id}", 404),
        ("GET", "/api/nowhere/at/all", "GET", 404),
        ("GET", "/elsewhere", "GET", 404),
        ("PUT", "/api/realms", "PUT", 405),
        ("POST", "/api/instances/inst1/start", "POST /api/instances/{id}/start", 405),
        ("GET", "/api/realms?format=png", "GET /api/realms", 406),
        ("GET", "/api;driver=nowhere/realms", "GET /api/realms", 400),
        ("POST", "/healthz", "POST /healthz", 405),
        ("SECRETWORD", "/api/realms", "HTTP", 405),
    ],
)
def test_what_clients_do_wrong_is_no_error_of_the_server(
    ask: WatchedClient, method: str, target: str, name: str, status: int
) -> None:
    span = ask(method, target)
    assert (span.name, span.attributes["http.response.status_code"], span.status) == (name, status, 0)
    assert "error.type" not in span.attributes


@pytest.mark.parametrize("status", [500, 501, 502, 504])
def test_what_the_server_or_a_cloud_fails_in_is_an_error(ask: WatchedClient, status: int) -> None:
    span = ask("GET", f"/api/realms/{status}")
    assert (span.attributes["http.response.status_code"], span.attributes["error.type"]) == (status, str(status))
    assert (span.status, span.message, span.events) == (ERROR, "", 0)


def test_a_method_that_nobody_knows_is_not_repeated(ask: WatchedClient) -> None:
    span = ask("SECRETWORD", "/api/realms")
    assert span.attributes["http.request.method"] == "_OTHER"
    assert "SECRETWORD" not in str(span)


# Where it was sent


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/api;driver=mock;password=sesame/instances;x=y/inst1?state=a&password=sesame", "/api/instances/inst1"),
        ("/api/buckets/bucket1/a%2Fb%3Bc", "/api/buckets/bucket1/a%2Fb%3Bc"),
        ("/api//realms", "/api//realms"),
    ],
)
def test_a_path_has_no_query_and_no_matrix_parameters(ask: WatchedClient, target: str, path: str) -> None:
    span = ask("GET", target)
    assert span.attributes["url.path"] == path
    assert "sesame" not in str(span)


def test_a_request_without_a_host_has_no_server_address(server: Gateway, collected: Collector) -> None:
    span = collected.request(request_id(exchange(server.port, b"GET /healthz HTTP/1.0\r\n\r\n")))
    assert "server.address" not in span.attributes
    assert span.attributes["network.protocol.version"] == "1.0"


def test_forwarded_addresses_are_those_of_the_client(ask: WatchedClient) -> None:
    forwarded = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "cloud.example.com"}
    found = ask("GET", "/api/realms", headers=forwarded).attributes
    assert found["client.address"] == "192.0.2.7"
    assert (found["url.scheme"], found["server.address"], found["server.port"]) == ("https", "cloud.example.com", 443)


# Its end


def test_a_request_ends_with_the_last_byte_of_its_answer(ask: WatchedClient, collected: Collector) -> None:
    ask("PUT", "/api/buckets/bucket1/slow", random.Random(1).randbytes(12 * MIB))  # noqa: S311
    began = time.time_ns()
    span = ask("GET", "/api/buckets/bucket1/slow/content", pause=0.005)
    (call,) = [one for one in collected.children(span) if one.name == "mock.read_blob"]
    assert began < span.start <= call.start < call.end <= span.end
    pauses = 12 * MIB / (64 * 1024) * 0.005 * 1e9
    assert span.end - span.start > pauses / 4, "the kernel holds the rest for the client"
    assert call.end - call.start > pauses / 4


def test_an_answer_that_the_client_breaks_off_is_told(
    ask: WatchedClient, server: Gateway, collected: Collector
) -> None:
    ask("PUT", "/api/buckets/bucket1/left", bytes(24 * MIB))
    break_off(server.port, raw("GET", "/api/buckets/bucket1/left/content", {"X-Request-Id": "left-early"}))
    span = collected.request("left-early")
    assert (span.attributes["error.type"], span.status) == ("client_disconnected", ERROR)
    (call,) = [one for one in collected.children(span) if one.name == "mock.read_blob"]
    assert call.end <= span.end


def test_an_upload_that_the_client_breaks_off_is_told(server: Gateway, collected: Collector) -> None:
    head = raw("PUT", "/api/buckets/bucket1/half", {"X-Request-Id": "half-sent", "Content-Length": "5000000"})
    break_off(server.port, head + bytes(70_000))
    span = collected.request("half-sent")
    assert (span.attributes["error.type"], span.status) == ("client_disconnected", ERROR)
    (call,) = [one for one in collected.children(span) if one.name == "mock.write_blob"]
    assert (call.attributes["error.type"], call.status) == ("client_disconnected", ERROR)
