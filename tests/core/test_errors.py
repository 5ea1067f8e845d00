"""What a cloud's HTTP answer means, by its status alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from deltacloud import errors


def response(status: int, **headers: str) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made.reason = "A Reason"
    made.headers.update(headers)
    return made


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.InvalidRequest),
        (401, errors.AuthenticationFailed),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (410, errors.NotFound),
        (418, errors.ProviderError),
        (429, errors.ProviderBusy),
        (500, errors.ProviderError),
        (501, errors.NotSupported),
        (502, errors.ProviderError),
        (503, errors.ProviderBusy),
        (504, errors.ProviderTimeout),
    ],
)
def test_a_status_has_one_meaning(status: int, kind: type[errors.DeltacloudError]) -> None:
    assert type(errors.from_response(response(status))) is kind


def test_a_message_is_ours_or_the_status_and_nothing_that_the_cloud_says() -> None:
    assert errors.from_response(response(500)).message == "The provider answered 500 Internal Server Error"
    assert errors.from_response(response(799)).message == "The provider answered 799"
    assert errors.from_response(response(404), "No such machine", backend_code="X1").backend_code == "X1"


def test_a_busy_cloud_says_when_to_come_back() -> None:
    busy = errors.from_response(response(503, **{"Retry-After": "7"}))
    assert isinstance(busy, errors.ProviderBusy)
    assert busy.retry_after == 7


def test_a_drivers_table_knows_better_than_the_status() -> None:
    full = errors.from_response(
        response(400), "Full", kind=errors.QuotaExceeded, backend_code="X1", backend_request_id="r-1"
    )
    assert type(full) is errors.QuotaExceeded
    assert (full.message, full.backend_code, full.backend_request_id) == ("Full", "X1", "r-1")
    busy = errors.from_response(response(400, **{"Retry-After": "9"}), kind=errors.ProviderBusy)
    assert isinstance(busy, errors.ProviderBusy)
    assert busy.retry_after == 9


@pytest.mark.parametrize("kind", [errors.ProviderBusy, errors.InvalidRequest, errors.Conflict, errors.ProviderError])
def test_every_kind_is_made_alike(kind: type[errors.DeltacloudError]) -> None:
    made = errors.of_kind(kind, backend_code="X1", backend_request_id="r-1")
    assert type(made) is kind
    assert (made.message, made.backend_code, made.backend_request_id) == (kind.generic, "X1", "r-1")


@given(st.none() | st.text())
def test_any_retry_after_is_seconds_up_to_an_hour(header: str | None) -> None:
    assert 0 <= errors.retry_after_seconds(header) <= 3600


@pytest.mark.parametrize(
    ("seconds", "asked"), [(90.0, 90), (7200.0, 3600), (-90.0, 0), (0.5, 1)], ids=["soon", "late", "passed", "at once"]
)
def test_retry_after_may_be_a_date(seconds: float, asked: int) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    assert asked - 1 <= errors.retry_after_seconds(moment) <= asked


def test_what_cannot_be_read_as_seconds_or_date_is_the_default() -> None:
    for header in (None, "", "soon", "-1", "1.5", "Tue, 99 Nov 2026 00:00:00 GMT"):
        assert errors.retry_after_seconds(header, default=3) == 3


def test_every_error_has_a_status_a_word_and_a_sentence() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.DeltacloudError)]
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes) - (errors.BackendError.code == errors.DeltacloudError.code)
    assert all(kind.generic and kind.error and 200 <= kind.status < 600 for kind in kinds)
