"""Clouds that are dead, slow, speak nonsense, or are not who they claim to be."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from urllib.parse import urlsplit

from deltacloud.errors import BackendError, DeltacloudError, ProviderBusy, ProviderError, ProviderTimeout
from deltacloud.testing import endpoints
from deltacloud.testing.backend import Variant
from deltacloud.testing.caller import Caller, raised_by
from deltacloud.testing.check import GUIDE, NotChecked, check, expect
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import Run

_PAGE = (GUIDE, "Errors")
_MARGIN = 5
"""How many times its deadline a call may take on a busy machine."""


@contextmanager
def _elsewhere(run: Run, server: AbstractContextManager[str]) -> Iterator[Variant]:
    """The variant that reaches its cloud at a server's URL, below the same path as the real one."""
    with server as url:
        path = urlsplit(run.backend.endpoint or "").path
        yield run.need("at")(url + path)


def _variant(run: Run, name: str, server: AbstractContextManager[str]) -> AbstractContextManager[Variant]:
    given: Variant | None = getattr(run.backend, name)
    if given is not None:
        return nullcontext(given)
    if run.backend.at is None:
        raise NotChecked(f"the backend gives neither `{name}` nor `at`")
    return _elsewhere(run, server)


def _hooks(run: Run) -> list[str]:
    """The lists that a caller who is not known may not see: all of them ask the cloud."""
    own = [one for one in RESOURCES.values() if run.has(one.list_hook) and one.collection not in run.backend.public]
    return [one.collection for one in own] or [name for name in RESOURCES if run.has(f"list_{name}")]


def _said(who: Caller, collection: str, seconds: float) -> DeltacloudError:
    """What a list says of a cloud that fails, in time."""
    resource = RESOURCES[collection]
    began = time.monotonic()
    error = raised_by(lambda: who.items(resource))
    took = time.monotonic() - began
    expect(
        took < seconds * _MARGIN, f"took {took:.1f} seconds for {resource.list_hook}, with a deadline of {seconds:g}"
    )
    expect(error is not None, f"{resource.list_hook} gave a list, as if all were well")
    expect(isinstance(error, DeltacloudError), f"{resource.list_hook} raised {type(error).__name__}")
    assert isinstance(error, DeltacloudError)  # noqa: S101 - just seen
    if type(error) is BackendError:
        raise error
    return error


def _fails(run: Run, name: str, kinds: tuple[type[DeltacloudError], ...], server: AbstractContextManager[str]) -> None:
    seconds = run.profile.deadline
    with _variant(run, name, server) as variant:
        who = run.caller(run.backend.credentials, variant=variant, seconds=seconds)
        for collection in _hooks(run)[: 1 if name == "slow" else None]:
            error = _said(who, collection, seconds)
            wanted = " or ".join(kind.__name__ for kind in kinds)
            expect(isinstance(error, kinds), f"list_{collection} raised {type(error).__name__} ({error}), not {wanted}")


@check("backend.dead", "a cloud that cannot be reached is ProviderError, never an empty list", _PAGE)
def _dead(run: Run) -> None:
    _fails(run, "dead", (ProviderError, ProviderTimeout, ProviderBusy), endpoints.closed())


@check("backend.slow", "a cloud that does not answer is ProviderTimeout when the deadline has passed", _PAGE)
def _slow(run: Run) -> None:
    _fails(run, "slow", (ProviderTimeout,), endpoints.listening(endpoints.silent))


@check("backend.garbage", "an answer that makes no sense is ProviderError", _PAGE)
def _garbage(run: Run) -> None:
    _fails(run, "garbage", (ProviderError,), endpoints.listening(endpoints.garbage))


@check(
    "backend.certificates",
    "a certificate that nobody vouches for is refused",
    (GUIDE, "Calls and tokens"),
    wants=("at",),
)
def _certificates(run: Run) -> None:
    if importlib.util.find_spec("trustme") is None:
        raise NotChecked("trustme is not installed")
    import ssl  # noqa: PLC0415 - optional, as the next one

    import trustme  # noqa: PLC0415 - optional

    seen: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "localhost").configure_cert(context)
    server = endpoints.listening(lambda connection: seen.append(connection.recv(65536)), context)
    with _elsewhere(run, server) as variant:
        who = run.caller(run.backend.credentials, variant=variant, seconds=run.backend.seconds)
        error = _said(who, _hooks(run)[0], run.backend.seconds)
    expect(not any(seen), "sent a request to a server whose certificate nobody vouches for")
    expect(isinstance(error, ProviderError), f"raised {type(error).__name__} ({error}), not ProviderError")
