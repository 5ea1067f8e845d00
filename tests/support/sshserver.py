"""A real SSH server, as an instance has it."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

PASSWORD = "password of the instance"


class Instance(paramiko.ServerInterface):
    """An instance's SSH server: runs what it is told in a shell, for who logs in rightly."""

    def __init__(self, authorized: list[str]) -> None:
        self.authorized = authorized
        self.users: list[str] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self._host_key = paramiko.ECDSAKey.generate()
        self._transports: list[paramiko.Transport] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                transport = paramiko.Transport(connection)
                transport.set_log_channel("test.ssh.server")
                self._transports.append(transport)
                transport.add_server_key(self._host_key)
                transport.start_server(event=threading.Event(), server=self)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        for transport in self._transports:
            transport.close()
        self._thread.join(5)

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002
        return "password,publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        self.users.append(username)
        return AUTH_SUCCESSFUL if password == PASSWORD else AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self.users.append(username)
        known = f"{key.get_name()} {key.get_base64()}" in self.authorized
        return AUTH_SUCCESSFUL if known else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002 - paramiko calls it so
        return OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        threading.Thread(target=self._run, args=(channel, command.decode()), daemon=True).start()
        return True

    def _run(self, channel: paramiko.Channel, command: str) -> None:
        with contextlib.suppress(OSError, EOFError), contextlib.closing(channel):
            channel.recv(1)  # The client ends its input when it knows that the command was begun: not before that.
            done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, timeout=10)
            channel.sendall(done.stdout)
            channel.sendall_stderr(done.stderr)
            channel.send_exit_status(done.returncode)
