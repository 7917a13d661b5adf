"""Where somebody is signed in: the list on the account's page, and ending sessions there."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import Blueprint, flash, g
from flask import redirect as to
from flask_babel import ngettext
from werkzeug.wrappers import Response

from services.console.commands.sessions import end_other_sessions, end_session
from services.console.rules.sessions import SignedInBy
from services.console.store import sessions
from services.console.store.sessions import SessionRow
from shared.database.pool import Tx
from shared.web.access_control import me, my_session, signed_in
from shared.web.i18n.labels import label
from shared.web.site import here

SESSIONS = Blueprint("console_sessions", __name__, url_prefix="/account/sessions")


@SESSIONS.post("/<uuid:session_id>/ending")
@signed_in
def end(session_id: UUID) -> Response:
    with here().transaction() as tx:
        end_session(tx, me().person_id, session_id, me().name, here().now())
    return to("/account#sessions", 303)


@SESSIONS.post("/ending")
@signed_in
def end_others() -> Response:
    with here().transaction() as tx:
        ended = end_other_sessions(tx, me().person_id, my_session().session_id, me().name, here().now())
    flash(ngettext("%(num)d other device is signed out.", "%(num)d other devices are signed out.", ended))
    return to("/account#sessions", 303)


@SESSIONS.after_app_request
def note_seen(response: Response) -> Response:
    """The list says when somebody was last seen, to some minutes."""
    if g.get("session_noted"):
        with here().transaction() as tx:
            sessions.note_seen(tx, my_session().session_id, here().now())
    return response


def my_sessions(tx: Tx) -> list[tuple[SessionRow, str]]:
    return session_lines(sessions.live(tx, me().person_id, here().now()))


def session_lines(found: Iterable[SessionRow]) -> list[tuple[SessionRow, str]]:
    """Each session, and in words how its person signed in."""
    return [(one, label(SignedInBy(one.signed_in_by))) for one in found]
