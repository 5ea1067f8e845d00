"""Every operation against every way in which a cloud can fail, through a real server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from cloudfaults.faults import FAULTS, PASSING, UNREACHED, WHOLE, Expected, Fault
from cloudfaults.sending import FORMATS, Asking, send
from cloudfaults.verdict import error_facts
from cloudfaults.ways import Sent, Way, every_hook, judge, met
from gateway import Deltacloudd, Gateway, find_free_port
from wirecloud import WireCloud, wire_cloud

pytestmark = pytest.mark.thorough

BEGUN = {"head", "half", "reset-half"}
"""What happens to a download that has begun; those are not begun again."""

Clouds = dict[str, WireCloud]


def test_every_hook_is_met_by_some_request(ways: list[Way]) -> None:
    assert every_hook() - {way.hook for way in ways} == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.behaviour)
def test_every_call_ends_as_documented(
    cloud: WireCloud, gateway: Gateway, hasty: Gateway, ways: list[Way], fault: Fault
) -> None:
    assert judge(cloud, (hasty if fault.lasts else gateway).port, met(ways, cloud, fault)) == []


@pytest.mark.parametrize("behaviour", PASSING)
def test_a_read_survives_what_passes(cloud: WireCloud, gateway: Gateway, ways: list[Way], behaviour: str) -> None:
    sent = [
        Sent(way, Asking(way.what, cloud.url(f"on,{way.hook},first,{behaviour}")), Expected(WHOLE, (2, 2)))
        for way in ways
        if way.reads and (way.hook != "read_blob" or behaviour not in BEGUN)
        if way.what.name != "api.entry account"  # which takes what "api.entry" has found out
    ]
    assert judge(cloud, gateway.port, sent) == []


def test_a_read_comes_back_when_the_cloud_asks_for_it(cloud: WireCloud, gateway: Gateway, ways: list[Way]) -> None:
    way = next(way for way in ways if way.hook == "list_instances")
    outcome = send(gateway.port, Asking(way.what, cloud.url("first,status,503,2")))
    assert outcome.status == 200
    assert outcome.seconds > 2


# Clouds that are not even reached


def certificates(folder: Path) -> tuple[Path, dict[str, Path]]:
    """PEM files: an authority, and certificates with their keys, by what is wrong with them."""
    authority, stranger = trustme.CA(), trustme.CA()
    past = datetime.now(UTC) - timedelta(days=1)
    sorts = {
        "good": authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.bytes(),
        "for another": authority.issue_cert("elsewhere.example").private_key_and_cert_chain_pem.bytes(),
        "expired": authority.issue_cert("127.0.0.1", not_after=past).private_key_and_cert_chain_pem.bytes(),
        "issuer is not known": stranger.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.bytes(),
        "self-signed": stranger.private_key_pem.bytes() + stranger.cert_pem.bytes(),
    }
    trusted = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    paths = {sort: folder / f"{number}.pem" for number, sort in enumerate(sorts)}
    for sort, path in paths.items():
        path.write_bytes(sorts[sort])
    return trusted, paths


@pytest.fixture(scope="module", name="secured")
def secured_fixture(tmp_path_factory: pytest.TempPathFactory, servers: Deltacloudd) -> Iterator[tuple[Gateway, Clouds]]:
    """A server that trusts one authority, and clouds over TLS with certificates of all sorts."""
    folder = tmp_path_factory.mktemp("certificates")
    trusted, paths = certificates(folder)
    settings = folder / "settings.toml"
    settings.write_text(f'[drivers.wire]\nca-file = "{trusted}"\n')
    server = servers("-t", "30", "--config", str(settings), "--workers", "1", driver="wire")
    with contextlib.ExitStack() as stack:
        yield server, {sort: stack.enter_context(wire_cloud(path)) for sort, path in paths.items()}


def unreached(ways: list[Way], provider: str) -> list[Sent]:
    """A request for every operation; none gets to the cloud."""
    first = {way.what.name: way for way in reversed(ways)}
    account = Expected(WHOLE, UNREACHED.asked)
    return [
        Sent(way, Asking(way.what, provider, accept), account if name == "api.entry account" else UNREACHED)
        for (name, way), accept in zip(first.items(), FORMATS * len(first), strict=False)
    ]


def test_a_cloud_that_refuses_connections_cannot_be_reached(
    cloud: WireCloud, gateway: Gateway, ways: list[Way]
) -> None:
    assert judge(cloud, gateway.port, unreached(ways, f"http://127.0.0.1:{find_free_port()}/ok")) == []


def test_a_cloud_that_speaks_no_tls_is_not_spoken_to(cloud: WireCloud, gateway: Gateway, ways: list[Way]) -> None:
    assert judge(cloud, gateway.port, unreached(ways, cloud.url(scheme="https"))) == []


@pytest.mark.parametrize("sort", ["for another", "expired", "issuer is not known", "self-signed"])
def test_a_cloud_whose_certificate_is_not_trusted_is_told_nothing(
    secured: tuple[Gateway, Clouds], ways: list[Way], sort: str
) -> None:
    gateway, clouds = secured
    assert judge(clouds[sort], gateway.port, unreached(ways, clouds[sort].url())) == []
    outcome = send(gateway.port, Asking(ways[0].what, clouds[sort].url()))
    assert sort in error_facts(outcome)[3]


@pytest.mark.parametrize("behaviour", ["reset", "empty", "half", "reset-half", "status,503"])
def test_tls_changes_nothing(secured: tuple[Gateway, Clouds], ways: list[Way], behaviour: str) -> None:
    gateway, clouds = secured
    fault = next(fault for fault in FAULTS if fault.behaviour == behaviour)
    some = [
        way for way in ways if way.what.name in {"instances.index", "instances.create", "blobs.put", "buckets.show"}
    ]
    assert judge(clouds["good"], gateway.port, met(some, clouds["good"], fault)) == []
