"""A client of the gateway in this process, with the driver and its cloud behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from deltacloud.kernel import Application, GatewaySettings
from deltacloud.server.assembly import assemble
from deltacloud.testing.wsgi import Answer, request
from digitaloceancloud.state import TOKEN, Cloud

LOGIN = ("ann", TOKEN)
IMAGE = "63663980"
SIZE = "s-1vcpu-1gb"


@dataclass(frozen=True)
class Gateway:
    """The gateway.

    Attributes:
        application: What answers.
        cloud: What is behind it.
        login: Who asks.
    """

    application: Application
    cloud: Cloud
    login: tuple[str, str] = LOGIN

    def ask(
        self, method: str, path: str, *, accept: str = "application/json", headers: Mapping[str, str] | None = None,
        **parameters: Any,
    ) -> Answer:  # fmt: skip
        """One request below ``/api``; parameters go in the query when it reads, else in a form."""
        text = urlencode(parameters)
        given = {"X-Deltacloud-Driver": "digitalocean", "X-Deltacloud-Provider": self.cloud.url, **(headers or {})}
        if method in ("GET", "DELETE"):
            return request(
                self.application, method, f"/api{path}{'?' if text else ''}{text}", self.login,
                accept=accept, headers=given,
            )  # fmt: skip
        given["Content-Type"] = "application/x-www-form-urlencoded"
        return request(
            self.application, method, f"/api{path}", self.login, accept=accept, headers=given, body=text.encode()
        )

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON document of a request that succeeds."""
        answer = self.ask("GET", path, **parameters)
        assert answer.status == 200, answer.body
        return answer.json

    def post(self, path: str, **parameters: Any) -> Any:
        """The JSON document of what was made."""
        answer = self.ask("POST", path, **parameters)
        assert answer.status in (200, 201), answer.body
        return answer.json

    def launch(self, **parameters: Any) -> str:
        """A new instance's id, once it runs."""
        made = self.post("/instances", **({"image_id": IMAGE, "hwp_id": SIZE, "realm_id": "nyc3"} | parameters))
        identifier = str(made["instance"]["id"])
        while self.get(f"/instances/{identifier}")["instance"]["state"] == "PENDING":
            pass
        return identifier


@contextmanager
def gateway(
    cloud: Cloud, *, timeout: float = 30, login: tuple[str, str] = LOGIN, **settings: object
) -> Iterator[Gateway]:
    """A gateway before the cloud.

    Args:
        cloud: The cloud.
        timeout: Seconds that a request may take.
        login: Who asks.
        settings: The ``[drivers.digitalocean]`` table, with underscores for hyphens.
    """
    table = {name.replace("_", "-"): value for name, value in settings.items()}
    service = assemble(GatewaySettings(driver="digitalocean", drivers={"digitalocean": table}, timeout=timeout))
    try:
        yield Gateway(service.application, cloud, login)
    finally:
        service.kernel.close()
