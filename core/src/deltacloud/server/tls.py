"""TLS as the server speaks it."""

from __future__ import annotations

import ssl

from deltacloud.server.settings import ServerSettings, SettingsError


def server_context(settings: ServerSettings) -> ssl.SSLContext:
    """The context of a server that speaks TLS 1.2 and later, with the certificate of the settings.

    Raises:
        SettingsError: the files do not hold a key and its certificate, or the key has a passphrase.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A client's connection may just end: what must be whole, a body, is counted. Without this idle connections that a
    # stopping server closes would get an alert instead of a farewell.
    context.options |= getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    context.set_alpn_protocols(["http/1.1"])
    certificate, key = settings.ssl_cert or "", settings.ssl_key or ""
    try:
        context.load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise SettingsError(f"cannot use the certificate {certificate} with the key {key}: {reason}") from None
    return context
