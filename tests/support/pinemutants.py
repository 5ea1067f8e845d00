"""Broken drivers of a cloud on the network: the documentation's example, and what differs from it in one place each."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.request import urlopen

import requests
from deltacloud_pine import PineDriver
from deltacloud_pine.mapping import instance_from

from deltacloud.context import Context
from deltacloud.models import Instance


class Repeats(PineDriver):
    """Whatever fails is sent again, a request that creates included."""

    name = "pine-repeats"

    def _call(self, context: Context, method: str, path: str, **options: Any) -> requests.Response:
        return super()._call(context, method, path, **(options | {"retry": True}))


class Waits(PineDriver):
    """A connection of its own, that waits for ever."""

    name = "pine-waits"

    def list_instances(self, context: Context) -> Iterator[Instance]:
        if context.deadline.remaining() < 5:  # where it shows: other calls would only be slow
            with suppress(OSError), urlopen(context.provider.endpoints["api"]) as answer:
                answer.read()
        yield from super().list_instances(context)


class TrustsAnybody(PineDriver):
    """Certificates are not looked at."""

    name = "pine-trustsanybody"

    def list_instances(self, context: Context) -> Iterator[Instance]:
        url = context.provider.endpoints["api"]
        if url.startswith("https:"):
            trusting = ssl.create_default_context()
            trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
            with urlopen(f"{url}/servers", context=trusting) as answer:
                answer.read()
        yield from super().list_instances(context)


class TakesItForJson(PineDriver):
    """What cannot be read is nobody's fault."""

    name = "pine-takesitforjson"

    def _get(self, context: Context, path: str, **wanted: object) -> Any:
        return json.loads(self._call(context, "GET", path, params=wanted).content)

    def _log_in(self, context: Context) -> tuple[str, float]:
        api, who = context.provider.endpoints["api"], context.credentials
        answer = context.http(api).post(f"{api}/login", auth=(who.username, who.password.reveal()))
        answer.raise_for_status()
        session = json.loads(answer.content)
        return session["token"], session["seconds"]


class FirstPage(PineDriver):
    """The first page is taken for the list."""

    name = "pine-firstpage"

    def list_instances(self, context: Context) -> Iterator[Instance]:
        answer = self._get(context, "/servers", count=self._settings.page_size)
        for server in answer["servers"]:
            yield instance_from(server, context.credentials.username)
