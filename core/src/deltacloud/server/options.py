"""Every setting of the server, declared once.

From these rows come the command line, the environment, the file and the usage text; a test holds the documentation
against them.
"""

from __future__ import annotations

from dataclasses import dataclass

from deltacloud.kernel.settings import GatewaySettings
from deltacloud.server import kinds
from deltacloud.server.kinds import Kind

DEFAULT_FILE = "~/.deltacloud/config"
"""What ``-c`` reads when it names no file."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting.

    Attributes:
        key: Its name in the ``[server]`` table; with two hyphens before it the long form on the command line.
        kind: What its value may be.
        default: Its value when nothing sets it; None when that means something of its own, which ``help`` then tells.
        help: One sentence for people.
        short: The short form on the command line.
        variable: The environment variable.
        flag: Whether it may stand on the command line; a password may not, everybody could read it there.
    """

    key: str
    kind: Kind
    default: object
    help: str
    short: str | None = None
    variable: str = ""
    flag: bool = True

    @property
    def flags(self) -> tuple[str, ...]:
        """Its forms on the command line."""
        if not self.flag:
            return ()
        return (f"--{self.key}",) if self.short is None else (self.short, f"--{self.key}")

    @property
    def field(self) -> str:
        """Its name as an attribute."""
        return self.key.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Action:
    """Something ``deltacloudd`` does instead of serving."""

    flags: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True)
class Retired:
    """An option of the original that has a better place today; using it answers with ``instead``."""

    flags: tuple[str, ...]
    instead: str


def _option(
    key: str, kind: Kind, default: object, text: str, short: str | None = None, variable: str = "", *, flag: bool = True
) -> Option:
    """An option whose environment variable is ``DELTACLOUD_KEY`` unless it has one from the original."""
    return Option(key, kind, default, text, short, variable or f"DELTACLOUD_{key.upper().replace('-', '_')}", flag)


_GATEWAY = GatewaySettings()
_LARGEST_PAGE = 100_000
_OFF = False

GATEWAY: tuple[Option, ...] = (
    _option("driver", kinds.text("DRIVER"), None,
            "The driver of requests that name none; mock if it is installed.", "-i", "API_DRIVER"),
    _option("provider", kinds.text("PROVIDER"), None,
            "The default driver's provider when a request names none; the driver's own default.", "-P", "API_PROVIDER"),
    _option("frontends", kinds.list_of("NAME"), _GATEWAY.front_ends,
            "The HTTP front ends to serve, of those installed.", "-f", "API_FRONTEND"),
    _option("timeout", kinds.SECONDS, _GATEWAY.timeout,
            "Time until an answer begins, counted from the end of the request; then 504.", "-t", "API_TIMEOUT"),
    _option("idle-timeout", kinds.SECONDS, _GATEWAY.idle_timeout,
            "Time without a moved byte after which a running upload or download ends."),
    _option("verbose", kinds.FLAG, _GATEWAY.verbose,
            "Log parameters, driver and provider of each request, too.", "-V", "API_VERBOSE"),
    _option("public-url", kinds.URL, _GATEWAY.public_url,
            "The base of all links, instead of the request's Host header."),
    _option("trusted-proxies", kinds.NETWORKS, _GATEWAY.trusted_proxies,
            "Peers whose X-Forwarded-* and X-Request-Id headers count."),
    _option("allow-providers", kinds.list_of("PATTERN"), _GATEWAY.allow_providers,
            "Hosts (with *) and networks that callers may name as providers; without it local callers may name any, "
            "others none."),
    _option("nat64-prefixes", kinds.NETWORKS, _GATEWAY.nat64_prefixes,
            "NAT64 prefixes of your own network, so that addresses inside them are judged by what they wrap."),
    _option("ssh", kinds.FLAG, _GATEWAY.ssh,
            "Let clients run commands on instances over SSH, with drivers that can."),
    _option("body-limit", kinds.SIZE, _GATEWAY.body_limit,
            "The largest request body that is not the content of a blob."),
    _option("json-limit", kinds.SIZE, _GATEWAY.json_limit,
            "The largest JSON or form body."),
    _option("page-limit", kinds.whole_number(1, _LARGEST_PAGE), _GATEWAY.page_limit,
            "The largest value of the parameter limit of lists."),
    _option("driver-calls", kinds.whole_number(1, 1_000_000), None,
            "Calls of one driver that each worker has in progress, further ones are answered 503; three quarters of "
            "connections."),
    _option("extensions", kinds.list_of("NAME"), _GATEWAY.extensions,
            "The active extensions of those installed, outermost first."),
    _option("user", kinds.text("USER"), None,
            "User name of the server's own credentials.", variable="API_USER", flag=False),
    _option("password", kinds.text("PASSWORD"), None,
            "Password of the server's own credentials.", variable="API_PASSWORD", flag=False),
    _option("server-credentials", kinds.FLAG, _OFF,
            "Serve local requests with user and password of the server, whatever the client sends."),
    _option("server-credentials-for-all", kinds.FLAG, _OFF,
            "Serve requests from everywhere with them: whoever reaches the server can use your account."),
)  # fmt: skip

