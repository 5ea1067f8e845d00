"""EC2 and S3 through the gateway, beside boto3 alone."""

from __future__ import annotations

import base64
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import seaweedfs
from awscloud.crowd import crowd
from benchmarks import awstransfer
from benchmarks.contenders import MIB, Contender, bare, header, ours
from benchmarks.figures import Report
from benchmarks.loadgenerator import Job, Outcome, run
from emulators import Place, running
from gateway import HOST, Deltacloudd, Gateway
from loopback import Asked, Backend, reply
from seaweedfs import SEAWEEDFS

pytestmark = pytest.mark.timeout(900)

ROUNDS = 15
TRANSFERS = 3
SIZE = 1024 * MIB
KEY_PAIRS = b"<DescribeKeyPairsResponse><keySet><item><keyName>one</keyName></item></keySet></DescribeKeyPairsResponse>"
BUCKET = "bench-bucket"


def fields(login: str = "AKIAIOSFODNN7EXAMPLE:x", **further: str) -> dict[str, str]:
    """The header fields of a caller."""
    basic = base64.b64encode(login.encode()).decode()
    return {"Host": f"{HOST}:3001", "Accept": "application/xml", "Authorization": f"Basic {basic}", **further}


@pytest.fixture(scope="module", name="gateway")
def gateway_fixture(deltacloudd: Deltacloudd) -> Iterator[Gateway]:
    gateway = deltacloudd("--workers", "1", driver="ec2")
    yield gateway
    gateway.stop()


def test_a_listing_costs_little_more_than_with_boto3_alone(gateway: Gateway, report: Report, tmp_path: Path) -> None:
    cloud, contender = crowd(100), ours(gateway)
    provider = {"X-Deltacloud-Provider": f"ec2={cloud.url}"}
    requests = {
        "ours": (contender, header("GET", "/api/instances", fields(**provider))),
    }
    with bare(tmp_path, content_type=cloud.url, application="awsdirect") as direct:
        requests["warm"] = (direct, header("GET", "/warm", fields()))
        requests["session"] = (direct, header("GET", "/", fields()))
        times: dict[str, list[float]] = {name: [] for name in requests}
        for name in requests:
            requests[name][0].ask(requests[name][1], times=2)
        for _ in range(report.sized(ROUNDS, 3)):
            for name, (one, request) in requests.items():
                outcome = one.ask(request, times=5)
                assert [answer[:3] for answer in outcome.answers] == ["200"], outcome.answers
                times[name].append(outcome.median * 1000)
    cloud.close()
    mine, warm, session = (statistics.median(times[name]) for name in ("ours", "warm", "session"))
    report.reach("ec2-list", mine / warm, f"{mine:.1f} ms, boto3 {warm:.1f} ms")
    report.reach("ec2-session", session / mine, f"{mine:.1f} ms, with a session for each request {session:.0f} ms")


def _callers(count: int, provider: dict[str, str]) -> list[str]:
    return [header("GET", "/api/keys", fields(f"AKIACALLER{number:06d}:x", **provider)) for number in range(count)]


def _crowd(port: int, heads: list[str], times: int) -> Outcome:
    """Requests of several callers at once, each on a connection of his own."""
    outcome = run(Job(port=port, heads=heads, requests=times, connections=len(heads)))
    assert [answer[:3] for answer in outcome.answers] == ["200"], outcome.answers
    return outcome


def test_many_callers_at_once_are_served_as_fast_as_a_few(gateway: Gateway, report: Report) -> None:
    backend = Backend(lambda _: reply(KEY_PAIRS))
    provider = {"X-Deltacloud-Provider": f"ec2={backend.url()}"}
    requests = report.sized(2000, 400)
    speeds: dict[int, list[float]] = {16: [], 200: []}
    for count in speeds:
        _crowd(gateway.port, _callers(count, provider), count)
    for _ in range(report.sized(5, 2)):
        for count, seen in speeds.items():
            seen.append(requests / _crowd(gateway.port, _callers(count, provider), requests).seconds)
    signers = {asked.headers["authorization"].partition("Credential=")[2][:16] for asked in backend.asked}
    backend.close()
    assert len(signers) == 200
    few, many = (statistics.median(speeds[count]) for count in (16, 200))
    report.reach("ec2-callers", many / few, f"{many:.0f} requests a second, of 16 callers {few:.0f}")


def test_requests_wait_for_ec2_side_by_side(gateway: Gateway, report: Report) -> None:
    def answer(_asked: Asked) -> Iterable[bytes]:
        time.sleep(1)
        return reply(KEY_PAIRS)

    backend = Backend(answer)
    requests = report.sized(300, 50)
    heads = _callers(requests, {"X-Deltacloud-Provider": f"ec2={backend.url()}"})
    outcome = _crowd(gateway.port, heads, requests)
    backend.close()
    details = f"{requests} requests, {outcome.median:.2f} s the median"
    report.reach("ec2-waiting", outcome.seconds, details)


@pytest.fixture(scope="module", name="storage")
def storage_fixture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """SeaweedFS: the fastest S3 at hand."""
    with running(SEAWEEDFS, tmp_path_factory.mktemp("seaweedfs")) as place:
        yield place


def _directly(verb: str, storage: Place, size: int) -> float:
    """Seconds that boto3 takes, in a process of its own."""
    arguments = [verb, storage.url, seaweedfs.USER, seaweedfs.SECRET, BUCKET, str(size)]
    done = subprocess.run(
        [sys.executable, awstransfer.__file__, *arguments], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def test_contents_pass_as_fast_as_with_boto3_alone(gateway: Gateway, report: Report, storage: Place) -> None:
    contender, size = ours(gateway), report.sized(SIZE, 32 * MIB)
    login = fields(f"{seaweedfs.USER}:{seaweedfs.SECRET}", **{"X-Deltacloud-Provider": f"s3={storage.url}"})
    contender.post("/api/buckets", {"name": BUCKET}, login)
    blob = f"/api/buckets/{BUCKET}/ours"
    upload = header("PUT", blob, login | {"Content-Length": str(size), "Content-Type": "application/octet-stream"})
    download = header("GET", f"{blob}/content", login)
    _through(contender, upload, size, size)
    _through(contender, download, size, 0)
    _directly("up", storage, size)
    for key, request, body, verb in (("s3-upload", upload, size, "up"), ("s3-download", download, 0, "down")):
        speeds, growths = _side_by_side(contender, storage, request, body, verb, size)
        mine, theirs = (statistics.median(speeds[name]) for name in ("ours", "boto3"))
        report.reach(key, mine / theirs, f"{mine:.0f} MiB/s, boto3 {theirs:.0f} MiB/s")
        report.reach(f"{key}-memory", max(growths), f"{size / MIB:.0f} MiB")


def _through(contender: Contender, request: str, size: int, body: int) -> float:
    """How many MiB a second pass through the gateway."""
    outcome = contender.ask(request, upload=body)
    assert all(answer.startswith("200") for answer in outcome.answers), outcome.answers
    return size / MIB / outcome.seconds


def _side_by_side(
    contender: Contender, storage: Place, request: str, body: int, verb: str, size: int
) -> tuple[dict[str, list[float]], list[float]]:
    """Speeds of both sides, which take turns, and how the memory of ours grew."""
    speeds: dict[str, list[float]] = {"ours": [], "boto3": []}
    growths: list[float] = []
    for _ in range(TRANSFERS):
        with contender.growth(growths):
            speeds["ours"].append(_through(contender, request, size, body))
        speeds["boto3"].append(size / MIB / _directly(verb, storage, size))
    return speeds, growths
