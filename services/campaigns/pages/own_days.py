"""The house's own days: a fair, an anniversary of the hotel, a race; journeys by the calendar may wait for them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.campaigns.commands.calendars import add_own_day, drop_own_day
from services.campaigns.commands.turn_calendar import plan_turns
from services.campaigns.steps.calendars import Named
from services.campaigns.steps.entries import CalendarEntry
from services.campaigns.store.calendars import own_days
from services.campaigns.store.journeys import live_journeys
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.web.access_control import me, needs
from shared.web.site import here

found = Blueprint("campaigns_own_days", __name__, url_prefix="/campaigns/own-days")


@found.get("")
@needs(May.CONFIGURE)
def shown() -> str:
    return _page({}, {})


@found.post("/days")
@needs(May.CONFIGURE)
def add() -> Response | tuple[str, int]:
    name, day = request.form.get("name", "").strip(), request.form.get("day", "")
    try:
        with here().transaction() as tx:
            add_own_day(tx, name, day)
            _changed(tx, "calendar.day_added", name, day)
    except InputError as error:
        texts = {"name": gettext("Give the day a name of at most 60 letters."), "day": gettext("Choose the day.")}
        return _page(request.form, {field: texts[field] for field in error.problems}), 422
    return redirect(url_for("campaigns_own_days.shown"), 303)


@found.post("/days/removal")
@needs(May.CONFIGURE)
def remove() -> Response:
    name, day = request.form.get("name", ""), request.form.get("day", "")
    with here().transaction() as tx:
        drop_own_day(tx, name, day)
        _changed(tx, "calendar.day_removed", name, day)
    flash(gettext("«%(name)s» is removed. Nobody enters a journey by it from now on.", name=name))
    return redirect(url_for("campaigns_own_days.shown"), 303)


def _changed(tx: Tx, action: str, name: str, day: str) -> None:
    """Journeys by the house's own days come to their next one anew."""
    now = here().now()
    plan_turns(tx, now, anew=[live.key for live in live_journeys(tx, now) if _is_own(live.journey.entry)])
    record(tx, me(), action, "calendar", {"name": name, "day": day}, now)


def _is_own(entry: Any) -> bool:
    return isinstance(entry, CalendarEntry) and isinstance(entry.calendar, Named) and entry.calendar.key == "own"


def _page(values: Any, problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        days = own_days(tx)
    today = here().now().date()
    coming, past = [one for one in days if one.day >= today], [one for one in days if one.day < today][::-1]
    return render_template("own_days.html", coming=coming, past=past, values=values, problems=problems)
