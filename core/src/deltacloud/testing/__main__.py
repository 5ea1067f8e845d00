"""What an author of a driver does besides testing it: beginning one, and removing what broken runs have left."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

TEMPLATE = Path(__file__).parent / "template"
USAGE = """usage:
  python -m deltacloud.testing new FOLDER [options of copier]
      begin a driver in a new folder; --data name=pine --defaults asks nothing
  python -m deltacloud.testing sweep [path of the tests with the contract] [options of pytest]
      remove what contract runs have left that were broken off"""


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit status."""
    match arguments:
        case ["new", folder, *options] if not folder.startswith("-"):
            return _begin(folder, options)
        case ["sweep", *options]:
            return _sweep(options)
    print(USAGE, file=sys.stderr)  # noqa: T201 - a command
    return 2


def _begin(folder: str, options: list[str]) -> int:
    if importlib.util.find_spec("copier") is None:
        print("This needs copier: pip install 'deltacloud-core[template]'", file=sys.stderr)  # noqa: T201
        return 1
    command = [sys.executable, "-m", "copier", "copy", *options, str(TEMPLATE), folder]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - whose command this is may run any


def _sweep(options: list[str]) -> int:
    import pytest  # noqa: PLC0415 - the usage needs none

    return int(pytest.main(["--contract-sweep", "-q", *options]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
