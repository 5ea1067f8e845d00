"""The command ``deltacloudd``: options, exit codes, one-line errors, the list of drivers, starting."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import deltacloud
from deltacloud.server.options import ACTIONS, CONFIG, OPTIONS, RETIRED
from probeserver import HOST, Server

Run = Callable[..., tuple[int, str, str]]


def _one_line(errors: str) -> str:
    assert errors.startswith("deltacloudd: ")
    assert errors.count("\n") == 1
    return errors.removeprefix("deltacloudd: ").rstrip("\n")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_shows_every_option_and_its_variable(run: Run, option: str) -> None:
    code, output, errors = run(option)
    assert (code, errors) == (0, "")
    text = " ".join(output.split())
    flags = [row.flags for row in (*OPTIONS, CONFIG)] + [action.flags for action in ACTIONS]
    assert [flag for alternatives in flags for flag in alternatives if flag not in text] == []
    assert all(f"[{row.variable}]" in text for row in (*OPTIONS, CONFIG) if row.flags)


def test_the_version_is_shown(run: Run) -> None:
    assert run("--version") == (0, f"deltacloudd {deltacloud.__version__}\n", "")


@pytest.mark.parametrize("option", ["-l", "--drivers", "--list-drivers"])
def test_the_installed_drivers_are_listed_with_what_they_offer_or_why_they_do_not_load(run: Run, option: str) -> None:
    code, output, errors = run(option)
    assert (code, errors) == (0, "")
    lines = output.split("\n")
    assert (lines[:2], lines[-2:]) == (["Available drivers:", ""], ["", ""])
    rows = {line.split()[0]: line.split()[1:] for line in lines[2:-2]}
    assert rows["probe"] == ["probe-gateway", "1.5", "drivers", "realms"]
    assert rows["broken"][:5] == ["probe-gateway", "1.5", "does", "not", "load:"]
    assert "probe_missing" in " ".join(rows["broken"])
    assert len({re.match(r"\S+ +", line)[0].__len__() for line in lines[2:-2]}) == 1  # type: ignore[index]


def test_help_comes_before_the_list_and_both_before_the_check_of_the_driver(run: Run) -> None:
    assert run("-i", "nothing", "-l", "-h")[:1] == (0,)
    assert run("-i", "nothing", "-l", "-h")[1].startswith("usage: deltacloudd")
    assert run("-i", "nothing", "-l")[1].startswith("Available drivers:")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--nothing",), "unrecognized arguments: --nothing (deltacloudd --help shows all options)"),
        (("-p",), "argument -p/--port: expected one argument (deltacloudd --help shows all options)"),
        (("-p", "x"), "--port must be a whole number from 0 to 65535"),
        (("-i", "broken", "-f", "probe"), "driver 'broken' does not load: cannot import probe_missing:Driver: "),
        (("-i", "nothing", "-f", "probe"), "Driver 'nothing' is not available (installed: "),
        (("-i", "probe", "-f", "probe,cimi"), "ERROR: Unknown frontend (cimi). Valid values are 'deltacloud,probe'"),
        (("-c", "/does/not/exist"), "cannot read /does/not/exist: No such file or directory"),
        (("-i", "probe", "--extensions", "nothing", "-f", "probe"), "Unknown extension (nothing). Valid values are "),
    ],
)
def test_a_mistake_costs_one_line_and_exit_code_1(run: Run, arguments: tuple[str, ...], told: str) -> None:
    code, output, errors = run(*arguments)
    assert (code, output) == (1, "")
    assert _one_line(errors).startswith(told)


@pytest.mark.parametrize("flag", [flag for retired in RETIRED for flag in retired.flags])
def test_what_the_original_had_is_answered_with_what_to_do_today(run: Run, flag: str) -> None:
    code, _, errors = run(flag, *(["x"] if flag in {"-u", "--user", "-e", "--logdir"} else []))
    assert code == 1
    assert f"{flag} is no more: " in _one_line(errors)


def test_the_settings_of_a_driver_are_checked_when_it_is_the_default(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[drivers.probe]\nnothing = 1\n")
    code, _, errors = run("-i", "probe", "-f", "probe", "-c", str(file))
    assert code == 1
    assert "driver 'probe' does not load: " in _one_line(errors)
    assert "nothing" in errors


def test_a_port_that_is_taken_costs_one_line_and_exit_code_2(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output, errors = run("-i", "probe", "-f", "probe", "-r", HOST, "-p", str(port))
    assert (code, output) == (2, "")
    assert _one_line(errors) == f"cannot listen on {HOST} port {port}: Address already in use"


def test_an_address_that_is_not_ours_costs_one_line_and_exit_code_2(run: Run) -> None:
    assert run("-i", "probe", "-f", "probe", "-r", "192.0.2.1", "-p", "0")[0] == 2
    code, _, errors = run("-i", "probe", "-f", "probe", "-r", "nothing.invalid")
    assert code == 2
    assert _one_line(errors).startswith("cannot listen on nothing.invalid: ")


def test_the_command_itself_ends_with_those_codes(variables: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deltacloud.cli", "-i", "nothing"],
        env=variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


@pytest.fixture(scope="module", name="server")
def server_fixture(start: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server with settings from everywhere, and a log file that cannot be written."""
    nowhere = tmp_path_factory.mktemp("log") / "none" / "log"
    return start(
        "-L", str(nowhere), "--connections", "3000", "--server-credentials",
        API_PROVIDER="us", API_VERBOSE="true", API_USER="who", API_PASSWORD="sesame",
        DELTACLOUD_PUBLIC_URL="https://cloud.example",
    )  # fmt: skip


