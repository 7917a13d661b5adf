"""Launch: what will leave, to whom, from when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.campaigns.commands.calendars import days_known
from services.campaigns.commands.launch import launch
from services.campaigns.pages.journeys.lacking import Lack, lacking, lacking_conditions, lacking_offers
from services.campaigns.pages.journeys.lines import line_of
from services.campaigns.pages.neighbours import Choices, Languages, choices, segment_size, template_languages
from services.campaigns.queries import journeys as queries
from services.campaigns.queries.stays import stays_ahead, stays_reaching
from services.campaigns.rules.calendar_turns import first_turn
from services.campaigns.rules.document import templates_named
from services.campaigns.schemas.launching import let_in_a_day
from services.campaigns.steps.calendars import Named
from services.campaigns.steps.entries import CalendarEntry, entry_of
from services.campaigns.steps.kind import Document
from services.campaigns.steps.send import Send
from services.campaigns.store.calendars import zone_of_hotel
from services.campaigns.store.copies import inside_known
from services.campaigns.store.journeys import newest_version, note_check
from services.campaigns.store.warning_turns import Found, found_now
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.reading import at_primary
from shared.web.site import here

found = Blueprint("campaigns_launch", __name__, url_prefix="/campaigns/journeys/<key>/launch")
LOOKED_BACK = 30  # days


@found.get("")
@needs(May.CONFIGURE)
@at_primary
def check(key: str) -> str:
    return _page(key, {}, {})


@found.post("")
@needs(May.CONFIGURE)
def go(key: str) -> Response | tuple[str, int]:
    now = here().now()
    try:
        a_day = let_in_a_day(request.form)
    except InputError:
        problem = gettext("Say how many a day: a whole number from 1 to 100,000.")
        return _page(key, request.form, {"a_day": problem}), 422
    lacks = _lacks(key)
    if any(one.stops for one in lacks) or (lacks and not request.form.get("all_the_same")):
        problem = gettext("Not launched: something is missing that its messages need.")
        return _page(key, request.form, {"lacking": problem}), 422
    with here().transaction() as tx:
        version = launch(tx, key, at=now, by=me().name, version=_version(request.form), let_in_a_day=a_day)
        record(tx, me(), "journey.launched", f"journey {key}", {"version": version, "let_in_a_day": a_day}, now)
    flash(gettext("Version %(version)d is live from now on.", version=version))
    return redirect(url_for("campaigns_journeys.journey", key=key), 303)


@found.post("/check")
@needs(May.CONFIGURE)
def checked(key: str) -> tuple[str, int]:
    """The page was looked at: it reports that by itself."""
    with here().transaction() as tx:
        line_of(tx, key)
        note_check(tx, key, here().now())
    return "", 204


def _lacks(key: str) -> list[Lack]:
    with here().transaction() as tx:
        newest = newest_version(tx, key)
    if newest is None:
        return []
    document, known = newest[1], choices()
    languages = template_languages(templates_named(document))
    return _lacking(document, known, languages)


def _lacking(document: Document, known: Choices, languages: Mapping[str, Languages | None]) -> list[Lack]:
    of_messages = lacking(_messages(document), known, languages)
    return [*of_messages, *lacking_offers(document, known), *lacking_conditions(document, known)]


def _messages(document: Document) -> list[Document]:
    return [step[Send.kind] for step in document["steps"] if Send.kind in step]


def _version(form: Any) -> int | None:
    text = form.get("version", "")
    return int(text) if text.isdecimal() else None


def _page(key: str, values: Any, problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        line = line_of(tx, key)
        newest = newest_version(tx, key)
        if newest is None:
            raise NotFound(gettext("Publish this journey first: there is nothing to launch yet."))
        version, document = newest
        pace = _pace(tx, key, document)
        next_day = _next_day(tx, document)
        known = inside_known(tx, document["entry"].get("audience", ""))
        by_hotel = _by_hotel(tx, document)
    audience, chosen = document["entry"].get("audience"), choices()
    size = segment_size(audience) if audience else None
    messages, languages = _messages(document), template_languages(templates_named(document))
    return render_template(
        "launch.html",
        line=line,
        version=version,
        document=document,
        pace=pace,
        next_day=next_day,
        by_hotel=by_hotel,
        hotel_names={one.code: one.name for one in my_hotels()},
        inside=size if size is not None else (known or None),
        lets_in=document["entry"].get("when") == "entered",
        messages=messages,
        languages=languages,
        lacks=_lacking(document, chosen, languages),
        names=chosen.names,
        values=values,
        problems=problems,
    )


def _next_day(tx: Tx, document: Document) -> date | None:
    """Of a journey by the calendar; by the hour of its hotel, or of where its marketer reads."""
    entry, now = entry_of(document["entry"]), here().now()
    if not isinstance(entry, CalendarEntry):
        return None
    known = days_known(tx, entry.calendar, now) if isinstance(entry.calendar, Named) else []
    zone = (zone_of_hotel(tx, entry.hotel) if entry.hotel else None) or "UTC"
    turn = first_turn(entry, zone, now, known)
    return turn[0] if turn else None


def _by_hotel(tx: Tx, document: Document) -> Found:
    """Of a journey that a warning begins, how many it would find now; of hotels whose guests are known here."""
    entry = document["entry"]
    if "warning" not in entry:
        return Found({}, is_estimate=False)
    return found_now(tx, entry["audience"], entry.get("hotel"), scope())


def _pace(tx: Tx, key: str, document: Document) -> queries.Pace:
    """How many entered a day, by the journey's own past or the stays kept here; by a stay's date, how many will."""
    now, entry = here().now(), document["entry"]
    if "stay_date" in entry:
        first = (now - timedelta(days=entry["days"], hours=entry["hours"])).date()
        days = (first, first + timedelta(days=LOOKED_BACK))
        return stays_ahead(tx, entry["stay_date"], entry.get("hotel"), days, scope())
    since = now - timedelta(days=LOOKED_BACK)
    own = queries.pace(tx, key, since, now, scope(), LOOKED_BACK)
    if own.entered or "stay" not in document["entry"]:
        return own
    return stays_reaching(tx, document["entry"]["stay"], since, now, scope(), LOOKED_BACK)
