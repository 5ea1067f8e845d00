"""The gunicorn worker: gevent's, taught to be fair to slow clients and firm with stalled ones."""

from __future__ import annotations

import logging
import signal
import time
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from gevent.event import Event
from gevent.pool import Pool
from gevent.server import StreamServer
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    NoMoreData,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.http.parser import RequestParser
from gunicorn.workers.ggevent import GeventWorker

from deltacloud.errors import ClientDisconnected, DeltacloudError
from deltacloud.kernel.request import ENVIRON_KEY
from deltacloud.outbound import last_line
from deltacloud.server import memory
from deltacloud.server.body import RequestBody
from deltacloud.server.connection import Connection, ConnectionOver, Limits
from deltacloud.server.crowd import Crowd
from deltacloud.server.environ import content_length, expects_continue, listener_environ, request_environ
from deltacloud.server.tls import server_context
from deltacloud.server.writer import AnswerWriter

if TYPE_CHECKING:
    import ssl

    from gevent import socket as gevent_socket
    from gunicorn.config import Config

    from deltacloud.server.assembly import Service
    from deltacloud.server.settings import ServerSettings

_log = logging.getLogger("deltacloud.server")
MASTER_SIGNALS = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT, signal.SIGUSR1)
"""What the master sends to its workers."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods of requests that only read."""
_LAST_CHANCE = 1.0
"""Seconds that a connection without a request may still bring one when the server stops."""


class Listener(StreamServer):  # type: ignore[misc]  # gevent has no types
    """gevent's, which can stop without turning away those who are connected."""

    def close_when_empty(self) -> None:
        """Take all connections that the kernel has made, and stop: it resets those that nobody takes."""
        while not self.full() and (accepted := self.do_read()):
            self.do_handle(*accepted)
        self.close()


