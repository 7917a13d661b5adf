"""Pages close to people and programs while a service hears nothing of whose access ended, and open by themselves.

What guests and providers use stays open, and so does health: nobody's access is asked about there. Console, where
access is decided, hears no heartbeat and never closes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import make_response, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from shared.access.heartbeat import TOO_OLD, age
from shared.web.access_control import EVERYBODY, READING, door_of, is_for_programs
from shared.web.site import here

TRIES_AGAIN = 5
"""Seconds after which a closed page is asked for again."""


def close_while_unheard(open_since: datetime) -> Callable[[], Response | None]:
    """A function to run before each request. `open_since`: when this process began; it waits as long for the first
    heartbeat as for any other."""

    def close() -> Response | None:
        if request.endpoint is None or request.endpoint.endswith("static") or door_of(request.endpoint) == EVERYBODY:
            return None
        with here().database.glance() as tx:
            silent = age(tx, here().now(), open_since=open_since)
        return _closed(int(silent.total_seconds())) if silent > TOO_OLD else None

    return close


def _closed(seconds: int) -> Response:
    text = gettext(
        "Guestloop has not heard for %(seconds)d seconds whose access has ended, so this page is closed until it has.",
        seconds=seconds,
    )
    if is_for_programs():
        response = make_response({"status": 503, "message": text, "problems": {}}, 503)
    else:
        reloads = TRIES_AGAIN if request.method in READING else None
        response = make_response(render_template("web/closed.html", text=text, reloads=reloads), 503)
    response.headers["Retry-After"] = str(TRIES_AGAIN)
    return response
