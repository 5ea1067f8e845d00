"""What a row of the table is."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

from deltacloud.errors import DeltacloudError, Forbidden, NameNotFound

GOOD = "127.0.0.2"
"""Where the server listens that may be reached."""
BAD = "127.0.0.3"
"""Where the server listens that plays metadata, or whatever else nobody may reach."""
QUIET = "127.0.0.4"
"""Where nobody listens: connections are refused at once."""
PUBLIC, OTHER_PUBLIC, PRIVATE, METADATA = "8.8.8.8", "9.9.9.9", "10.0.0.1", "169.254.169.254"
"""Addresses elsewhere. The witness stops every connection that leaves for one of them, and notes it."""


class Refusal(enum.Enum):
    """Why nothing is reached; the value is what a driver sees raised, and words of its message.

    As a provider, a wrong spelling is ``InvalidRequest`` before any driver is asked.
    """

    SPELLING = Forbidden, "This server "
    """It is not written as the grammar demands."""
    NEVER = Forbidden, "allow-providers does not open it"
    """Nothing opens this address."""
    CLOSED = Forbidden, "allow-providers does not name it"
    """Neither declaration nor setting opens it to this request."""
    UNKNOWN = NameNotFound, "does not resolve"
    """The name has no addresses."""

    def __init__(self, error: type[DeltacloudError], words: str) -> None:
        self.error = error
        self.words = words


@dataclass(frozen=True, slots=True)
class Reached:
    """Connections go to these addresses, in this order, and nowhere else.

    Attributes:
        addresses: Those tried; the last one is where the request goes.
        port: Their port; the table's servers' own if None.
    """

    addresses: tuple[str, ...]
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Distrusted:
    """A connection goes to this address and no request does: the certificate there is for another name."""

    address: str


Outcome: TypeAlias = Refusal | Reached | Distrusted


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the driver declares, and the operator and the kind of request allow; see ``Policy``."""

    allow: tuple[str, ...] | None = None
    hosts: tuple[str, ...] = ()
    entry_points: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    nat64: tuple[str, ...] = ()
    local: bool = False


NOTHING = Rules()
LOCAL_REQUEST = Rules(local=True)
ONLY_GOOD = Rules(allow=(f"{GOOD}/32",))
EVERYTHING = Rules(allow=("*", "0.0.0.0/0", "::/0"), hosts=("*",))
CLOUD = Rules(hosts=("*.cloud.example",), entry_points=("https://eu.third.example/v1",))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was reached before on the same way out, on terms that the row's request does not have."""

    local: bool = False
    named_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One spelling, and what must come of it. In texts ``{port}`` stands for the port of the table's servers.

    Attributes:
        title: What this is about; unique.
        url: What a client or a backend names.
        rules: Under what.
        outcome: What must happen.
        host: The host alone, as it is spelled in the URL, where nothing but the host is special.
        named_by: The endpoint whose answer named the URL; None when the client did.
        names: Host names, each with its answers in turn; the last answer is given again and again.
        looked_up: The names that one connection asks for, in order.
        provider: Whether this is a URL that a provider may be; False for what only a request's URL may have.
        earlier: What was reached before.
        redirect: Status and target that the good server answers with; None for an ordinary answer.
        closing: Whether the good server closes its connections after each answer.
        certificate: The names in the servers' certificate; without any there is no TLS.
        environment: Variables that are set meanwhile.
    """

    title: str
    url: str
    rules: Rules
    outcome: Outcome
    host: str | None = None
    named_by: str | None = None
    names: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = ()
    looked_up: tuple[str, ...] = ()
    provider: bool = True
    earlier: Earlier | None = None
    redirect: tuple[str, str] | None = None
    closing: bool = False
    certificate: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.title

    @property
    def tolerated(self) -> frozenset[str]:
        """The addresses that a client which reads the URL in its own way may reach, whatever it takes it for."""
        if isinstance(self.outcome, Reached):
            return frozenset(self.outcome.addresses)
        if isinstance(self.outcome, Distrusted):
            return frozenset({self.outcome.address})
        return frozenset({GOOD}) if self.rules == ONLY_GOOD else frozenset()


def hosted(
    title: str,
    host: str,
    rules: Rules,
    outcome: Outcome,
    *answers: tuple[str, ...],
    asked: bool = True,
    named_by: str | None = None,
    names: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (),
    looked_up: tuple[str, ...] | None = None,
    earlier: Earlier | None = None,
    closing: bool = False,
) -> Row:
    """A row that is about a host.

    Args:
        title: What this is about.
        host: The host as it is spelled.
        rules: Under what.
        outcome: What must happen.
        answers: What the host resolves to, in turn, if it is a name.
        asked: Whether the name is looked up (if it has answers, and ``looked_up`` does not say it).
        named_by: The endpoint whose answer named it.
        names: Further names, with their answers.
        looked_up: The names that are looked up, where these are not just the host.
        earlier: What was reached before.
        closing: Whether the good server closes its connections.
    """
    name = host.lower()
    if looked_up is None:
        looked_up = (name,) if answers and asked else ()
    return Row(
        title=title,
        url=f"http://{host}:{{port}}/",
        rules=rules,
        outcome=outcome,
        host=host,
        named_by=named_by,
        names=(*(((name, answers),) if answers else ()), *names),
        looked_up=looked_up,
        earlier=earlier,
        closing=closing,
    )


def reached(*addresses: str, port: int | None = None) -> Reached:
    """The outcome that these addresses are connected to, in this order."""
    return Reached(addresses, port)
