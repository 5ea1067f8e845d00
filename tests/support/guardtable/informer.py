"""Has another Python process tell where it connects, from its first moment on, and keeps it on this machine."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from guardtable import witness
from guardtable.witness import Place

_SITE = """\
import os, runpy
witness = runpy.run_path({path!r})
file = os.open({journal!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
note = lambda place: os.write(file, f"{{place[0]}} {{place[1]}}\\n".encode())
witness["watch"](witness["Witness"]({passing!r}, resolving=True, note=note))
"""


def python_path(folder: Path) -> dict[str, str]:
    """Variables for a Python process that finds modules in this folder first, then where this one finds them."""
    inherited = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": os.pathsep.join([str(folder), *([inherited] if inherited else [])])}


class Informer:
    """What a process tells.

    Attributes:
        environment: Variables for the process and its children.

    Args:
        folder: Where it may have files.
        passing: Where connections may really go.
    """

    def __init__(self, folder: Path, passing: Collection[Place]) -> None:
        self._journal = folder / "connected"
        self._read = 0
        # Python imports this module, if it finds one, before anything else; there it must not import much itself.
        code = _SITE.format(path=witness.__file__, journal=str(self._journal), passing=list(passing))
        (folder / "sitecustomize.py").write_text(code, encoding="utf-8")
        self.environment = python_path(folder)

    def news(self) -> list[Place]:
        """The connections since it was asked last."""
        lines = self._journal.read_text(encoding="utf-8").splitlines() if self._journal.exists() else []
        fresh, self._read = lines[self._read :], len(lines)
        return [(address, int(port)) for address, port in (line.split() for line in fresh)]
