"""An engine over HTTPS, to be tried by hand: ``python -m ovirtcloud FOLDER [PORT]``; it ends with its input.

It writes the certificate of its authority into the folder, and tells where it is, who may log in, and what there is.
"""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

import trustme

from ovirtcloud.running import ovirt_engine
from ovirtcloud.state import JANE, PASSWORDS, State


def main() -> None:
    """Run until nobody writes any more."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    state = State(seconds=0.5)
    state.add_machine("web", JANE, status="up").cards[0].addresses = ("192.0.2.7",)
    state.add_machine("build", status="down")
    with ovirt_engine(state, context, port) as engine:
        lines = [engine.url, *(f"{user} {password}" for user, password in PASSWORDS.items())]
        lines += [f"{center.id} {center.name}" for center in state.centers]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
