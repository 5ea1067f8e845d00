"""Clouds that are dead, slow, speak nonsense, or are not who they claim to be."""

from __future__ import annotations

import importlib.util
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from urllib.parse import urlsplit

from deltacloud.errors import BackendError, DeltacloudError, ProviderBusy, ProviderError, ProviderTimeout
from deltacloud.testing import endpoints
from deltacloud.testing.backend import Variant
from deltacloud.testing.caller import Caller, raised_by, said
from deltacloud.testing.check import GUIDE, NotChecked, check, expect
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import Run

_PAGE = (GUIDE, "Errors")
_MARGIN = 5
"""How many times its deadline a call may take on a busy machine."""
_HANDSHAKE = 10.0
"""Seconds in which a certificate is seen."""


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


def _collections(run: Run) -> list[str]:
    """Those of which the lists are not public, so that they all ask the cloud; all where there are no such."""
    own = [one for one in RESOURCES.values() if run.has(one.list_hook) and one.collection not in run.backend.public]
    return [one.collection for one in own] or [name for name in RESOURCES if run.has(f"list_{name}")]


def _answers(who: Caller, collections: list[str], limit: float) -> dict[str, Exception | None]:
    """What the lists of some collections end with, asked for at once; those that do not end in time are left out."""
    ended: dict[str, Exception | None] = {}

    def ask(collection: str) -> None:
        ended[collection] = raised_by(lambda: who.items(RESOURCES[collection]))

    threads = [threading.Thread(target=ask, args=(one,), daemon=True) for one in collections]
    end = time.monotonic() + limit
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    return dict(ended)


def _judge(collection: str, error: Exception | None, kinds: tuple[type[DeltacloudError], ...]) -> None:
    """See whether a list of a cloud that fails said so, and in the right words."""
    expect(error is not None, f"gave list_{collection}, as if all were well")
    if isinstance(error, BackendError):
        raise error  # with the exception that nobody explains
    wanted = " or ".join(kind.__name__ for kind in kinds)
    expect(isinstance(error, kinds), f"said {said(error)} in list_{collection}, not {wanted}")


def _fails(
    run: Run,
    name: str,
    kinds: tuple[type[DeltacloudError], ...],
    server: AbstractContextManager[str],
    seconds: float,
) -> None:
    with _variant(run, name, server) as variant:
        who = run.caller(run.backend.credentials, variant=variant, seconds=seconds)
        collections = _collections(run)
        answers = _answers(who, collections, seconds * _MARGIN)
    for one in collections:
        expect(one in answers, f"did not come back from list_{one} in {_MARGIN} times its deadline of {seconds:g} s")
        _judge(one, answers[one], kinds)


@check("backend.dead", "a cloud that cannot be reached is ProviderError, never an empty list", _PAGE)
def _dead(run: Run) -> None:
    _fails(run, "dead", (ProviderError, ProviderTimeout, ProviderBusy), endpoints.closed(), run.profile.deadline)


@check("backend.slow", "a cloud that does not answer is ProviderTimeout when the deadline has passed", _PAGE)
def _slow(run: Run) -> None:
    _fails(run, "slow", (ProviderTimeout,), endpoints.listening(endpoints.silent), run.profile.deadline)


@check("backend.garbage", "an answer that makes no sense is ProviderError", _PAGE)
def _garbage(run: Run) -> None:
    # Its answers come at once, so a driver that is slow to get ready is not taken for one that waits.
    server = endpoints.listening(endpoints.garbage)
    _fails(run, "garbage", (ProviderError,), server, run.profile.deadline * _MARGIN)


@check(
    "backend.certificates",
    "a certificate that nobody vouches for is refused",
    (GUIDE, "Calls and tokens"),
    wants=("at",),
)
def _certificates(run: Run) -> None:
    if importlib.util.find_spec("trustme") is None:
        raise NotChecked("trustme is not installed")
    import trustme  # noqa: PLC0415 - optional

    seen: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "localhost").configure_cert(context)
    with _elsewhere(run, endpoints.listening(serve, context)) as variant:
        who = run.caller(run.backend.credentials, variant=variant, seconds=_HANDSHAKE)
        answers = _answers(who, _collections(run), _HANDSHAKE)
    expect(not any(seen), "sent a request to a server whose certificate nobody vouches for")
    for one, error in answers.items():
        _judge(one, error, (ProviderError,))
