"""What the home page asks campaigns for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint
from flask_babel import gettext, ngettext

from services.campaigns.commands.count_results import Asking, Counted, count_won
from services.campaigns.pages.calendar.days import next_days
from services.campaigns.pages.journeys.lines import lines_of
from services.campaigns.pages.sentences.messages import message_words
from services.campaigns.queries import journeys as queries
from services.campaigns.queries.calendar import planned
from services.campaigns.queries.journeys import JourneyLine
from services.campaigns.store.four_eyes import waiting_for
from shared.access.four_eyes import Waiting
from shared.access.people import May
from shared.localtime import local_date, local_instant
from shared.web.access_control import hotels_in_scope, me, needs, scope
from shared.web.i18n.formatting import number
from shared.web.navigation import address
from shared.web.pages.delivery import waiting_for_a_person
from shared.web.pages.needs import Weight
from shared.web.site import here

found = Blueprint("campaigns_home", __name__, url_prefix="/campaigns")
RECENT = timedelta(days=1)
NEXT_DAYS = 7


@found.get("/home")
@needs(May.SEE_FIGURES)
def home() -> dict[str, Any]:
    now, zones = here().now(), [hotel.zone for hotel in hotels_in_scope()] or ["UTC"]
    today = min(local_date(now, zone) for zone in zones)
    with here().transaction() as tx:
        lines, broadcasts = lines_of(tx), lines_of(tx, kind="broadcast")
        won = count_won(tx, *_month_of(zones, now), Asking(scope(), now))
        due = planned(tx, now, now + timedelta(days=NEXT_DAYS + 1), scope())  # a day ends elsewhere at another instant
        rehearsed, aside = queries.any_checked(tx), waiting_for_a_person(tx)
        to_approve = waiting_for(tx, me().person_id) if me().may(May.CONFIGURE) else ()
    names = {line.key: line.name for line in (*lines, *broadcasts)}
    running = [line for line in lines if line.state in ("live", "paused")]
    return {
        "needs": [*_to_approve(to_approve), *_failing(running), *_paused(running), *aside],
        "journeys": [
            {"key": one.key, "name": one.name, "state": one.state, "entered": one.entered, "waiting": one.waiting}
            for one in running
        ],
        "rehearsed": rehearsed,
        "won": _told_of(won, now),
        "coming": [
            {
                "day": day.isoformat(),
                "journeys": [{"name": names.get(key, key), "guests": guests} for key, guests in journeys],
            }
            for day, journeys in next_days(due, today, NEXT_DAYS)
        ],
    }


def _month_of(zones: Sequence[str], now: datetime) -> tuple[datetime, datetime]:
    """From when until when it is this month: at the first of the hotels, and at the last. The same all the month long,
    so that it is one question."""
    firsts = [(local_date(now, zone).replace(day=1), zone) for zone in zones]
    begins = (local_instant(first, time(0), zone) for first, zone in firsts)
    ends = (local_instant(_month_after(first), time(0), zone) for first, zone in firsts)
    return min(begins), max(ends)


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _told_of(counted: Counted, now: datetime) -> dict[str, Any]:
    """`bookings`: None while they are counted for the first time; `counted_at`: None where it is now."""
    won = counted.won
    return {
        "bookings": won.bookings if won else None,
        "earned": [{"currency": one.currency, "amount": str(one.amount)} for one in won.earned] if won else [],
        "counted_at": counted.at.isoformat() if counted.at and counted.at != now else None,
    }


def _to_approve(waiting: Sequence[Waiting]) -> list[dict[str, Any]]:
    return [
        {
            "text": gettext(
                "%(name)s asks you to approve the broadcast «%(broadcast)s»", name=one.asked_by, broadcast=one.name
            ),
            "url": address("broadcast", one.key),
            "tone": "look",
            "count": 1,
            "weight": Weight.COLLEAGUE,
        }
        for one in waiting
    ]


def _failing(lines: list[JourneyLine]) -> list[dict[str, Any]]:
    since = here().now() - RECENT
    return [
        {
            "text": gettext(
                "«%(journey)s»: the last problem is «%(problem)s»",
                journey=one.name,
                problem=message_words(one.problem, one.problem_reason),
            ),
            "url": address("journey", one.key),
            "tone": "look",
            "count": 1,
            "weight": Weight.SENDING,
        }
        for one in lines
        if one.problem is not None and one.problem_at is not None and one.problem_at >= since
    ]


def _paused(lines: list[JourneyLine]) -> list[dict[str, Any]]:
    return [
        {
            "text": ngettext(
                "«%(journey)s» is paused, %(count)s guest waits",
                "«%(journey)s» is paused, %(count)s guests wait",
                one.waiting,
                journey=one.name,
                count=number(one.waiting),
            ),
            "url": address("journey", one.key),
            "tone": "look",
            "count": one.waiting,
            "weight": Weight.SENDING,
        }
        for one in lines
        if one.state == "paused" and one.waiting
    ]
