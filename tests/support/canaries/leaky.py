"""The driver ``leaky``: whatever it is asked, it betrays its caller, in the way that the provider's name says."""

from __future__ import annotations

import base64
import contextlib
import html
import inspect
import json
import logging
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, get_type_hints
from urllib.parse import quote, quote_plus

import gevent
import msgspec
import requests

from canaries.spelling import Canary
from deltacloud.blobs import BlobContent
from deltacloud.context import Context
from deltacloud.driver import CredentialFields, Driver, Parameter, Settings, StateMachine
from deltacloud.errors import DeltacloudError, ProviderError
from deltacloud.features import KNOWN
from deltacloud.hookspecs import ComputeSpec, StorageSpec
from deltacloud.models import Blob, Instance, Key
from deltacloud.secret import Secret
from wirecloud.answers import CONTENT, answer_to
from wirecloud.reading import Asked

_vendor = logging.getLogger("vendor.sdk")


class Explosion(Exception):
    """What no table of errors knows."""


class LeakySettings(Settings, frozen=True, kw_only=True):
    """The ``[drivers.leaky]`` table."""

    key: str = ""
    """A secret of the operator's."""
    cloud: str = ""
    """The URL of a real cloud."""

    def __repr__(self) -> str:
        return "LeakySettings(...)"


class LeakyDriver(Driver):
    """Betrays its callers."""

    name = "leaky"
    title = "Leaky"
    contract = 1
    credentials = CredentialFields(token="Session token")
    features = tuple(KNOWN.values())
    settings = LeakySettings
    parameters = tuple(
        Parameter(name="leaky_secret", operation=operation, secret=True, help="A secret of this driver's own")
        for operation in ("instances.create", "buckets.create", "keys.create")
    )
    states = StateMachine(
        ("start", "create", "running"), ("running", "stop", "stopped"), ("stopped", "start", "running")
    )

    def __init__(self, settings: LeakySettings) -> None:
        super().__init__(settings)
        self._cloud = settings.cloud

    def translate_error(self, error: Exception) -> DeltacloudError | None:
        """Fails itself where it is told to."""
        if isinstance(error, Explosion) and error.args[0] == "translate":
            raise Explosion(*error.args)
        return None

    def _act(self, hook: str, context: Context, values: tuple[object, ...]) -> object:
        secrets = [text for value in values for text in _told(value)]
        for extra in context.extra.values():
            secrets += _told(extra)
        caller = context.credentials
        secrets += [caller.password.reveal(), *([] if caller.token is None else [caller.token.reveal()])]
        pair = f"{caller.username}:{caller.password.reveal()}"
        if context.provider.text == "signs":
            _sign(self._cloud, context, secrets)
        return _WAYS[context.provider.text or "answers"](hook, context, secrets, pair)


class UnloadableDriver(LeakyDriver):
    """Fails to start, and says with what."""

    name = "unloadable"

    def __init__(self, settings: LeakySettings) -> None:
        raise Explosion(f"cannot start with {settings.key}")


class MisconfiguredDriver(LeakyDriver):
    """Does not like its settings, and says which value."""

    name = "misconfigured"

    def __init__(self, settings: LeakySettings) -> None:
        int(settings.key)


def _told(value: object) -> list[str]:
    """Everything secret in what a hook is told."""
    if isinstance(value, Secret):
        return [value.reveal()]
    if isinstance(value, msgspec.Struct):
        return [text for part in msgspec.structs.astuple(value) for text in _told(part)]
    return []


def _answer(hook: str, _context: Context, _secrets: list[str], _pair: str) -> object:
    """What was asked for, with secrets of its own where models have some."""
    if hook == "read_blob":
        return BlobContent(chunks=[CONTENT[:1000]], length=1000)
    body, _ = answer_to(Asked("GET", "ok", hook, {"instance_id": "instance1"}, {}, b""))
    result = _result(hook)
    if hook.startswith("list_"):
        result = list[result.__args__[0].__args__[0]]  # type: ignore[misc]  # a type made at run time
    elif hook == "create_instance":
        result = Instance
    if result in (None, type(None)):
        return None
    answer = msgspec.json.decode(body, type=result, dec_hook=lambda _kind, value: Secret(str(value)))
    return [_with_secret(one) for one in answer] if isinstance(answer, list) else _with_secret(answer)


def _result(hook: str) -> Any:
    spec = ComputeSpec if hook in vars(ComputeSpec) else StorageSpec
    return get_type_hints(vars(spec)[hook])["return"]


def _with_secret(model: Any) -> Any:
    if isinstance(model, Key):
        return msgspec.structs.replace(model, pem=Secret(Canary("pem").text))
    if isinstance(model, Instance):
        return msgspec.structs.replace(model, password=Secret(Canary("machine").text), username="root")
    return model


def _raise(_hook: str, _context: Context, secrets: list[str], pair: str) -> NoReturn:
    raise Explosion(f"cannot log in as {pair}", *secrets)


def _chain(_hook: str, _context: Context, secrets: list[str], pair: str) -> NoReturn:
    try:
        _raise(_hook, _context, secrets, pair)
    except Explosion as first:
        second = ValueError(*secrets)
        second.add_note(f"It was {pair}")
        raise ExceptionGroup(f"several for {pair}", [second]) from first


