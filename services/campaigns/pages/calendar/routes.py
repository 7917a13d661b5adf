"""Calendar: what goes out on which of the next thirty days?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Blueprint, abort, render_template

from services.campaigns.pages.calendar.days import DAYS, by_day, hours_of, weeks
from services.campaigns.pages.journeys.lines import lines_of
from services.campaigns.queries import calendar as queries
from services.campaigns.queries.calendar import Planned, Rehearsed
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


@dataclass(frozen=True)
class Ahead:
    """What there is of the next thirty days."""

    today: date
    planned: list[Planned]
    rehearsed: list[Rehearsed]
    rehearsal: Rehearsal | None
    journeys: dict[str, str]


@found.get("")
@needs(May.CONFIGURE)
def calendar() -> str:
    ahead = _ahead()
    days = by_day(ahead.planned, ahead.rehearsed)
    return render_template("calendar.html", ahead=ahead, days=days, weeks=weeks(ahead.today), last=DAYS)


@found.get("/<day>")
@needs(May.CONFIGURE)
def one_day(day: str) -> str:
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        abort(404)
    ahead = _ahead()
    return render_template(
        "calendar_day.html",
        ahead=ahead,
        day=wanted,
        lines=hours_of(wanted, ahead.planned, ahead.rehearsed),
        hotels_by_code={hotel.code: hotel.name for hotel in my_hotels()},
        channels=labels(Channel),
    )


def _ahead() -> Ahead:
    now = here().now()
    today = local_date(now, _zone())
    with here().transaction() as tx:
        rehearsal = newest_done(tx)
        planned = queries.planned(tx, now - AROUND, now + timedelta(days=DAYS) + AROUND, scope())
        last = today + timedelta(days=DAYS - 1)
        rehearsed = queries.rehearsed(tx, rehearsal.id, today, last, scope()) if rehearsal else []
        journeys = {line.key: line.name for line in lines_of(tx, kind=None)}
    return Ahead(today, _since(planned, now), rehearsed, rehearsal, journeys)


def _since(planned: list[Planned], now: datetime) -> list[Planned]:
    return [one for one in planned if one.hour >= now - timedelta(hours=1)]


def _zone() -> str:
    hotel = chosen_hotel() or next(iter(my_hotels()), None)
    return hotel.zone if hotel else "UTC"
