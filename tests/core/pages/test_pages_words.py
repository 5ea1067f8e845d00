"""Values as people read them: sizes, times, states, profiles, charts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from deltacloud.api.pages.charts import chart
from deltacloud.api.pages.frame import user_mark
from deltacloud.api.pages.profiles import described, facts, told
from deltacloud.api.pages.tones import changes, tone
from deltacloud.api.pages.values import moment, quantity, size
from deltacloud.hardware import choice, fixed, span
from deltacloud.models import HardwareProfile
from deltacloud.states import StateMachine

MACHINE = StateMachine(("start", "create", "stopping"), ("stopping", "stop", "stopped"), ("error", None, "stopped"))
CLOCK = 1_700_000_000


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        ("1740.8", "memory", "1,740.8 MB"),
        ("10240", "memory", "10 GB"),
        (512, "memory", "512 MB"),
        ("850", "storage", "850 GB"),
        (1.5, "capacity", "1.5 GB"),
        (17, "content_length", "17 bytes"),
        (1, "content_length", "1 byte"),
        (3, "size", "3 blobs"),
        (1, "size", "1 blob"),
        ("1 to 6", "memory", ""),
        ("7", "name", ""),
        (True, "size", ""),
        (None, "size", ""),
    ],
)
def test_a_quantity_has_its_unit(value: object, name: str, text: str) -> None:
    assert quantity(value, name) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1023, "1,023 bytes"),
        (1536, "1.5 KB"),
        (100 << 20, "100 MB"),
        (3 << 30, "3 GB"),
        (2 << 40, "2 TB"),
    ],
)
def test_bytes_have_the_unit_that_suits_them(count: int, text: str) -> None:
    assert size(count) == text


def test_only_members_that_are_times_are_shown_as_times() -> None:
    assert moment("2026-11-24T14:48:05Z", "created") == "2026-11-24 14:48 UTC"
    assert moment("2026-11-24T14:48:05Z", "name") == ""
    assert moment("2026-99-24T14:48:05Z", "created") == ""
    assert moment("yesterday", "created") == ""


@pytest.mark.parametrize(
    ("state", "machine", "look"),
    [
        ("RUNNING", None, "ok"),
        ("IN-USE", None, "ok"),
        ("PENDING", None, "busy"),
        ("creating", None, "busy"),
        ("STOPPED", None, "off"),
        ("ERROR", None, "bad"),
        ("STRANGE", None, ""),
        ("STOPPING", MACHINE, ""),
        ("ERROR", MACHINE, "busy"),
    ],
)
def test_a_state_looks_as_what_it_means_and_the_declared_life_knows_better(
    state: str, machine: StateMachine | None, look: str
) -> None:
    assert tone(state, machine) == look


def test_a_state_that_ends_by_itself_is_read_again() -> None:
    assert changes("Pending")
    assert not changes("running")
    assert changes("ERROR", MACHINE)
    assert not changes("STOPPING", MACHINE)


def test_a_profile_is_told_in_one_line_and_in_json_for_scripts() -> None:
    profile = HardwareProfile(id="a", name="Small", properties=(fixed("cpu", 2), span("memory", 512, 2048, 1024)))
    assert told(profile) == "Small (a): 2 CPU, 512 MB to 2 GB memory"
    assert facts(profile) == (
        '{"cpu":{"kind":"fixed","value":2},"memory":{"kind":"range","value":1024,"min":512,"max":2048}}'
    )
    assert told(HardwareProfile(id="opaque")) == "opaque"
    assert described(choice("storage", (1, 2))) == "1 GB or 2 GB (usually 1 GB)"


@given(st.text(max_size=20))
def test_the_mark_of_a_user_tells_nothing(user: str) -> None:
    assert re.fullmatch("[0-9a-f]{4}", user_mark(user))


def test_users_have_marks_of_their_own() -> None:
    assert user_mark("mockuser") != user_mark("other")
    assert user_mark("ab") != user_mark("ba")


def test_a_chart_is_drawn_from_the_oldest_to_the_newest_value() -> None:
    samples = [
        {"minimum": 1, "maximum": 9, "average": 5, "timestamp": CLOCK + 60, "unit": "Percent"},
        {"minimum": 2, "maximum": 4, "average": 3, "timestamp": CLOCK, "unit": "Percent"},
    ]
    made = chart("cpuUtilization", samples)
    assert (made.title, made.unit, made.latest) == ("CPU use", "Percent", "5 %")
    assert [one.moment for one in made.readings] == ["2023-11-14 22:14:20 UTC", "2023-11-14 22:13:20 UTC"]
    drawing = etree.fromstring(str(made.drawing))
    assert len(drawing.findall("circle")) == 2


numbers = st.integers(-(10**12), 10**12) | st.floats(-1e12, 1e12) | st.none()
SAMPLE = st.fixed_dictionaries(
    {"minimum": numbers, "maximum": numbers, "average": numbers},
    optional={"timestamp": st.integers(0, 10**11) | st.none(), "unit": st.sampled_from(["Bytes", "<b>", "Count"])},
)


@given(st.text(max_size=5), st.lists(SAMPLE, max_size=6))
def test_any_measurements_make_a_picture_or_none(name: str, samples: list[dict[str, object]]) -> None:
    made = chart(name, samples)
    assert len(made.readings) == len(samples)
    if made.drawing is not None:
        drawing = etree.fromstring(str(made.drawing))
        assert "nan" not in str(made.drawing)
        assert {one.tag for one in drawing.iter()} <= {"svg", "path", "circle", "text"}