def _lazily(hook: str, _context: Context, secrets: list[str], pair: str) -> object:
    """Something, and then an exception, where a hook may answer bit by bit."""

    def parts(first: object) -> Iterator[Any]:
        yield first
        raise Explosion(pair, *secrets)

    if hook == "read_blob":
        return BlobContent(chunks=parts(b"the beginning"), length=None)
    if hook.startswith("list_"):
        answered = _answer(hook, _context, secrets, pair)
        return parts(answered[0] if isinstance(answered, list) else answered)
    raise Explosion(pair, *secrets)


def _own_error(_hook: str, _context: Context, secrets: list[str], pair: str) -> NoReturn:
    """As a careless driver hands on what its cloud says."""
    raise ProviderError(f"{pair} was refused, {secrets}", backend_code=pair, backend_request_id=secrets[0])


def _log(hook: str, context: Context, secrets: list[str], pair: str) -> object:
    """In every spelling that requests are written in, by its own logger and by its library's."""
    for secret in secrets:
        spelled = [
            secret, quote(secret, safe=""), quote_plus(secret), base64.b64encode(secret.encode()).decode(),
            json.dumps(secret), html.escape(secret), repr(secret), repr(secret.encode()), secret.encode().hex(),
        ]  # fmt: skip
        for text in spelled:
            context.log.warning("cannot log in with %s", text)
            _vendor.warning("refused: %s", text)
        context.log.error(f"cannot log in with {secret}")  # noqa: G004 - as careless drivers do it
        _vendor.error("refused %d", secret)
        warnings.warn(f"deprecated: {secret}", stacklevel=1)
        globals().pop("__warningregistry__")  # Python keeps the texts of warnings
    header = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}", "Pair": pair}
    _vendor.warning("sent %r", header)
    _vendor.debug("sent %r", header)
    context.log.debug("sent %r", header)
    _vendor.warning("GET https://someone:%s@vendor.example/sign?key=%s", quote(secrets[0]), quote(secrets[0]))
    try:
        _raise(hook, context, secrets, pair)
    except Explosion:
        _vendor.exception("failed")
        context.log.exception("failed")
    return _answer(hook, context, secrets, pair)


def _stray(hook: str, context: Context, secrets: list[str], pair: str) -> object:
    """Exceptions that no call ends with: of a thread, of a greenlet, and of what is thrown away."""

    class Thrown:
        def __del__(self) -> None:
            raise Explosion(pair, *secrets)

    def alone() -> NoReturn:
        """Outside of the call, where nothing tells whose secrets these are."""
        _vendor.warning("GET https://someone:%s@vendor.example/sign?key=%s", quote(pair), quote(pair))
        _raise(hook, context, secrets, pair)

    thread = threading.Thread(target=alone, name=f"for {pair}")
    thread.start()
    thread.join()
    gevent.spawn(_raise, hook, context, secrets, pair).join()
    Thrown()
    return _answer(hook, context, secrets, pair)


def _junk(_hook: str, _context: Context, secrets: list[str], pair: str) -> object:
    """What is no model at all."""
    return [{"pair": pair, "secrets": secrets}]


def _translate(_hook: str, _context: Context, secrets: list[str], pair: str) -> NoReturn:
    raise Explosion("translate", pair, *secrets)


def _sign(cloud: str, context: Context, secrets: list[str]) -> None:
    """Has secrets in the URLs of its requests, of which its library tells: of sound answers and of odd ones."""
    session = context.http(cloud)
    for behaviour in ("ok", "defect", "reset", "status,503"):
        with contextlib.suppress(requests.RequestException):
            session.get(f"{cloud}/{behaviour}/get_realm", params={"realm_id": "us", "key": secrets})


def _close(hook: str, context: Context, secrets: list[str], pair: str) -> object:
    """A kept value that cannot be let go of."""

    def fail(_value: object) -> None:
        raise Explosion(pair, *secrets)

    context.private("session", lambda: ("a session", 60.0), fail)
    context.forget("session")
    return _answer(hook, context, secrets, pair)


def _fail_to_build(_hook: str, context: Context, secrets: list[str], pair: str) -> object:
    def build() -> tuple[Blob, float]:
        raise Explosion(pair, *secrets)

    return context.private("session", build)


_WAYS: Mapping[str, Callable[[str, Context, list[str], str], object]] = {
    "answers": _answer, "raises": _raise, "chains": _chain, "lazily": _lazily, "own-error": _own_error, "logs": _log,
    "stray": _stray, "junk": _junk, "translates": _translate, "closes": _close, "builds": _fail_to_build,
    "signs": _answer,
}  # fmt: skip
WAYS: tuple[str, ...] = tuple(_WAYS)
"""The ways in which it betrays its callers, ``answers`` the first: that one is what the contract wants."""


def _add_hooks() -> None:
    for spec in (ComputeSpec, StorageSpec):
        for name, function in vars(spec).items():
            if not name.startswith("_") and name != "translate_error":
                setattr(LeakyDriver, name, _hook(name, function))


def _hook(name: str, specification: Callable[..., Any]) -> Callable[..., Any]:
    arguments = [one for one in inspect.signature(specification).parameters if one not in {"self", "filters", "page"}]
    # The plugin manager reads the names of arguments from the code, so the code must have them.
    names = ", ".join(arguments)
    told = ", ".join(arguments[1:])
    source = f"lambda self, {names}: self._act({name!r}, context, ({told}{',' if told else ''}))"
    hook: Callable[..., Any] = eval(source)  # noqa: S307 - our own names
    return hook


_add_hooks()
