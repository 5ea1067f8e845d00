"""An account with thousands of instances: all of them, once each, in a memory that does not grow with the pages."""

from __future__ import annotations

import base64
import json
import os
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from xml.etree import ElementTree

import pytest

from awscloud.canned import Canned
from awscloud.crowd import crowd, identifier
from benchmarks.contenders import Worker
from gateway import Deltacloudd, Gateway

COUNT = int(os.environ.get("DELTACLOUD_EC2_INSTANCES", "400"))
"""How many instances there are; 20,000 prove the figures, a fiftieth that nothing is lost."""
PAGES = 40
MIB = 1024 * 1024
MOST_EACH = 7 * 1024
"""What an instance of a whole list may take, its model and its part of the document (2 KB) together."""
MOST_BESIDE = 24 * MIB
"""What one page of Amazon's and one of ours may take."""
LOGIN = "Basic " + base64.b64encode(b"AKIAEXAMPLE:secret").decode()


@pytest.fixture(scope="module")
def cloud() -> Iterator[Canned]:
    made = crowd(COUNT)
    yield made
    made.close()


@pytest.fixture(scope="module")
def gateway(cloud: Canned, deltacloudd: Deltacloudd, tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    configuration: Path = tmp_path_factory.mktemp("many") / "deltacloud.toml"
    configuration.write_text(f"[drivers.ec2]\npage-size = {COUNT // PAGES}\n", encoding="utf-8")
    options = ("-c", str(configuration), "-P", f"ec2={cloud.url}", "-t", "300", "--workers", "1")
    server = deltacloudd(*options, driver="ec2")
    get(server, "/api/instances?limit=1", "json")  # The SDK is loaded now, which takes what it takes.
    return server


def get(gateway: Gateway, path: str, form: str) -> tuple[bytes, Message]:
    """A document, and the header of its answer."""
    request = urllib.request.Request(
        gateway.url + path, headers={"Accept": f"application/{form}", "Authorization": LOGIN}
    )
    with urllib.request.urlopen(request, timeout=300) as answer:
        return answer.read(), answer.headers


def ids(body: bytes, form: str) -> list[str | None]:
    """The ids in a list."""
    if form == "xml":
        return [one.get("id") for one in ElementTree.fromstring(body)]  # noqa: S314 - the server's own document
    return [one["id"] for one in json.loads(body)["instances"]]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_whole_list_has_every_instance_once(cloud: Canned, gateway: Gateway, form: str) -> None:
    worker = Worker(gateway.process.pid)
    worker.forget_peak()
    before, asked = worker.memory, len(cloud.asked_for("DescribeInstances"))
    body, _ = get(gateway, "/api/instances", form)
    assert ids(body, form) == [identifier(number) for number in range(COUNT)]
    assert len(cloud.asked_for("DescribeInstances")) - asked == PAGES
    assert worker.peak - before < MOST_BESIDE + COUNT * MOST_EACH


@pytest.mark.parametrize("form", ["json", "xml"])
def test_pages_hold_no_more_than_themselves(gateway: Gateway, form: str) -> None:
    """Each begins where the one before it ended: Amazon's own marker goes through the client's hands."""
    worker = Worker(gateway.process.pid)
    limit = min(1000, COUNT // 20)
    worker.forget_peak()
    before, found = worker.memory, []
    path = f"/api/instances?limit={limit}"
    while path:
        body, header = get(gateway, path, form)
        page = ids(body, form)
        assert len(page) <= limit
        found += page
        path = header.get("Link", "").partition("<")[2].partition(">")[0].partition(gateway.url)[2]
    assert found == [identifier(number) for number in range(COUNT)]
    assert worker.peak - before < MOST_BESIDE
