"""curl, as a user of the API calls it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

from waiting import wait_until


class Curl:
    """Asks a gateway for JSON. Paths begin below ``/api``; what is an error fails, with its words.

    Args:
        url: The gateway's URL.
        login: User and password, with a colon between them.
        provider: The provider; None for the server's own.
    """

    def __init__(self, url: str, login: str, provider: str | None = None) -> None:
        self._api = f"{url}/api"
        self._command = ["curl", "-sS", "-u", login, "-H", "Accept: application/json"]
        if provider is not None:
            self._command += ["-H", f"X-Deltacloud-Provider: {provider}"]

    def __call__(self, path: str, *arguments: str) -> str:
        """The body of the answer."""
        return self._run("--fail-with-body", *arguments, self._api + path)

    def get(self, path: str) -> Any:
        """The thing that a document is about."""
        (found,) = json.loads(self(path)).values()
        return found

    def list(self, collection: str, member: str = "id") -> list[Any]:
        """One member, mostly the ids, of all that is in a collection."""
        return [one[member] for one in self.get(f"/{collection}")]

    def make(self, collection: str, **fields: object) -> Any:
        """Makes a thing; a redirection leads to it."""
        (made,) = json.loads(self(f"/{collection}", "-L", *_form(fields))).values()
        return made

    def act(self, path: str, action: str, **fields: object) -> None:
        """Lets something happen to a thing."""
        self(f"{path}/{action}", *_form(fields))

    def delete(self, *paths: str) -> None:
        """Removes things, one after the other."""
        for path in paths:
            self(path, "-X", "DELETE")

    def status(self, path: str, *arguments: str) -> int:
        """The status alone, of an error too."""
        return int(self._run("-o", os.devnull, "-w", "%{http_code}", *arguments, self._api + path))

    def until(self, path: str, state: str) -> None:
        """Waits until a thing is in a state."""
        wait_until(lambda: self.get(path)["state"] == state, f"{path} is not {state}", seconds=30)

    def until_gone(self, path: str) -> None:
        """Waits until a thing is not there any more."""
        wait_until(lambda: self.status(path) == 404, f"{path} is still there", seconds=30)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run([*self._command, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout


def _form(fields: dict[str, object]) -> list[str]:
    return ["-d", "", *(part for name, value in fields.items() for part in ("--data-urlencode", f"{name}={value}"))]
