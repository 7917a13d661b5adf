"""Serve an app by gunicorn, whose worker is ours (`shared.web.server.worker`)."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

import gunicorn.glogging
from gunicorn.app.base import BaseApplication

from shared.web.server.limits import ServerLimits
from shared.web.server.worker import PatientWorker

WSGI = Callable[..., Any]
ANSWERED_WITHIN = 7
NO_MORE_TO_ME = signal.SIGUSR2  # from the master to its workers: they are about to stop


def nothing() -> None:
    pass


class _Logger(gunicorn.glogging.Logger):  # type: ignore[misc]
    """Its records go where ours go (`shared.telemetry.logs`)."""

    def setup(self, cfg: Any) -> None:
        self.error_log.setLevel(logging.WARNING)
        self.error_log.propagate = True


def _lingering(master: Any, seconds: float) -> None:
    """On SIGTERM it reports that it stops and goes on answering for a while, until the proxy in front has noticed; a
    closed socket would refuse requests meanwhile."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, master.signal)  # a second signal ends it at once
        for process in list(master.WORKERS):
            with suppress(ProcessLookupError):
                os.kill(process, NO_MORE_TO_ME)
        threading.Timer(seconds, master.SIG_QUEUE.put_nowait, [signal.SIGTERM]).start()

    signal.signal(signal.SIGTERM, stop)


def _accompanied(started: Callable[[], None], stopping: Callable[[], None]) -> None:
    end = signal.getsignal(signal.SIGTERM)
    signal.signal(NO_MORE_TO_ME, lambda *_: stopping())

    def stop(number: int, frame: FrameType | None) -> None:
        stopping()
        if callable(end):
            end(number, frame)

    signal.signal(signal.SIGTERM, stop)
    started()


class Server(BaseApplication):  # type: ignore[misc]
    """`bind`: host:port. Ends on SIGTERM when the requests under way are answered.

    `started` and `stopping` are called in the process that answers requests: once it serves, once it is to stop.
    `lingers`: seconds for which it goes on answering after that. `is_behind_proxy`: whether all connections come from
    one address.
    """

    def __init__(
        self,
        app: WSGI,
        bind: str,
        *,
        threads: int = 8,
        processes: int = 1,
        started: Callable[[], None] = nothing,
        stopping: Callable[[], None] = nothing,
        lingers: float = 0.0,
        is_behind_proxy: bool = False,
        limits: ServerLimits | None = None,
    ) -> None:
        self._app = app
        self.limits, self.is_behind_proxy = limits or ServerLimits(), is_behind_proxy
        self._settings = {
            "bind": bind,
            "workers": processes,
            "threads": threads,
            "worker_class": PatientWorker,
            "worker_connections": self.limits.connections + 1,  # the worker itself makes room for one more
            "limit_request_fields": self.limits.header_fields,
            "http_parser": "python",
            "preload_app": False,
            "graceful_timeout": ANSWERED_WITHIN,
            "timeout": 120,
            "keepalive": int(self.limits.idle),
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "logger_class": _Logger,
            "when_ready": lambda master: _lingering(master, lingers),
            "post_worker_init": lambda _worker: _accompanied(started, stopping),
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> WSGI:
        return self._app
