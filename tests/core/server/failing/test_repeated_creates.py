"""What creates is sent to a cloud again only under an Idempotency-Key, and then under the same one each time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloudfaults.faults import PASSING, WHOLE, Expected
from cloudfaults.sending import Asking, send
from cloudfaults.ways import Sent, Way, every_hook, judge
from gateway import Gateway
from wirecloud import Record, WireCloud

pytestmark = pytest.mark.thorough


def creating(ways: list[Way]) -> list[Way]:
    """The ways to what makes something."""
    return [way for way in ways if way.hook.startswith("create_")]


def keys_of(records: list[Record]) -> list[str]:
    """The keys under which requests came, in some order; none is lacking."""
    return sorted(record.headers["idempotency-key"] for record in records)


def with_keys(ways: list[Way], cloud: WireCloud, behaviour: str, expected: Expected) -> list[Sent]:
    return [
        Sent(way, Asking(way.what, cloud.url(f"on,{way.hook},{behaviour}"), idempotency_key=f"key-{number}"), expected)
        for number, way in enumerate(creating(ways))
    ]


def test_every_create_hands_the_key_on(cloud: WireCloud, gateway: Gateway, ways: list[Way]) -> None:
    sent = with_keys(ways, cloud, "ok", Expected(WHOLE))
    assert judge(cloud, gateway.port, sent) == []
    made = [record for record in cloud.records() if record.hook.startswith("create_")]
    assert keys_of(made) == sorted(str(one.asking.idempotency_key) for one in sent)
    assert {record.hook for record in made} == {hook for hook in every_hook() if hook.startswith("create_")}


@pytest.mark.parametrize("behaviour", PASSING)
def test_a_create_with_a_key_survives_what_passes(
    cloud: WireCloud, gateway: Gateway, ways: list[Way], behaviour: str
) -> None:
    sent = with_keys(ways, cloud, f"first,{behaviour}", Expected(WHOLE, (2, 2)))
    assert judge(cloud, gateway.port, sent) == []
    made = [record for record in cloud.records() if record.hook.startswith("create_")]
    assert keys_of(made) == sorted(str(one.asking.idempotency_key) for one in sent * 2)


def test_a_create_that_keeps_failing_is_sent_four_times_under_one_key(
    cloud: WireCloud, gateway: Gateway, ways: list[Way]
) -> None:
    way = next(way for way in ways if way.hook == "create_key")
    cloud.forget()
    outcome = send(gateway.port, Asking(way.what, cloud.url("reset"), idempotency_key='"the-key"'))
    assert outcome.status == 502
    records = cloud.records("reset")
    assert keys_of(records) == ["the-key"] * 4
    assert len({record.body for record in records}) == 1


def test_a_key_that_could_not_be_handed_on_is_refused_before_the_cloud_is_asked(
    cloud: WireCloud, gateway: Gateway, ways: list[Way]
) -> None:
    way = next(way for way in ways if way.hook == "create_key")
    cloud.forget()
    for key in ("x" * 256, "two words", "a,b"):
        assert send(gateway.port, Asking(way.what, cloud.url(), idempotency_key=key)).status == 400
    twice = replace(way.what, headers=(("idempotency-key", "one"),))
    assert send(gateway.port, Asking(twice, cloud.url(), idempotency_key="another")).status == 400
    assert cloud.records() == []


def test_uploads_are_sent_once_whatever_key_they_have(cloud: WireCloud, gateway: Gateway, ways: list[Way]) -> None:
    sent = [
        Sent(
            way,
            Asking(way.what, cloud.url(f"on,{way.hook},reset"), idempotency_key="k"),
            Expected(502, word="provider_error"),
        )
        for way in ways
        if way.hook in {"write_blob", "write_segment"}
    ]
    assert judge(cloud, gateway.port, sent) == []
    assert len(sent) == 4