SERVER: tuple[Option, ...] = (
    _option("hostname", kinds.text("HOST"), "localhost",
            "The address to listen on.", "-r", "API_HOST"),
    _option("port", kinds.PORT, 3001,
            "The port to listen on; 0 for any free one.", "-p", "API_PORT"),
    _option("workers", kinds.whole_number(1, 1024), None,
            "Worker processes; one for each usable processor, at most eight."),
    _option("connections", kinds.whole_number(1, 1_000_000), 2048,
            "Connections that each worker holds at once; further ones wait."),
    _option("backlog", kinds.whole_number(1, 65535), 2048,
            "Connections that wait to be accepted."),
    _option("ssl", kinds.FLAG, _OFF,
            "Serve HTTPS (TLS 1.2 and later); needs both files.", "-s"),
    _option("ssl-key", kinds.text("FILE"), None,
            "The private key, PEM.", "-k"),
    _option("ssl-cert", kinds.text("FILE"), None,
            "The certificate and its chain, PEM.", "-C"),
    _option("log", kinds.text("FILE"), None,
            "Write requests and errors to this file, else to standard error; SIGUSR1 opens it anew.", "-L", "API_LOG"),
    _option("log-format", kinds.one_of("text", "json"), "text",
            "The form of log lines."),
    _option("metrics", kinds.METRICS, kinds.ON,
            "Whether there is /metrics for Prometheus, or the port of its own where it is."),
    _option("request-line-limit", kinds.SIZE, 64 * 1024,
            "The longest request target; then 414. Older clients put all parameters there."),
    _option("header-limit", kinds.SIZE, 128 * 1024,
            "The size of all header fields of a request together; then 431."),
    _option("header-field-limit", kinds.SIZE, 16 * 1024,
            "The size of one header field; then 431."),
    _option("header-count", kinds.whole_number(1, 32768), 200,
            "The number of header fields of a request; then 431."),
    _option("header-timeout", kinds.SECONDS, 15.0,
            "Time for the header of a request to arrive; then the connection is closed."),
    _option("keep-alive", kinds.SECONDS, 75.0,
            "Time that an unused connection is kept."),
    _option("graceful-timeout", kinds.SECONDS, 30.0,
            "Time for running requests to finish when the server stops or reloads."),
)  # fmt: skip

OPTIONS: tuple[Option, ...] = GATEWAY + SERVER
"""Every setting."""

CONFIG = Option(
    "config", kinds.text("FILE"), None, f"Read this TOML file; {DEFAULT_FILE} when no FILE is named.", "-c",
    "DELTACLOUD_CONFIG",
)  # fmt: skip
"""Where the file is; the one option that a file cannot set."""

HELP = Action(("-h", "--help"), "Show this text.")
LIST_DRIVERS = Action(("-l", "--list-drivers", "--drivers"), "List the installed drivers.")
VERSION = Action(("--version",), "Show the version.")
ACTIONS: tuple[Action, ...] = (HELP, LIST_DRIVERS, VERSION)

_SERVICE = "let systemd or a container do that"
RETIRED: tuple[Retired, ...] = (
    Retired(("-d", "--daemon"), f"the server stays in the foreground: {_SERVICE}"),
    Retired(("-u", "--user"), f"start the server as the user it shall run as: {_SERVICE} (User=)"),
    Retired(("-g", "--group"), f"start the server as the group it shall run as: {_SERVICE} (Group=)"),
    Retired(("-b", "--pid"), "there is no pid file: systemd and containers know their main process"),
    Retired(("-w", "--webrick"), "there is one server, which does all that the others did"),
    Retired(("-e", "--env"), "there are no environments: settings come from options, API_* variables and --config"),
    Retired(("--logdir",), "name the log file with -L"),
)
"""What the original had and this server answers with one line."""
