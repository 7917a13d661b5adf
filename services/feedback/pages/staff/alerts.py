"""What has been called out, and nobody has answered? One tap says that somebody is on it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.alerts.calling import page_of
from services.feedback.queries.care import alerts as queries
from services.feedback.store.care import alerts as store
from shared.access.audit import record
from shared.access.people import May
from shared.errors import NotFound
from shared.vocabulary.case import AlertReason
from shared.web.access_control import me, needs, scope
from shared.web.i18n.labels import label
from shared.web.site import here

ALERTS = Blueprint("feedback_alerts", __name__, url_prefix="/feedback/alerts")


class NoAlert(NotFound):
    """There is no such alert here."""


@ALERTS.get("")
@needs(May.SEE_GUESTS)
def show() -> str:
    with here().transaction() as tx:
        lines = queries.unanswered(tx, scope())
    return render_template("alerts.html", lines=lines, page_of=page_of, reason=AlertReason, label=label)


@ALERTS.post("/<uuid:alert_id>/answer")
@needs(May.CARE)
def answer(alert_id: UUID) -> Response:
    """Nobody else is called. It leads to what the alert is about."""
    now = here().now()
    with here().transaction() as tx:
        found = queries.alert(tx, alert_id, me().scope)
        if found is None:
            raise NoAlert()
        if store.answer(tx, "alert_id", alert_id, me().name, now):
            record(tx, me(), "alert.answered", f"alert {alert_id}", {}, now)
    flash(gettext("You are on it; nobody else is called."))
    return redirect(found_at(found), 303)


def found_at(alert: queries.AlertLine) -> str:
    return page_of(alert.case_id, alert.task_id) if alert.case_id or alert.task_id else "/feedback/replies?view=all"
