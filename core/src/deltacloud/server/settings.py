"""What the operator decides: read from options, environment and file, in that order, then the defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from deltacloud.context import Credentials
from deltacloud.kernel.settings import GatewaySettings
from deltacloud.secret import Secret
from deltacloud.server.kinds import OFF, ON, Kind
from deltacloud.server.options import CONFIG, DEFAULT_FILE, GATEWAY, OPTIONS, SERVER, Option

_TABLES = frozenset({"server", "drivers", "extensions"})
_MOST_WORKERS = 8


class SettingsError(Exception):
    """A setting is wrong; the text is one line that says which one, where, and what it must be."""


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of ``deltacloudd``; :mod:`deltacloud.server.options` says what each means.

    Attributes:
        gateway: What the kernel and the front ends need.
        notices: What to tell the operator at start, one line each.
    """

    hostname: str
    port: int
    workers: int
    connections: int
    backlog: int
    ssl: bool
    ssl_key: str | None
    ssl_cert: str | None
    log: str | None
    log_format: str
    metrics: str
    request_line_limit: int
    header_limit: int
    header_field_limit: int
    header_count: int
    header_timeout: float
    keep_alive: float
    graceful_timeout: float
    gateway: GatewaySettings
    notices: tuple[str, ...] = ()

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """Host and port of metrics, where they have a port of their own."""
        if self.metrics in (ON, OFF):
            return None
        host, _, port = self.metrics.rpartition(":")
        return host or self.hostname, int(port)


def read_settings(
    arguments: Mapping[str, str | bool] | None = None, environment: Mapping[str, str] | None = None
) -> ServerSettings:
    """All settings.

    Args:
        arguments: The command line: option key to its text; True for a flag, and for ``config`` without a name.
        environment: The environment variables; those of this process if None.

    Raises:
        SettingsError: one of them is wrong.
    """
    arguments = arguments or {}
    environment = os.environ if environment is None else environment
    document, path = _read_file(arguments.get(CONFIG.key) or environment.get(CONFIG.variable) or None)
    table = _table(document, "server", path)
    unknown = sorted(set(table) - {option.key for option in OPTIONS})
    if unknown:
        raise SettingsError(f"{path}: unknown setting '{unknown[0]}' in [server]")
    values = {option.key: _value(option, arguments, environment, table, path) for option in OPTIONS}
    _fill_in(values)
    credentials, notices = _credentials(values)
    gateway = msgspec.convert(
        {_FIELDS.get(option.key, option.field): values[option.key] for option in GATEWAY if option.key not in _OWN}
        | _drivers(document, path)
        | {
            "extension_tables": dict(_tables(document, "extensions", path)),
            "credentials_for_all": values["server-credentials-for-all"],
            "bound_to_loopback": False,
        },
        GatewaySettings,
    )
    settings = msgspec.convert(
        {option.field: values[option.key] for option in SERVER} | {"gateway": {}}, ServerSettings
    )
    gateway = msgspec.structs.replace(gateway, credentials=credentials)
    return _consistent(msgspec.structs.replace(settings, gateway=gateway, notices=tuple(notices)))


_FIELDS = {"frontends": "front_ends"}
_OWN = frozenset({"user", "password", "server-credentials", "server-credentials-for-all"})


def default_workers() -> int:
    """One worker process for each processor that this process may use, at most eight."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MOST_WORKERS)


def _consistent(settings: ServerSettings) -> ServerSettings:
    if settings.ssl and not (settings.ssl_key and settings.ssl_cert):
        missing = "--ssl-key" if not settings.ssl_key else "--ssl-cert"
        raise SettingsError(f"--ssl needs the private key and the certificate: {missing} is missing")
    if not settings.ssl and (settings.ssl_key or settings.ssl_cert):
        raise SettingsError("--ssl-key and --ssl-cert have no effect without --ssl")
    for path in (settings.ssl_key, settings.ssl_cert):
        if path is not None and not os.access(path, os.R_OK):
            raise SettingsError(f"cannot read {path}")
    if not settings.gateway.front_ends:
        raise SettingsError("--frontends must name at least one front end")
    return settings


def _value(
    option: Option,
    arguments: Mapping[str, str | bool],
    environment: Mapping[str, str],
    table: Mapping[str, object],
    path: str,
) -> object:
    """The option's value from the first place that has one; an empty environment variable counts as absent."""
    if option.key in arguments:
        given = arguments[option.key]
        return given if isinstance(given, bool) else _read(option.kind, f"--{option.key}", given)
    if environment.get(option.variable):
        return _read(option.kind, option.variable, environment[option.variable])
    if option.key in table:
        try:
            return option.kind.from_toml(table[option.key])
        except ValueError as error:
            raise SettingsError(f"{path}: {option.key} {error}") from None
    return option.default


def _fill_in(values: dict[str, object]) -> None:
    """Defaults that depend on the machine or on another setting."""
    if values["workers"] is None:
        values["workers"] = default_workers()
    if values["driver-calls"] is None:
        values["driver-calls"] = max(1, msgspec.convert(values["connections"], int) * 3 // 4)


def _read(kind: Kind, name: str, text: str) -> object:
    try:
        return kind.from_text(text)
    except ValueError as error:
        raise SettingsError(f"{name} {error}") from None


def _credentials(values: Mapping[str, object]) -> tuple[Credentials | None, list[str]]:
    """The server's own credentials, and what the operator must hear about them."""
    user, password = values["user"], values["password"]
    if not values["server-credentials"]:
        if values["server-credentials-for-all"]:
            raise SettingsError("server-credentials-for-all has no effect without server-credentials")
        ignored = "API_USER and API_PASSWORD are set, and not used without --server-credentials"
        return None, [ignored] if user and password else []
    if not user or not password:
        raise SettingsError("server-credentials needs a user and a password (API_USER and API_PASSWORD)")
    who = "Everybody who reaches this server" if values["server-credentials-for-all"] else "Everybody on this machine"
    return Credentials(str(user), Secret(str(password))), [f"WARNING: {who} can use it with your cloud credentials"]


def _read_file(named: str | bool | None) -> tuple[Mapping[str, object], str]:
    """The file's content and its path; nothing when no file is asked for."""
    if named is None:
        return {}, ""
    path = Path(DEFAULT_FILE if named is True else str(named)).expanduser()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from None
    try:
        document = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML (the original's YAML is not read): {error}") from None
    unknown = sorted(set(document) - _TABLES)
    if unknown:
        raise SettingsError(f"{path}: unknown name '{unknown[0]}'; there are [server], [drivers.*] and [extensions.*]")
    return document, str(path)


def _table(document: Mapping[str, object], name: str, path: str) -> dict[str, object]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: '{name}' must be a table")
    return table


def _tables(document: Mapping[str, object], name: str, path: str) -> Iterator[tuple[str, dict[str, object]]]:
    tables = _table(document, name, path)
    for key in tables:
        yield key, _table(tables, key, path)


def _drivers(document: Mapping[str, object], path: str) -> dict[str, dict[str, object]]:
    """The drivers' tables; ``distribution`` in them is ours: it says who shall bring the driver."""
    drivers: dict[str, object] = {}
    distributions: dict[str, object] = {}
    for name, table in _tables(document, "drivers", path):
        drivers[name] = {key: value for key, value in table.items() if key != "distribution"}
        if "distribution" in table:
            if not isinstance(table["distribution"], str):
                raise SettingsError(f"{path}: distribution in [drivers.{name}] must be a text")
            distributions[name] = table["distribution"]
    return {"drivers": drivers, "distributions": distributions}
