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

from shared.access.heartbeat import TOO_OLD, last_heard
from shared.web.access_control import EVERYBODY, READING, door_of, is_for_programs
from shared.web.problems import problem
from shared.web.site import here

TRIES_AGAIN = 5
"""Seconds after which a closed page is asked for again."""


def close_while_unheard(open_since: datetime) -> Callable[[], Response | None]:
    """A function to run before each request. `open_since`: when this process began; it waits as long for the first
    heartbeat as for any other. The database is asked only when what was heard last is too old by now."""
    heard_at = open_since

    def close() -> Response | None:
        nonlocal heard_at
        if request.endpoint is None or request.endpoint.endswith("static") or door_of(request.endpoint) == EVERYBODY:
            return None
        now = here().now()
        if now - heard_at <= TOO_OLD:
            return None
        with here().database.glance() as tx:
            found = last_heard(tx)
        if found is None:  # nothing is missed that never was
            return None
        heard_at = max(heard_at, found)
        silent = now - heard_at
        return _closed(int(silent.total_seconds())) if silent > TOO_OLD else None

    return close


def _closed(seconds: int) -> Response:
    text = gettext(
        "Guestloop has not heard for %(seconds)d seconds whose access has ended, so this page is closed until it has.",
        seconds=seconds,
    )
    if is_for_programs():
        response = problem(503, text)
    else:
        reloads = TRIES_AGAIN if request.method in READING else None
        response = make_response(render_template("web/closed.html", text=text, reloads=reloads), 503)
    response.headers["Retry-After"] = str(TRIES_AGAIN)
    return response
