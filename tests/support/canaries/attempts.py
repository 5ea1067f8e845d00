"""Requests that carry secrets in every way there is, into every operation and every kind of failure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from canaries.carrying import WAYS, WAYS_THAT_FAIL, Headers, Told
from canaries.failures import CREDENTIALS, FAILURES, Failure
from canaries.spelling import Secrets
from deltacloud.api import forms
from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.docs import DOCS
from deltacloud.api.entry import ENTRY_POINT
from deltacloud.api.operations import Operation
from described import filled

FORMATS: Mapping[str, str] = {
    "xml": "application/xml",
    "json": "application/json",
    "html": "text/html",
    "problem": "application/problem+json",
}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "addresses": {"id": "192.168.0.1"},
    "blobs": {"id": "bucket1", "blob_id": "blob1"},
    "buckets": {"id": "bucket1"},
    "docs": {"collection": "instances", "operation": "create"},
    "drivers": {"id": "leaky"},
    "firewalls": {"id": "default"},
    "rules": {"id": "default", "rule_id": "rule1"},
    "hardware_profiles": {"id": "m1-small"},
    "images": {"id": "img1"},
    "instances": {"id": "inst1"},
    "keys": {"id": "test-key"},
    "load_balancers": {"id": "lb1"},
    "metrics": {"id": "inst1"},
    "network_interfaces": {"id": "nic1"},
    "networks": {"id": "net1"},
    "realms": {"id": "us"},
    "storage_snapshots": {"id": "snap1"},
    "storage_volumes": {"id": "vol1"},
    "subnets": {"id": "subnet1"},
}
"""What the pretend cloud has; the other clouds have everything."""
_VALUES: Mapping[str, str] = {
    "address_block": "10.0.0.0/16", "blob_data": "content", "cmd": "uptime", "description": "text",
    "device": "/dev/sda1", "driver": "mock", "image_id": "img1", "instance": "inst1", "instance_id": "inst1",
    "ip_address1": "10.1.0.0/16", "listener_balancer_port": "80", "listener_instance_port": "8080",
    "listener_protocol": "HTTP", "network": "net1", "network_id": "net1", "port": "22", "port_from": "22",
    "port_to": "22", "realm_id": "us", "protocol": "tcp", "volume_id": "vol1",
}  # fmt: skip
_NUMBERS = ("port", "limit", "instance_count", "hwp_memory", "segment_order")


@dataclass(frozen=True)
class Attempt:
    """A request.

    Attributes:
        name: What it tries.
        row: ``collection.operation``.
        failure: The name of the failure that it is led into.
        format: The format that it asks for.
        data: Its bytes.
    """

    name: str
    row: str
    failure: str
    format: str
    data: bytes


def rows() -> Iterator[tuple[str, Operation]]:
    """Every row of every collection, and the pages of forms, each with its collection's name."""
    for collection in (ENTRY_POINT, *COLLECTIONS, DOCS):
        for operation in collection.operations:
            yield collection.name, operation
            if operation.form:
                yield collection.name, forms.page_of(collection, operation)


def attempts(account: str, cloud: Callable[[str], str], body_limit: int) -> Iterator[Attempt]:
    """Every row with every failure; formats and ways to carry secrets take turns.

    Args:
        account: The password of ``mockuser`` in the pretend cloud.
        cloud: The provider that behaves in some way, for the driver ``wire``.
        body_limit: The longest body of parameters in bytes.
    """
    serial = itertools.count(1)
    for place, (collection, operation) in enumerate(rows()):
        for number, failure in enumerate(FAILURES):
            if not _meets(operation, failure, place + number):
                continue
            way = failure.way or list(WAYS)[(place + number) % len(WAYS)]
            turn = (place + number // len(WAYS)) % len(FORMATS)
            for form in FORMATS if failure.all_formats else [list(FORMATS)[turn]]:
                secrets = Secrets(next(serial))
                maker = _Maker(collection, operation, failure, secrets, account, cloud, body_limit, form)
                yield maker.attempt(way, place + number)


def _meets(operation: Operation, failure: Failure, turn: int) -> bool:
    """Whether a row is led into a failure."""
    asking = bool(operation.needs) and not operation.name.endswith("_form")
    return (asking or not failure.asks) and turn % failure.share == 0


@dataclass(frozen=True)
class _Maker:
    collection: str
    operation: Operation
    failure: Failure
    secrets: Secrets
    account: str
    cloud: Callable[[str], str]
    body_limit: int
    form: str

    def attempt(self, way: str, turn: int) -> Attempt:
        values = self._values()
        told = Told(values | self.secrets.parameters, self.body_limit, self.secrets)
        if self.operation.body == "content":
            told = Told({}, self.body_limit, self.secrets, content=b"a blob's content" * 64)
        (WAYS | WAYS_THAT_FAIL)[way](told)
        headers = [*told.headers, *self._credentials(turn)]
        selection = self._select(headers, told.matrix)
        path = filled(self.operation.path, **_FIELDS.get(self.collection, {"id": "x"}))
        target = f"/api{selection}{path}{told.link}"
        if self.failure.path:
            target = self.failure.path.format(secret=quote(self.secrets.of("login"), safe=""))
        query = "&".join(told.query)
        accept = self.failure.accept or FORMATS[self.form]
        method = self.failure.method or self.operation.method
        lines = [
            f"{method} {target}{'?' if query else ''}{query} HTTP/1.1", "Host: localhost", "Connection: close",
            f"Accept: {accept}", *(f"{name}: {value}" for name, value in (*headers, *self.failure.headers)),
        ]  # fmt: skip
        row = f"{self.collection}.{self.operation.name}"
        name = f"{row} {way} {self.failure.name} {self.form} {self.secrets.serial}"
        data = "\r\n".join([*lines, "", ""]).encode() + told.body
        return Attempt(name, row, self.failure.name, self.form, data)

    def _values(self) -> dict[str, str]:
        """What the operation needs, or what it does not want."""
        own = f"made-{self.secrets.serial}"
        values = {"name": own, "blob_id": own, **_VALUES}
        wanted = {one.name for one in self.operation.parameters}
        values = {name: value for name, value in values.items() if name in wanted or name == "ip_address1"}
        if self.failure.parameters == "missing":
            return {}
        if self.failure.parameters == "wrong":
            return values | dict.fromkeys(_NUMBERS, "many")
        return values

    def _credentials(self, turn: int) -> Headers:
        password = self.secrets.of("password")
        if self.failure.driver == "mock" and not self.failure.refused:
            password = self.account
        ways = self.failure.credentials or tuple(CREDENTIALS)
        return CREDENTIALS[ways[turn % len(ways)]]("mockuser", password, self.secrets.of("token"))

    def _select(self, headers: Headers, matrix: list[str]) -> str:
        """Driver and provider, in headers or, where the failure says so, in the path."""
        provider = self.failure.provider.format(secret=quote(self.secrets.of("user"), safe=""))
        if provider.startswith("cloud:"):
            provider = self.cloud(provider.removeprefix("cloud:"))
        provider = provider.replace("cloud", self.cloud("ok").partition("://")[2].partition("/")[0])
        if self.failure.by_path:
            pairs = [f"driver={self.failure.driver}", f"provider={quote(provider, safe='')}"]
            return "".join(f";{pair}" for pair in (*pairs, *matrix))
        headers.append(("X-Deltacloud-Driver", self.failure.driver))
        if provider:
            headers.append(("X-Deltacloud-Provider", provider))
        return "".join(f";{pair}" for pair in matrix)
