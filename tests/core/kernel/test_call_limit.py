"""So many calls of one driver at once: what counts, when a call stops to count, and that nothing else suffers."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from deltacloud.context import Context, Credentials, Deadline
from deltacloud.errors import ClientDisconnected, DeltacloudError, ProviderBusy, ProviderTimeout
from deltacloud.kernel import DriverCall, GatewaySettings, Kernel
from deltacloud.providers import ParsedProvider
from deltacloud.secret import Secret

Install = Callable[..., None]
MODULE = "deltacloud_crowded_module"
SOURCE = """
    import threading
    from deltacloud.blobs import BlobContent
    from deltacloud.context import current
    from deltacloud.driver import Driver
    from deltacloud.errors import ClientDisconnected, NotFound
    from deltacloud.models import *

    ASKED = []
    CLOSED = []
    GATE = threading.Event()

    class Crowded(Driver):
        name, title, contract = "crowded", "C", 1

        def list_instances(self, context):
            ASKED.append("list_instances")
            try:
                for number in range(3):
                    yield Instance(id=str(number))
            finally:
                CLOSED.append(current().credentials.username)

        def list_images(self, context):
            yield Image(id="one")
            raise NotFound

        def list_keys(self, context, page):
            return Page((Key(id=name) for name in "ab"), "b")

        def list_realms(self, context):
            return [Realm(id="here")]

        def get_realm(self, context, realm_id):
            raise {"known": NotFound, "unknown": ValueError, "left": ClientDisconnected, "end": SystemExit}[realm_id]

        def get_key(self, context, key_id):
            ASKED.append(key_id)
            GATE.wait(20)
            return Key(id=key_id)

        def read_blob(self, context, bucket_id, blob_id):
            return BlobContent(chunks=(b"x" for _ in range(2)))

        def inspect_account(self, context):
            return frozenset({"realms"})

    class Quiet(Driver):
        name, title, contract = "quiet", "Q", 1

        def list_realms(self, context):
            return [Realm(id="there")]
"""
EXTENSIONS = """
    class Watch:
        seen = []

        def perform_call(self, call):
            call.on_end(lambda one: self.seen.append((one.hook, one.status)))
            return (yield)

    class Early:
        def perform_call(self, call):
            raise RuntimeError("before")
            yield

    class Late:
        kept = []

        def perform_call(self, call):
            self.kept.append((yield))
            raise RuntimeError("after")

    class Other:
        def perform_call(self, call):
            yield
            return ["something else"]

    class BadEnd:
        def perform_call(self, call):
            call.on_end(lambda one: 1 / 0)
            return (yield)
