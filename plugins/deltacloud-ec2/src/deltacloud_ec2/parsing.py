"""Answers that make no sense: botocore's parsers stumble over them in many ways, and end here in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import Shape
    from botocore.parsers import ResponseParser, ResponseParserFactory

_STUMBLING = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def parser_factory() -> ResponseParserFactory:
    """The component ``response_parser_factory``, whose parsers fail with ``ResponseParserError`` alone."""
    from botocore.parsers import ResponseParserFactory  # noqa: PLC0415 - the SDK is loaded at first use

    class Factory(ResponseParserFactory):  # type: ignore[misc]
        def create_parser(self, protocol_name: str) -> ResponseParser:
            parser = super().create_parser(protocol_name)
            parser.parse = _understanding(parser.parse)
            return parser

    return Factory()


def _understanding(parse: Callable[[dict[str, Any], Shape], dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    from botocore.parsers import ResponseParserError  # noqa: PLC0415 - the SDK is loaded at first use

    def parse_or_say_so(response: dict[str, Any], shape: Shape) -> dict[str, Any]:
        try:
            return parse(response, shape)
        except _STUMBLING as error:
            raise ResponseParserError(type(error).__name__) from error

    return parse_or_say_so
