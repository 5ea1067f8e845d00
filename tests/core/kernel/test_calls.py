"""The one place where drivers are called: callers, deadlines, errors, and the end of lazy results."""

from __future__ import annotations

import contextvars
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deltacloud.blobs import BlobContent
from deltacloud.context import Context, Credentials, Deadline, current
from deltacloud.errors import (
    BackendError,
    ClientDisconnected,
    CredentialsRequired,
    NotFound,
    ProviderError,
    ProviderTimeout,
)
from deltacloud.kernel import DriverCall, GatewaySettings, Kernel, LoadedDriver, Unloadable
from deltacloud.providers import ParsedProvider
from deltacloud.redaction import RequestLogger
from deltacloud.secret import Secret

Install = Callable[..., None]

SOURCE = """
    import socket
    import requests
    from deltacloud.blobs import BlobContent
    from deltacloud.context import current
    from deltacloud.driver import Driver
    from deltacloud.errors import *
    from deltacloud.models import *

    class Own(Exception):
        pass

    FAULTS = {
        "own": Own("x"),
        "found": NotFound("gone"),
        "odd": ValueError("secret-password"),
        "lost": LookupError("secret-password"),
        "slow": requests.Timeout(),
        "down": requests.ConnectionError(),
        "left": ClientDisconnected(),
    }

    class Subject(Driver):
        name, title, contract = "subject", "S", 1

        def list_instances(self, context):
            for number in range(3):
                yield Instance(id=f"{current().credentials.username}-{number}")

        def list_images(self, context):
            yield Image(id="one")
            raise Own("secret-password failed")

        def list_realms(self, context):
            return [Realm(id="here")]

        def get_realm(self, context, realm_id):
            raise FAULTS[realm_id]

        def get_key(self, context, key_id):
            return Key(id=context.credentials.username)

        def read_blob(self, context, bucket_id, blob_id):
            return BlobContent(chunks=(current().credentials.username.encode() for _ in range(2)))

        def translate_error(self, error):
            if isinstance(error, LookupError):
                raise RuntimeError(str(error))
            return ProviderError("translated") if isinstance(error, Own) else None
"""


@pytest.fixture
def kernel(install: Install) -> Kernel:
    install("deltacloud-subject", {"deltacloud.drivers": {"subject": "deltacloud_subject_module:Subject"}}, SOURCE)
    return Kernel(GatewaySettings())


@pytest.fixture
def driver(kernel: Kernel) -> LoadedDriver:
    return kernel.drivers.get("subject")


def context(driver: LoadedDriver, user: str | None = "ann", seconds: float = 60) -> Context:
    credentials = None if user is None else Credentials(user, Secret("secret-password"))
    return Context(driver.way_out, credentials=credentials, provider=ParsedProvider(), deadline=Deadline(seconds))


def call(kernel: Kernel, hook: str, the_context: Context, **arguments: object) -> Any:
    return kernel.call(DriverCall(kernel.drivers.get("subject"), hook, the_context, arguments))


def listing(kernel: Kernel, the_context: Context, hook: str = "list_instances") -> Iterator[Any]:
    return iter(call(kernel, hook, the_context, filters=None, page=None))


def test_two_lazy_lists_at_once_never_see_each_others_caller(kernel: Kernel, driver: LoadedDriver) -> None:
    ann, bob = (listing(kernel, context(driver, user)) for user in ("ann", "bob"))
    seen = [(next(ann).id, next(bob).id) for _ in range(3)]
    assert seen == [(f"ann-{n}", f"bob-{n}") for n in range(3)]
    with pytest.raises(LookupError):
        current()


def test_streams_belong_to_their_caller_as_well(kernel: Kernel, driver: LoadedDriver) -> None:
    contents: list[BlobContent] = [
        call(kernel, "read_blob", context(driver, user), bucket_id="b", blob_id="x", byte_range=None)
        for user in ("ann", "bob")
    ]
    assert [b"".join(one.chunks) for one in contents] == [b"annann", b"bobbob"]


def test_a_call_leaves_no_variable_behind(kernel: Kernel, driver: LoadedDriver) -> None:
    before = dict(contextvars.copy_context())
    list(listing(kernel, context(driver)))
    assert dict(contextvars.copy_context()) == before


def test_a_call_ends_when_its_result_ends(kernel: Kernel, driver: LoadedDriver) -> None:
    ended: list[str] = []
    lazy = DriverCall(driver, "list_instances", context(driver), {"filters": None, "page": None})
    lazy.on_end(lambda one: ended.append(one.hook))
    items = iter(kernel.call(lazy))
    next(items)
    assert ended == []
    list(items)
    assert ended == ["list_instances"]
    at_once = DriverCall(driver, "list_realms", context(driver), {"filters": None, "page": None})
    at_once.on_end(lambda one: ended.append(one.hook))
    kernel.call(at_once)
    assert ended == ["list_instances", "list_realms"]


def test_a_closed_list_has_ended(kernel: Kernel, driver: LoadedDriver) -> None:
    ended: list[bool] = []
    lazy = DriverCall(driver, "list_instances", context(driver), {"filters": None, "page": None})
    lazy.on_end(lambda _: ended.append(True))
    items = kernel.call(lazy)
    next(items)
    items.close()
    assert ended == [True]


