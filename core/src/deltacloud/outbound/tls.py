"""Whose certificates count: the operator's file or the system's, and always some."""

from __future__ import annotations

import ssl
import threading


class Verification:
    """Contexts that verify the other side's certificate and name.

    Args:
        ca_file: Certificates in PEM form to verify against, instead of the system's.

    Raises:
        OSError: the file cannot be read.
        ssl.SSLError: it holds no certificates.
    """

    def __init__(self, ca_file: str | None = None) -> None:
        self._ca_file = ca_file
        self._lock = threading.Lock()
        # A missing file is to be known at once; the system's certificates take a while to read.
        self._shared = None if ca_file is None else self.context()

    def context(self) -> ssl.SSLContext:
        """A new context, for a caller's client certificate to be loaded into."""
        return ssl.create_default_context(cafile=self._ca_file)

    @property
    def shared(self) -> ssl.SSLContext:
        """The context of everybody; it has no client certificate."""
        with self._lock:
            if self._shared is None:
                self._shared = self.context()
            return self._shared


def require_verification(context: ssl.SSLContext) -> ssl.SSLContext:
    """The context itself.

    Raises:
        ValueError: it would talk to anybody.
    """
    if context.verify_mode != ssl.CERT_REQUIRED or not context.check_hostname:
        raise ValueError("a TLS context that does not verify certificates and host names cannot be used")
    return context
