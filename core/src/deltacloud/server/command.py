"""The command ``deltacloudd``."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import msgspec

import deltacloud
from deltacloud.server.options import ACTIONS, CONFIG, HELP, LIST_DRIVERS, OPTIONS, RETIRED, VERSION, Option
from deltacloud.server.settings import ServerSettings, SettingsError, read_settings

EXIT_SETTINGS = 1
"""An option, the file, a driver, a front end or a certificate cannot be used."""
EXIT_ADDRESS = 2
"""The server cannot listen on the address."""

_WIDTH = 78


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run ``deltacloudd``; ends by SystemExit with 0, or one of the codes above and one line on standard error."""
    given = _Parser().read(sys.argv[1:] if arguments is None else arguments)
    try:
        if given.pop(HELP.flags[-1], None):
            sys.stdout.write(usage())
            sys.exit(0)
        if given.pop(VERSION.flags[-1], None):
            sys.stdout.write(f"deltacloudd {deltacloud.__version__}\n")
            sys.exit(0)
        listing = given.pop(LIST_DRIVERS.flags[-1], None)
        settings = read_settings(given)
    except SettingsError as error:
        fail(str(error))
    sys.exit(0)
