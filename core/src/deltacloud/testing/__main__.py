"""``python -m deltacloud.testing sweep TESTS``: removes what contract runs have left that were broken off."""

from __future__ import annotations

import sys

USAGE = "usage: python -m deltacloud.testing sweep [path of the tests with the contract] [options of pytest]"


def main(arguments: list[str]) -> int:
    """Run the command; returns its exit status."""
    if arguments[:1] != ["sweep"]:
        print(USAGE, file=sys.stderr)  # noqa: T201 - a command
        return 2
    import pytest  # noqa: PLC0415 - the usage needs none

    return int(pytest.main(["--contract-sweep", "-q", *arguments[1:]]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
