"""The command ``deltacloudd``."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

import msgspec

import deltacloud
from deltacloud.kernel import DriverReport, Unloadable
from deltacloud.kernel.extensions import load_front_ends
from deltacloud.server.assembly import open_kernel
from deltacloud.server.kinds import FLAG, OFF
from deltacloud.server.listening import CannotListenError, all_loopback, open_listeners
from deltacloud.server.metrics_folder import shared_folder
from deltacloud.server.options import ACTIONS, CONFIG, HELP, LIST_DRIVERS, OPTIONS, RETIRED, VERSION, Action, Option
from deltacloud.server.process import GatewayProcess
from deltacloud.server.settings import ServerSettings, SettingsError, read_settings
from deltacloud.server.startup import checked

EXIT_SETTINGS = 1
"""An option, the file, a driver, a front end or a certificate cannot be used."""
EXIT_ADDRESS = 2
"""The server cannot listen on the address."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run ``deltacloudd``.

    Ends by SystemExit: 0 when all went well, 1 and 2 as said above and with one line on standard error, 3 when no
    worker process can start.
    """
    # What is wrong is said once, below, and not by loggers as well.
    logging.getLogger("deltacloud").addHandler(logging.NullHandler())
    given = vars(_parser().parse_args(arguments))
    wanted = {name for name in (HELP, VERSION, LIST_DRIVERS) if given.pop(_name(name), False)}
    try:
        if HELP in wanted:
            _print(_parser().format_help())
        elif VERSION in wanted:
            _print(f"deltacloudd {deltacloud.__version__}\n")
        elif LIST_DRIVERS in wanted:
            _print(_driver_list(read_settings(given)))
        else:
            _serve(given)
    except (SettingsError, Unloadable) as error:
        _fail(EXIT_SETTINGS, str(error))
    except CannotListenError as error:
        _fail(EXIT_ADDRESS, str(error))
    sys.exit(0)


def _serve(given: Mapping[str, str | bool]) -> None:
    settings = read_settings(given)
    if settings.metrics == OFF:
        _serve_with(settings, given)
        return
    with shared_folder() as trouble:
        if trouble is not None:
            notice = f"there is no folder for metrics ({trouble}), so there are none"
            settings = msgspec.structs.replace(settings, metrics=OFF, notices=(*settings.notices, notice))
        _serve_with(settings, given)


def _serve_with(settings: ServerSettings, given: Mapping[str, str | bool]) -> None:
    settings = checked(settings)
    listeners = open_listeners(settings.hostname, settings.port, settings.backlog)
    address = settings.metrics_address
    monitoring = [] if address is None else open_listeners(*address, settings.backlog)
    gateway = msgspec.structs.replace(settings.gateway, bound_to_loopback=all_loopback(listeners))
    settings = msgspec.structs.replace(settings, gateway=gateway)
    # Until gunicorn handles them they would end the process, and there is nothing to reload yet.
    for early in (signal.SIGHUP, signal.SIGUSR1):
        signal.signal(early, signal.SIG_IGN)
    for notice in settings.notices:
        sys.stderr.write(f"deltacloudd: {notice}\n")
    _print(f"{_start_line(settings, listeners[0].getsockname()[1])}\n")
    GatewayProcess(settings, lambda: read_settings(given), listeners, monitoring).run()


def _start_line(settings: ServerSettings, port: int) -> str:
    gateway = settings.gateway
    mount = load_front_ends(gateway)[0].mount
    scheme = "https" if settings.ssl else "http"
    host = f"[{settings.hostname}]" if ":" in settings.hostname else settings.hostname
    names = [name for name in (gateway.driver, gateway.provider) if name is not None]
    return " :: ".join(["Starting Deltacloud API", *names, f"{scheme}://{host}:{port}{mount}"])


def _driver_list(settings: ServerSettings) -> str:
    kernel = open_kernel(settings.gateway)
    try:
        rows = [_driver_row(report) for report in kernel.driver_reports()]
    finally:
        kernel.close()
    widths = [max(map(len, column), default=0) for column in list(zip(*rows, strict=True))[:-1]]
    lines = ["  ".join([*map(str.ljust, row, widths), row[-1]]) for row in rows]
    return "\n".join(["Available drivers:", "", *lines, "", ""])


def _driver_row(report: DriverReport) -> tuple[str, str, str, str]:
    last = " ".join(report.collections) if report.error is None else f"does not load: {_one_line(report.error)}"
    return report.name, report.distribution, report.version, last


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        _fail(EXIT_SETTINGS, f"{message} (deltacloudd --help shows all options)")


class _RetiredAction(argparse.Action):
    """Answers an option of the original that is no more."""

    def __call__(
        self, parser: argparse.ArgumentParser, _namespace: object, _values: object, option_string: str | None = None
    ) -> None:
        parser.error(f"{option_string} is no more: {self.const}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="deltacloudd",
        description="One HTTP API in front of many clouds. Each option can also be set by the environment variable in "
        "brackets, and in the [server] table of a TOML file; options win over variables, variables over the file.",
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
        add_help=False,
    )
    parser.usage = "%(prog)s [options]"
    for action in ACTIONS:
        parser.add_argument(*action.flags, action="store_true", dest=_name(action), help=action.help)
    parser.add_argument(*CONFIG.flags, dest=CONFIG.key, nargs="?", const=True, metavar="FILE", help=_help(CONFIG))
    for option in OPTIONS:
        if not option.flags:
            continue
        if option.kind is FLAG:
            parser.add_argument(*option.flags, action="store_true", dest=option.key, help=_help(option))
        else:
            parser.add_argument(*option.flags, dest=option.key, metavar=option.kind.word, help=_help(option))
    for retired in RETIRED:
        parser.add_argument(
            *retired.flags, action=_RetiredAction, nargs="?", const=retired.instead, help=argparse.SUPPRESS
        )
    return parser


def _name(action: Action) -> str:
    return action.flags[-1]


def _help(option: Option) -> str:
    default = "" if option.default in (None, False, ()) else f" Default: {_shown(option.default)}."
    return f"{option.help}{default} [{option.variable}]".replace("%", "%%")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _fail(code: int, message: str) -> NoReturn:
    sys.stderr.write(f"deltacloudd: {_one_line(message)}\n")
    sys.exit(code)
