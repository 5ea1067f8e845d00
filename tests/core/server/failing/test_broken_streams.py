"""Contents and long lists on their way when the cloud fails: nothing that is cut passes for whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloudfaults.sending import FORMATS, Asking, send, send_all
from cloudfaults.verdict import error_facts
from cloudfaults.ways import FIVE_TIMES, Way
from gateway import Gateway
from wirecloud import WireCloud

pytestmark = pytest.mark.thorough

MANY = 16 * 2**20
"""Bytes of an upload that no buffer on the way holds."""
UPLOADS = ["blobs.put", "blobs.put chunked", "blobs.put part"]


def way_of(ways: list[Way], name: str) -> Way:
    return next(way for way in ways if way.what.name == name)


def uploading(ways: list[Way], cloud: WireCloud, name: str, behaviour: str) -> Asking:
    """A large upload whose hook meets this behaviour."""
    way = way_of(ways, name)
    return Asking(replace(way.what, body=b"x" * MANY), cloud.url(f"on,{way.hook},{behaviour}"), FORMATS[1])


@pytest.mark.parametrize("accept", FORMATS[:2])
@pytest.mark.parametrize("behaviour", ["reset", "half", "status,500", "nonsense", "garbage"])
def test_a_long_list_whose_next_page_fails_breaks_off(
    cloud: WireCloud, gateway: Gateway, ways: list[Way], behaviour: str, accept: str
) -> None:
    what = way_of(ways, "buckets.show").what
    outcome = send(gateway.port, Asking(what, cloud.url(f"on,list_blobs,paged,{behaviour}"), accept))
    assert (outcome.status, outcome.broken) == (200, True)
    assert outcome.body.count(b"blobentry1") > 100


@pytest.mark.parametrize("behaviour", ["stall", "stall-body", "long"])
def test_a_long_list_whose_next_page_does_not_come_breaks_off_in_time(
    cloud: WireCloud, hasty: Gateway, ways: list[Way], behaviour: str
) -> None:
    what = way_of(ways, "buckets.show").what
    outcome = send(hasty.port, Asking(what, cloud.url(f"on,list_blobs,paged,{behaviour}")))
    assert (outcome.status, outcome.broken) == (200, True)
    assert outcome.seconds < FIVE_TIMES


def test_a_long_list_survives_what_passes(cloud: WireCloud, gateway: Gateway, ways: list[Way]) -> None:
    what = way_of(ways, "buckets.show").what
    outcome = send(gateway.port, Asking(what, cloud.url("on,list_blobs,paged,first,reset"), FORMATS[1]))
    assert (outcome.status, outcome.broken) == (200, False)


@pytest.mark.parametrize("name", UPLOADS)
@pytest.mark.parametrize("status", [403, 413, 507])
def test_an_answer_that_comes_before_the_end_of_an_upload_is_handed_on(
    cloud: WireCloud, gateway: Gateway, ways: list[Way], name: str, status: int
) -> None:
    outcome = send(gateway.port, uploading(ways, cloud, name, f"early,{status}"))
    assert outcome.status == (403 if status == 403 else 502)
    assert str(status) in error_facts(outcome)[3]


def test_an_upload_that_the_cloud_does_not_take_ends_in_time(cloud: WireCloud, hasty: Gateway, ways: list[Way]) -> None:
    behaviours = ["deaf", "stall", "stall-body", "drip,0.1"]
    sent = [uploading(ways, cloud, name, behaviour) for name in UPLOADS for behaviour in behaviours]
    for asking, outcome in zip(sent, send_all(hasty.port, sent), strict=True):
        assert (outcome.status, outcome.broken) == (504, False), asking.provider
        assert outcome.seconds < FIVE_TIMES
