"""What must not be shown is not shown: in reprs, logs and errors."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from deltacloud.driver import Driver
from deltacloud.errors import DeltacloudError
from deltacloud.redaction import starred
from deltacloud.testing.backend import Login
from deltacloud.testing.caller import Caller, raised_by
from deltacloud.testing.check import GUIDE, REFERENCE, check, expect
from deltacloud.testing.resources import RESOURCES
from deltacloud.testing.run import Run


class _Lines(logging.Handler):
    """Keeps every line that is logged, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Everything that is logged meanwhile, by whatever logger at whatever level."""
    handler, root = _Lines(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield handler.lines
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def _leak(text: str, logins: list[Login]) -> bool:
    """Whether the text shows a login's secrets in any spelling; the user's name alone is no secret."""
    return any(starred(text, [*login[1:], f"{login[0]}:{login[1]}"]) != text for login in logins)


def _logins(run: Run) -> list[Login]:
    known = (run.backend.credentials, run.backend.wrong_credentials, run.backend.other_credentials)
    return [login for login in known if login is not None]


def _ask_all(who: Caller, run: Run) -> list[object]:
    """Whatever the lists give to a caller; errors as they are."""
    answers: list[object] = []
    for resource in RESOURCES.values():
        if run.has(resource.list_hook):
            found: list[object] = []
            error = raised_by(lambda found=found, resource=resource: found.extend(who.items(resource)))  # type: ignore[misc]
            answers += found if error is None else [error]
    return answers


@check("secrets.repr", "no password, token or key is in the repr of a driver or of a model", (REFERENCE, "Context"))
def _repr(run: Run) -> None:
    who = run.caller(run.backend.credentials, fresh=True)
    logins = _logins(run)
    made = [run.make(RESOURCES["keys"])] if run.has("create_key") else []
    for answer in (*made, *_ask_all(who, run)):
        for place, shown in _places(answer):
            expect("PRIVATE KEY" not in shown, f"shows a private key in {place}")
            expect(not _leak(shown, logins), f"shows a secret in {place}")
    for plugin in who.driver.plugins.get_plugins():
        if isinstance(plugin, Driver):
            shown = " ".join([repr(plugin), str(plugin), *(repr(value) for value in vars(plugin).values())])
            expect(not _leak(shown, logins), "shows a secret in the repr of the driver or of what it holds")


def _places(answer: object) -> Iterator[tuple[str, str]]:
    """Where something may be shown: each field of a model, and the whole; with what is shown there."""
    name = type(answer).__name__
    for field in getattr(answer, "__struct_fields__", ()):
        yield f"{name}.{field}", repr(getattr(answer, field))
    yield f"the repr of {name}", repr(answer)


@check("secrets.logs", "no password, token or key is in any log line", (GUIDE, "Calls and tokens"))
def _logs(run: Run) -> None:
    logins = _logins(run)
    with _listening() as lines:
        for login in logins:
            _ask_all(run.caller(login, fresh=True), run)
    told = next((line for line in lines if _leak(line, logins)), "")
    expect(not told, f"logs a secret, by the logger {told.partition(' ')[0]}")


@check("secrets.errors", "no error holds a password, a token or a key", (GUIDE, "Errors"), wants=("wrong_credentials",))
def _errors(run: Run) -> None:
    who = run.caller(run.need("wrong_credentials"), fresh=True)
    for error in _ask_all(who, run):
        if isinstance(error, DeltacloudError):
            shown = f"{error} {error!r} {error.message} {error.backend_code} {error.backend_request_id}"
            expect(not _leak(shown, _logins(run)), f"shows a secret in the {type(error).__name__} that it raises")
