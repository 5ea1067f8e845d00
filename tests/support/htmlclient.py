"""A browser without scripts, on a gateway in this process: it follows links and sends forms as browsers do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from falcon.testing import TestClient
from lxml import html
from urllib3 import encode_multipart_formdata

from deltacloud.api.application import create_application
from deltacloud.kernel import GatewaySettings, Kernel
from deltacloud.server.application import Gateway

BASE = "http://localhost:3001"
CREDENTIALS = "Basic bW9ja3VzZXI6bW9ja3Bhc3N3b3Jk"
REDIRECTED = (301, 302, 303)
_FORM = "application/x-www-form-urlencoded"


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
        return str(self.document.findtext(".//h1"))

    @property
    def links(self) -> list[str]:
        """Where its links lead, without scheme, host and fragment; links to other hosts stay whole."""
        found = [urljoin(BASE + self.url, one).partition("#")[0] for one in self.document.xpath("//@href")]
        return [one.removeprefix(BASE) for one in found]

    def link(self, text: str) -> str:
        """Where the link with this text leads."""
        target: str = next(one.get("href") for one in self.document.iter("a") if one.text_content() == text)
        return urljoin(BASE + self.url, target).removeprefix(BASE)

    def form(self, button: str) -> Any:
        """The form with this button."""
        return next(one for one in self.document.forms if one.findtext(".//button") == button)

    @property
    def buttons(self) -> list[str]:
        """What its buttons say."""
        return [one.text_content() for one in self.document.iter("button")]

    @property
    def members(self) -> dict[str, str]:
        """Its first list of terms, as text."""
        terms = self.document.find(".//main//dl")
        return {one.text_content(): one.getnext().text_content().strip() for one in terms.findall("dt")}


class Browser:
    """A browser, with the gateway that it talks to.

    Args:
        storage: The directory of the mock cloud.
        driver: The server's default driver.
    """

    def __init__(self, storage: Path, driver: str = "mock") -> None:
        table = {"storage": str(storage), "page-size": 2}
        self.kernel = Kernel(GatewaySettings(driver=driver, drivers={driver: table}))
        application = create_application(self.kernel, self.kernel.settings)
        self._client = TestClient(Gateway(application, self.kernel.settings))

    def close(self) -> None:
        """Let go of everything."""
        self.kernel.close()

    def get(self, url: str, **headers: str) -> Page:
        """Follow a link, and the redirects behind it."""
        return self._ask("GET", url, b"", {"Authorization": CREDENTIALS, **headers})

    def submit(self, page: Page, form: Any, values: Mapping[str, str | bytes] | None = None) -> Page:
        """Send a form with all its fields, those that stay empty too; files are given as bytes."""
        filled = [(name, (values or {}).get(name, value or "")) for name, value in _fields(form)]
        if form.get("enctype") == "multipart/form-data":
            parts = [(name, ("f", value) if isinstance(value, bytes) else value) for name, value in filled]
            body, kind = encode_multipart_formdata(parts)
        else:
            body, kind = urlencode(filled).encode(), _FORM
        headers = {
            "Authorization": CREDENTIALS,
            "Content-Type": kind,
            "Origin": BASE,
            "Referer": BASE + page.url,
            "Sec-Fetch-Site": "same-origin",
        }
        return self._ask(form.method.upper(), urljoin(BASE + page.url, form.action), body, headers)

    def _ask(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Page:
        parts = urlsplit(url)
        answer = self._client.simulate_request(
            method,
            parts.path,
            query_string=parts.query,
            body=body,
            headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8", **headers},
            host="localhost",
            port=3001,
        )
        if answer.status_code in REDIRECTED:
            return self.get(answer.headers["location"], Authorization=headers["Authorization"])
        where = url.removeprefix(BASE)
        return Page(where, answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, answer.content)


def _fields(form: Any) -> list[tuple[str, str | bytes | None]]:
    """The names and values of a form's fields, in their order; a file that is not chosen is sent empty."""
    fields = form.iter("input", "select", "textarea")
    return [(one.name, b"" if one.get("type") == "file" else one.value) for one in fields]