def test_the_start_line_names_driver_provider_and_address(server: Server) -> None:
    assert server.start_line == f"Starting Deltacloud API :: probe :: us :: http://{HOST}:{server.port}/probe"


def test_settings_come_from_the_environment(server: Server) -> None:
    assert server.ask("/probe/echo/environment").told["base_url"] == "https://cloud.example"
    assert server.line_with("/echo/environment").endswith(' {"name": "x"} probe -')


def test_a_log_file_that_cannot_be_written_is_told_and_done_without(server: Server) -> None:
    assert "so the log goes to standard error" in server.line_with("cannot write")
    server.ask("/probe/echo/logged")
    server.line_with("/echo/logged")


def test_the_servers_own_credentials_are_warned_of_at_start(server: Server) -> None:
    warning = "WARNING: Everybody on this machine can use it with your cloud credentials"
    assert server.line_with("WARNING") == f"deltacloudd: {warning}"
    assert "sesame" not in server.log.read_text()


def test_files_are_raised_to_what_the_connections_need(server: Server) -> None:
    limits = Path(f"/proc/{server.process.pid}/limits")
    if not limits.exists():
        pytest.skip("this system does not show the limits of a process")
    server.ask("/healthz")
    found = re.search(r"^Max open files +(\d+) +(\d+)", limits.read_text(), re.MULTILINE)
    assert found is not None
    assert int(found[1]) >= min(6000, int(found[2]))


def test_localhost_is_served_under_all_its_addresses(start: Callable[..., Server]) -> None:
    server = start("-r", "localhost")
    families = {entry[0] for entry in socket.getaddrinfo("localhost", None, type=socket.SOCK_STREAM)}
    for family in families:
        address = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        with socket.create_connection((address, server.port), timeout=20) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.0 200 OK")
    assert server.ask("/probe/echo").told["local"] is True


def test_a_server_that_listens_everywhere_knows_no_local_requests(start: Callable[..., Server]) -> None:
    assert start("-r", "*").ask("/probe/echo").told["local"] is False


def test_importing_the_server_loads_no_front_end_and_no_template_engine() -> None:
    program = "import sys, deltacloud.server; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"jinja2", "falcon", "gunicorn", "gevent"} & set(loaded)