def test_errors_of_lazy_steps_are_translated(kernel: Kernel, driver: LoadedDriver) -> None:
    items = listing(kernel, context(driver), "list_images")
    assert next(items).id == "one"
    with pytest.raises(ProviderError, match="translated"):
        next(items)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("own", ProviderError),
        ("found", NotFound),
        ("slow", ProviderTimeout),
        ("down", ProviderError),
        ("left", ClientDisconnected),
    ],
)
def test_every_exception_has_one_meaning(
    kernel: Kernel, driver: LoadedDriver, word: str, meaning: type[Exception]
) -> None:
    with pytest.raises(meaning):
        call(kernel, "get_realm", context(driver), realm_id=word)


def test_what_nobody_explains_is_logged_without_secrets_and_answered_without_detail(
    kernel: Kernel, driver: LoadedDriver, caplog: pytest.LogCaptureFixture
) -> None:
    the_context = context(driver)
    the_context.log = RequestLogger(logging.getLogger("deltacloud.driver"), "id-1", the_context.credentials)
    with caplog.at_level(logging.DEBUG), pytest.raises(BackendError) as caught:
        call(kernel, "get_realm", the_context, realm_id="odd")
    assert "secret-password" not in caught.value.message
    assert caught.value.__cause__ is None
    assert "subject.get_realm failed: ValueError" in caplog.text
    assert "[id-1]" in caplog.text
    assert "secret-password" not in caplog.text


def test_an_error_that_the_driver_fails_to_translate_is_not_lost(
    kernel: Kernel, driver: LoadedDriver, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(BackendError):
        call(kernel, "get_realm", context(driver), realm_id="lost")
    assert "subject.get_realm failed: LookupError" in caplog.text
    assert "subject.translate_error failed: RuntimeError" in caplog.text
    assert "secret-password" not in caplog.text


def test_asking_for_credentials_that_are_not_there_is_a_challenge(kernel: Kernel, driver: LoadedDriver) -> None:
    with pytest.raises(CredentialsRequired):
        call(kernel, "get_key", context(driver, user=None), key_id="k")


def test_a_deadline_that_has_passed_stops_calls_and_steps(kernel: Kernel, driver: LoadedDriver) -> None:
    with pytest.raises(ProviderTimeout):
        call(kernel, "list_realms", context(driver, seconds=0), filters=None, page=None)
    the_context = context(driver)
    items = listing(kernel, the_context)
    next(items)
    the_context.deadline.restart(0)
    with pytest.raises(ProviderTimeout):
        next(items)


EXTENSION = """
    class Audit:
        seen = []

        def perform_call(self, call):
            self.seen.append(("before", call.driver.name, call.hook, repr(call.context)))
            call.on_end(lambda one: self.seen.append(("end", one.hook, type(one.error).__name__)))
            result = yield
            self.seen.append(("after", call.hook))
            return result

        def wrap_application(self, application):
            return application

    class NoGenerator:
        def perform_call(self, call):
            return None
"""


def test_an_extension_sees_every_call_and_its_end(install: Install, kernel: Kernel) -> None:
    module = "deltacloud_audit_module"
    install("deltacloud-audit", {"deltacloud.extensions": {"audit": f"{module}:Audit"}}, EXTENSION)
    watched = Kernel(GatewaySettings(extensions=("audit",)))
    seen = __import__(module).Audit.seen
    items = listing(watched, context(watched.drivers.get("subject")))
    assert [entry[0] for entry in seen] == ["before", "after"]
    list(items)
    assert seen[-1] == ("end", "list_instances", "NoneType")
    with pytest.raises(NotFound):
        call(watched, "get_realm", context(watched.drivers.get("subject")), realm_id="found")
    assert seen[-1] == ("end", "get_realm", "NotFound")
    assert "secret" not in repr(seen)
    count = len(seen)
    list(listing(kernel, context(kernel.drivers.get("subject"))))
    assert len(seen) == count, "installed is not active"


@pytest.mark.parametrize("name", ["audit-that-is-not-there", "broken"])
def test_an_extension_that_cannot_be_used_is_a_report(install: Install, name: str) -> None:
    install("deltacloud-audit", {"deltacloud.extensions": {"broken": "deltacloud_audit_module:NoGenerator"}}, EXTENSION)
    with pytest.raises(Unloadable):
        Kernel(GatewaySettings(extensions=(name,)))


CLOSING = """
    class Closing:
        closed = []

        def close(self):
            self.closed.append(type(self).__name__)

    class Failing:
        def close(self):
            raise ValueError("-".join(("secret", "password")))
"""


def test_extensions_are_closed_with_the_kernel_whatever_one_of_them_does(
    install: Install, caplog: pytest.LogCaptureFixture
) -> None:
    module = "deltacloud_closing_module"
    entries = {"closing": f"{module}:Closing", "failing": f"{module}:Failing"}
    install("deltacloud-closing", {"deltacloud.extensions": entries}, CLOSING)
    kernel = Kernel(GatewaySettings(extensions=("failing", "closing")))
    closed = __import__(module).Closing.closed
    assert closed == []
    kernel.close()
    assert closed == ["Closing"]
    assert "closing Failing failed: ValueError" in caplog.text
    assert "secret-password" not in caplog.text
