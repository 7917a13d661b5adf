"""Calendar: what goes out on which of the next thirty days?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request

from services.campaigns.pages.calendar.days import DAYS, Wanted, by_day, hours_of, weeks
from services.campaigns.pages.journeys.lines import lines_of
from services.campaigns.queries import calendar as queries
from services.campaigns.queries.calendar import Expected, Planned, Rehearsed
from services.campaigns.rules.rehearsals import Rehearsal
from services.campaigns.store.rehearsals import newest_done
from shared.access.people import May
from shared.localtime import local_date
from shared.vocabulary.channel import Channel
from shared.web.access_control import chosen_hotel, my_hotels, needs, scope
from shared.web.i18n.labels import labels
from shared.web.site import here

found = Blueprint("campaigns_calendar", __name__, url_prefix="/campaigns/calendar")
AROUND = timedelta(days=1)  # a day begins and ends elsewhere at another instant
OLD = timedelta(days=1)


@dataclass(frozen=True)
class Ahead:
    """What there is of the next thirty days. `planned`: only where nothing was rehearsed yet."""

    today: date
    planned: list[Planned]
    rehearsed: list[Rehearsed]
    expected: list[Expected]
    rehearsal: Rehearsal | None
    journeys: dict[str, str]
    is_old: bool


@found.get("")
@needs(May.CONFIGURE)
def calendar() -> str:
    wanted = _wanted()
    ahead = _ahead(wanted)
    days = by_day(ahead.planned, ahead.rehearsed, ahead.expected)
    return render_template(
        "calendar.html", ahead=ahead, days=days, weeks=weeks(ahead.today), last=DAYS, **_filters(wanted)
    )


@found.get("/<day>")
@needs(May.CONFIGURE)
def one_day(day: str) -> str:
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        abort(404)
    wanted = _wanted()
    ahead = _ahead(wanted)
    return render_template(
        "calendar_day.html",
        ahead=ahead,
        day=asked,
        lines=hours_of(asked, ahead.planned, ahead.rehearsed),
        expected=sum(one.messages for one in ahead.expected if one.day == asked),
        hotels_by_code={hotel.code: hotel.name for hotel in my_hotels()},
        **_filters(wanted),
    )


def _wanted() -> Wanted:
    """What is not known is as if nothing were chosen."""
    asked = request.args
    channel, hotel = asked.get("channel", ""), asked.get("hotel", "")
    return Wanted(
        journey=asked.get("journey", ""),
        channel=channel if channel in list(Channel) else "",
        hotel=hotel if hotel in {one.code for one in my_hotels()} else "",
    )


def _filters(wanted: Wanted) -> dict[str, Any]:
    chosen = {name: value for name, value in vars(wanted).items() if value}
    return {"wanted": wanted, "query": f"?{urlencode(chosen)}" if chosen else "", "channels": labels(Channel)}


def _ahead(wanted: Wanted) -> Ahead:
    now = here().now()
    today = local_date(now, _zone())
    last = today + timedelta(days=DAYS - 1)
    planned: list[Planned] = []
    rehearsed: list[Rehearsed] = []
    expected: list[Expected] = []
    with here().transaction() as tx:
        rehearsal = newest_done(tx)
        if rehearsal:
            rehearsed = queries.rehearsed(tx, rehearsal.id, today, last, scope())
            expected = queries.expected(tx, rehearsal.id, today, last, scope())
        else:
            planned = queries.planned(tx, now - AROUND, now + timedelta(days=DAYS) + AROUND, scope())
        journeys = {line.key: line.name for line in lines_of(tx, kind=None)}
    return Ahead(
        today,
        [one for one in _since(planned, now) if wanted.shows(one.journey, None, one.property)],
        [one for one in rehearsed if wanted.shows(one.journey, one.channel, one.property)],
        [one for one in expected if wanted.shows(one.journey, one.channel, one.property)],
        rehearsal,
        journeys,
        rehearsal is not None and now - rehearsal.at > OLD,
    )


def _since(planned: list[Planned], now: datetime) -> list[Planned]:
    return [one for one in planned if one.hour >= now - timedelta(hours=1)]


def _zone() -> str:
    hotel = chosen_hotel() or next(iter(my_hotels()), None)
    return hotel.zone if hotel else "UTC"
