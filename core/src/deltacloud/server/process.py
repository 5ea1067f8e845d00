"""The gunicorn application: its configuration, reloading, and what its processes share."""

from __future__ import annotations

import logging
import resource
import signal
import socket
from collections.abc import Callable, Sequence

import msgspec
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from deltacloud.kernel import Application
from deltacloud.server import strays
from deltacloud.server.assembly import Service, assemble
from deltacloud.server.kinds import OFF
from deltacloud.server.logs import AccessLog, LogFile, LogHandler
from deltacloud.server.metrics_folder import forget, free_number, prepare
from deltacloud.server.refusals import Refusals
from deltacloud.server.settings import ServerSettings, SettingsError
from deltacloud.server.startup import checked
from deltacloud.server.worker import MASTER_SIGNALS, GatewayWorker

_log = logging.getLogger("deltacloud.server")
_HEARTBEAT_TIMEOUT = 120
"""Seconds after which a worker that does not answer its master is killed; no limit on requests."""
_LAST_WORDS = 5
"""Seconds that the master waits longer than the workers do, so that they can let go of what they hold."""
_OTHER_FILES = 512
"""Files that a process needs besides those of its clients and of the clouds it talks to for them."""
_FIXED = ("hostname", "port", "backlog", "ssl", "metrics")
"""What cannot change while the server runs: it would have to close its listening sockets, or to lose its counts."""


class GatewayProcess(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with our settings.

    Attributes:
        settings: What the operator decided; read anew at SIGHUP.
        refusals: Answers to what never became a request.
        monitoring: The addresses of those listening sockets at which there is monitoring and nothing else.

    Args:
        settings: What the operator decided.
        read: Reads it anew.
        listeners: The listening sockets; they are gunicorn's from here on.
        monitoring: Those for monitoring.
    """

    def __init__(
        self,
        settings: ServerSettings,
        read: Callable[[], ServerSettings],
        listeners: Sequence[socket.socket],
        monitoring: Sequence[socket.socket] = (),
    ) -> None:
        self._read = read
        self.monitoring = frozenset(one.getsockname() for one in monitoring)
        self._descriptors = [one.detach() for one in (*listeners, *monitoring)]
        self._log_file = LogFile()
        self._apply(settings)
        super().__init__(prog="deltacloudd")

    def assemble(self, number: int = 0) -> Service:
        """The gateway, for the worker process of that number."""
        if self.settings.metrics != OFF:
            from deltacloud.server.metrics_values import count_in_files_of  # noqa: PLC0415 - the master does not count

            count_in_files_of(number)
        service = assemble(self.settings, self._log_file)
        self.refusals.metrics = service.metrics
        return service

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
        strays.log_to(
            LogHandler(self._log_file, settings.log_format), logging.INFO if gateway.verbose else logging.WARNING
        )
        strays.catch()
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
    """The master process.

    gunicorn's waits for old workers to end when it reloads, deaf to all else, and counts those that it has told to end.
    """

    def __init__(self, application: GatewayProcess) -> None:
        self._leaving: set[int] = set()
        super().__init__(application)

    def spawn_worker(self) -> int | None:
        """Start a worker; what it is told before it can listen waits until it can, instead of being lost."""
        signal.pthread_sigmask(signal.SIG_BLOCK, MASTER_SIGNALS)
        try:
            pid: int | None = super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, MASTER_SIGNALS)
        return pid

    def reload(self) -> None:
        """Read the settings anew, and let new workers take the place of all."""
        self.app.reload()
        self.setup(self.app)
        self.log.reopen_files()
        self._leaving.update(self.WORKERS)
        self.manage_workers()
        for pid in tuple(self._leaving):
            self.kill_worker(pid, signal.SIGTERM)

    def manage_workers(self) -> None:
        """Have as many workers as are wanted, besides those that were told to end."""
        self._leaving &= set(self.WORKERS)
        staying = sorted((worker.age, pid) for pid, worker in self.WORKERS.items() if pid not in self._leaving)
        for _ in range(self.num_workers - len(staying)):
            self.spawn_worker()
        for _, pid in staying[: max(len(staying) - self.num_workers, 0)]:
            self._leaving.add(pid)
            self.kill_worker(pid, signal.SIGTERM)

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
        "pre_fork": _pre_fork,
        "worker_exit": _worker_exit,
        "child_exit": _child_exit,
    }


def _pre_fork(arbiter: GatewayArbiter, worker: GatewayWorker) -> None:
    worker.number = free_number(one.number for one in arbiter.WORKERS.values())
    if arbiter.app.settings.metrics != OFF:
        prepare()


def _child_exit(arbiter: GatewayArbiter, worker: GatewayWorker) -> None:
    if arbiter.app.settings.metrics != OFF:
        forget(worker.number)


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
