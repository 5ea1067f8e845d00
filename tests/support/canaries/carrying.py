"""Ways to carry secrets in a request: those that a server understands, and those that it must refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote, quote_plus

from canaries.spelling import TAIL, Secrets

_BOUNDARY = "----boundary"
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = f"multipart/form-data; boundary={_BOUNDARY}"

Headers = list[tuple[str, str]]


class Told:
    """What a request says, while it is being made."""

    def __init__(self, values: Mapping[str, str], limit: int, secrets: Secrets, content: bytes = b"") -> None:
        self.values = values
        self.limit = limit
        self.secrets = secrets
        self.query: list[str] = []
        self.matrix: list[str] = []
        self.link = ""
        self.headers: Headers = []
        self.body = b""
        if content:
            self.send(content, "application/octet-stream")

    def send(self, body: bytes | str, kind: str, *more: tuple[str, str], length: bool = True) -> None:
        """Have a body, unless there is one."""
        if not self.body:
            self.body = body.encode() if isinstance(body, str) else body
            self.headers += [("Content-Type", kind), *more]
            if length:
                self.headers.append(("Content-Length", str(len(self.body))))

    @property
    def pairs(self) -> str:
        """Everything, as a form."""
        return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in self.values.items())


def _by_form(told: Told) -> None:
    told.send(told.pairs, _FORM)


def _by_query(told: Told) -> None:
    told.query.append(told.pairs)


def _by_json(told: Told) -> None:
    told.send(json.dumps(told.values), "application/json")


def _by_parts(told: Told) -> None:
    told.send(_parts((f'; name="{name}"', value) for name, value in told.values.items()), _MULTIPART)


def _by_files(told: Told) -> None:
    """Secrets as files, whose names tell them as well."""
    hidden = told.secrets.parameters
    plain = [(f'; name="{name}"', value) for name, value in told.values.items() if name not in hidden]
    file = quote(told.secrets.of("file"), safe="")
    files = [(f'; name="{name}"; filename="{file}"', value) for name, value in list(told.values.items())[-6:]]
    told.send(_parts([*files[:3], *plain]), _MULTIPART)


def _by_matrix(told: Told) -> None:
    hidden = told.secrets.parameters
    told.matrix += [f"{name}={quote(value, safe='')}" for name, value in hidden.items()]
    told.link = "".join(f";{name}={quote(value, safe='')}" for name, value in hidden.items())
    rest = {name: value for name, value in told.values.items() if name not in hidden}
    told.send("&".join(f"{name}={quote_plus(value)}" for name, value in rest.items()), _FORM)


def _by_chunks(told: Told) -> None:
    body = told.pairs.encode()
    told.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), _FORM, ("Transfer-Encoding", "chunked"), length=False)


def _by_method(told: Told) -> None:
    """A form whose ``_method`` is read before all else, and is a secret."""
    told.send(f"{told.pairs}&_method={quote_plus(told.secrets.of('login'))}", _FORM)


def _parts(described: Iterable[tuple[str, str]]) -> str:
    parts = [f"--{_BOUNDARY}\r\nContent-Disposition: form-data{head}\r\n\r\n{text}\r\n" for head, text in described]
    return "".join(parts) + f"--{_BOUNDARY}--\r\n"


WAYS: dict[str, Callable[[Told], None]] = {
    "form": _by_form, "query": _by_query, "json": _by_json, "parts": _by_parts, "files": _by_files,
    "matrix": _by_matrix, "chunks": _by_chunks, "method": _by_method,
}  # fmt: skip
"""Ways to carry parameters; those that are malformed follow."""


def _json_as_form(told: Told) -> None:
    """As ``curl -d '{...}'`` sends it: where a form has names there are secrets."""
    told.send(json.dumps({name: value.replace(TAIL, "") for name, value in told.values.items()}), _FORM)


def _bare_secret(told: Told) -> None:
    """A secret without its name, as a body of its own and in the query."""
    told.query.append(quote(told.secrets.of("login"), safe=""))
    told.send(quote(told.secrets.of("key")), _FORM)


def _broken_json(told: Told) -> None:
    told.send(json.dumps(told.values)[:-3], "application/json")


def _nested_json(told: Told) -> None:
    told.send(json.dumps({name: [{"value": [value]}] for name, value in told.values.items()}), "application/json")


def _broken_parts(told: Told) -> None:
    told.send(_parts([('; name="password"', told.secrets.of("login"))])[:-20], _MULTIPART)


def _nameless_parts(told: Told) -> None:
    told.send(_parts([(f"; filename={told.secrets.of('login')}", told.secrets.of("key"))]), _MULTIPART)


def _wrong_boundary(told: Told) -> None:
    body = _parts([('; name="password"', told.secrets.of("login"))])
    told.send(body, f"multipart/form-data; boundary={told.secrets.of('login')}")


def _plain_text(told: Told) -> None:
    told.send(told.pairs, f"text/plain; password={quote(told.secrets.of('login'))}")


def _bad_percent(told: Told) -> None:
    told.query.append(f"password={quote(told.secrets.of('login'))}%")
    told.send(f"{told.pairs}%zz", _FORM)


def _bad_chunks(told: Told) -> None:
    body = told.pairs.encode()
    told.send(b"%s\r\n%s" % (body, body), _FORM, ("Transfer-Encoding", "chunked"), length=False)


def _bad_encoding(told: Told) -> None:
    told.send(told.pairs.encode() + b"&x=%ff", f"{_FORM}; charset={quote(told.secrets.of('login'))}")


def _not_base64(told: Told) -> None:
    told.send(f"{told.pairs}&user_data={quote_plus(told.secrets.of('data'))}", _FORM)


def _too_long(told: Told) -> None:
    told.send(f"{told.pairs}&padding={'x' * told.limit}", _FORM)


def _too_long_json(told: Told) -> None:
    told.send(json.dumps({**told.values, "padding": "x" * told.limit}), "application/json")


def _too_many(told: Told) -> None:
    told.send(told.pairs + "".join(f"&p{number}={quote_plus(told.secrets.of('login'))}" for number in range(400)) +
              "&x=" * 700, _FORM)  # fmt: skip


WAYS_THAT_FAIL: dict[str, Callable[[Told], None]] = {
    "json as a form": _json_as_form, "bare": _bare_secret, "broken json": _broken_json, "nested json": _nested_json,
    "broken parts": _broken_parts, "nameless parts": _nameless_parts, "wrong boundary": _wrong_boundary,
    "plain text": _plain_text, "bad percent": _bad_percent, "bad chunks": _bad_chunks, "bad encoding": _bad_encoding,
    "not base64": _not_base64, "too long": _too_long, "too long json": _too_long_json, "too many": _too_many,
}  # fmt: skip
