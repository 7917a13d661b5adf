"""What an operator asks a role, apart from what it does: `/health`, `/ready` and `/metrics` on `GUESTLOOP_SIDE_BIND`.

Standard library and no framework: every worker carries it. It is for the inside of the installation, not for the world.
"""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import GaugeMetricFamily

from shared.condition import Condition
from shared.errors import SettingError

SETTING = "GUESTLOOP_SIDE_BIND"
JSON = "application/json"
Answer = tuple[int, str, bytes]


def open_side_port(environment: Mapping[str, str], condition: Condition) -> SidePort | None:
    """Serves in threads from here on, where the setting names a place. Raises `SettingError`."""
    place = place_of(environment)
    if place is None:
        return None
    REGISTRY.register(Readiness(condition))
    try:
        port = SidePort(place, condition)
    except OSError as error:
        raise SettingError(f"{SETTING}: cannot listen on {environment[SETTING]} ({error.strerror})") from error
    threading.Thread(target=port.serve_forever, name="side port", daemon=True).start()
    return port


def place_of(environment: Mapping[str, str]) -> tuple[str, int] | None:
    """host and port of `host:port`, `:port` or `[::1]:port`; None where nobody shall listen."""
    bind = environment.get(SETTING, "").strip()
    if not bind:
        return None
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65536:
        raise SettingError(f"{SETTING} must be host:port, such as 0.0.0.0:9100, not «{bind}»")
    return host.strip("[]"), int(port)


class Readiness:
    """The same answer as `/ready`, as a gauge."""

    def __init__(self, condition: Condition) -> None:
        self._condition = condition

    def describe(self) -> list[GaugeMetricFamily]:
        return [self._family()]

    def collect(self) -> list[GaugeMetricFamily]:
        family = self._family()
        ready = self._condition.complaint() is None
        family.add_metric([self._condition.service, self._condition.role], float(ready))
        return [family]

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily("guestloop_ready", "Whether this role can work", labels=["service", "role"])


class SidePort(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], condition: Condition) -> None:
        self.condition = condition
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Request)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer's own asks the name server who we are

    def handle_error(self, request: object, client_address: object) -> None:
        """Who asked has hung up; that is no news."""


class _Request(BaseHTTPRequestHandler):
    server: SidePort
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
            complaint = self.server.condition.complaint()
            return self._state(503 if complaint else 200, complaint or "ready")
        return 404, JSON, b'{"message": "there are /health, /ready and /metrics here"}'

    def _state(self, status: int, state: str) -> Answer:
        condition = self.server.condition
        told = {"service": condition.service, "role": condition.role, "state": state}
        return status, JSON, json.dumps(told).encode()

    def version_string(self) -> str:
        return "guestloop"

    def log_message(self, format: str, *args: object) -> None:
        """Probes are no events."""
