"""Prism: answers by an OpenAPI document, and checks every request against it. It holds no state."""

from __future__ import annotations

from pathlib import Path

from emulators import Emulator, Place, answers, no_node_module, node

_MODULE = "@stoplight/prism-cli/dist/index.js"


def prism(document: Path) -> Emulator:
    """The server of one OpenAPI document (a JSON or YAML file)."""

    def command(place: Place) -> list[str]:
        port = str(place.ports[0])
        return node(_MODULE, "mock", "-h", "127.0.0.1", "-p", port, "--multiprocess", "false", str(document))

    return Emulator("Prism", no_node_module(_MODULE), command, lambda place: answers(place.url))
