"""Whether this process is alive, and whether it can work."""

from __future__ import annotations

import psycopg
from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from shared.web.doors import open_to_all
from shared.web.site import here


def doors(service: str) -> Blueprint:
    """`/<service>/health`: alive. `/<service>/ready`: 503 while the database does not answer."""
    found = Blueprint("health", __name__, url_prefix=f"/{service}")

    @found.get("/health")
    @open_to_all
    def health() -> Response:
        return jsonify(service=service, state="up")

    @found.get("/ready")
    @open_to_all
    def ready() -> tuple[Response, int]:
        try:
            with here().database.glance() as tx:
                tx.execute("select 1")
        except psycopg.Error:
            return jsonify(service=service, state="the database does not answer"), 503
        return jsonify(service=service, state="ready"), 200

    return found
