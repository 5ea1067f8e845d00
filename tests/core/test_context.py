"""What a driver is handed with each call."""

from __future__ import annotations

import contextvars
import pickle
from collections.abc import Iterator

import pytest

from deltacloud.context import Context, Credentials, Deadline, current, enter
from deltacloud.errors import CredentialsRequired, NotYetCompleted, ProviderTimeout
from deltacloud.outbound import Policy, WayOut
from deltacloud.providers import ParsedProvider
from deltacloud.secret import Secret


@pytest.fixture(name="way_out")
def way_out_fixture() -> Iterator[WayOut]:
    way_out = WayOut("tiny", Policy())
    yield way_out
    way_out.close()


def a_context(way_out: WayOut, credentials: Credentials | None = None) -> Context:
    return Context(way_out, credentials=credentials, provider=ParsedProvider(), deadline=Deadline(10))


def test_asking_for_absent_credentials_asks_the_client(way_out: WayOut) -> None:
    context = a_context(way_out)
    assert not context.has_credentials
    with pytest.raises(CredentialsRequired):
        _ = context.credentials


def test_credentials_show_nothing_of_themselves(way_out: WayOut) -> None:
    credentials = Credentials("alice", Secret("password of alice"), Secret("token of alice"))
    context = a_context(way_out, credentials)
    assert context.credentials.password.reveal() == "password of alice"
    for one in (credentials, context, context.credentials.password):
        assert "alice" not in f"{one!r} {one}"
    with pytest.raises(TypeError):
        pickle.dumps(credentials)


def test_only_the_explicit_empty_pair_is_anonymous() -> None:
    assert Credentials("", Secret("")).anonymous
    assert not Credentials("alice", Secret("")).anonymous
    assert not Credentials("", Secret("x")).anonymous


def test_a_request_is_not_local_unless_it_is_said_to_be(way_out: WayOut) -> None:
    assert a_context(way_out).local is False


def test_a_deadline_that_has_passed_is_a_timeout() -> None:
    Deadline(10).check()
    with pytest.raises(ProviderTimeout):
        Deadline(0).check()


def test_pauses_end_before_the_deadline_with_a_promise() -> None:
    deadline = Deadline(2.0)
    pauses = deadline.pauses("It goes on")
    next(pauses)
    with pytest.raises(NotYetCompleted, match="It goes on"):
        list(pauses)
    assert deadline.remaining() > 0


def test_the_current_call_is_the_one_that_was_entered_here(way_out: WayOut) -> None:
    one, other = a_context(way_out), a_context(way_out)

    def enter_and_look(context: Context) -> Context:
        enter(context)
        return current()

    variables = contextvars.Context()
    assert variables.run(enter_and_look, one) is one
    assert contextvars.Context().run(enter_and_look, other) is other
    assert variables.run(current) is one
    with pytest.raises(LookupError):
        current()
