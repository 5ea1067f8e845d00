"""The API in front of a driver of Amazon's services, asked in XML and in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from apiclient import Client
from awscloud.accounts import Keys
from awscloud.calls import LOOPBACK
from deltacloud.kernel import GatewaySettings
from deltacloud.testing.wsgi import Answer

FORMATS = ("xml", "json")


class Api:
    """Calls the API with one login.

    Args:
        provider: The provider's text.
        keys: The login; None for none.
        form: ``xml`` or ``json``.
        settings: The driver's table.
    """

    def __init__(
        self, provider: str, keys: Keys | None, form: str, settings: Mapping[str, object] | None = None
    ) -> None:
        drivers = {"ec2": dict(settings or {})}
        self._client = Client(
            GatewaySettings(driver="ec2", provider=provider, allow_providers=LOOPBACK, drivers=drivers)
        )
        self._user = None if keys is None else (keys.access_key, keys.secret_key)
        self._form = form

    def __call__(self, method: str, path: str, expected: int = 200, /, key: str | None = None, **body: str) -> Answer:
        """Sends a request with a form's fields, and holds the answer to a status."""
        headers = {} if key is None else {"Idempotency_Key": key}
        answer = self._client(
            method, f"/api{path}", urlencode(body), accept=f"application/{self._form}", user=self._user, **headers
        )
        assert answer.status == expected, answer.body
        return answer

    def made(self, collection: str, /, key: str | None = None, **body: str) -> str:
        """Makes a thing; returns its path, as its place is told."""
        return self("POST", collection, 201, key=key, **body).headers["location"].partition("/api")[2]

    def get(self, path: str, expected: int = 200) -> Any:
        """What a document says: an element, or what JSON holds."""
        return self.read(self("GET", path, expected))

    def read(self, answer: Answer) -> Any:
        """The document of an answer."""
        return ElementTree.fromstring(answer.body) if self._form == "xml" else json.loads(answer.body)  # noqa: S314

    def ids(self, path: str, collection: str) -> list[str]:
        """The ids in a list."""
        found = self.get(path)
        return [one.get("id") for one in (found if self._form == "xml" else found[collection])]
