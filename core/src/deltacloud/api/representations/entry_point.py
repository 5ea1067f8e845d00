"""The entry point ``/api``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from msgspec import Raw

import deltacloud
from deltacloud.api.representations.encoding import encode, raw
from deltacloud.api.representations.markup import Memo, attribute, text
from deltacloud.features import KNOWN, Feature

IMPLEMENTATION = "deltacloud-core"
"""What the entry point calls this server, so that a client can tell it from others that speak the same version."""


class Fragments(NamedTuple):
    """The features of one collection, as they are written."""

    xml: str
    json: Raw


class AdvertisedFeatures:
    """What a driver's features add to the entry point; written once, for they never change.

    Those outside the closed vocabulary, and those that no operation advertises, are left out; the others come in the
    order of the vocabulary.

    Args:
        features: The driver's features.
    """

    def __init__(self, features: tuple[Feature, ...] = ()) -> None:
        declared = {feature.name: feature for feature in features if feature.operation}
        self._known = [declared[name] for name in KNOWN if name in declared]
        self._written: Memo[str, Fragments] = Memo(self._write)

    def of(self, collection: str) -> Fragments:
        """Those of a collection; none of one that has none."""
        return self._written[collection]

    def _write(self, collection: str) -> Fragments:
        features = [feature for feature in self._known if feature.applies_to(collection)]
        # In JSON, every feature stands in a list of its own.
        return Fragments("".join(map(_feature_xml, features)), raw([[_feature_json(one)] for one in features]))


class EntryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """What the entry point shows.

    Attributes:
        api: The absolute base of all links.
        driver: The request's driver.
        provider: Its provider, if one is set.
        collections: The names of the collections shown, in any order.
        features: The driver's features.
    """

    api: str
    driver: str
    provider: str | None = None
    collections: Iterable[str] = ()
    features: AdvertisedFeatures = AdvertisedFeatures()


def entry_point_xml(entry: EntryPoint) -> bytes:
    """The entry point in XML, without a declaration. ``implementation`` is an addition: name and version."""
    provider = "" if entry.provider is None else f" provider='{attribute(entry.provider)}'"
    api = attribute(entry.api)
    links = "".join(
        [
            f"  <link href='{api}/{name}' rel='{name}'>\n{entry.features.of(name).xml}  </link>\n"
            for name in sorted(entry.collections)
        ]
    )
    return (
        f"<api driver='{attribute(entry.driver)}' implementation='{IMPLEMENTATION}/{deltacloud.__version__}'{provider}"
        f" version='{deltacloud.API_VERSION}'>\n{links}</api>\n"
    ).encode()


def entry_point_json(entry: EntryPoint) -> bytes:
    """The entry point in JSON."""
    links = [
        {"rel": name, "href": f"{entry.api}/{name}", "features": entry.features.of(name).json}
        for name in sorted(entry.collections)
    ]
    fields = {
        "version": deltacloud.API_VERSION,
        "driver": entry.driver,
        "provider": "default" if entry.provider is None else entry.provider,
        "links": links,
        "implementation": {"name": IMPLEMENTATION, "version": deltacloud.__version__},
    }
    return encode({"api": fields})


def advertised(feature: Feature) -> tuple[tuple[str, str], ...]:
    """The name and type of each parameter as the entry point tells them: a string, unless the feature says so."""
    return feature.advertised or tuple((parameter.name, "string") for parameter in feature.parameters)


def _feature_xml(feature: Feature) -> str:
    parameters = "".join([f"      <param name='{attribute(name)}' />\n" for name, _ in advertised(feature)])
    constraints = "".join(
        [
            f"      <constraint name='{attribute(name)}'>{text(_constraint(value))}</constraint>\n"
            for name, value in feature.constraints
        ]
    )
    return (
        f"    <feature name='{attribute(feature.name)}' rel='{attribute(feature.operation)}'>\n"
        f"{parameters}{constraints}    </feature>\n"
    )


def _constraint(value: int | str | tuple[str, ...]) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else str(value)


def _feature_json(feature: Feature) -> dict[str, object]:
    return {
        "name": feature.name,
        "rel": feature.operation,
        "params": [f"{name}:{kind}:optional" for name, kind in advertised(feature)],
        "constraints": dict(feature.constraints),
    }
