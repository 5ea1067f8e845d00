"""Azurite: Microsoft's emulator of Azure's Blob storage."""

from __future__ import annotations

from emulators import Emulator, Place, answers, no_node_module, node

_MODULE = "azurite/dist/src/blob/main.js"


def _command(place: Place) -> list[str]:
    return node(
        _MODULE, "--blobHost", "127.0.0.1", "--blobPort", str(place.ports[0]), "--location", str(place.folder),
        "--silent", "--disableTelemetry", "--skipApiVersionCheck",
    )  # fmt: skip


AZURITE = Emulator("Azurite", no_node_module(_MODULE), _command, lambda place: answers(place.url))
"""``AZURITE_ACCOUNTS="one:BASE64KEY;two:BASE64KEY"`` in its environment gives it accounts of one's own."""
