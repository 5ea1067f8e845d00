"""Values kept between requests: shared by all callers, or one caller's alone."""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Callable

import pytest

from deltacloud.context import Context, Credentials, Deadline
from deltacloud.errors import AuthenticationFailed, ProviderTimeout
from deltacloud.outbound.caches import Cache, CallerKeys
from deltacloud.providers import ParsedProvider
from deltacloud.secret import Secret
from loopback import Outside, reply


class Builder:
    """Builds a numbered value each time, and notes which are closed."""

    def __init__(self, seconds: float = 60.0) -> None:
        self.seconds = seconds
        self.built = 0
        self.closed: list[int] = []

    def __call__(self) -> tuple[int, float]:
        self.built += 1
        return self.built, self.seconds


def test_a_private_value_is_built_once_for_each_caller(outside: Outside) -> None:
    way, build = outside.way(), Builder()
    alice, bob = outside.context(way, user="alice"), outside.context(way, user="bob")
    assert [alice.private("token", build), bob.private("token", build), alice.private("token", build)] == [1, 2, 1]


def _caller(outside: Outside, user: str, password: str, token: str | None, provider: str | None) -> Context:
    secret = None if token is None else Secret(token)
    return Context(
        outside.way(),
        credentials=Credentials(user, Secret(password), secret),
        provider=ParsedProvider(text=provider),
        deadline=Deadline(10),
    )


def test_callers_differ_by_every_part_of_who_they_are(outside: Outside) -> None:
    keys = CallerKeys()
    callers = [
        _caller(outside, *parts)
        for parts in [
            ("user", "password", None, None), ("user", "password", "", None), ("user", "password", "token", None),
            ("user", "password", None, ""), ("user", "password", None, "eu-1"), ("user", "passwor", "d", None),
            ("userp", "assword", None, None), ("", "userpassword", None, None), ("user", "", "password", None),
        ]
    ]  # fmt: skip
    found = {
        keys.key(driver, caller, name) for driver in ("one", "two") for caller in callers for name in ("token", "t")
    }
    assert len(found) == 2 * 2 * len(callers)


def test_a_caller_without_credentials_is_nobody_else(outside: Outside) -> None:
    way, build = outside.way(), Builder()
    nobody, anonymous = outside.context(way, user=None), outside.context(way, user="", password="")
    assert [nobody.private("x", build), anonymous.private("x", build), nobody.private("x", build)] == [1, 2, 1]


def test_the_same_caller_has_another_key_in_another_process(outside: Outside) -> None:
    context = outside.context()
    assert CallerKeys().key("tiny", context, "token") != CallerKeys().key("tiny", context, "token")


def test_forgetting_closes_the_value_and_the_next_is_new(outside: Outside) -> None:
    context, build = outside.context(), Builder()
    assert context.private("token", build, build.closed.append) == 1
    context.forget("token")
    assert build.closed == [1]
    assert context.private("token", build, build.closed.append) == 2
    context.forget("other")
    assert build.closed == [1]


def test_a_value_is_closed_when_it_expires(outside: Outside) -> None:
    way, build = outside.way(), Builder(seconds=0.05)
    assert outside.context(way).private("token", build, build.closed.append) == 1
    time.sleep(0.06)
    assert outside.context(way, user="bob").private("other", Builder()) == 1
    assert build.closed == [1]
    assert outside.context(way).private("token", build, build.closed.append) == 2


def test_everything_is_closed_at_the_end(outside: Outside) -> None:
    way, build = outside.way(), Builder()
    for user in ("alice", "bob"):
        outside.context(way, user=user).private("session", build, build.closed.append)
    way.close()
    assert sorted(build.closed) == [1, 2]


def test_a_cache_is_bounded_and_the_longest_unused_goes_first() -> None:
    cache, build, deadline = Cache(3), Builder(), Deadline(10)
    for key in ("a", "b", "c"):
        cache.get(key, build, build.closed.append, deadline)
    cache.get("a", build, build.closed.append, deadline)
    cache.get("d", build, build.closed.append, deadline)
    assert len(cache) == 3
    assert build.closed == [2]


def test_a_build_that_fails_keeps_nothing(outside: Outside) -> None:
    context, build = outside.context(), Builder()

    def fail() -> tuple[int, float]:
        raise AuthenticationFailed

    with pytest.raises(AuthenticationFailed):
        context.private("token", fail)
    assert context.private("token", build) == 1
    with pytest.raises(AuthenticationFailed):
        context.shared("sizes", 60, fail)
    assert context.shared("sizes", 60, lambda: "built") == "built"


