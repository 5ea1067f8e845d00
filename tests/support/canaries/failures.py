"""What a request is led into: success, and every kind of failure."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from canaries.carrying import WAYS_THAT_FAIL
from canaries.leaky import WAYS as BETRAYALS

Headers = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Where a request is led.

    Attributes:
        name: What it is called.
        driver: The driver that it selects.
        provider: Its provider; ``cloud:WORD`` is the cloud that behaves so, ``cloud`` its host and port.
        by_path: Whether driver and provider stand in the path.
        refused: Whether the pretend cloud does not know the password.
        parameters: ``missing`` to send none of those that are needed, ``wrong`` to send words for numbers.
        way: How it carries parameters; empty for each in turn.
        credentials: How it carries credentials, by turns.
        headers: Further headers.
        path: Another path.
        method: Another method.
        accept: Another ``Accept``.
        asks: Whether the driver is asked, so that only rows that ask it are led there.
        all_formats: Whether every format is asked for.
        share: One of so many rows is led there, where all rows go the same way.
    """

    name: str
    driver: str = "mock"
    provider: str = ""
    by_path: bool = False
    refused: bool = False
    parameters: str = ""
    way: str = ""
    credentials: tuple[str, ...] = ("basic",)
    headers: tuple[tuple[str, str], ...] = ()
    path: str = ""
    method: str = ""
    accept: str = ""
    asks: bool = False
    all_formats: bool = False
    share: int = 1


def basic(text: str, encoding: str = "utf-8") -> str:
    """The value of ``Authorization``."""
    return f"Basic {base64.b64encode(text.encode(encoding)).decode()}"


def _authorization(value: Callable[[str, str, str], str], *more: str) -> Callable[[str, str, str], Headers]:
    """Headers with one of these values, and perhaps the token's."""

    def headers(user: str, password: str, token: str) -> Headers:
        found = [("Authorization", value(user, password, token))]
        return found + [(name, token) for name in more]

    return headers


_TOKEN = "X-Deltacloud-Session-Token"
CREDENTIALS: Mapping[str, Callable[[str, str, str], Headers]] = {
    "basic": _authorization(lambda user, password, _: basic(f"{user}:{password}")),
    "basic and a token": _authorization(lambda user, password, _: basic(f"{user}:{password}"), _TOKEN),
    "a token behind the password": _authorization(lambda user, password, token: basic(f"{user}:{password};{token}")),
    "latin-1": _authorization(lambda user, password, _: basic(f"{user}:{password}", "latin-1")),
    "no user": _authorization(lambda _user, password, _token: basic(f":{password}")),
    "none": lambda _user, _password, _token: [],
    "a token alone": lambda _user, _password, token: [(_TOKEN, token)],
    "not encoded": _authorization(lambda user, password, _: f"Basic {user}:{password}"),
    "no colon": _authorization(lambda _user, password, _token: basic(password)),
    "broken base64": _authorization(lambda user, password, _: basic(f"{user}:{password}") + "!"),
    "another scheme": _authorization(lambda _user, password, _token: f"Bearer {password}"),
    "digest": _authorization(lambda user, password, _: f'Digest username="{user}", response="{quote(password)}"'),
    "no scheme": _authorization(lambda _user, password, _token: password),
    "a line break": _authorization(lambda user, password, _: basic(f"{user}\n:{password}")),
    "twice": lambda user, password, token: [
        ("Authorization", basic(f"{user}:{password}")), ("Authorization", f"Bearer {token}"),
    ],
}  # fmt: skip
"""Ways to carry credentials; the last ones are malformed."""
GOOD = ("basic", "basic and a token", "a token behind the password")
MALFORMED = tuple(name for name in CREDENTIALS if name not in GOOD)

_TELLING = ("echo,401", "echo,404", "echo,500")
_BROKEN = (
    "echo,400", "echo,403", "echo,429", "echo,307", "status,503,9", "empty", "reset", "reset-half", "half", "stall",
    "stall-body", "garbage", "nonsense", "defect", "long", "short", "early,403",
)  # fmt: skip
_AT_CLOUD = Failure(name="cloud", driver="wire", provider="cloud:ok", credentials=GOOD)
_PROVIDERS = {
    "a word": "nowhere",
    "a user part": "http://someone:{secret}@cloud/ok",
    "a user part alone": "http://{secret}@cloud/ok",
    "a user part without a scheme": "someone:{secret}@cloud",
    "a user part behind a slash": "http:/someone:{secret}@cloud/ok",
    "a query": "http://cloud/ok?password={secret}",
    "a fragment": "http://cloud/ok#{secret}",
}
_USER_PART = _PROVIDERS["a user part"]

FAILURES: tuple[Failure, ...] = (
    Failure(name="none, pretend cloud", credentials=("basic", "basic and a token")),
    replace(_AT_CLOUD, name="none, cloud"),
    replace(_AT_CLOUD, name="none, leaky", driver="leaky", provider="answers", all_formats=True),
    *(replace(_AT_CLOUD, name=f"cloud: {word}", provider=f"cloud:{word}", asks=True) for word in _TELLING),
    *(replace(_AT_CLOUD, name=f"cloud: {word}", provider=f"cloud:{word}", asks=True, share=2) for word in _BROKEN),
    *(replace(_AT_CLOUD, name=f"driver: {way}", driver="leaky", provider=way, asks=True) for way in BETRAYALS[1:]),
    *(Failure(name=f"way: {way}", way=way, share=3) for way in WAYS_THAT_FAIL),
    Failure(name="refused", refused=True),
    Failure(name="missing parameters", parameters="missing"),
    Failure(name="wrong parameters", parameters="wrong"),
    Failure(name="unreachable", driver="wire", provider="http://127.0.0.1:9/ok", credentials=GOOD, asks=True, share=3),
    Failure(
        name="forbidden", driver="wire", provider="http://169.254.169.254/ok", credentials=GOOD, asks=True, share=3
    ),
    *(
        replace(one, share=7)
        for one in (
            *(Failure(name=f"credentials: {one}", refused=True, credentials=(one,)) for one in MALFORMED),
            Failure(name="unknown driver", driver="nowhere", credentials=GOOD),
            Failure(name="two drivers", driver="mock,wire", credentials=GOOD),
            Failure(name="unloadable driver", driver="unloadable", credentials=GOOD),
            Failure(name="misconfigured driver", driver="misconfigured", credentials=GOOD),
            Failure(name="no provider", driver="wire", credentials=GOOD),
            *(replace(_AT_CLOUD, name=f"provider: {name}", provider=text) for name, text in _PROVIDERS.items()),
            replace(_AT_CLOUD, name="provider in the path", provider=_USER_PART, by_path=True),
            Failure(name="provider of the pretend cloud", provider=_USER_PART),
            Failure(name="provider of the pretend cloud in the path", provider=_USER_PART, by_path=True),
            Failure(name="driver by path", by_path=True),
            Failure(name="foreign page", headers=(("Sec-Fetch-Site", "cross-site"),)),
            Failure(name="no format", accept="image/jpeg"),
            Failure(name="unknown method", method="PATCH"),
            Failure(name="unknown path", path="/api/nowhere;password={secret}"),
            Failure(name="no path of the API", path="/nowhere;password={secret}/x"),
            Failure(name="bad path", path="/api/realms/%zz;password={secret}"),
            Failure(name="absolute path", path="http://someone:{secret}@localhost/api/realms"),
            Failure(name="server's own page", path="/readyz"),
            Failure(name="crash outside of the API", path="/leakprobe/raise"),
        )
    ),
)
"""Every way to lead a request."""
