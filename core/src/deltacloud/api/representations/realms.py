"""Realms."""

from __future__ import annotations

from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import text
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.view import View, located
from deltacloud.models import Realm


def realm_xml(view: View, indent: str) -> Callable[[Realm], str]:
    """Makes the writer of one document's realms."""
    realms = view.collection("realms")

    def write(realm: Realm) -> str:
        name = "" if realm.name is None else f"{indent}  <name>{text(realm.name)}</name>\n"
        state = "" if realm.state is None else f"{indent}  <state>{text(realm.state)}</state>\n"
        limit = "" if realm.limit is None else f"{indent}  <limit><![CDATA[{realm.limit}]]></limit>\n"
        return f"{indent}<realm {located(realms, realm.id)}>\n{name}{state}{limit}{indent}</realm>\n"

    return write


def realm_json(view: View) -> Callable[[Realm], dict[str, object]]:
    """Makes the builder of one document's realms."""

    def build(realm: Realm) -> dict[str, object]:
        return {
            "id": realm.id,
            "href": f"{view.api}/realms/{segment(realm.id)}",
            "name": realm.name,
            "state": realm.state,
            "limit": "unlimited" if realm.limit is None else realm.limit,
        }

    return build


REALMS = Representation("realms", "realm", realm_xml, realm_json)
