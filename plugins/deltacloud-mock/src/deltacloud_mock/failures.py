"""Failures on demand: the word of a setting to the error it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from deltacloud import errors

CRASH = "crash"
"""The word for a fault that no driver explains, so that the gateway's own answer to such can be seen."""

_KINDS: tuple[type[errors.DeltacloudError], ...] = (
    errors.NotYetCompleted,
    errors.InvalidRequest,
    errors.AuthenticationFailed,
    errors.Forbidden,
    errors.QuotaExceeded,
    errors.NotFound,
    errors.ActionNotAllowed,
    errors.Conflict,
    errors.CapabilityMissing,
    errors.BackendError,
    errors.NotSupported,
    errors.ProviderError,
    errors.ProviderBusy,
    errors.ProviderTimeout,
)

FAILURES: Mapping[str, Callable[[], Exception]] = MappingProxyType(
    {kind.code: kind for kind in _KINDS} | {CRASH: lambda: RuntimeError("made to crash by the setting 'fail'")}
)
"""The codes of the errors that a cloud can answer with, and :data:`CRASH`."""
