"""Keys: the documents that show private keys and passwords."""

from __future__ import annotations

from collections.abc import Callable

from deltacloud.api.parsing.percent import segment
from deltacloud.api.representations.markup import cdata, text
from deltacloud.api.representations.representation import Representation
from deltacloud.api.representations.view import View, located
from deltacloud.models import Key


def key_xml(view: View, indent: str) -> Callable[[Key], str]:
    """Makes the writer of one document's keys. The lines of a private key are indented with the rest."""
    return _writer(view, indent, "  ")


def created_key_xml(view: View, _: str) -> Callable[[Key], str]:
    """Makes the writer of a new key: nothing is indented, so that a private key stays as it is."""
    return _writer(view, "", "")


def _writer(view: View, indent: str, step: str) -> Callable[[Key], str]:
    inner, inmost = indent + step, indent + step + step
    keys = view.collection("keys")
    can_destroy = "destroy_key" in view.hooks

    def write(key: Key) -> str:
        destroy = f"{inmost}<link href='{keys}/{segment(key.id)}' method='delete' rel='destroy' />\n"
        return (
            f"{indent}<key {located(keys, key.id)} type='{key.type}'>\n"
            f"{inner}<name>{text(key.id if key.name is None else key.name)}</name>\n"
            f"{inner}<actions>\n{destroy if can_destroy else ''}{inner}</actions>\n"
            f"{_password(key, inner) if key.type == 'password' else _key_pair(key, inner, inmost)}"
            f"{inner}<state>{text(key.state or '')}</state>\n"
            f"{indent}</key>\n"
        )

    return write


def _password(key: Key, indent: str) -> str:
    password = "" if key.password is None else key.password.reveal()
    return f"{indent}<username>{cdata(key.username or '')}</username>\n{indent}<password>{cdata(password)}</password>\n"


def _key_pair(key: Key, indent: str, inmost: str) -> str:
    fingerprint = key.fingerprint
    pair = "" if fingerprint is None else f"{indent}<fingerprint>{text(fingerprint)}</fingerprint>\n"
    if key.pem is None:
        return pair
    lines = key.pem.reveal().replace("\n", f"\n{inmost}")
    return f"{pair}{indent}<pem>\n{inmost}{cdata(lines)}\n{indent}</pem>\n"


def key_json(view: View) -> Callable[[Key], dict[str, object]]:
    """Makes the builder of one document's keys."""

    def build(key: Key) -> dict[str, object]:
        fields: dict[str, object] = {
            "id": key.id,
            "href": f"{view.api}/keys/{segment(key.id)}",
            "name": key.id if key.name is None else key.name,
            "credential_type": key.type,
            "username": key.username,
            "password": None if key.password is None else key.password.reveal(),
            "state": key.state,
        }
        if key.pem is not None:
            fields["pem_rsa_key"] = key.pem.reveal()
        if key.fingerprint is not None:
            fields["fingerprint"] = key.fingerprint
        return fields

    return build


KEYS = Representation("keys", "key", key_xml, key_json, created_xml=created_key_xml)
