"""Answers that refuse."""

from __future__ import annotations


class Refused(Exception):
    """The engine refuses, with a fault as a document.

    Args:
        status: Of the answer.
        detail: The sentence; the engine puts brackets around those of its commands.
        reason: The kind.
    """

    def __init__(self, status: int, detail: str, reason: str = "Operation Failed") -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.reason = reason


class Nowhere(Exception):
    """There is nothing at this path: the application server answers, with a page."""


class Absent(Exception):
    """There is no such thing, and nothing more is said."""


def conflict(sentence: str) -> Refused:
    """A command that the state of things does not allow."""
    return Refused(409, f"[{sentence}]")


def missing(what: str, identifier: str) -> Refused:
    """A thing that a document refers to and that is not there."""
    return Refused(404, f"Entity not found: {what}: id={identifier}")
