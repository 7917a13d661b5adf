"""Serve an app by gunicorn: one process, threads for requests that wait for the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

WSGI = Callable[..., Any]


class Server(BaseApplication):  # type: ignore[misc]
    """`bind`: host:port. Ends on SIGTERM when the requests under way are answered."""

    def __init__(self, app: WSGI, bind: str, *, threads: int = 8, processes: int = 1) -> None:
        self._app = app
        self._settings = {
            "bind": bind,
            "workers": processes,
            "threads": threads,
            "worker_class": "gthread",
            "preload_app": False,
            "graceful_timeout": 20,
            "timeout": 120,
            "keepalive": 5,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> WSGI:
        return self._app
