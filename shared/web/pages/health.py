"""Whether this process is alive, and whether it can work."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from shared.telemetry.health import database_check
from shared.web.access_control import open_to_all
from shared.web.site import here


def blueprint(service: str) -> Blueprint:
    """`/<service>/health`: alive. `/<service>/ready`: 503 while the database does not answer."""
    found = Blueprint("health", __name__, url_prefix=f"/{service}")

    @found.get("/health")
    @open_to_all
    def health() -> Response:
        return jsonify(service=service, state="up")

    @found.get("/ready")
    @open_to_all
    def ready() -> tuple[Response, int]:
        not_ready_reason = database_check(here().database.dsn)()
        return jsonify(service=service, state=not_ready_reason or "ready"), 503 if not_ready_reason else 200

    return found
