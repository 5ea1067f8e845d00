"""Commands on instances, over SSH: the one implementation of ``run_on_instance``.

It needs the extra ``ssh`` (paramiko), and is off until the operator allows it. The instance's host key cannot be known,
so it is not checked; what is sent there is the command and the login that the client gave.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
import socket
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from deltacloud.context import Context, Deadline
from deltacloud.errors import InvalidRequest, NotSupported, ProviderError, ProviderTimeout
from deltacloud.inputs import Command
from deltacloud.models import CommandOutput

if TYPE_CHECKING:
    import paramiko

_CONNECT_SECONDS = 20.0
_MOST_OUTPUT = 1024 * 1024
_CHUNK = 64 * 1024
_CUT = "\n[the output is longer than 1 MiB; the rest was left out]\n"
_LOG = "deltacloud.ssh.transport"


def choose_address(command: Command, addresses: Sequence[str]) -> str:
    """The address to reach an instance by: the one that the client names, else the first.

    Args:
        command: What the client wants to run.
        addresses: The instance's own addresses, in the order of preference.

    Raises:
        InvalidRequest: the instance has no address, or not that one.
    """
    if command.address is None and addresses:
        return addresses[0]
    if command.address is None or command.address not in addresses:
        raise InvalidRequest("The instance has no such address", "ip")
    return command.address


def run(context: Context, command: Command, host: str, named_by: str | None = None) -> CommandOutput:
    """Run a command on an instance and wait for its end.

    Args:
        context: The call's context; its deadline holds, and connecting takes 20 seconds at most.
        command: The command, and a password or a private key (PEM or OpenSSH form, any type) to log in with, as
            ``root`` if no user is named.
        host: The instance's address.
        named_by: The allowed endpoint that named the address in an answer.

    Returns:
        What the command printed, errors included, and up to 1 MiB of it.

    Raises:
        NotSupported: the operator has not allowed commands, or paramiko is not installed.
        InvalidRequest: there is neither password nor private key, or the key cannot be read.
        Forbidden: the address is not one that this server may talk to.
        ProviderTimeout: connecting or the command took too long.
        ProviderError: the instance does not answer, refuses the login, or breaks off.
    """
    if not context.sdk.ssh_allowed:
        raise NotSupported("This server runs no commands on instances: its setting ssh is off")
    if importlib.util.find_spec("paramiko") is None:
        raise NotSupported("This server lacks what it takes to run commands: deltacloud-core[ssh]")
    key = _key(command)
    connecting = Deadline(min(_CONNECT_SECONDS, context.deadline.remaining()))
    with (
        _failures(context.deadline),
        context.sdk.connect(host, command.port, named_by, limit=connecting.remaining()) as connection,
    ):
        with _failures(connecting):
            transport = _connected(connection, connecting)
        with contextlib.closing(transport):
            with _failures(connecting):
                channel = _logged_in(transport, command, key, connecting)
            output = _output(channel, command.command, context.deadline)
    return CommandOutput(address=host, output=output)


@contextlib.contextmanager
def _failures(deadline: Deadline) -> Iterator[None]:
    """What goes wrong inside, in this project's words; once the deadline has passed, that is the reason."""
    import paramiko  # noqa: PLC0415 - an extra, and slow to load

    try:
        yield
    except paramiko.AuthenticationException:
        deadline.check()
        raise ProviderError("The instance refused the login", retryable=False) from None
    except TimeoutError:
        raise ProviderTimeout("The instance did not answer in time") from None
    except (paramiko.SSHException, EOFError, OSError):
        deadline.check()
        raise ProviderError("The instance cannot be reached over SSH, or broke off") from None


def _connected(connection: socket.socket, deadline: Deadline) -> paramiko.Transport:
    import paramiko  # noqa: PLC0415 - see _failures

    # What the transport's own thread meets comes back as an error of the call.
    logging.getLogger(_LOG).setLevel(logging.CRITICAL + 1)
    transport = paramiko.Transport(connection)
    try:
        transport.set_log_channel(_LOG)
        remaining = max(deadline.remaining(), 0.001)
        transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = remaining
        transport.start_client(timeout=remaining)
        deadline.check()
    except BaseException:
        transport.close()
        raise
    return transport


def _logged_in(
    transport: paramiko.Transport, command: Command, key: paramiko.PKey | None, deadline: Deadline
) -> paramiko.Channel:
    username = command.username or "root"
    if key is not None:
        transport.auth_publickey(username, key)
    elif command.password is not None:
        transport.auth_password(username, command.password.reveal())
    return transport.open_session(timeout=max(deadline.remaining(), 0.001))


def _output(channel: paramiko.Channel, command: str, deadline: Deadline) -> str:
    channel.set_combine_stderr(True)
    channel.exec_command(command)
    channel.shutdown_write()  # A command that reads its input finds the end of it, and does not wait.
    output = bytearray()
    while len(output) <= _MOST_OUTPUT:
        channel.settimeout(max(deadline.remaining(), 0.001))
        data = channel.recv(_CHUNK)
        if not data:
            return output.decode("utf-8", "replace")
        output += data
    return output[:_MOST_OUTPUT].decode("utf-8", "replace") + _CUT


def _key(command: Command) -> paramiko.PKey | None:
    """The private key to log in with, whatever its type; None to log in with the password."""
    if not command.private_key:
        if command.password is None:
            raise InvalidRequest("A password or a private key is required", "password")
        return None
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - comes with paramiko
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
        load_ssh_private_key,
    )

    text = command.private_key.reveal().strip().encode("utf-8") + b"\n"
    load = load_ssh_private_key if b"OPENSSH PRIVATE KEY" in text else load_pem_private_key
    try:
        key = load(text, password=None)
        plain = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode("ascii")
        return _paramiko_key(plain)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InvalidRequest("The private key cannot be read, or is encrypted", "private_key") from None


def _paramiko_key(openssh: str) -> paramiko.PKey:
    import paramiko  # noqa: PLC0415 - see _failures

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with contextlib.suppress(paramiko.SSHException):
            return kind.from_private_key(io.StringIO(openssh))
    raise ValueError("a key of a type that SSH does not use")
