"""What broken clouds do, and what becomes of a call of each kind then."""

from __future__ import annotations

from dataclasses import dataclass

ONCE = (1, 1)
REPEATED = (4, 4)
WHOLE = 200


@dataclass(frozen=True)
class Expected:
    """An answer.

    Attributes:
        status: The status; ``WHOLE`` for the operation's own status of success.
        asked: How often the cloud was asked: at least, at most.
        word: The stable word of the error document.
        retry_after: The header of that name.
        broken: Whether the connection breaks, so that what came cannot pass for whole.
    """

    status: int
    asked: tuple[int, int] = ONCE
    word: str = ""
    retry_after: str | None = None
    broken: bool = False


_BROKEN = Expected(502, word="provider_error")
_BROKEN_AGAIN = Expected(502, REPEATED, word="provider_error")
_SILENT = Expected(504, word="provider_timeout")
_CUT = Expected(WHOLE, broken=True)
_WHOLE = Expected(WHOLE)


@dataclass(frozen=True)
class Fault:
    """A fault.

    Attributes:
        behaviour: The cloud's, as :mod:`wirecloud.behaviour` names it.
        read: What becomes of a hook that reads.
        write: What becomes of one that does not.
        mute: What becomes of one that does not and returns nothing, where that differs.
        stream: What becomes of a download.
        lasts: Whether only the deadline ends it.
    """

    behaviour: str
    read: Expected
    write: Expected
    mute: Expected | None = None
    stream: Expected | None = None
    lasts: bool = False

    def expected(self, *, reads: bool, streams: bool, returns: bool) -> Expected:
        """What becomes of such a hook."""
        if reads:
            return self.stream if streams and self.stream is not None else self.read
        return self.write if returns or self.mute is None else self.mute


def _busy(retry_after: str, asked: tuple[int, int] = ONCE) -> Expected:
    return Expected(503, asked, "provider_busy", retry_after)


FAULTS = (
    Fault("reset", _BROKEN_AGAIN, _BROKEN),
    Fault("empty", _BROKEN_AGAIN, _BROKEN),
    Fault("half-head", _BROKEN_AGAIN, _BROKEN),
    Fault("head", _BROKEN_AGAIN, _BROKEN, stream=_BROKEN),
    Fault("half", _BROKEN_AGAIN, _BROKEN, stream=_CUT),
    Fault("reset-half", _BROKEN_AGAIN, _BROKEN, stream=_CUT),
    Fault("long", _SILENT, _SILENT, stream=_CUT, lasts=True),
    Fault("short", _BROKEN, _BROKEN, mute=_WHOLE, stream=_WHOLE),
    Fault("stall", _SILENT, _SILENT, lasts=True),
    Fault("deaf", _SILENT, _SILENT, lasts=True),
    Fault("stall-body", _SILENT, _SILENT, stream=_CUT, lasts=True),
    Fault("drip,0.1", _SILENT, _SILENT, lasts=True),
    Fault("garbage", _BROKEN, _BROKEN),
    Fault("nonsense", _BROKEN, _BROKEN, mute=_WHOLE, stream=_WHOLE),
    Fault("redirect", _BROKEN, _BROKEN),
    Fault("status,500", _BROKEN, _BROKEN),
    Fault("status,502", _BROKEN_AGAIN, _BROKEN),
    Fault("status,503", _busy("1", REPEATED), _busy("1")),
    Fault("status,503,90", _busy("90"), _busy("90")),
    Fault("status,429", _busy("1", REPEATED), _busy("1")),
    Fault("status,429,90", _busy("90"), _busy("90")),
    Fault("status,504", Expected(504, REPEATED, "provider_timeout"), _SILENT),
    Fault("early,503", _busy("1", REPEATED), _busy("1")),
)
"""What can be done by a cloud that is reached."""

PASSING = (
    "reset", "empty", "half-head", "head", "half", "reset-half", "status,429", "status,502", "status,503", "status,504",
)  # fmt: skip
"""What a read survives, when it does not happen again."""

UNREACHED = Expected(502, (0, 0), "provider_error")
"""What becomes of any call to one that is not."""
