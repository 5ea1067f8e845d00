"""Texts as clouds write them, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.errors import InvalidRequest
from deltacloud.texts import header_value, moment, new_name, text_of_header, unquoted, user_text

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(TEXT)
def test_any_text_survives_the_way_through_a_header(text: str) -> None:
    sent = header_value(text)
    sent.encode("ascii")
    assert sent == sent.strip()
    assert "  " not in sent
    assert text_of_header(sent) == text


@given(st.from_regex(r"[!-<>-~]+( [!-<>-~]+)*", fullmatch=True))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert header_value(text) == text == text_of_header(text)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("=?UTF-8?Q?Gr=C3=BC=C3=9Fe_an_alle?=", "Grüße an alle"),
        ("=?utf-8?b?R3LDvMOfZQ==?=", "Grüße"),
        ("=?UTF-8?B?R3LDvA==?= =?UTF-8?B?w59l?=", "Grüße"),
        ("=?UTF-8?B?!!?=", "=?UTF-8?B?!!?="),
        ("=?UTF-8?B?//79?=", "=?UTF-8?B?//79?="),
        ("=?ISO-8859-1?Q?a?=", "=?ISO-8859-1?Q?a?="),
        ("plain", "plain"),
    ],
)
def test_what_others_have_encoded_is_read_and_what_is_not_encoded_is_left(header: str, value: str) -> None:
    assert text_of_header(header) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24T12:30:00Z", datetime(2026, 11, 24, 12, 30, tzinfo=UTC)),
        ("2026-11-24T12:30:00.000+02:00", datetime(2026, 11, 24, 12, 30, tzinfo=timezone(timedelta(hours=2)))),
        ("2026-11-24T12:30:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_a_moment_has_a_zone_or_is_none(text: str | None, expected: datetime | None) -> None:
    assert moment(text) == expected


def test_an_etag_has_no_quotes() -> None:
    assert [unquoted(one) for one in ('"0x8D"', "0x8D", None)] == ["0x8D", "0x8D", None]


def test_user_data_is_text_or_refused() -> None:
    assert user_text("#!/bin/sh\necho Grüße\n".encode()) == "#!/bin/sh\necho Grüße\n"
    with pytest.raises(InvalidRequest) as refused:
        user_text(b"\xff\xfe")
    assert refused.value.parameter == "user_data"


def test_new_names_differ_within_a_second() -> None:
    names = [new_name("inst-") for _ in range(50)]
    assert len(set(names)) == len(names)
    assert all(name.startswith("inst-") for name in names)
