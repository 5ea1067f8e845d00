"""Faults of the engine: the status decides, and where that says little, the detail; the rest of the text never does."""

from __future__ import annotations

import pytest
import requests

from deltacloud import errors
from deltacloud_rhevm.errors import Fault, translate


def fault(status: int, detail: str | None = None, reason: str | None = "Operation Failed", **headers: str) -> Fault:
    response = requests.Response()
    response.status_code = status
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return Fault(response, reason, detail)


@pytest.mark.parametrize(
    ("status", "detail", "kind"),
    [
        (400, "Vm [name] required for add", errors.InvalidRequest),
        (400, None, errors.InvalidRequest),
        (401, None, errors.AuthenticationFailed),
        (403, "query execution failed due to insufficient permissions.", errors.Forbidden),
        (400, "[User is not authorized to perform this action.]", errors.Forbidden),
        (404, None, errors.NotFound),
        (404, "Entity not found: Template: id=645e425e-66fe-4ac9-8874-537bd10ef08d", errors.NotFound),
        (400, "Invalid UUID string: nothing", errors.NotFound),
        (409, "[Cannot attach Virtual Disk. The specified disk does not exist.]", errors.NotFound),
        (409, "[Cannot remove VM. VM is running.]", errors.Conflict),
        (400, "[Cannot delete Template. Template is being used by the following VMs: a,b.]", errors.Conflict),
        (400, "[Cannot run VM. VM is locked. Please try again later.]", errors.Conflict),
        (
            409,
            "[Cannot add VM. VM name is already in use, please choose a unique name and try again.]",
            errors.Conflict,
        ),
        (409, "[something that nobody has thought of]", errors.Conflict),
        (409, "[Cannot add Virtual Disk. The quota storage limit is exceeded.]", errors.QuotaExceeded),
        (409, "[Cannot remove VM. VM of-the-quota-team is running.]", errors.Conflict),
        (400, "[Cannot add Payload. Floppy is not supported on this machine.]", errors.NotSupported),
        (400, "[Cannot run VM. There are no available running Hosts in the Cluster.]", errors.ProviderError),
        (400, "no VM with 404 in its id", errors.InvalidRequest),
        (500, "java.lang.NullPointerException is not supported", errors.ProviderError),
        (500, None, errors.ProviderError),
        (501, None, errors.NotSupported),
        (502, None, errors.ProviderError),
        (504, None, errors.ProviderTimeout),
        (302, None, errors.ProviderError),
    ],
)
def test_each_fault_has_its_class(status: int, detail: str | None, kind: type[errors.DeltacloudError]) -> None:
    assert type(translate(fault(status, detail))) is kind


def test_the_engines_own_sentence_is_shown_without_its_brackets_and_with_its_reason() -> None:
    error = translate(fault(409, "[Cannot run VM. VM is locked.,\n Please try again.]"))
    assert error is not None
    assert (error.message, error.backend_code) == (
        "Cannot run VM. VM is locked., Please try again.", "Operation Failed",
    )  # fmt: skip


def test_a_sentence_without_end_is_cut() -> None:
    error = translate(fault(400, "x" * 10_000))
    assert error is not None
    assert len(error.message) == 500


def test_an_engine_that_is_busy_says_when_to_come_back() -> None:
    error = translate(fault(503, Retry_After="7"))
    assert isinstance(error, errors.ProviderBusy)
    assert error.retry_after == 7


def test_what_is_no_fault_of_the_engines_is_left_to_the_core() -> None:
    assert translate(ValueError("[VM is running]")) is None
