"""Are guests reminded of a survey, once? Asked by the pages of surveys, and switched from there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.campaigns.commands.remind import change_reminder
from services.campaigns.pages.journeys.lines import lines_of
from services.campaigns.rules.survey_reminder import (
    LEAST_DAYS,
    MOST_DAYS,
    USUAL_DAYS,
    Reminder,
    asks_after_a_stay,
    can_be_switched,
    reminder_of,
    with_reminder,
)
from services.campaigns.schemas import validated
from services.campaigns.steps.kind import Document
from services.campaigns.store.journeys import newest_version
from shared.access.audit import record
from shared.access.people import May
from shared.errors import InputError
from shared.web.access_control import me, needs
from shared.web.site import here

found = Blueprint("campaigns_reminder", __name__, url_prefix="/campaigns/survey-reminder")
SURVEYS = "/feedback/surveys"
OVER = ("ended", "taken_back")


@found.get("")
@needs(May.CONFIGURE)
def shown() -> dict[str, Any]:
    """Each journey that asks after a stay: its reminder, and whether it can be switched here."""
    asking = []
    with here().transaction() as tx:
        for line in lines_of(tx):
            newest = newest_version(tx, line.key) if line.state not in OVER else None
            if newest and asks_after_a_stay(newest[1]):
                asking.append({"key": line.key, "name": line.name, **_as_it_stands(newest[1], line.has_draft)})
    return {"journeys": asking, "least": LEAST_DAYS, "most": MOST_DAYS}


def _as_it_stands(document: Document, has_draft: bool) -> dict[str, Any]:
    reminder = reminder_of(document)
    template = next(step["send"]["template"] for step in document["steps"] if "send" in step)
    return {
        "is_on": reminder is not None,
        "days": reminder.days if reminder else USUAL_DAYS,
        "template": reminder.template if reminder else template,
        "can_be_switched": can_be_switched(document) and not has_draft,
        "has_draft": has_draft,
    }


@found.post("/<key>")
@needs(May.CONFIGURE)
def switch(key: str) -> Response:
    """`days` and `template`, or `off`. Raises `InputError`."""
    now, reminder = here().now(), None if "off" in request.form else _asked_for()
    with here().transaction() as tx:
        version = change_reminder(tx, key, lambda one: validated(with_reminder(one, reminder)), now, by=me().name)
        details = {"version": version, "days": reminder.days if reminder else None}
        record(tx, me(), "journey.reminder_changed", f"journey {key}", details, now)
    flash(gettext("Whoever is asked from now on is reminded so.") if reminder else gettext("No reminder from now on."))
    back = request.form.get("back", "")
    return redirect(back if back.startswith(f"{SURVEYS}/") else SURVEYS, 303)


def _asked_for() -> Reminder:
    days = request.form.get("days", "")
    if not (days.isdecimal() and len(days) < 4 and LEAST_DAYS <= int(days) <= MOST_DAYS):
        text = gettext("The days are a whole number from %(least)d to %(most)d.", least=LEAST_DAYS, most=MOST_DAYS)
        raise InputError(problems={"days": text})
    return Reminder(int(days), request.form.get("template", ""))
