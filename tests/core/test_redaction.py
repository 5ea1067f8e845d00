"""Secrets are taken out of texts, however they are spelled."""

from __future__ import annotations

import base64
import html
import json
import logging
from collections.abc import Callable
from urllib.parse import SplitResult, quote, quote_plus, urlsplit

import pytest
from gunicorn.util import split_request_uri
from hypothesis import given
from hypothesis import strategies as st

from deltacloud.context import Credentials
from deltacloud.inputs import Command, NewInstance
from deltacloud.redaction import RequestLogger, forget_urls, redact, secrets_in, starred, texts_in, without_queries
from deltacloud.secret import Secret
from deltacloud.server.strays import split_target

AWKWARD = "sesame \"<é\N{GRINNING FACE}\n&'+%/\\>"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "URL": lambda text: quote(text, safe=""),
    "path": quote,
    "form": quote_plus,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "JSON": json.dumps,
    "HTML": html.escape,
    "Python": repr,
    "bytes": lambda text: repr(text.encode()),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "a list in a text in Python": lambda text: repr(f"refused: {[text]}"),
    "bytes in JSON in Python": lambda text: repr(json.dumps(str([text.encode()]))),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("kind", ["password", "token", "further"])
def test_a_secret_is_found_in_every_spelling(spelling: str, kind: str) -> None:
    found = {"password": "a password", "token": "a token", "further": "a further one"} | {kind: AWKWARD}
    credentials = Credentials("ann", Secret(found["password"]), Secret(found["token"]))
    written = SPELLINGS[spelling](AWKWARD)
    text = redact(f"before {written} after", credentials, [Secret(found["further"])])
    assert "***" in text
    assert "sesame" not in text
    assert "61" not in text
    assert (text[:7], text[-6:]) == ("before ", " after")


def test_the_header_of_the_credentials_is_found() -> None:
    pair = base64.b64encode(b"ann:sesame").decode()
    assert redact(f"sent Basic {pair}", Credentials("ann", Secret("sesame"))) == "sent Basic ***"


def test_what_is_shorter_than_three_characters_is_left_alone() -> None:
    assert starred("a b c", ["a", "b "]) == "a b c"


@given(st.text(min_size=3), st.sampled_from([*SPELLINGS.values()]))
def test_nothing_is_left_of_any_secret(secret: str, spelling: Callable[[str], str]) -> None:
    try:
        written = spelling(secret)
    except UnicodeEncodeError:
        return  # what cannot be encoded is not written so
    assert "***" in starred(f"[{written}]", [secret])


def test_it_takes_no_longer_than_the_text() -> None:
    text = "\\" * 1_000_000  # if each backslash were looked at again and again, the test's time would be over
    for secret in ('\\"é' * 50, '"' * 50, "é" * 50):
        assert starred(text, [secret]) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("GET /a/b?key=x&y=z HTTP/1.1", "GET /a/b?*** HTTP/1.1"),
        ("Retrying: https://ann:sesame@host.example:8/a?b=c", "Retrying: https://***@host.example:8/a?***"),
        ("(url=http://host/?x): no colon", "(url=http://host/?***): no colon"),
        ("Retrying: https://ann:a/b@host.example/a", "Retrying: https://***@host.example/a"),
        ("Really? Yes, at a@b", "Really? Yes, at a@b"),
    ],
)
def test_urls_lose_what_may_be_secret_in_them(text: str, left: str) -> None:
    assert without_queries(text) == left


def test_secrets_are_found_wherever_a_value_holds_them() -> None:
    command = Command(command="id", password=Secret("one"), private_key=Secret("two"))
    new = NewInstance(image_id="i", password=Secret("three"), user_data=b"four")
    value = {"command": command, "more": [(new, None, 5)], "file": Secret("six")}
    assert sorted(secret.reveal() for secret in secrets_in(value)) == ["one", "six", "three", "two"]
    assert {"id", "i", "one", "six"} <= set(texts_in(value))


def test_a_logger_hides_what_its_request_holds(caplog: pytest.LogCaptureFixture) -> None:
    told = {"new": NewInstance(image_id="i", password=Secret("sesame"))}
    log = RequestLogger(logging.getLogger("deltacloud.test"), "f00d", None, told)
    log.warning("cannot set %s", "sesame")
    assert caplog.messages == ["[f00d] cannot set ***"]


def test_urls_that_were_taken_apart_are_forgotten() -> None:
    urlsplit("http://host.example/a?password=sesame")
    assert urlsplit.cache_info().currsize > 0  # type: ignore[attr-defined]  # a detail of Python's
    forget_urls()
    assert urlsplit.cache_info().currsize == 0  # type: ignore[attr-defined]


@given(st.text("/?#;=%@:.ab[]\x7f\té", max_size=12))
def test_a_target_is_split_as_the_library_below_splits_it(target: str) -> None:
    def split(function: Callable[[str], SplitResult]) -> SplitResult | type[ValueError]:
        try:
            return function(target)
        except ValueError:
            return ValueError

    assert split(split_target) == split(split_request_uri)
