"""Settings: where they come from, what they may be, and how mistakes are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from deltacloud.kernel import GatewaySettings
from deltacloud.server.kinds import FLAG
from deltacloud.server.options import ACTIONS, CONFIG, OPTIONS, RETIRED, Option
from deltacloud.server.settings import ServerSettings, SettingsError, default_workers, read_settings

Write = Callable[[str], str]


@pytest.fixture(name="write")
def write_fixture(tmp_path: Path) -> Write:
    """Writes a settings file and returns its path."""

    def write(content: str) -> str:
        path = tmp_path / "settings.toml"
        path.write_text(content)
        return str(path)

    return write


EXAMPLES: dict[str, tuple[str, str, object]] = {
    "driver": ("ec2", '"ec2"', "ec2"),
    "provider": ("eu", '"eu"', "eu"),
    "frontends": ("a, b", '["a", "b"]', ("a", "b")),
    "timeout": ("2.5", "2.5", 2.5),
    "idle-timeout": ("7", "7", 7.0),
    "verbose": ("1", "true", True),
    "public-url": ("https://a.example/x/", '"https://a.example/x"', "https://a.example/x"),
    "trusted-proxies": ("10.0.0.1/8,::1", '["10.0.0.0/8", "::1"]', ("10.0.0.0/8", "::1/128")),
    "allow-providers": ("*.example,10.0.0.0/8", '["*.example", "10.0.0.0/8"]', ("*.example", "10.0.0.0/8")),
    "nat64-prefixes": ("64:ff9b:1::/48", '["64:ff9b:1::/48"]', ("64:ff9b:1::/48",)),
    "ssh": ("1", "true", True),
    "body-limit": ("1G", "1073741824", 1024**3),
    "json-limit": ("64k", '"64K"', 65536),
    "page-limit": ("500", "500", 500),
    "driver-calls": ("40", "40", 40),
    "extensions": ("audit", '["audit"]', ("audit",)),
    "hostname": ("0.0.0.0", '"0.0.0.0"', "0.0.0.0"),  # noqa: S104 - an example
    "port": ("3002", "3002", 3002),
    "workers": ("3", "3", 3),
    "connections": ("5000", "5000", 5000),
    "backlog": ("64", "64", 64),
    "log": ("x.log", '"x.log"', "x.log"),
    "log-format": ("json", '"json"', "json"),
    "metrics": ("9100", "9100", "9100"),
    "request-line-limit": ("8K", "8192", 8192),
    "header-limit": ("32K", "32768", 32768),
    "header-field-limit": ("8K", "8192", 8192),
    "header-count": ("64", "64", 64),
    "header-timeout": ("3", "3", 3.0),
    "keep-alive": ("4", "4.0", 4.0),
    "graceful-timeout": ("5", "5", 5.0),
}
"""Each option that can stand alone: its text, the same in TOML, and what both mean."""

TOGETHER = {"ssl", "ssl-key", "ssl-cert", "user", "password", "server-credentials", "server-credentials-for-all"}
ALONE = [option for option in OPTIONS if option.key not in TOGETHER]


def _value(settings: ServerSettings, option: Option) -> object:
    place = settings.gateway if hasattr(settings.gateway, _field(option)) else settings
    return getattr(place, _field(option))


def _field(option: Option) -> str:
    return "front_ends" if option.key == "frontends" else option.field


@pytest.mark.parametrize("option", ALONE, ids=lambda option: option.key)
def test_an_option_beats_its_variable_and_that_beats_the_file(option: Option, write: Write) -> None:
    text, toml, meaning = EXAMPLES[option.key]
    path = write(f"[server]\n{option.key} = {toml}\n")
    given: str | bool = True if option.kind is FLAG else text
    assert _value(read_settings({option.key: given}, {option.variable: "0"}), option) == meaning
    assert _value(read_settings({}, {option.variable: text, CONFIG.variable: path}), option) == meaning
    assert _value(read_settings({"config": path}, {option.variable: ""}), option) == meaning


@pytest.mark.parametrize("option", ALONE, ids=lambda option: option.key)
def test_without_any_of_them_the_default_holds(option: Option) -> None:
    worked_out = {"workers": default_workers(), "driver-calls": 1536}
    assert _value(read_settings({}, {}), option) == worked_out.get(option.key, option.default)


@pytest.mark.parametrize(("connections", "calls"), [("1000", 750), ("3", 2), ("1", 1)])
def test_one_driver_may_use_three_quarters_of_the_connections(connections: str, calls: int) -> None:
    assert read_settings({"connections": connections}, {}).gateway.driver_calls == calls
    assert read_settings({"connections": connections, "driver-calls": "7"}, {}).gateway.driver_calls == 7


@pytest.mark.parametrize(
    ("text", "toml", "address"),
    [
        ("on", "true", None),
        ("off", "false", None),
        ("9100", "9100", ("localhost", 9100)),
        ("127.0.0.2:9100", '"127.0.0.2:9100"', ("127.0.0.2", 9100)),
        ("[::1]:9100", '"[::1]:9100"', ("[::1]", 9100)),
        ("*:9100", '"*:9100"', ("*", 9100)),
    ],
)
def test_metrics_are_on_or_off_or_at_a_port_of_their_own(
    write: Write, text: str, toml: str, address: tuple[str, int] | None
) -> None:
    given = read_settings({"metrics": text}, {})
    written = read_settings({"config": write(f"[server]\nmetrics = {toml}\n")}, {})
    assert given == written
    assert given.metrics_address == address
    assert given.metrics in (text, "on", "off")


def test_the_defaults_of_the_gateway_are_those_it_has_by_itself() -> None:
    assert read_settings({}, {}).gateway == msgspec.structs.replace(GatewaySettings(), bound_to_loopback=False)


@pytest.mark.parametrize(
    "difference",
    [{"port": "x"}, {"port": "65536"}, {"port": "-1"}, {"timeout": "0"}, {"timeout": "nan"}, {"timeout": "soon"},
     {"workers": "0"}, {"connections": "1.5"}, {"body-limit": "0"}, {"body-limit": "lots"}, {"log-format": "xml"},
     {"metrics": "0"}, {"metrics": "yes"}, {"metrics": "localhost"}, {"metrics": "::1:9100"}, {"metrics": "h:65536"},
     {"driver-calls": "0"},
     {"public-url": "cloud.example"}, {"public-url": "https://u:p@cloud.example"}, {"public-url": "https://x/?y"},
     {"trusted-proxies": "10.0.0.0/33"}, {"trusted-proxies": "proxy"}, {"driver": ""}, {"frontends": ","}],
    ids=str,
)  # fmt: skip
def test_a_wrong_option_is_named_in_one_line(difference: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=f"^--{next(iter(difference))} ") as error:
        read_settings(difference, {})
    assert "\n" not in str(error.value)


def test_a_wrong_variable_is_named() -> None:
    with pytest.raises(SettingsError, match=r"^API_PORT must be a whole number from 0 to 65535$"):
        read_settings({}, {"API_PORT": "x"})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[server]\nprot = 1\n", "unknown setting 'prot' in [server]"),
        ("[sever]\n", "unknown name 'sever'"),
        ("port = 1\n", "unknown name 'port'"),
        ("[server]\nport = '1'\n", "port must be a whole number"),
        ("[server]\nport = true\n", "port must be a whole number"),
        ("[server]\nport = 99999\n", "port must be a whole number from 0 to 65535"),
        ("[server]\nverbose = 1\n", "verbose must be true or false"),
        ("[server]\ntimeout = '1'\n", "timeout must be a number of seconds"),
        ("[server]\nbody-limit = []\n", "body-limit must be a number of bytes"),
        ("[server]\ndriver = 1\n", "driver must be a text"),
        ("[server]\nextensions = 'audit'\n", "extensions must be an array of texts"),
        ("server = 1\n", "'server' must be a table"),
        ("[drivers]\nec2 = 1\n", "'ec2' must be a table"),
        ("[drivers.ec2]\ndistribution = 1\n", "distribution in [drivers.ec2] must be a text"),
        ("ec2:\n  user: 'x'\n", "is not TOML (the original's YAML is not read)"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(write: Write, content: str, told: str) -> None:
    path = write(content)
    with pytest.raises(SettingsError) as error:
        read_settings({"config": path}, {})
    assert path in str(error.value)
    assert told in str(error.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^cannot read .*none: No such file"):
        read_settings({"config": str(tmp_path / "none")}, {})


def test_the_usual_file_is_read_on_demand_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".deltacloud").mkdir()
    (tmp_path / ".deltacloud" / "config").write_text("[server]\nport = 4711\n")
    assert read_settings({}, {}).port == 3001
    assert read_settings({"config": True}, {}).port == 4711


def test_tables_of_drivers_and_extensions_go_on_as_they_are(write: Write) -> None:
    path = write('[drivers.ec2]\ndefault-provider = "eu"\ndistribution = "other-ec2"\n[extensions.audit]\nfile = "x"\n')
    gateway = read_settings({"config": path}, {}).gateway
    assert gateway.drivers == {"ec2": {"default-provider": "eu"}}
    assert gateway.distributions == {"ec2": "other-ec2"}
    assert gateway.extension_tables == {"audit": {"file": "x"}}


ACCOUNT = {"API_USER": "who", "API_PASSWORD": "sesame"}


def test_credentials_of_the_server_are_not_used_by_accident() -> None:
    settings = read_settings({}, ACCOUNT)
    assert settings.gateway.credentials is None
    assert settings.notices == ("API_USER and API_PASSWORD are set, and not used without --server-credentials",)


@pytest.mark.parametrize(
    ("flags", "for_all", "who"),
    [
        ({}, False, "Everybody on this machine"),
        ({"server-credentials-for-all": True}, True, "Everybody who reaches this"),
    ],
)
def test_credentials_of_the_server_are_used_when_asked_for_and_warned_of(
    flags: dict[str, bool], for_all: bool, who: str
) -> None:
    settings = read_settings({"server-credentials": True, **flags}, ACCOUNT)
    credentials = settings.gateway.credentials
    assert credentials is not None
    assert (credentials.username, credentials.password.reveal()) == ("who", "sesame")
    assert settings.gateway.credentials_for_all is for_all
    assert settings.notices[0].startswith(f"WARNING: {who}")
    assert "sesame" not in repr(settings)


@pytest.mark.parametrize(
    ("flags", "variables"),
    [({"server-credentials": True}, {}), ({"server-credentials": True}, {"API_USER": "who"}),
     ({"server-credentials-for-all": True}, ACCOUNT)],
)  # fmt: skip
def test_half_of_the_settings_for_credentials_is_a_mistake(flags: dict[str, bool], variables: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="server-credentials"):
        read_settings(flags, variables)


def test_files_for_tls_without_tls_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no effect without --ssl"):
        read_settings({"ssl-key": str(tmp_path)}, {})


def test_no_option_is_declared_twice_and_each_has_a_sentence_of_help() -> None:
    rows = [*OPTIONS, CONFIG]
    flags = [flag for row in rows for flag in row.flags]
    flags += [flag for action in ACTIONS for flag in action.flags]
    flags += [flag for retired in RETIRED for flag in retired.flags]
    assert len(flags) == len(set(flags))
    assert len({row.variable for row in rows}) == len({row.key for row in rows}) == len(rows)
    assert all(text.endswith(".") for text in (*(row.help for row in rows), *(action.help for action in ACTIONS)))


def test_a_password_cannot_stand_on_the_command_line() -> None:
    assert [option.flags for option in OPTIONS if option.key in {"user", "password"}] == [(), ()]