def _at_once(count: int, function: Callable[[], object]) -> None:
    threads = [threading.Thread(target=function) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def test_one_builds_while_the_others_wait(outside: Outside) -> None:
    way, found, built = outside.way(), [], []

    def build() -> tuple[object, float]:
        time.sleep(0.1)
        built.append(object())
        return built[-1], 60

    _at_once(8, lambda: found.append(outside.context(way).private("token", build)))
    assert len(built) == 1
    assert found == built * 8


def test_nobody_waits_for_the_building_of_another_value(outside: Outside) -> None:
    way, started, released = outside.way(), threading.Event(), threading.Event()

    def slow() -> tuple[str, float]:
        started.set()
        released.wait(20)
        return "slow", 60

    thread = threading.Thread(target=lambda: outside.context(way).private("token", slow))
    thread.start()
    try:
        assert started.wait(10)
        assert outside.context(way, user="bob").private("token", lambda: ("quick", 60)) == "quick"
        with pytest.raises(ProviderTimeout):
            outside.context(way, seconds=0.1).private("token", slow)
    finally:
        released.set()
        thread.join(10)


def test_a_failed_build_is_followed_by_the_next_in_line(outside: Outside) -> None:
    way, answers, found = outside.way(), [AuthenticationFailed(), None, None], []
    lock = threading.Lock()

    def build() -> tuple[str, float]:
        time.sleep(0.05)
        with lock:
            answer = answers.pop(0)
        if answer is not None:
            raise answer
        return "built", 60

    def ask() -> None:
        try:
            found.append(outside.context(way).private("token", build))
        except AuthenticationFailed:
            found.append("failed")

    _at_once(3, ask)
    assert sorted(found) == ["built", "built", "failed"]
    assert len(answers) == 1


def test_a_shared_value_serves_all_callers_of_a_provider(outside: Outside) -> None:
    way, built = outside.way(), []

    def build() -> int:
        built.append(1)
        return len(built)

    asked = [("alice", "eu"), ("bob", "eu"), (None, "eu"), ("alice", "us"), ("bob", "us")]
    contexts = [outside.context(way, user=user, provider=provider) for user, provider in asked]
    assert [context.shared("sizes", 60, build) for context in contexts] == [1, 1, 1, 2, 2]


def test_a_shared_value_expires(outside: Outside) -> None:
    context, build = outside.context(), Builder()
    assert context.shared("sizes", 0.05, build) == (1, 60.0)
    time.sleep(0.06)
    assert context.shared("sizes", 0.05, build) == (2, 60.0)


def test_what_local_requests_share_is_not_handed_to_others(outside: Outside) -> None:
    way = outside.way(allow=None)
    assert (
        outside.context(way, local=True).shared("client", 60, lambda: "may reach everything") == "may reach everything"
    )
    assert outside.context(way).shared("client", 60, lambda: "may not") == "may not"


def test_closing_has_time_of_its_own_after_the_calls_deadline(outside: Outside) -> None:
    backend = outside.serve(lambda asked: reply(asked.path.encode()))
    way = outside.way()
    context = outside.context(way, seconds=0.3)
    session = context.http(backend.url())
    context.private("session", lambda: ("id", 60.0), lambda value: session.delete(f"{backend.url()}/{value}"))
    time.sleep(0.3)
    way.close()
    assert [(asked.method, asked.path) for asked in backend.asked] == [("DELETE", "/id")]


def test_a_close_that_fails_harms_nobody(outside: Outside, caplog: pytest.LogCaptureFixture) -> None:
    context = outside.context()

    def fail(_value: str) -> None:
        raise ValueError("token of alice")

    context.private("token", lambda: ("token of alice", 60.0), fail)
    context.forget("token")
    assert "closing a kept value failed: ValueError" in caplog.text
    assert "alice" not in caplog.text


def test_nothing_secret_shows_in_a_repr_or_a_pickle(outside: Outside) -> None:
    way = outside.way()
    context = outside.context(way, password="secret of alice")
    context.private("token", lambda: ("token of alice", 60.0))
    for one in (way, context, context.sdk, way._private, way._keys):
        assert "alice" not in repr(one)
        with pytest.raises(TypeError):
            pickle.dumps(one)


def test_no_password_is_kept(outside: Outside) -> None:
    way = outside.way()
    outside.context(way, password="secret of alice").private("token", lambda: ("token", 60.0))
    kept = repr([(key, entry.value) for key, entry in way._private._entries.items()])
    assert "secret of alice" not in kept
    assert "alice" not in kept
