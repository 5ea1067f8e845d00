"""The server: settings, the WSGI application around all front ends, and the gunicorn worker that serves it well."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deltacloud.kernel import Application, GatewaySettings
    from deltacloud.server.settings import ServerSettings

__all__ = ["create_app"]


def create_app(settings: ServerSettings | GatewaySettings | None = None) -> Application:
    """The gateway as a plain WSGI application, for any WSGI server.

    Only ``deltacloudd`` adds what its worker knows: time limits on clients, short bodies told from whole ones, and
    refusals that clients can read. Elsewhere that is the host's matter.

    Args:
        settings: What the operator decided; read from environment variables, and the file that ``DELTACLOUD_CONFIG``
            names, if None. With a ``GatewaySettings`` no lines about requests are written.

    Raises:
        SettingsError: a setting is wrong.
        Unloadable: a front end or an extension cannot be used.
    """
    from deltacloud.server.assembly import assemble  # noqa: PLC0415 - command lines need options, not front ends

    return assemble(settings).application
