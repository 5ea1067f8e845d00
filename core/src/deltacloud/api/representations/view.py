"""What the writers know besides the models: where links point, and what the request's driver can do."""

from __future__ import annotations

import msgspec

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import attribute
from deltacloud.states import StateMachine


class View(msgspec.Struct, frozen=True, gc=False):
    """What a document's links depend on.

    Attributes:
        api: The absolute base of all links, such as ``http://localhost:3001/api``; no slash at the end.
        hooks: The hooks that the request's driver implements, such as ``destroy_image``.
        features: The names of its features.
        states: The life of its instances, if it declares one.
    """

    api: str
    hooks: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()
    states: StateMachine | None = None

    def collection(self, name: str) -> str:
        """The absolute URL of a collection, ready for an XML attribute; its members follow after a slash."""
        return f"{attribute(self.api)}/{name}"

    @property
    def authentication_type(self) -> str | None:
        """How one logs in to this driver's instances: ``key``, ``password``, or None when it has neither feature."""
        if "authentication_key" in self.features:
            return "key"
        return "password" if "authentication_password" in self.features else None


def located(collection: str, identifier: str) -> str:
    """The attributes ``href`` and ``id`` of a member of a collection, in XML.

    Args:
        collection: The collection's URL as :meth:`View.collection` gives it.
        identifier: The member's id.
    """
    place = segment(identifier)
    return f"href='{collection}/{place}' id='{identifier if place is identifier else attribute(identifier)}'"


def link(collection: str, identifier: str | None, rel: str) -> dict[str, object]:
    """A link to a member of a collection, in JSON; an unknown one links to the collection itself.

    Args:
        collection: The collection's URL, unescaped.
        identifier: The member's id, if it is known.
        rel: What the member is.
    """
    href = collection if identifier is None else f"{collection}/{segment(identifier)}"
    return {"id": identifier, "href": href, "rel": rel}
