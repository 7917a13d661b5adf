"""Serve an app by gunicorn: one process, threads for requests that wait for the database."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

import gunicorn.glogging
from gunicorn.app.base import BaseApplication

WSGI = Callable[..., Any]
ANSWERED_WITHIN = 8


def nothing() -> None:
    pass


class _Logger(gunicorn.glogging.Logger):  # type: ignore[misc]
    """Its words go where ours go (`shared.logs`)."""

    def setup(self, cfg: Any) -> None:
        self.error_log.setLevel(logging.WARNING)
        self.error_log.propagate = True


def _accompanied(started: Callable[[], None], stopping: Callable[[], None]) -> None:
    end = signal.getsignal(signal.SIGTERM)

    def told(number: int, frame: FrameType | None) -> None:
        stopping()
        if callable(end):
            end(number, frame)

    signal.signal(signal.SIGTERM, told)
    started()


class Server(BaseApplication):  # type: ignore[misc]
    """`bind`: host:port. Ends on SIGTERM when the requests under way are answered.

    `started` and `stopping` are called in the process that answers requests: once it serves, once it is told to end.
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
    ) -> None:
        self._app = app
        self._settings = {
            "bind": bind,
            "workers": processes,
            "threads": threads,
            "worker_class": "gthread",
            "preload_app": False,
            "graceful_timeout": ANSWERED_WITHIN,
            "timeout": 120,
            "keepalive": 5,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
            "logger_class": _Logger,
            "post_worker_init": lambda _worker: _accompanied(started, stopping),
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> WSGI:
        return self._app
