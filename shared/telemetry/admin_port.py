"""What a role reports to its operator: `/health`, `/ready` and `/metrics` on `GUESTLOOP_SIDE_BIND`.

Standard library and no framework: every worker carries it. It serves the inside of the installation only.
"""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily

from shared.errors import SettingError
from shared.settings.installation import SIDE_BIND
from shared.telemetry.health import RoleHealth

JSON = "application/json"
Answer = tuple[int, str, bytes]


def open_admin_port(environment: Mapping[str, str], health: RoleHealth) -> AdminPort | None:
    """Serves in threads from here on, where the setting names a place. Raises `SettingError`."""
    place = SIDE_BIND.read(environment)
    if place is None:
        return None
    REGISTRY.register(Readiness(health))
    try:
        port = AdminPort(place, health)
    except OSError as error:
        raise SettingError(
            f"{SIDE_BIND.name}: cannot listen on {environment[SIDE_BIND.name]} ({error.strerror})"
        ) from error
    threading.Thread(target=port.serve_forever, name="side port", daemon=True).start()
    return port


class Readiness:
    """The same answer as `/ready`, as a gauge; when it last worked, and which version it is of."""

    def __init__(self, health: RoleHealth) -> None:
        self._health, self._version = health, version("guestloop")

    def describe(self) -> list[GaugeMetricFamily]:
        """Registration asks nobody."""
        return []

    def collect(self) -> list[GaugeMetricFamily]:
        its = [self._health.service, self._health.role]
        ready = GaugeMetricFamily("guestloop_ready", "Whether this role can work", labels=["service", "role"])
        ready.add_metric(its, float(self._health.not_ready_reason() is None))
        build = GaugeMetricFamily(
            "guestloop_build_info", "Which version this role is of", labels=["service", "role", "version"]
        )
        build.add_metric([*its, self._version], 1.0)
        worked = GaugeMetricFamily(
            "guestloop_last_success_timestamp_seconds",
            "When this role last did what was due, or found nothing due",
            labels=["service", "role"],
        )
        if self._health.last_success is not None:
            worked.add_metric(its, self._health.last_success)
        return [ready, build, worked]


class AdminPort(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], health: RoleHealth) -> None:
        self.health = health
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Request)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer's own asks the name server for our name

    def handle_error(self, request: object, client_address: object) -> None:
        """The client has closed the connection; nothing to log."""


class _Request(BaseHTTPRequestHandler):
    server: AdminPort
    timeout = 5

    def do_GET(self) -> None:
        status, kind, body = self._answer(self.path.partition("?")[0])
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, path: str) -> Answer:
        if path == "/metrics":
            return 200, CONTENT_TYPE_LATEST, generate_latest(REGISTRY)
        if path == "/health":
            return self._state(200, "up")
        if path == "/ready":
            not_ready_reason = self.server.health.not_ready_reason()
            return self._state(503 if not_ready_reason else 200, not_ready_reason or "ready")
        return 404, JSON, b'{"message": "there are /health, /ready and /metrics here"}'

    def _state(self, status: int, state: str) -> Answer:
        health = self.server.health
        state_of_role = {"service": health.service, "role": health.role, "state": state}
        return status, JSON, json.dumps(state_of_role).encode()

    def version_string(self) -> str:
        return "guestloop"

    def log_message(self, format: str, *args: object) -> None:
        """Probes are not logged."""
