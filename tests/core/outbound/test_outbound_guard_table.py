"""The guard's table, through every way out that a driver has."""

from __future__ import annotations

import warnings
from urllib.parse import urlsplit

import pytest
import urllib3

import guardtable
from deltacloud.context import Context
from deltacloud.errors import Forbidden
from deltacloud.outbound import endpoints
from guardtable import Row, Target
from loopback import Outside

pytestmark = pytest.mark.thorough

every_row = pytest.mark.parametrize("row", guardtable.ROWS, ids=str)
every_lone_row = pytest.mark.parametrize(
    "row", [row for row in guardtable.ROWS if (row.named_by or getattr(row.earlier, "named_by", None)) is None], ids=str
)
"""The rows in which no other endpoint has named this one."""
every_host = pytest.mark.parametrize("row", guardtable.HOSTS, ids=str)


def with_requests(context: Context, target: Target) -> None:
    context.http(target.url, target.named_by).get(target.url)


def with_a_session_for_another(context: Context, target: Target) -> None:
    context.http(target.base).get(target.url)


def with_pools(context: Context, target: Target) -> None:
    manager = urllib3.PoolManager(ssl_context=context.sdk.tls_context())
    manager.pool_classes_by_scheme = context.sdk.pools(target.url, target.named_by)
    try:
        manager.request("GET", target.url, redirect=False, retries=False)
    finally:
        manager.clear()


def with_clients(context: Context, target: Target) -> None:
    plain, secure = context.sdk.http_client(target.url, target.named_by)
    place = urlsplit(target.url)
    connection = (secure if place.scheme == "https" else plain)(place.hostname or "", place.port)
    try:
        connection.request("GET", place.path)
        connection.getresponse().read()
    finally:
        connection.close()


def with_tcp(context: Context, target: Target) -> None:
    assert target.host is not None
    with context.sdk.connect(target.host, target.port, target.named_by) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


@every_row
def test_a_session_reaches_what_the_table_says(row: Row) -> None:
    guardtable.verify(row, with_requests)


@every_lone_row
def test_a_session_for_another_endpoint_reaches_what_the_table_says(row: Row) -> None:
    guardtable.verify(row, with_a_session_for_another)


@every_lone_row
def test_a_session_for_what_an_answer_has_named_reaches_nothing_more(row: Row) -> None:
    def attempt(context: Context, target: Target) -> None:
        context.http(f"http://{guardtable.GOOD}:7/", named_by=target.base).get(target.url)

    guardtable.verify(row, attempt)


@every_row
def test_pools_for_sdks_reach_what_the_table_says(row: Row) -> None:
    guardtable.verify(row, with_pools)


@every_row
def test_http_client_connections_reach_what_the_table_says(row: Row) -> None:
    guardtable.verify(row, with_clients)


@every_host
def test_tcp_connections_reach_what_the_table_says(row: Row) -> None:
    guardtable.verify(row, with_tcp)


@pytest.mark.parametrize("port", [-80, 0, 65536, 4294967376])
def test_there_is_no_connection_to_a_port_that_does_not_exist(outside: Outside, port: int) -> None:
    context = outside.context(outside.way(allow=["*"]))
    with pytest.raises(Forbidden, match="1 to 65535"):
        context.sdk.connect(guardtable.GOOD, port)


@every_lone_row
def test_pools_that_read_the_url_themselves_reach_nothing_else(row: Row) -> None:
    def attempt(context: Context, target: Target) -> None:
        manager = urllib3.PoolManager(ssl_context=context.sdk.tls_context())
        manager.pool_classes_by_scheme = context.sdk.pools(target.base)
        try:
            with warnings.catch_warnings(action="ignore", category=FutureWarning):  # of URLs without a scheme
                manager.request("GET", target.url, redirect=False, retries=False)
        finally:
            manager.clear()

    guardtable.contain(row, attempt)


@every_lone_row
def test_http_client_connections_that_read_the_host_themselves_reach_nothing_else(row: Row) -> None:
    def attempt(context: Context, target: Target) -> None:
        plain, secure = context.sdk.http_client(target.base)
        scheme, _, rest = target.url.partition("://")
        connection = (secure if scheme == "https" else plain)(rest.partition("/")[0])
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        finally:
            connection.close()

    guardtable.contain(row, attempt)


@every_row
def test_a_provider_is_a_url_that_the_grammar_knows(row: Row) -> None:
    url = row.url.replace("{port}", "8000")
    if row.provider:
        endpoints.parse(url)
    else:
        with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is a refusal
            endpoints.parse(url)
