"""The gateway with the driver ``rhevm``, called in this process, on one installation."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from apiclient import Client
from deltacloud.kernel import GatewaySettings
from deltacloud.testing.wsgi import Answer
from ovirtcloud.state import ADMIN, PASSWORDS


class Api:
    """Calls the API: ``api.get("/instances")``; as the administrator unless told otherwise.

    Args:
        provider: What requests name as provider.
        settings: The ``[drivers.rhevm]`` table.
        user: Who calls.
        password: Their password; that of the engine's user if None.
    """

    def __init__(
        self, provider: str, settings: Mapping[str, object] = {}, user: str = ADMIN, password: str | None = None
    ) -> None:
        self.client = Client(GatewaySettings(driver="rhevm", drivers={"rhevm": settings}))
        self.provider = provider
        self.login = (user, PASSWORDS[user] if password is None else password)

    def get(self, path: str) -> Answer:
        """Read."""
        return self("GET", path)

    def post(self, path: str, **form: str) -> Answer:
        """Create, or act."""
        return self("POST", path, urlencode(form))

    def delete(self, path: str) -> Answer:
        """Destroy."""
        return self("DELETE", path)

    def __call__(self, method: str, path: str, body: str = "", accept: str = "application/json") -> Answer:
        headers = {"X_DELTACLOUD_PROVIDER": self.provider} if self.provider else {}
        return self.client(method, f"/api{path}", body, accept=accept, user=self.login, **headers)

    def states(self) -> dict[str, str]:
        """The state of each instance, by name."""
        return {one["name"]: one["state"] for one in self.get("/instances").json["instances"]}
