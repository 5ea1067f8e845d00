"""Many requests that wait for their cloud at the same time."""

from __future__ import annotations

import pytest

from benchmarks.contenders import fields, header
from benchmarks.figures import Report
from benchmarks.loadgenerator import Job, run
from gateway import Deltacloudd
from wirecloud import wire_cloud

pytestmark = pytest.mark.timeout(600)

REQUESTS = 1000


def test_a_thousand_requests_wait_for_their_cloud_side_by_side(deltacloudd: Deltacloudd, report: Report) -> None:
    requests = report.sized(REQUESTS)
    with wire_cloud() as cloud:
        gateway = deltacloudd(driver="wire")
        request = header("GET", "/api/realms", fields() | {"X-Deltacloud-Provider": cloud.url("delay,1")})
        job = Job(port=gateway.port, head=request, requests=requests, connections=requests)
        outcome = run(job)
        gateway.stop()
        asked = len(cloud.records())
    assert [answer[:3] for answer in outcome.answers] == ["200"], outcome.answers
    assert asked == requests
    details = f"{requests} requests, {outcome.median:.2f} s the median"
    report.reach("waiting", outcome.seconds, details)
