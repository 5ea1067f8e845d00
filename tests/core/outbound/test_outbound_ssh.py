"""Commands on instances, against a real SSH server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from deltacloud import ssh
from deltacloud.errors import Forbidden, InvalidRequest, NotSupported, ProviderError, ProviderTimeout
from deltacloud.inputs import Command
from deltacloud.secret import Secret
from loopback import Outside
from sshserver import PASSWORD, Instance


@pytest.fixture(name="instance")
def instance_fixture() -> Iterator[Instance]:
    instance = Instance([])
    yield instance
    instance.close()


def command(instance: Instance, text: str, **login: str | None) -> Command:
    secrets = {name: Secret(value) for name, value in login.items() if name != "username" and value is not None}
    return Command(
        command=text,
        username=login.get("username"),
        password=secrets.get("password"),
        private_key=secrets.get("private_key"),
        port=instance.port,
    )


def test_it_is_off_unless_the_operator_allows_it(outside: Outside, instance: Instance) -> None:
    with pytest.raises(NotSupported, match="ssh"):
        ssh.run(outside.context(), command(instance, "true", password=PASSWORD), "127.0.0.1")
    assert instance.users == []


def test_a_command_runs_as_root_with_a_password(outside: Outside, instance: Instance) -> None:
    context = outside.context(outside.way(ssh=True))
    found = ssh.run(context, command(instance, "echo out; echo error >&2", password=PASSWORD), "127.0.0.1")
    assert found.address == "127.0.0.1"
    assert sorted(found.output.splitlines()) == ["error", "out"]
    assert instance.users == ["root"]


KEYS: dict[str, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey] = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "ecdsa": ec.generate_private_key(ec.SECP256R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
}


@pytest.mark.parametrize("kind", list(KEYS))
@pytest.mark.parametrize("form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8, PrivateFormat.OpenSSH])
def test_a_private_key_of_any_type_and_form_logs_in(
    outside: Outside, instance: Instance, kind: str, form: PrivateFormat
) -> None:
    if kind == "ed25519" and form is PrivateFormat.TraditionalOpenSSL:
        form = PrivateFormat.PKCS8  # the older form does not exist for this type
    key = KEYS[kind]
    instance.authorized.append(key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())
    text = key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()
    context = outside.context(outside.way(ssh=True))
    found = ssh.run(context, command(instance, "echo $((6 * 7))", private_key=text, username="admin"), "127.0.0.1")
    assert found.output == "42\n"
    assert set(instance.users) == {"admin"}


@pytest.mark.parametrize("login", [{"password": "wrong"}, {"private_key": "stranger"}])
def test_a_refused_login_is_said_and_shows_no_secret(
    outside: Outside, instance: Instance, login: dict[str, str]
) -> None:
    if "private_key" in login:
        key = KEYS["ed25519"]
        login = {"private_key": key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()}
    context = outside.context(outside.way(ssh=True))
    with pytest.raises(ProviderError, match="refused the login") as caught:
        ssh.run(context, command(instance, "true", **login), "127.0.0.1")
    assert not caught.value.retryable


def test_a_key_that_cannot_be_read_is_the_clients_mistake(outside: Outside, instance: Instance) -> None:
    encrypted = KEYS["rsa"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode()
    context = outside.context(outside.way(ssh=True))
    for text in (
        "no key at all",
        encrypted,
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
    ):
        with pytest.raises(InvalidRequest, match="private key") as caught:
            ssh.run(context, command(instance, "true", private_key=text), "127.0.0.1")
        assert caught.value.parameter == "private_key"
    assert instance.users == []


def test_without_any_login_nothing_is_connected(outside: Outside, instance: Instance) -> None:
    with pytest.raises(InvalidRequest, match="required"):
        ssh.run(outside.context(outside.way(ssh=True)), command(instance, "true"), "127.0.0.1")


def test_the_address_is_guarded(outside: Outside, instance: Instance) -> None:
    context = outside.context(outside.way(ssh=True, allow=["127.0.0.2"]))
    with pytest.raises(Forbidden, match="allow-providers"):
        ssh.run(context, command(instance, "true", password=PASSWORD), "127.0.0.1")


def test_a_command_does_not_outlive_the_deadline(outside: Outside, instance: Instance) -> None:
    context = outside.context(outside.way(ssh=True), seconds=1.5)
    started = time.monotonic()
    with pytest.raises(ProviderTimeout):
        ssh.run(context, command(instance, "sleep 9", password=PASSWORD), "127.0.0.1")
    assert time.monotonic() - started < 7.5


def test_a_server_that_says_nothing_does_not_outlive_the_deadline(outside: Outside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent_command = Command(command="true", password=Secret("x"), port=silent.getsockname()[1])
        started = time.monotonic()
        with pytest.raises(ProviderTimeout):
            ssh.run(outside.context(outside.way(ssh=True), seconds=0.5), silent_command, "127.0.0.1")
        assert time.monotonic() - started < 2.5


def test_what_does_not_listen_is_the_providers_fault(outside: Outside, instance: Instance) -> None:
    instance.close()
    with pytest.raises(ProviderError, match="cannot be reached"):
        ssh.run(outside.context(outside.way(ssh=True)), command(instance, "true", password=PASSWORD), "127.0.0.1")


def test_what_is_no_ssh_server_is_the_providers_fault(outside: Outside) -> None:
    def close(connection: socket.socket) -> None:
        with connection:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=lambda: close(listening.accept()[0]), daemon=True)
        thread.start()
        wanted = Command(command="true", password=Secret("x"), port=listening.getsockname()[1])
        with pytest.raises(ProviderError, match="SSH"):
            ssh.run(outside.context(outside.way(ssh=True), seconds=10), wanted, "127.0.0.1")
        thread.join(5)


def test_the_output_is_bounded(outside: Outside, instance: Instance) -> None:
    text = "head -c 3000000 /dev/zero | tr '\\0' x"
    context = outside.context(outside.way(ssh=True))
    found = ssh.run(context, command(instance, text, password=PASSWORD), "127.0.0.1")
    assert found.output.startswith("x" * 2**20 + "\n[")
    assert len(found.output) < 2**20 + 100


def test_output_that_is_no_text_is_shown_as_well_as_it_can_be(outside: Outside, instance: Instance) -> None:
    context = outside.context(outside.way(ssh=True))
    found = ssh.run(context, command(instance, "printf 'a\\377b'", password=PASSWORD), "127.0.0.1")
    assert found.output == "a\N{REPLACEMENT CHARACTER}b"


def test_only_an_address_of_the_instance_is_chosen() -> None:
    addresses = ("198.51.100.7", "10.0.0.7")
    assert ssh.choose_address(Command(command="true"), addresses) == "198.51.100.7"
    assert ssh.choose_address(Command(command="true", address="10.0.0.7"), addresses) == "10.0.0.7"
    for wanted, known in (("10.0.0.8", addresses), (None, ()), ("10.0.0.7", ())):
        with pytest.raises(InvalidRequest, match="no such address") as caught:
            ssh.choose_address(Command(command="true", address=wanted), known)
        assert caught.value.parameter == "ip"
