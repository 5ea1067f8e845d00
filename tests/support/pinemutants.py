"""Broken drivers of a cloud on the network: the documentation's example, and what differs from it in one place each."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from urllib.request import urlopen

import msgspec
from deltacloud_pine import PineDriver
from deltacloud_pine.client import Client

from deltacloud.context import Context
from deltacloud.errors import DeltacloudError
from deltacloud.models import Instance


class Repeats(PineDriver):
    """Whatever fails is sent again, a request that creates included."""

    name = "pine-repeats"

    def _api(self, context: Context) -> Client:
        context.reading = True
        return super()._api(context)


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

    def translate_error(self, error: Exception) -> DeltacloudError | None:
        return None if isinstance(error, msgspec.MsgspecError) else super().translate_error(error)


class FirstPage(PineDriver):
    """The first page is taken for the list."""

    name = "pine-firstpage"

    def list_instances(self, context: Context) -> Iterator[Instance]:
        yield from islice(super().list_instances(context), self._settings.page_size)
