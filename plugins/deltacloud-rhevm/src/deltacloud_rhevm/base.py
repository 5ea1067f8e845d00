"""What all parts of the driver share: the way to an engine, and what belongs to a data centre."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from deltacloud.context import Context
from deltacloud.driver import Driver
from deltacloud.errors import DeltacloudError, InvalidRequest, NotFound
from deltacloud_rhevm.client import Engine
from deltacloud_rhevm.documents import Element, identifier, text
from deltacloud_rhevm.endpoints import API, DATA_CENTER, EXAMPLE
from deltacloud_rhevm.errors import Fault, translate
from deltacloud_rhevm.settings import RhevmSettings

OLD_VERSION = 3
_CENTER, _CENTER_SECONDS = "data center", 60.0
_NOT_IN_PROVIDER = "There is no such data centre here; GET /api/drivers/rhevm lists those that are"


class DataCenter(NamedTuple):
    """A data centre."""

    id: str
    name: str


class RhevmBase(Driver):
    """What hooks are built from."""

    _settings: RhevmSettings

    def __init__(self, settings: RhevmSettings) -> None:
        super().__init__(settings)
        # A file that is missing is to be known when the driver is loaded, not by the first caller.
        self._tls = {host.lower(): _trusting(host, file) for host, file in settings.ca_files.items()}

    def translate_error(self, error: Exception) -> DeltacloudError | None:
        """What a fault of the engine's means."""
        return translate(error)

    @property
    def _is_old(self) -> bool:
        return self._settings.api_version == OLD_VERSION

    def _engine(self, context: Context) -> Engine:
        """The way to the installation that the request means.

        Raises:
            InvalidRequest: it names none. What asks no engine needs none, so the provider is not declared as required.
        """
        if API not in context.provider.endpoints:
            raise InvalidRequest(f"No API provider set for this request. Example: {EXAMPLE}", "provider")
        host = urlsplit(context.provider.endpoints[API]).hostname or ""
        return Engine(context, self._settings.api_version, self._settings.page_size, self._tls.get(host))

    def _center(self, context: Context, engine: Engine) -> DataCenter:
        """The data centre that the request means, or the installation's first one; kept for a minute.

        Raises:
            InvalidRequest: there is none.
        """

        def find() -> tuple[DataCenter, float]:
            found = self._find_center(context, engine)
            return DataCenter(found.get("id", ""), text(found, "name") or ""), _CENTER_SECONDS

        return context.private(_CENTER, find)

    def _find_center(self, context: Context, engine: Engine) -> Element:
        """The same as the engine shows it now."""
        wanted = context.provider.options.get(DATA_CENTER)
        try:
            found = next(iter(engine.get("datacenters")), None) if wanted is None else engine.get("datacenters", wanted)
        except NotFound:
            raise InvalidRequest(_NOT_IN_PROVIDER, "provider") from None
        except Fault as fault:
            if wanted is not None and fault.is_not_found:
                raise InvalidRequest(_NOT_IN_PROVIDER, "provider") from None
            raise
        if found is None:
            raise InvalidRequest(_NOT_IN_PROVIDER, "provider")
        return found

    def _clusters(self, engine: Engine, center: DataCenter) -> list[Element]:
        """The clusters of a data centre."""
        if not self._is_old:
            return list(engine.get("datacenters", center.id, "clusters"))
        search = {} if engine.as_user else {"search": _criteria(center)}
        return [one for one in engine.get("clusters", **search) if identifier(one, "data_center") == center.id]

    def _cluster(self, context: Context, engine: Engine, realm_id: str | None) -> str:
        """The id of a cluster of this data centre; of the first by name, if none is asked for.

        Raises:
            NotFound: the one that is asked for is not there.
        """
        clusters = self._clusters(engine, self._center(context, engine))
        clusters.sort(key=lambda one: text(one, "name") or "")
        found = [one.get("id", "") for one in clusters if realm_id is None or one.get("id") == realm_id]
        if not found:
            raise NotFound("There is no such realm" if realm_id is not None else "The data centre has no realm")
        return found[0]

    def _members(self, context: Context, engine: Engine, collection: str, **query: str) -> Iterator[Element]:
        """The machines or templates of the data centre, page by page where the engine can be searched."""
        center = self._center(context, engine)
        if engine.as_user:
            clusters = {one.get("id") for one in self._clusters(engine, center)}
            members = engine.get(collection, **query)
            yield from (one for one in members if identifier(one, "cluster") in clusters)
        elif self._is_old:
            yield from engine.get(collection, search=_criteria(center))
        else:
            yield from engine.pages(collection, _criteria(center), **query)


def _trusting(host: str, file: str) -> ssl.SSLContext:
    """What verifies an installation's certificate by its own authority.

    Raises:
        ValueError: the file cannot be read, or holds no certificates.
    """
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:  # ssl.SSLError is one
        raise ValueError(f"ca-files: that of {host} holds no certificates that can be read") from error


def _criteria(center: DataCenter) -> str:
    """What the engine is to search for; a quotation mark cannot be written there, any text stands for it."""
    return 'datacenter="{}"'.format(center.name.replace('"', "*"))
