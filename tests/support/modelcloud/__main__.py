"""Runs the machine as a process of its own, and prints the lives of what it made, as JSON.

Run as ``python -m modelcloud PORT USER PASSWORD SEED alone|sharing``.
"""

from __future__ import annotations

import itertools
import json
import sys

from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from modelcloud.caller import Caller
from modelcloud.machine import SETTINGS, CloudMachine
from modelcloud.tenant import Life

EXAMPLES = {"alone": 8, "sharing": 16}


def main(port: int, user: str, password: str, number: int, company: str) -> list[Life]:
    """Run the machine some times.

    Args:
        port: The server's.
        user: The user name; those who are alone are ``USER-0``, ``USER-1`` and so on, a new one each time.
        password: The password.
        number: The seed; names begin with it, too.
        company: ``sharing`` if others do the same at the same time as the same user, else ``alone``.

    Returns:
        The lives of all that was made.
    """
    lives: list[Life] = []
    runs, sharing = itertools.count(), company == "sharing"

    @seed(number)
    def machine() -> CloudMachine:
        run = next(runs)
        name = user if sharing else f"{user}-{run}"
        prefix = f"{number}.{run} "
        return CloudMachine(Caller(port, name, password), name, prefix=prefix, sharing=sharing, lives=lives)

    run_state_machine_as_test(machine, settings=settings(SETTINGS, max_examples=EXAMPLES[company]))  # type: ignore[arg-type]
    return lives


if __name__ == "__main__":
    made = main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
    print(json.dumps(made))  # noqa: T201 - it is what the test reads
