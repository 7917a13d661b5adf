"""One line a request: its route as it is written in the code, never the address, which may be a guest's key or name.

Kept by processes that serve pages, not by every app that is made. The gateway gives each request an id; it is on every
line that is logged meanwhile, and in the answer, so that somebody who reports a page that failed can name it.
"""

from __future__ import annotations

import re
import secrets
import time

import structlog
from flask import Flask, request
from werkzeug.wrappers import Response

from shared.telemetry.logs import REQUEST

HEADER = "X-Request-Id"
AN_ID = re.compile(r"[0-9a-f]{32}")
NOT_LOGGED = ("static", "health.health", "health.ready")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger()


def keep(app: Flask) -> None:
    """From now on; before the first request."""
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_write)
    app.teardown_request(_end)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    REQUEST.set((given if AN_ID.fullmatch(given) else secrets.token_hex(16), time.perf_counter()))


def _write(response: Response) -> Response:
    found = REQUEST.get()
    if found is None:
        return response
    number, began = found
    response.headers[HEADER] = number
    if request.endpoint not in NOT_LOGGED:
        log.info(
            "a request",
            method=request.method if request.method in METHODS else "other",
            route=request.url_rule.rule if request.url_rule else "none",
            status=response.status_code,
            seconds=round(time.perf_counter() - began, 3),
        )
    return response


def _end(_error: BaseException | None) -> None:
    REQUEST.set(None)
