"""Providers: which installation, which data centre of it, and whose view."""

from __future__ import annotations

from deltacloud.outbound import endpoints
from deltacloud.providers import Endpoints, ParsedProvider, Providers

API = "api"
"""The role of the URL of the API, version 4."""
OLD_API = "old api"
"""The role of the same for version 3, which had other paths."""
DATA_CENTER = "data center"
"""The option with the id of a data centre; without it the installation's first one is meant."""
VIEW = "view"
"""The option that is :data:`USER` for callers without an administrator's rights."""
USER = "user"

_ENTRY = "/ovirt-engine/api"
_OLD_ENTRIES = frozenset({"", "/api", "/rhevm-api"})
_OLD_ENTRY = "/api"
_FURTHER = 2


def parse(text: str) -> ParsedProvider:
    """An installation's URL, perhaps with a data centre and a view: ``URL[;DATACENTER_UUID[;USER]]``.

    Entry paths of older releases become that of today.

    Raises:
        ValueError: it is anything else.
    """
    url, *further = text.split(";")
    if len(further) > _FURTHER:
        raise ValueError("more than three parts")
    data_center, view = (*further, "", "")[:2]
    options = {DATA_CENTER: data_center} if data_center else {}
    if view.lower() == USER:
        options[VIEW] = USER
    return ParsedProvider(text=text, endpoints=_entries(url), options=options)


def selecting(provider: ParsedProvider, data_center: str) -> str:
    """What a client sends to select a data centre of the same installation, in the same view."""
    url = (provider.text or "").split(";")[0]
    return ";".join((url, data_center, *([USER.upper()] if provider.options.get(VIEW) else [])))


def _entries(url: str) -> dict[str, str]:
    """The URLs of the API, by role."""
    endpoint = endpoints.parse(url)
    origin, path = endpoint.url.removesuffix(endpoint.path), endpoint.path.rstrip("/")
    if path in _OLD_ENTRIES:
        return {API: origin + _ENTRY, OLD_API: origin + (path or _OLD_ENTRY)}
    if not path.endswith(_ENTRY):
        raise ValueError("not the path of the API")
    return {API: origin + path, OLD_API: origin + path}


EXAMPLE = "https://rhevm.example.com/ovirt-engine/api;645e425e-66fe-4ac9-8874-537bd10ef08d"
PROVIDERS = Providers(
    endpoints=Endpoints(
        parse,
        EXAMPLE,
        "A provider is an installation's URL, perhaps with the id of a data centre, and USER for the view of users: "
        "URL[;DATACENTER_UUID[;USER]].",
    )
)
