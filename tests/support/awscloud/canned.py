"""Services of Amazon's that say what a test wants: for what moto does not show, or is slow at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias
from urllib.parse import parse_qsl

from loopback import Asked, Backend, reply

Parameters: TypeAlias = Mapping[str, str]
"""Of a request, as they stand in its form: ``Filter.1.Name``."""


class Refusal(Exception):
    """An error answer: the code, the message, and the HTTP status."""

    def __init__(self, code: str, message: str = "no", status: int = 400) -> None:
        super().__init__(code)
        self.code, self.message, self.status = code, message, status


class Canned:
    """An EC2 whose every answer a test gives.

    Args:
        answers: The XML inside an operation's answer, by the operation: a text, or what makes it of the request.

    Attributes:
        asked: The requests so far: operation and parameters.
    """

    def __init__(self, answers: Mapping[str, str | Callable[[Parameters], str]]) -> None:
        self.asked: list[tuple[str, Parameters]] = []
        self._answers = answers
        self._backend = Backend(self._answer)
        self.url = self._backend.url()

    def close(self) -> None:
        """Stop."""
        self._backend.close()

    def asked_for(self, operation: str) -> list[Parameters]:
        """The parameters of all requests for an operation."""
        return [parameters for name, parameters in self.asked if name == operation]

    def _answer(self, asked: Asked) -> Iterable[bytes]:
        parameters = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        operation = parameters.pop("Action")
        self.asked.append((operation, parameters))
        try:
            found = self._answers[operation]
            inside = found if isinstance(found, str) else found(parameters)
        except Refusal as error:
            told = f"<Error><Code>{error.code}</Code><Message>{error.message}</Message></Error>"
            body = f"<Response><Errors>{told}</Errors><RequestID>r-1</RequestID></Response>"
            return reply(body.encode(), f"{error.status} No", Content_Type="text/xml")
        body = f'<{operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">{inside}</{operation}Response>'
        return reply(body.encode(), Content_Type="text/xml")


NO_NETWORKS = "<vpcSet/>"
"""What an account without networks is told."""
