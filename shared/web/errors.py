"""The HTTP status of an error, and its response: a page for people, JSON for programs."""

from __future__ import annotations

import psycopg
import structlog
from flask import Flask, g, make_response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from shared.crypto.signing import BadLink
from shared.database.dedicated_connection import is_passing
from shared.errors import (
    Busy,
    Conflict,
    DatabaseUnavailable,
    GuestloopError,
    InputError,
    NotFound,
    NotGranted,
    NotReady,
    TooOften,
)
from shared.outgoing.object_store import StoreSilent
from shared.web.access_control import is_for_programs
from shared.web.problems import problem

STATUS: dict[type[GuestloopError], int] = {
    NotFound: 404,
    BadLink: 404,
    Conflict: 409,
    InputError: 422,
    Busy: 503,
    NotReady: 503,
    TooOften: 429,
    NotGranted: 403,
    DatabaseUnavailable: 503,
}

DEFAULTS = (
    _l("There is nothing of that name here."),
    _l("It was changed by somebody else meanwhile; look at it again and repeat."),
    _l("The database does not answer; it is tried again by itself."),
    _l("This key does not grant what the request asks for; an administrator makes keys under Team."),
    _l("This key has made all the requests it may make within a minute; wait as long as Retry-After says."),
)
"""The default messages of `shared.errors`, here so that they are translated."""

IMPOSSIBLE = _l("Something in this request is not valid: a number is too large, or a character is not allowed.")

log = structlog.get_logger()


def add_handlers(app: Flask) -> None:
    app.register_error_handler(GuestloopError, _ours)
    app.register_error_handler(StoreSilent, _store)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(psycopg.OperationalError, _database)
    app.register_error_handler(psycopg.DataError, _impossible)
    app.register_error_handler(OverflowError, _impossible)
    app.register_error_handler(Exception, _unforeseen)


def status_of(error: GuestloopError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)


def _ours(error: GuestloopError) -> Response:
    problems = error.problems if isinstance(error, InputError) else {}
    translated = {place: gettext(problem) for place, problem in problems.items()}
    if isinstance(error, NotGranted):
        translated = {"key": error.grant}
        _log_refusal(403, "not granted")
    response = _respond(status_of(error), gettext(str(error)), translated)
    if isinstance(error, TooOften):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _forged(_error: CSRFError) -> Response:
    _log_refusal(400, "no token of this site")
    return _respond(400, gettext("This form has expired. Go back, reload the page and try again."))


def _http(error: HTTPException) -> Response:
    texts = {
        400: gettext(IMPOSSIBLE),
        401: gettext("A valid API key is needed: Authorization: Bearer glk_…"),
        403: gettext("Your account may not do this. An administrator can change that."),
        404: gettext("There is nothing at this address."),
        405: gettext("This address does not take that kind of request."),
        413: gettext("The file is too large."),
    }
    status = error.code or 500
    if status in (301, 302, 303, 307, 308):
        return error.get_response()
    if status in (401, 403):
        _log_refusal(status, "not allowed")
    return _respond(status, texts.get(status, error.description or error.name))


def _database(error: psycopg.OperationalError) -> Response:
    if not is_passing(error):
        return _unforeseen(error)
    log.warning("waiting", what="database", page=_page(), error=type(error).__name__)
    return _ours(DatabaseUnavailable())


def _store(error: StoreSilent) -> Response:
    log.error("waiting", what="object store", page=_page(), error=str(error))
    text = gettext("The store of files gives no answer. Nothing that was there is lost; try again in a minute.")
    return _respond(503, text)


def _impossible(error: Exception) -> Response:
    """A value that was sent is none that the database, or a calendar, can hold."""
    log.warning("a value was refused", page=_page(), error=type(error).__name__)
    return _respond(400, gettext(IMPOSSIBLE))


def _unforeseen(error: Exception) -> Response:
    log.error("a page failed", page=_page(), exc_info=error)
    return _respond(
        500, gettext("Something went wrong here; it has been recorded. Nothing you entered before was lost.")
    )


def _log_refusal(status: int, why: str) -> None:
    """Who tries what they may not do is seen in the logs: a colleague's number, never a name or an address."""
    who = str(g.person.person_id) if "person" in g else None
    log.warning("a request was refused", page=_page(), method=request.method, status=status, why=why, person=who)


def _page() -> str | None:
    """The rule of the address: the address itself may hold a guest's link or what was searched for."""
    return request.url_rule.rule if request.url_rule else None


def _respond(status: int, text: str, problems: dict[str, str] | None = None) -> Response:
    if is_for_programs():
        return problem(status, text, problems)
    frame = "web/error.html" if "person" in g else "web/error_outside.html"
    return make_response(render_template(frame, status=status, text=text, problems=problems or {}), status)
