"""The raw limit: a Falcon application that answers every request with the same bytes, and does nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import falcon


class Constant:
    """Answers with the file that BARE_BODY names, as BARE_TYPE."""

    def __init__(self) -> None:
        self.body = Path(os.environ["BARE_BODY"]).read_bytes()
        self.content_type = os.environ["BARE_TYPE"]

    def on_get(self, _request: falcon.Request, response: falcon.Response) -> None:
        """Answers."""
        response.content_type = self.content_type
        response.data = self.body


application = falcon.App()
application.add_route("/", Constant())
