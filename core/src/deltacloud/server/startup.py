"""What is checked before the server starts, so that a mistake costs one line and not a log to read."""

from __future__ import annotations

import msgspec

from deltacloud.errors import DeltacloudError
from deltacloud.kernel import GatewaySettings, Unloadable, known_front_ends
from deltacloud.server.assembly import open_kernel
from deltacloud.server.logs import LogFile
from deltacloud.server.settings import ServerSettings, SettingsError
from deltacloud.server.tls import server_context


def checked(settings: ServerSettings) -> ServerSettings:
    """Check certificate, log file, front ends, extensions and the default driver.

    Args:
        settings: What the operator decided.

    Returns:
        The settings with the default driver filled in, if there is any; without a log file that cannot be written, and
        then with one notice more.

    Raises:
        SettingsError: one of them cannot be used.
    """
    if settings.ssl:
        server_context(settings)
    _check_front_ends(settings.gateway)
    settings = msgspec.structs.replace(settings, gateway=_with_driver(settings.gateway))
    if settings.log is None:
        return settings
    try:
        LogFile(settings.log).close()
    except OSError as error:
        notice = f"cannot write {settings.log} ({error.strerror}), so the log goes to standard error"
        return msgspec.structs.replace(settings, log=None, notices=(*settings.notices, notice))
    return settings


def _check_front_ends(gateway: GatewaySettings) -> None:
    known = known_front_ends()
    for name in gateway.front_ends:
        if name not in known:
            raise SettingsError(f"ERROR: Unknown frontend ({name}). Valid values are '{','.join(known)}'")


def _with_driver(gateway: GatewaySettings) -> GatewaySettings:
    try:
        kernel = open_kernel(gateway)
    except Unloadable as error:
        raise SettingsError(str(error)) from None
    driver = kernel.settings.driver
    try:
        kernel.front_ends()
        reason = None if driver is None else kernel.check_driver(driver)
    except DeltacloudError as error:
        raise SettingsError(f"{error.message}; --list-drivers shows them") from None
    except Unloadable as error:
        raise SettingsError(str(error)) from None
    finally:
        kernel.close()
    if reason is not None:
        raise SettingsError(f"driver '{driver}' does not load: {reason}")
    return kernel.settings
