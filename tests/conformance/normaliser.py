"""Makes answers of one replay into examples that are the same whenever they are made."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from exchanges import Answer, Headers, Request, installed_drivers
from header_rules import IGNORED
from instants import day_of, instant

MADE_AT = "2026-01-01T00:00:00Z"
DATE = "Thu, 01 Jan 2026 00:00:00 GMT"
"""When the resources of examples were made, and their answers."""
WITH_DRIVERS = frozenset({"lean", "mock", "mockplus", "wire"})
"""The drivers that examples are made with."""
_UNSTABLE = IGNORED | {
    "content-security-policy",
    "permissions-policy",
    "referrer-policy",
    "server",
    "vary",
    "x-request-id",
}
_FIXED = {"etag": '"tag"', "last-modified": DATE, "x-backend-runtime": "0.000001", "x-deltacloud-segmentedblob": "ID"}
_CLOCKED = re.compile(r"(volume_|store_snapshot_|subnet_|net_|nic_|\bi-)\d{9,}(?!\d)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_REQUEST_ID = re.compile(r"""(request_id(?:='|":\s?"))[0-9a-f]{24}""")
_FINGERPRINT = re.compile(r"(?:[0-9a-f]{2}:){15,19}[0-9a-f]{2}")
_KEY = re.compile(r"(-----BEGIN RSA PRIVATE KEY-----)(\\n|\n\s*)([A-Za-z0-9=/+\s\\]+?)(-----END RSA PRIVATE KEY-----)")
_XML_SAMPLE = re.compile(r"(name='(?:minimum|maximum|average|timestamp)' value=')[0-9.]+'")
_JSON_SAMPLE = re.compile(r'("(?:minimum|maximum|average|timestamp)":\s?)([0-9.]+)')
_VERSION = re.compile(r'(deltacloud-core/|"name":\s?"deltacloud-core",\s?"version":\s?")[0-9][\w.+]*')


class Normaliser:
    """Normalises the exchanges of one sequence, in their order."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, dict[str, int]] = defaultdict(dict)

    def request(self, request: Request) -> Request:
        """A request without a clock in its ids."""
        return replace(request, path=self._clockless(request.path), body=_changed(request.body, self._clockless))

    def answer(self, answer: Answer) -> Answer:
        """An answer without what depends on the moment or on chance, and without key material."""
        today = day_of(answer.header("Date"))

        def moment(match: re.Match[str]) -> str:
            return MADE_AT if today and today[0] <= instant(match[0]) <= today[1] else match[0]

        def change(text: str) -> str:
            text = self._clockless(_INSTANT.sub(moment, text))
            text = _REQUEST_ID.sub(rf"\g<1>{'0' * 24}", text)
            text = _FINGERPRINT.sub(self._fingerprint, text)
            text = _KEY.sub(self._key, text)
            text = _XML_SAMPLE.sub(r"\g<1>1'", text)
            return _JSON_SAMPLE.sub(lambda match: match[1] + ("1.5" if "." in match[2] else "1"), text)

        return versionless(Answer(answer.status, self._headers(answer.headers), _changed(answer.body, change)))

    def _headers(self, headers: Headers) -> Headers:
        kept = [(name, value) for name, value in headers if name.lower() not in _UNSTABLE]
        return tuple((name, _FIXED.get(name.lower(), self._clockless(value))) for name, value in kept)

    def _clockless(self, text: str) -> str:
        return _CLOCKED.sub(self._numbered, text)

    def _numbered(self, match: re.Match[str]) -> str:
        return f"{match[1]}{1_000_000_000 + self._number(match[1], match[0])}"

    def _fingerprint(self, match: re.Match[str]) -> str:
        return ":".join([f"{self._number('fingerprint', match[0]):02x}"] * 20)

    def _key(self, match: re.Match[str]) -> str:
        number = self._number("key", re.sub(r"\s|\\n", "", match[3]))
        return f"{match[1]}{match[2]}KEY{number}{match[2]}{match[4]}"

    def _number(self, family: str, value: str) -> int:
        """The number of a value among those of its family, in the order in which they were first seen."""
        numbers = self._numbers[family]
        return numbers.setdefault(value, len(numbers) + 1)


def versionless(answer: Answer) -> Answer:
    """An answer that neither a release nor one more driver changes: without the version and without other drivers."""

    def change(text: str) -> str:
        return without_drivers(_VERSION.sub(r"\g<1>VERSION", text), installed_drivers() - WITH_DRIVERS)

    return replace(answer, body=_changed(answer.body, change))


_OBJECT = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
"""An object in JSON whose texts hold no braces, three levels deep at most: what a list of drivers says of one."""


def without_drivers(text: str, names: Iterable[str]) -> str:
    """A document without some of the drivers that it lists."""
    names = frozenset(names)
    either = "|".join(map(re.escape, names))
    if not either:
        return text
    text = re.sub(rf"  <driver href='[^']*' id='(?:{either})'>.*?</driver>\n", "", text, flags=re.DOTALL)
    text = re.sub(rf'"(?:{either})":{_OBJECT}(?:,|(?=\}}))', "", text).replace("},}", "}}")

    def left(found: re.Match[str]) -> str:
        return ", ".join(name for name in found[0].split(", ") if name not in names)

    return re.sub(r"(?<=\(installed: )[^;)]*", left, text)


def _changed(body: bytes, change: Callable[[str], str]) -> bytes:
    try:
        return change(body.decode()).encode()
    except UnicodeDecodeError:
        return body
