"""The guard's table through the driver's own client: what a provider may name, and what comes of it."""

from __future__ import annotations

import pytest

import guardtable
from deltacloud.context import Context, Credentials
from deltacloud.errors import InvalidRequest
from deltacloud.secret import Secret
from deltacloud_digitalocean import DigitalOceanDriver, records
from deltacloud_digitalocean import operations as do
from deltacloud_digitalocean.client import Api
from deltacloud_digitalocean.settings import DigitalOceanSettings
from digitaloceancloud import TOKEN
from guardtable import Row, Target
from loopback import Asked, reply

pytestmark = pytest.mark.thorough

PLACES = [
    row for row in guardtable.ROWS if row.provider and (row.named_by or getattr(row.earlier, "named_by", None)) is None
]
"""What a client can name as a provider; DigitalOcean's answers name no other endpoint that is followed."""
SPELLINGS = [row for row in guardtable.ROWS if row.url and not row.provider]


def ask(context: Context, target: Target) -> None:
    context.provider = DigitalOceanDriver.providers.resolve(target.url)
    context._credentials = Credentials("ann", Secret(TOKEN))
    Api(context).get(do.DROPLETS_GET, records.Droplet, "droplet", "1")


def answer(_asked: Asked) -> list[bytes]:
    return reply(b'{"droplet": {"id": 1}}')


@pytest.mark.parametrize("row", PLACES, ids=str)
def test_the_client_reaches_what_the_table_says(row: Row) -> None:
    guardtable.verify(row, ask, answer)


@pytest.mark.parametrize("row", SPELLINGS, ids=str)
def test_what_no_endpoint_is_spelled_like_is_no_provider(row: Row) -> None:
    url = row.url.replace("{port}", "8000")
    # White space around a part of several is passed over.
    parts = ("api={}", "api=https://a.example;spaces={}") if url == url.strip() else ()
    for form in ("{}", *parts):
        with pytest.raises(InvalidRequest):
            DigitalOceanDriver.providers.resolve(form.format(url))


def ask_spaces(context: Context, target: Target) -> None:
    context.provider = DigitalOceanDriver.providers.resolve(f"spaces={target.url}")
    context._credentials = Credentials("DO00EXAMPLEEXAMPLE42", Secret("secret key of spaces"))
    driver = DigitalOceanDriver(DigitalOceanSettings())
    try:
        list(driver.list_buckets(context))
    finally:
        driver.close()


def buckets(_asked: Asked) -> list[bytes]:
    return reply(b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>")


@pytest.mark.parametrize("row", PLACES, ids=str)
def test_spaces_is_reached_where_the_table_says(row: Row) -> None:
    guardtable.verify(row, ask_spaces, buckets)
