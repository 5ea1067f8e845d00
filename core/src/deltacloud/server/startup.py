"""What is checked before the server starts, so that a mistake costs one line and not a log to read."""

from __future__ import annotations

from deltacloud.errors import DeltacloudError
from deltacloud.kernel import Unloadable, known_front_ends
from deltacloud.server.assembly import open_kernel
from deltacloud.server.settings import ServerSettings, SettingsError
from deltacloud.server.tls import server_context


def check(settings: ServerSettings) -> str | None:
    """Check certificate, front ends, extensions and the default driver.

    Args:
        settings: What the operator decided.

    Returns:
        The default driver; None when none is named and the usual one is not installed.

    Raises:
        SettingsError: one of them cannot be used.
    """
    if settings.ssl:
        server_context(settings)
    known = known_front_ends()
    for name in settings.gateway.front_ends:
        if name not in known:
            raise SettingsError(f"ERROR: Unknown frontend ({name}). Valid values are '{','.join(known)}'")
    try:
        kernel = open_kernel(settings.gateway)
    except Unloadable as error:
        raise SettingsError(str(error)) from None
    try:
        kernel.front_ends()
        driver = kernel.settings.driver
        reason = None if driver is None else kernel.check_driver(driver)
    except (DeltacloudError, Unloadable) as error:
        raise SettingsError(str(error)) from None
    finally:
        kernel.close()
    if reason is not None:
        raise SettingsError(f"driver '{driver}' does not load: {reason}")
    return driver
