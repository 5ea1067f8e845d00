"""What the operator may ask for, and what is said when that cannot be done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from canaries.places import family
from deltacloud.kernel import Unloadable
from deltacloud_otel.choice import Choice, read_choice
from gateway import Deltacloudd, Gateway, NotStarted
from otlpcollector import Collector
from strictclient import StrictClient
from watchedserver import WatchedClient, WatchedServers

OTLP, CONSOLE, NONE = frozenset({"otlp"}), frozenset({"console"}), frozenset[str]()


@pytest.mark.parametrize(
    ("environment", "choice"),
    [
        ({}, Choice(OTLP, OTLP, continues=True)),
        ({"OTEL_TRACES_EXPORTER": "", "OTEL_PROPAGATORS": " "}, Choice(OTLP, OTLP, continues=True)),
        ({"OTEL_TRACES_EXPORTER": "console"}, Choice(CONSOLE, OTLP, continues=True)),
        ({"OTEL_METRICS_EXPORTER": "none"}, Choice(OTLP, NONE, continues=True)),
        ({"OTEL_TRACES_EXPORTER": "otlp, console"}, Choice(OTLP | CONSOLE, OTLP, continues=True)),
        ({"OTEL_PROPAGATORS": "none"}, Choice(OTLP, OTLP, continues=False)),
        ({"OTEL_PROPAGATORS": "tracecontext,baggage"}, Choice(OTLP, OTLP, continues=True)),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, Choice(OTLP, OTLP, continues=True)),
        ({"OTEL_SDK_DISABLED": "True", "OTEL_TRACES_EXPORTER": "nonsense"}, Choice(NONE, NONE, continues=False)),
    ],
)
def test_the_variables_are_read_as_the_specification_has_them(environment: dict[str, str], choice: Choice) -> None:
    assert read_choice(environment) == choice


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OTEL_TRACES_EXPORTER", "zipkin"),
        ("OTEL_METRICS_EXPORTER", "otlp,prometheus"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json"),
        ("OTEL_PROPAGATORS", "b3"),
    ],
)
def test_what_there_is_not_is_refused_by_name(variable: str, value: str) -> None:
    with pytest.raises(Unloadable, match=f"^{variable} must be "):
        read_choice({variable: value})


def test_malformed_headers_are_refused_without_being_shown() -> None:
    with pytest.raises(Unloadable) as refused:
        read_choice({"OTEL_EXPORTER_OTLP_HEADERS": "authorization: Bearer sesame"})
    assert "sesame" not in str(refused.value)


def test_the_exporter_is_asked_for_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deltacloud_otel.choice.find_spec", lambda _: None)
    with pytest.raises(Unloadable, match=r"pip install 'deltacloud-otel\[otlp\]'"):
        read_choice({})
    assert read_choice({"OTEL_TRACES_EXPORTER": "console", "OTEL_METRICS_EXPORTER": "none"}).active


def test_a_server_says_in_one_line_why_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="deltacloudd: OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf, and not"):
        Deltacloudd(tmp_path)("--extensions", "otel", environment={"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})


def test_a_table_with_something_in_it_is_refused(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text('[server]\nextensions = ["otel"]\n[extensions.otel]\nendpoint = "x"\n', "utf-8")
    with pytest.raises(NotStarted, match=r"its settings \[extensions.otel\] are wrong: .*endpoint"):
        Deltacloudd(tmp_path)("-c", str(settings))


def test_installed_is_not_active(deltacloudd: Deltacloudd, collected: Collector) -> None:
    server = deltacloudd("--workers", "1", environment={"OTEL_EXPORTER_OTLP_ENDPOINT": collected.url})
    with StrictClient(server.port) as client:
        own = client.ask("GET", "/api/realms").headers["x-request-id"]
    assert not any(_has_protobuf(pid) for pid in family(server.process.pid))
    assert "trace_id" not in server.log.read_text("utf-8")
    server.stop()
    assert own not in str(collected.spans)


def test_only_workers_load_what_sends(server: Gateway) -> None:
    master, *workers = family(server.process.pid)
    assert [_has_protobuf(pid) for pid in (master, *workers)] == [False, True]


def _has_protobuf(pid: int) -> bool:
    """Whether a process has loaded the library that the exporter writes with."""
    return "/google/_upb/" in Path(f"/proc/{pid}/maps").read_text("utf-8")


def test_a_disabled_one_sends_nothing(watched: WatchedServers, collected: Collector) -> None:
    server = watched("--workers", "1", OTEL_SDK_DISABLED="true")
    with StrictClient(server.port) as client:
        own = client.ask("GET", "/api/realms").headers["x-request-id"]
    server.stop()
    assert own not in str(collected.spans)
    assert "trace_id" not in server.log.read_text("utf-8")


def test_nothing_is_asked_of_a_client_whose_trace_shall_not_go_on(
    watched: WatchedServers, collected: Collector
) -> None:
    server = watched("--workers", "1", OTEL_PROPAGATORS="none")
    with WatchedClient(server.port, collected) as ask:
        span = ask("GET", "/api/realms", headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    assert (span.parent, span.state) == ("", "")
    assert span.trace != "a" * 32


def test_traces_alone_and_metrics_alone(watched: WatchedServers, collected: Collector) -> None:
    traced = watched("--workers", "1", OTEL_METRICS_EXPORTER="none", OTEL_SERVICE_NAME="traces-alone")
    measured = watched("--workers", "1", OTEL_TRACES_EXPORTER="none", OTEL_SERVICE_NAME="metrics-alone")
    for server in (traced, measured):
        with StrictClient(server.port) as client:
            assert client.ask("GET", "/api/realms").status == 200
        server.stop()
    assert {one.resource["service.name"] for one in collected.spans} >= {"traces-alone"}
    assert "metrics-alone" not in str(collected.spans)
    assert "metrics-alone" in str(list(collected.points.values()))
    assert "traces-alone" not in str(list(collected.points.values()))


def test_a_sampler_lets_requests_out_and_still_measures_them(watched: WatchedServers, collected: Collector) -> None:
    server = watched("--workers", "1", OTEL_TRACES_SAMPLER="always_off", OTEL_SERVICE_NAME="sampled-out")
    with StrictClient(server.port) as client:
        assert client.ask("GET", "/api/realms").status == 200
    server.stop()
    assert "sampled-out" not in str(collected.spans)
    measured = [one for one in collected.points.values() if one.resource["service.name"] == "sampled-out"]
    assert {one.metric for one in measured} >= {"http.server.request.duration", "deltacloud.driver.call.duration"}


def test_the_resource_is_what_the_operator_says_and_tells_workers_apart(
    watched: WatchedServers, collected: Collector
) -> None:
    told = {"OTEL_RESOURCE_ATTRIBUTES": "service.instance.id=pod-7,deployment.environment.name=test,service.version=9"}
    server = watched("--workers", "1", **told)
    with WatchedClient(server.port, collected) as ask:
        resource = ask("GET", "/api/realms").resource
    assert resource["service.name"] == "deltacloud"
    assert (resource["service.instance.id"], resource["service.version"]) == ("pod-7", "9")
    assert resource["deployment.environment.name"] == "test"
    assert resource["process.pid"] != os.getpid()


def test_the_console_shows_spans(deltacloudd: Deltacloudd, collected: Collector) -> None:
    variables = {"OTEL_TRACES_EXPORTER": "console", "OTEL_METRICS_EXPORTER": "none"}
    server = deltacloudd("--workers", "1", "--extensions", "otel", environment=variables)
    with StrictClient(server.port) as client:
        own = client.ask("GET", "/api/realms").headers["x-request-id"]
    server.stop()
    assert f'"deltacloud.request.id": "{own}"' in server.log.read_text("utf-8")
    assert own not in str(collected.spans)


def test_headers_and_compression_for_the_collector_are_those_of_the_variables(
    watched: WatchedServers, collected: Collector
) -> None:
    key = "api-key-7QhN"
    variables = {"OTEL_EXPORTER_OTLP_HEADERS": f"x-key={key}", "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"}
    server = watched("--workers", "1", **variables)
    with WatchedClient(server.port, collected) as ask:
        ask("GET", "/api/realms")
    sent = [one for one in collected.headers if one.get("x-key") == key]
    assert sent
    assert {one["content-encoding"] for one in sent} == {"gzip"}
    server.stop()
    assert key not in server.log.read_text("utf-8")
