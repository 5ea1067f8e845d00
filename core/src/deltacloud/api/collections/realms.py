"""Realms: the places where things can run."""

from deltacloud.api.collections import rows
from deltacloud.api.operations import Collection

REALMS = Collection(
    name="realms",
    singular="realm",
    title="Realms",
    help="A place where things can run: a zone, a data centre",
    operations=(rows.index("realms", "the realms"), rows.show("realms", "realm")),
)
