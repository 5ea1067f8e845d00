"""The driver ``google``: Cloud Storage by its XML API, which takes S3's requests and its signatures.

Source: https://cloud.google.com/storage/docs/interoperability
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Protocol

from deltacloud import features
from deltacloud.context import Context, current
from deltacloud.driver import CredentialFields
from deltacloud.providers import Endpoints, Providers
from deltacloud_ec2 import storage
from deltacloud_ec2.client import Client, Clients
from deltacloud_ec2.endpoints import Place, as_written, parser
from deltacloud_ec2.settings import AwsSettings
from deltacloud_ec2.storage import StorageHooks

_ENDPOINT = "https://storage.googleapis.com"
_REGION = "auto"
"""Google takes signatures for any region."""
_OWN = "x-goog-meta-"
_PROJECT = r"[a-z][a-z0-9-]{4,28}[a-z0-9]"


class GoogleDriver(StorageHooks):
    """Buckets and blobs. Google has one endpoint for all locations."""

    name = "google"
    title = "Google"
    contract = 1
    credentials = CredentialFields(
        username="Access ID of an HMAC key",
        password="Secret of the HMAC key",  # noqa: S106 - a label
        help="Google Cloud console: Cloud Storage, Settings, Interoperability",
        anonymous=True,
    )
    providers = Providers(
        pattern=_PROJECT,
        endpoints=Endpoints(
            parse=parser(as_written, roles=frozenset({"s3"}), options={"project": _PROJECT}),
            example="s3=http://127.0.0.1:5000;region=us-east-1",
            error="A provider is a project's id, or an endpoint that stands in for Google's: s3, region, project.",
        ),
    )
    hosts = ("storage.googleapis.com",)
    features = (features.BUCKET_LOCATION,)
    settings = AwsSettings
    limitations = (
        "Buckets are made and listed in the provider's project, or without one in the default project of the key.",
        storage.LIMITATIONS[0],
    )

    def __init__(self, settings: AwsSettings) -> None:
        super().__init__(settings)
        self._clients = Clients(_prepare)

    def _place(self, context: Context, service: str) -> Place:
        """Google's endpoint, or the one that stands in for it."""
        provider = context.provider
        return Place(service, provider.options.get("region", _REGION), provider.endpoints.get("s3", _ENDPOINT))


class _Request(Protocol):
    headers: MutableMapping[str, str]


def _prepare(client: Client) -> None:
    client.meta.events.register("before-sign.s3", _name_project)
    client.meta.events.register("before-parse.s3", _read_own_headers)


def _name_project(request: _Request, **_event: object) -> None:
    """Says which project's buckets are meant; the signature holds for this, too."""
    provider = current().provider
    project = provider.name or provider.options.get("project")
    if project:
        request.headers["x-amz-project-id"] = project


def _read_own_headers(response_dict: Mapping[str, MutableMapping[str, str]], **_event: object) -> None:
    """Metadata under Google's own names are metadata, too."""
    headers = response_dict["headers"]
    for name in [one for one in headers if one.lower().startswith(_OWN)]:
        headers.setdefault(f"x-amz-meta-{name[len(_OWN) :]}", headers[name])