class GatewayWorker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """One worker process; the application (:class:`deltacloud.server.process.GatewayProcess`) knows the settings.

    Attributes:
        service: What it serves.
        number: Which of the workers it is, from 0; no two living ones have the same.
    """

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)
        self._crowd = Crowd(self.cfg.worker_connections)
        self._stopping = Event()
        self._tls: ssl.SSLContext | None = None
        self.service: Service | None = None
        self.number = 0

    # The life of the process

    def load_wsgi(self) -> None:
        """Build kernel and front ends, after the fork."""
        settings: ServerSettings = self.app.settings
        gateway = settings.gateway
        self._limits = Limits(
            header_timeout=settings.header_timeout,
            keep_alive=settings.keep_alive,
            idle_timeout=gateway.idle_timeout,
            request_line=settings.request_line_limit,
            header=settings.header_limit,
        )
        if settings.ssl:
            self._tls = server_context(settings)
        self._plain = plain(self.cfg)
        last_line.hold(gateway.nat64_prefixes)
        self.service = self.app.assemble(self.number)
        self.wsgi = self.service.application
        memory.settle()

    def init_signals(self) -> None:
        """Signals that came since the fork are heard now: see :meth:`GatewayArbiter.spawn_worker`."""
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, MASTER_SIGNALS)

    def close_service(self) -> None:
        """Let go of what the kernel holds."""
        if self.service is not None:
            self.service.kernel.close()

    def notify(self) -> None:
        """Tell the master, about once a second, that this process lives; and the others what is in progress in it."""
        super().notify()
        if self.service is not None and self.service.metrics is not None:
            self.service.metrics.refresh(len(self._crowd))

    def handle_exit(self, sig: int, frame: object) -> None:
        """SIGTERM: stop gracefully."""
        super().handle_exit(sig, frame)
        self._stopping.set()

    def run(self) -> None:
        """Serve until told to stop; then let running requests end."""
        pool = Pool(self.worker_connections)
        servers = []
        for listener in self.sockets:
            listener.setblocking(1)
            server = Listener(listener, handle=partial(self._serve, self._common(listener)), spawn=pool)
            if self.cfg.workers > 1:
                server.max_accept = 1
            server.start()
            servers.append(server)
        while self.alive:
            self.notify()
            self._crowd.abandon()
            self._stopping.wait(1.0)
        for server in servers:
            server.close_when_empty()
        self._drain(pool)

    def _common(self, listener: gevent_socket.socket) -> dict[str, Any]:
        scheme = "http" if self._tls is None else "https"
        name = listener.getsockname()
        monitoring = name in self.app.monitoring
        return listener_environ(name, scheme=scheme, multiprocess=self.cfg.workers > 1, monitoring=monitoring)

    def _drain(self, pool: Pool) -> None:
        """Wait for running requests, and close connections that bring no more."""
        stopped = time.monotonic()
        while len(pool) > 0 and (now := time.monotonic()) < stopped + self.app.settings.graceful_timeout:
            self.notify()
            if now - stopped > _LAST_CHANCE:
                self._crowd.stop_waiting(now, _LAST_CHANCE)
            pool.join(timeout=0.1)
        if len(pool) > 0:
            _log.warning("%d requests did not end in time and are broken off", len(pool))
            pool.kill(timeout=1)

    # The life of a connection

    def _serve(self, common: dict[str, Any], client: gevent_socket.socket, address: tuple[Any, ...]) -> None:
        """Everything on one connection."""
        connection = Connection(client, self._limits)
        self._crowd.enter(connection)
        self._crowd.expect_head(connection)
        try:
            if self._tls is not None:
                connection.secure(self._tls)
            self._serve_requests(common, connection, address)
        except (ConnectionOver, ClientDisconnected):
            return
        finally:
            self._crowd.leave(connection)
            connection.close()

    def _serve_requests(self, common: dict[str, Any], connection: Connection, address: tuple[Any, ...]) -> None:
        parser = RequestParser(self._plain, connection, address)
        kept = True
        while kept:
            self._crowd.expect_head(connection)
            connection.expect_head()
            try:
                request = next(parser)
                if len(request.uri) > self._limits.request_line:
                    raise LimitRequestLine(len(request.uri), self._limits.request_line)
            except (StopIteration, NoMoreData):
                return
            except ParseException as error:
                self._refuse(connection, address, error)
                return
            self._crowd.has_head(connection)
            connection.expect_body()
            kept = self._answer(common, connection, request, address)
            connection.served += 1

    def _answer(self, common: dict[str, Any], connection: Connection, request: Any, address: tuple[Any, ...]) -> bool:  # noqa: ANN401 - gunicorn has no types
        """Answer one request; returns whether the connection can be used again."""
        body = RequestBody(
            connection, request.body, content_length(request), expects_continue=expects_continue(request)
        )
        writer = AnswerWriter(request, connection, self._plain, body)
        if not self.alive:
            writer.force_close()
        if request.method in _SAFE:
            connection.abandonable = writer
        environ = writer.environ = request_environ(common, request, body, address)
        try:
            self._write(writer, environ)
        except (ConnectionOver, ClientDisconnected):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, the connection must show it
            # The gateway has logged it. What is half sent must not look whole.
            _log.error("[%s] the answer was broken off (%s)", environ[ENVIRON_KEY].id, type(error).__qualname__)
            connection.reset()
            return False
        finally:
            connection.abandonable = None
        connection.sendall()
        if not writer.should_close():
            return _skip(body)
        if body.unread:
            self._linger(connection)
        return False

    def _write(self, writer: AnswerWriter, environ: dict[str, Any]) -> None:
        answer = self.wsgi(environ, writer.start_response)
        try:
            for block in answer:
                writer.write(block)
            writer.close()
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        if writer.cut_short:
            raise IncompleteAnswer

    def _refuse(self, connection: Connection, address: tuple[Any, ...], error: ParseException) -> None:
        """Answer what could not be read as a request; its text may hold a credential and is neither sent nor logged."""
        status, message = next((answer for kind, answer in _REFUSALS.items() if isinstance(error, kind)), _MALFORMED)
        connection.sendall(self.app.refusals.answer(bytes(connection.head), address[0], status, message))
        self._linger(connection)

    def _linger(self, connection: Connection) -> None:
        self._crowd.expect_head(connection)  # Its request is over, so it makes room for others.
        connection.linger()


def plain(configuration: Config) -> SimpleNamespace:
    """Gunicorn's configuration as plain attributes, for its parser and our writer.

    They look at a score of its values for each request, and each look into the original costs half a microsecond.
    """
    return SimpleNamespace(
        **{name: setting.get() for name, setting in configuration.settings.items()},
        is_ssl=configuration.is_ssl,
        forwarded_allow_networks=configuration.forwarded_allow_networks,
        proxy_allow_networks=configuration.proxy_allow_networks,
    )


class IncompleteAnswer(Exception):
    """An application sent fewer bytes than it had announced."""


def _skip(body: RequestBody) -> bool:
    """Read the little that is left of a body; returns whether its end was found."""
    try:
        while body.unread:
            body.read(_BLOCK)
    except (DeltacloudError, ClientDisconnected):
        return False
    return True


_BLOCK = 64 * 1024
_MALFORMED = (400, "The request is malformed")
_REFUSALS: dict[type[ParseException], tuple[int, str]] = {
    LimitRequestLine: (414, "The request target is too long"),
    LimitRequestHeaders: (431, "The header of the request is too large"),
    UnsupportedTransferCoding: (501, "The transfer coding is not supported"),
    ExpectationFailed: (417, "The expectation cannot be met"),
}
