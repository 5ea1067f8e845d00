"""What a server's processes leave behind, or show to others on the machine."""

from __future__ import annotations

import contextlib
from pathlib import Path

from canaries.search import Search

_SHOWN = ("environ", "cmdline", "comm", "status", "maps")


def children(pid: int) -> list[int]:
    """The children of a process: of a server, its workers."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def look_at_process(search: Search, pid: int) -> None:
    """Search what the system shows of a process, and its open files, those without a name included."""
    process = Path(f"/proc/{pid}")
    for name in _SHOWN:
        search.look(f"{name} of a process", (process / name).read_bytes())
    for path in (process / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the process has closed it meanwhile
            if str(path.readlink()).startswith("/") and path.is_file():
                search.look(f"an open file: {path.readlink()}", path.read_bytes())


def look_at_folder(search: Search, folder: Path) -> None:
    """Search every file below a folder, and its name."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        search.look(f"a name of a file: {name}", name)
        if path.is_file() and not path.is_symlink():
            search.look(f"file {name}", path.read_bytes())