"""


@pytest.fixture
def make(install: Install) -> Callable[..., Kernel]:
    """A kernel with a limit and extensions: ``make(1, "watch")``."""
    drivers = {"crowded": f"{MODULE}:Crowded", "quiet": f"{MODULE}:Quiet"}
    install("deltacloud-crowded", {"deltacloud.drivers": drivers}, SOURCE)
    names = {
        name.lower(): f"deltacloud_watching_module:{name}" for name in ("Watch", "Early", "Late", "Other", "BadEnd")
    }
    install("deltacloud-watching", {"deltacloud.extensions": names}, EXTENSIONS)

    def make_one(limit: int, *extensions: str) -> Kernel:
        return Kernel(GatewaySettings(driver_calls=limit, extensions=extensions))

    return make_one


@pytest.fixture
def kernel(make: Callable[..., Kernel]) -> Kernel:
    """One call at a time."""
    return make(1)


def new(kernel: Kernel, hook: str, driver: str = "crowded", **arguments: object) -> DriverCall:
    loaded = kernel.drivers.get(driver)
    context = Context(
        loaded.way_out,
        credentials=Credentials("ann", Secret("secret-password")),
        provider=ParsedProvider(),
        deadline=Deadline(60),
    )
    if hook.startswith("list_"):
        arguments |= {"filters": None, "page": None}
    if hook == "read_blob":
        arguments |= {"bucket_id": "b", "blob_id": "x", "byte_range": None}
    return DriverCall(loaded, hook, context, arguments)


def call(kernel: Kernel, hook: str, driver: str = "crowded", **arguments: object) -> Any:
    return kernel.call(new(kernel, hook, driver, **arguments))


def running(kernel: Kernel) -> int:
    return kernel.calls_in_progress()["crowded"]


def test_over_the_limit_a_call_is_refused_and_nothing_asked_of_the_driver(make: Callable[..., Kernel]) -> None:
    kernel = make(2)
    lists = [call(kernel, "list_instances") for _ in range(2)]
    assert [next(one).id for one in lists] == ["0", "0"]
    asked = sys.modules[MODULE].ASKED
    assert len(asked) == 2
    with pytest.raises(ProviderBusy) as caught:
        call(kernel, "list_instances")
    assert caught.value.retry_after >= 1
    assert caught.value.retryable
    assert "crowded" in caught.value.message
    assert (len(asked), running(kernel)) == (2, 2)
    list(lists[0])
    assert [one.id for one in call(kernel, "list_instances")] == ["0", "1", "2"]
    lists[1].close()


def test_one_drivers_calls_do_not_count_for_another(kernel: Kernel) -> None:
    held = call(kernel, "list_instances")
    assert [realm.id for realm in call(kernel, "list_realms", "quiet")] == ["there"]
    with pytest.raises(ProviderBusy):
        call(kernel, "list_realms")
    assert kernel.calls_in_progress() == {"crowded": 1, "quiet": 0}
    held.close()


def _next_and_drop(kernel: Kernel) -> None:
    next(call(kernel, "list_instances"))


def _read_to_an_error(kernel: Kernel) -> None:
    with pytest.raises(DeltacloudError):
        list(call(kernel, "list_images"))


def _run_out_of_time(kernel: Kernel) -> None:
    one = new(kernel, "list_instances")
    items = kernel.call(one)
    one.context.deadline.restart(0)
    with pytest.raises(ProviderTimeout):
        next(items)
    assert one.status == "provider_timeout"


def _fail(realm_id: str) -> Callable[[Kernel], None]:
    def fail(kernel: Kernel) -> None:
        with pytest.raises((DeltacloudError, ClientDisconnected, SystemExit)):
            call(kernel, "get_realm", realm_id=realm_id)

    return fail


def _in_a_cycle(kernel: Kernel) -> None:
    cycle: list[object] = [call(kernel, "list_instances")]
    cycle.append(cycle)
    del cycle
    assert running(kernel) == 1
    gc.collect()


def _through_layers(kernel: Kernel) -> None:
    next(item for item in (one for one in call(kernel, "list_instances")) if item.id == "1")


ENDS: dict[str, Callable[[Kernel], object]] = {
    "an answer that is there at once": lambda kernel: call(kernel, "list_realms"),
    "a set, which is there at once too": lambda kernel: call(kernel, "inspect_account"),
    "a list read to its end": lambda kernel: list(call(kernel, "list_instances")),
    "a list closed in the middle": lambda kernel: call(kernel, "list_instances").close(),
    "a list never read and dropped": lambda kernel: call(kernel, "list_instances") and None,
    "a list read a little and dropped": _next_and_drop,
    "a list read through other generators, and dropped": _through_layers,
    "a list that only the garbage collector finds": _in_a_cycle,
    "a page whose items nobody reads": lambda kernel: call(kernel, "list_keys").next_marker,
    "a page read to its end": lambda kernel: list(call(kernel, "list_keys").items),
    "a content sent": lambda kernel: list(call(kernel, "read_blob").chunks),
    "a content closed before it is sent": lambda kernel: call(kernel, "read_blob").close(),
    "a content dropped": lambda kernel: call(kernel, "read_blob") and None,
    "a list that fails half way": _read_to_an_error,
    "a list out of time": _run_out_of_time,
    "a call that fails": _fail("known"),
    "a call that fails for no known reason": _fail("unknown"),
    "a call whose client has gone": _fail("left"),
    "a call that the end of the process interrupts": _fail("end"),
}


@pytest.mark.parametrize("way", ENDS)
def test_a_call_makes_room_when_its_result_has_ended(kernel: Kernel, way: str) -> None:
    for _ in range(3):
        ENDS[way](kernel)
        assert running(kernel) == 0


def test_a_result_that_is_still_read_takes_its_place_all_the_time(kernel: Kernel) -> None:
    content = call(kernel, "read_blob")
    chunks: Iterator[bytes] = iter(content.chunks)
    next(chunks)
    assert running(kernel) == 1
    with pytest.raises(ProviderBusy):
        call(kernel, "list_realms")
    assert list(chunks) == [b"x"]
    assert running(kernel) == 0


def test_a_request_may_make_one_call_after_the_other(kernel: Kernel) -> None:
    for _ in range(5):
        assert call(kernel, "inspect_account") == {"realms"}
        assert len(list(call(kernel, "list_instances"))) == 3


def test_a_dropped_list_is_closed_as_its_own_caller(kernel: Kernel) -> None:
    _next_and_drop(kernel)
    assert sys.modules[MODULE].CLOSED == ["ann"]


@pytest.mark.parametrize("hook", ["list_realms", "list_instances", "read_blob"])
@pytest.mark.parametrize("extension", ["early", "late"])
def test_an_extension_that_fails_leaves_no_call_behind(make: Callable[..., Kernel], extension: str, hook: str) -> None:
    kernel = make(1, extension)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            call(kernel, hook)
        assert running(kernel) == 0


@pytest.mark.parametrize("hook", ["list_realms", "list_instances", "read_blob"])
def test_neither_does_one_that_answers_itself(make: Callable[..., Kernel], hook: str) -> None:
    kernel = make(1, "other")
    assert call(kernel, hook) == ["something else"]
    assert running(kernel) == 0


def test_neither_does_one_that_fails_when_it_is_told_of_the_end(make: Callable[..., Kernel]) -> None:
    kernel = make(1, "badend")
    with pytest.raises(ZeroDivisionError):
        call(kernel, "list_realms")
    with pytest.raises(ZeroDivisionError):
        list(call(kernel, "list_instances"))
    _next_and_drop(kernel)
    assert running(kernel) == 0


def test_extensions_hear_of_refused_calls_and_of_dropped_ones_once(make: Callable[..., Kernel]) -> None:
    kernel = make(1, "watch")
    seen = sys.modules["deltacloud_watching_module"].Watch.seen
    held = call(kernel, "list_instances")
    with pytest.raises(ProviderBusy):
        call(kernel, "list_realms")
    assert seen == [("list_realms", "provider_busy")]
    del held
    with pytest.raises(ClientDisconnected):
        call(kernel, "get_realm", realm_id="left")
    assert seen[1:] == [("list_instances", "ok"), ("get_realm", "client_disconnected")]


class Notes:
    """An observer that writes down what it is told."""

    def __init__(self) -> None:
        self.ends: list[tuple[str, str]] = []
        self.refusals: list[str] = []

    def ended(self, call: DriverCall) -> None:
        self.ends.append((call.hook, call.status))

    def refused(self, call: DriverCall) -> None:
        self.refusals.append(call.hook)


@pytest.mark.parametrize("way", ENDS)
def test_an_observer_is_told_of_each_end_once(kernel: Kernel, way: str) -> None:
    notes = Notes()
    kernel.observe_calls(notes)
    ENDS[way](kernel)
    gc.collect()
    assert len(notes.ends) == 1
    assert notes.refusals == []


def test_an_observer_is_told_of_refusals_apart(kernel: Kernel) -> None:
    notes = Notes()
    kernel.observe_calls(notes)
    held = call(kernel, "list_instances")
    with pytest.raises(ProviderBusy):
        call(kernel, "inspect_account")
    held.close()
    assert (notes.ends, notes.refusals) == ([("list_instances", "ok")], ["inspect_account"])


def test_threads_never_make_more_calls_than_the_limit_and_leave_none_behind(make: Callable[..., Kernel]) -> None:
    kernel = make(3)
    kernel.drivers.get("crowded")
    module = sys.modules[MODULE]

    def ask(number: int) -> bool:
        try:
            return bool(call(kernel, "get_key", key_id=str(number)))
        except ProviderBusy:
            return False

    with ThreadPoolExecutor(12) as pool:
        waiting = [pool.submit(ask, number) for number in range(12)]
        while sum(one.done() for one in waiting) < 9:
            time.sleep(0.01)
        assert len(module.ASKED) == running(kernel) == 3
        module.GATE.set()
        assert sum(one.result() for one in waiting) == 3
        answers = list(pool.map(ask, range(600)))
    assert any(answers)
    assert running(kernel) == 0
