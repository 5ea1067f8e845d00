"""Keys: ways to log in to instances."""

from __future__ import annotations

from deltacloud.api.collections import rows
from deltacloud.api.exchange import Exchange
from deltacloud.api.operations import Collection, text
from deltacloud.inputs import NewKey


def _new(exchange: Exchange) -> NewKey:
    values = exchange.parameters
    return NewKey(name=values.text("name") or "", public_key=values.text("public_key") or None)


KEYS = Collection(
    name="keys",
    singular="key",
    title="Keys",
    help="A way to log in to instances: a key pair or a password",
    operations=(
        rows.index("keys", "the keys"),
        rows.show("keys", "key"),
        rows.create(
            "keys",
            "key",
            _new,
            text("name", "Name of the new key", required=True),
            text("public_key", "A public key to import, instead of generating a pair"),
        ),
        rows.destroy("keys", "key"),
    ),
)
