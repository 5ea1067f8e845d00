"""A browser without scripts: it follows links and sends forms as browsers do, on a gateway in this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin

from lxml import html
from urllib3 import encode_multipart_formdata

from apiclient import GOOD, Client

BASE = "http://localhost:3001"
ACCEPT = "text/html,application/xml;q=0.9,*/*;q=0.8"
REDIRECTED = (301, 302, 303)


@dataclass(frozen=True)
class Page:
    """An answer.

    Attributes:
        url: Where it came from, without scheme and host.
        status: Its status.
        headers: Its headers, by lower-case name.
        body: Its body.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_html(self) -> bool:
        """Whether a browser shows it as a page, and does not save it as a file."""
        kind, saved = self.headers.get("content-type", ""), "content-disposition" in self.headers
        return kind.startswith("text/html") and bool(self.body) and not saved

    @property
    def document(self) -> Any:
        """The document, parsed."""
        return html.document_fromstring(self.body, parser=html.HTMLParser(encoding="utf-8"))

    @property
    def heading(self) -> str:
        """The text of its heading."""
        return str(self.document.find(".//h1").text_content())

    @property
    def state(self) -> str:
        """The state that stands beside its heading."""
        return str(self.document.xpath("//*[@data-part='head']/*[contains(@class, 'badge')]")[0].text_content())

    @property
    def links(self) -> list[str]:
        """Where its links lead, without scheme, host and fragment; links to other hosts stay whole."""
        found = [urljoin(BASE + self.url, one).partition("#")[0] for one in self.document.xpath("//@href | //@src")]
        return [one.removeprefix(BASE) for one in found]

    def link(self, text: str) -> str:
        """Where the link with this text leads."""
        target: str = next(one.get("href") for one in self.document.iter("a") if one.text_content() == text)
        return urljoin(BASE + self.url, target).removeprefix(BASE)

    def form(self, button: str) -> Any:
        """The form whose button says this, or begins so."""
        return next(one for one in self.document.forms if (one.findtext(".//button") or "").startswith(button))

    @property
    def buttons(self) -> list[str]:
        """What its buttons say that do something."""
        return [one.text_content() for one in self.document.xpath("//main//button[@type='submit']")]

    @property
    def members(self) -> dict[str, str]:
        """Its first list of terms, as text."""
        terms = self.document.find(".//main//dl")
        return {one.text_content(): " ".join(one.getnext().text_content().split()) for one in terms.findall("dt")}


class Browser:
    """A browser.

    Args:
        client: Whom it talks to.
    """

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, url: str, *, user: tuple[str, str] | None = GOOD) -> Page:
        """Follow a link, and the redirects behind it."""
        return self._ask("GET", url, b"", user)

    def submit(self, page: Page, form: Any, values: Mapping[str, str | bytes] | None = None) -> Page:
        """Send a form with all its fields, those that stay empty too; files are given as bytes."""
        filled = [(name, (values or {}).get(name, value)) for name, value in _fields(form)]
        if form.get("enctype") == "multipart/form-data":
            parts = [(name, ("f", value) if isinstance(value, bytes) else value) for name, value in filled]
            body, kind = encode_multipart_formdata(parts)
        else:
            body, kind = urlencode(filled).encode(), "application/x-www-form-urlencoded"
        url = urljoin(BASE + page.url, form.action).removeprefix(BASE)
        return self._ask(
            form.method.upper(),
            url,
            body,
            GOOD,
            content_type=kind,
            origin=BASE,
            referer=BASE + page.url,
            sec_fetch_site="same-origin",
        )

    def _ask(self, method: str, url: str, body: bytes, user: tuple[str, str] | None, **headers: str) -> Page:
        answer = self.client(method, url, body, accept=ACCEPT, user=user, **headers)
        if answer.status in REDIRECTED:
            return self.get(answer.headers["location"].removeprefix(BASE), user=user)
        return Page(url, answer.status, answer.headers, answer.body)


def _fields(form: Any) -> list[tuple[str, str | bytes]]:
    """The names and values of a form's fields, in their order; a file that is not chosen is sent empty."""
    return [(one.name, _value(one)) for one in form.iter("input", "select", "textarea") if _is_sent(one)]


def _is_sent(field: Any) -> bool:
    """Whether a field has a name, and is no box or choice that is not ticked."""
    return bool(field.name) and (field.get("type") not in ("checkbox", "radio") or field.checked)


def _value(field: Any) -> str | bytes:
    if field.get("type") == "file":
        return b""
    value = str((field.get("value") if field.get("type") in ("checkbox", "radio") else field.value) or "")
    return value.removeprefix("\n") if field.tag == "textarea" else value
