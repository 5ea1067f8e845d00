"""The gunicorn application: its configuration, reloading, and what its processes share."""

from __future__ import annotations

import logging
import resource
from collections.abc import Callable, Sequence

import msgspec
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from deltacloud.kernel import Application
from deltacloud.server.assembly import Service, assemble
from deltacloud.server.logs import AccessLog, LogFile, LogHandler
from deltacloud.server.refusals import Refusals
from deltacloud.server.settings import ServerSettings, SettingsError
from deltacloud.server.startup import checked
from deltacloud.server.worker import GatewayWorker

_log = logging.getLogger("deltacloud.server")
_HEARTBEAT_TIMEOUT = 120
"""Seconds after which a worker that does not answer its master is killed; no limit on requests."""
_LAST_WORDS = 5
"""Seconds that the master waits longer than the workers do, so that they can let go of what they hold."""
_OTHER_FILES = 512
"""Files that a process needs besides those of its clients and of the clouds it talks to for them."""
_FIXED = ("hostname", "port", "backlog", "ssl")
"""What cannot change while the server runs: it would have to close its listening sockets."""


class GatewayProcess(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with our settings.

    Attributes:
        settings: What the operator decided; read anew at SIGHUP.
        refusals: Answers to what never became a request.

    Args:
        settings: What the operator decided.
        read: Reads it anew.
        descriptors: Of the listening sockets.
    """

    def __init__(
        self, settings: ServerSettings, read: Callable[[], ServerSettings], descriptors: Sequence[int]
    ) -> None:
        self._read = read
        self._descriptors = descriptors
        self._log_file = LogFile()
        self._apply(settings)
        super().__init__(prog="deltacloudd")

    def assemble(self) -> Service:
        """The gateway, for one worker process."""
        return assemble(self.settings, self._log_file)

    def load(self) -> Application:
        """What gunicorn calls; the worker calls :meth:`assemble` itself, because it keeps the kernel."""
        return self.assemble().application

    def load_config(self) -> None:
        """Tell gunicorn."""
        for name, value in _configuration(self.settings, self._descriptors).items():
            self.cfg.set(name, value)

    def reload(self) -> None:
        """Read the settings anew; if they are wrong, the old ones stay."""
        try:
            self._apply(self._with_fixed(checked(self._read())))
        except SettingsError as error:
            _log.error("not reloaded, the settings stay as they were: %s", error)
            return
        self.load_default_config()
        self.load_config()
        _log.warning("settings reloaded")

    def run(self) -> None:
        """Serve until stopped; ends by SystemExit."""
        GatewayArbiter(self).run()

    def _apply(self, settings: ServerSettings) -> None:
        self.settings = settings
        if settings.log != self._log_file.path:
            self._log_file = LogFile(settings.log)
        gateway = settings.gateway
        self.refusals = Refusals(gateway, AccessLog(self._log_file, settings.log_format, verbose=gateway.verbose))
        logger = logging.getLogger("deltacloud")
        logger.handlers = [LogHandler(self._log_file, settings.log_format)]
        logger.setLevel(logging.INFO if gateway.verbose else logging.WARNING)
        logger.propagate = False
        raise_file_limit(settings.connections)

    def _with_fixed(self, fresh: ServerSettings) -> ServerSettings:
        kept = {name: getattr(self.settings, name) for name in _FIXED}
        changed = [name for name, value in kept.items() if getattr(fresh, name) != value]
        if changed:
            _log.warning("only a restart changes %s", ", ".join(changed))
        bound = self.settings.gateway.bound_to_loopback
        gateway = msgspec.structs.replace(fresh.gateway, bound_to_loopback=bound)
        return msgspec.structs.replace(fresh, gateway=gateway, **kept)


class GatewayArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """The master process."""

    def handle_usr2(self) -> None:
        """Here gunicorn would start itself anew beside us; SIGHUP and the service manager do all that is needed."""
        _log.warning("SIGUSR2 is ignored; SIGHUP reloads")


class ProcessLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own lines, in our log."""

    def setup(self, cfg: Config) -> None:  # noqa: ARG002 - gunicorn's own
        """Nothing of gunicorn's configuration matters."""
        self.loglevel = logging.WARNING
        self.error_log = logging.getLogger("deltacloud.server.process")

    def reopen_files(self) -> None:
        """SIGUSR1: the log file was moved away."""
        for handler in logging.getLogger("deltacloud").handlers:
            if isinstance(handler, LogHandler):
                handler.file.reopen()

    def close_on_exec(self) -> None:
        """Our files are opened so."""


def _configuration(settings: ServerSettings, descriptors: Sequence[int]) -> dict[str, object]:
    """The settings of gunicorn. It is not to look at headers of proxies: the intake does that, for trusted peers."""
    return {
        "bind": [f"fd://{descriptor}" for descriptor in descriptors],
        "worker_class": GatewayWorker,
        "workers": settings.workers,
        "worker_connections": settings.connections,
        "backlog": settings.backlog,
        "timeout": _HEARTBEAT_TIMEOUT,
        "graceful_timeout": int(settings.graceful_timeout) + _LAST_WORDS,
        "limit_request_line": 0,
        "limit_request_fields": settings.header_count,
        "limit_request_field_size": settings.header_field_limit,
        "secure_scheme_headers": {},
        "forwarder_headers": "",
        "header_map": "dangerous",  # Names with underscores come here to be judged: see request_environ.
        "forwarded_allow_ips": "*",  # Nothing is left to be allowed, and gunicorn need not look at each peer.
        "accesslog": None,
        "logger_class": ProcessLogger,
        "certfile": settings.ssl_cert,
        "keyfile": settings.ssl_key,
        "control_socket_disable": True,
        "http_parser": "python",  # The one that is tested; the other would be taken where it happens to be installed.
        "proc_name": "deltacloudd",
        "worker_exit": _worker_exit,
    }


def _worker_exit(arbiter: object, worker: GatewayWorker) -> None:  # noqa: ARG001 - gunicorn looks at the signature
    worker.close_service()


def raise_file_limit(connections: int) -> None:
    """Allow as many open files as the connections of clients and of clouds need."""
    wanted = 2 * connections + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        _log.warning("the limit on open files (%d) is low for %d connections a worker", hard, connections)
        wanted = hard
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
