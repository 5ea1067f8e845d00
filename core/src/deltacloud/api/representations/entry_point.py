"""The entry point ``/api``."""

from __future__ import annotations

import json
from collections.abc import Iterable

import msgspec

import deltacloud
from deltacloud.api.representations.encoding import encode
from deltacloud.api.representations.markup import attribute, text
from deltacloud.features import KNOWN, Feature

IMPLEMENTATION = "deltacloud-core"
"""What the entry point calls this server, so that a client can tell it from others that speak the same version."""


class EntryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """What the entry point shows.

    Attributes:
        api: The absolute base of all links.
        driver: The request's driver.
        provider: Its provider, if one is set.
        collections: The names of the collections shown, in any order.
        features: The driver's features. Those outside the closed vocabulary, and those that no operation advertises,
            are left out.
    """

    api: str
    driver: str
    provider: str | None = None
    collections: Iterable[str] = ()
    features: tuple[Feature, ...] = ()

    def links(self) -> list[tuple[str, str, list[Feature]]]:
        """The name, URL and features of each collection; alphabetical, features in the order of the vocabulary."""
        declared = {feature.name: feature for feature in self.features if feature.operation}
        known = [declared[name] for name in KNOWN if name in declared]
        return [
            (name, f"{self.api}/{name}", [feature for feature in known if feature.applies_to(name)])
            for name in sorted(self.collections)
        ]


def entry_point_xml(entry: EntryPoint) -> bytes:
    """The entry point in XML, without a declaration. ``implementation`` is an addition: name and version."""
    provider = "" if entry.provider is None else f" provider='{attribute(entry.provider)}'"
    links = "".join(
        [
            f"  <link href='{attribute(href)}' rel='{attribute(name)}'>\n"
            f"{''.join([_feature_xml(feature) for feature in features])}  </link>\n"
            for name, href, features in entry.links()
        ]
    )
    return (
        f"<api driver='{attribute(entry.driver)}' implementation='{IMPLEMENTATION}/{deltacloud.__version__}'{provider}"
        f" version='{deltacloud.API_VERSION}'>\n{links}</api>\n"
    ).encode()


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


def advertised(feature: Feature) -> tuple[tuple[str, str], ...]:
    """The name and type of each parameter as the entry point tells them: a string, unless the feature says so."""
    return feature.advertised or tuple((parameter.name, "string") for parameter in feature.parameters)


def entry_point_json(entry: EntryPoint) -> bytes:
    """The entry point in JSON; every feature stands in a list of its own."""
    links = [
        {"rel": name, "href": href, "features": [[_feature_json(feature)] for feature in features]}
        for name, href, features in entry.links()
    ]
    fields = {
        "version": deltacloud.API_VERSION,
        "driver": entry.driver,
        "provider": "default" if entry.provider is None else entry.provider,
        "links": links,
        "implementation": {"name": IMPLEMENTATION, "version": deltacloud.__version__},
    }
    return encode({"api": fields})


def _feature_json(feature: Feature) -> dict[str, object]:
    return {
        "name": feature.name,
        "rel": feature.operation,
        "params": [f"{name}:{kind}:optional" for name, kind in advertised(feature)],
        "constraints": dict(feature.constraints),
    }
