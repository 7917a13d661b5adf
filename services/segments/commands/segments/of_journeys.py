"""Segments that are made for journeys by a recurring date: guests whose next birthday is in so many days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.segments.commands.segments.lifecycle import is_live, release_segment, retire_segment, save_segment
from services.segments.store.house_dates import house_dates
from shared.database.pool import Tx
from shared.errors import Conflict, MalformedEvent
from shared.events.campaigns import DateAudience

OWN = "own:"
"""Before the key of one of the house's own dates, as journeys name it."""
FACTS = {"birthday": "birthday_in", "lunar-birthday": "lunar_birthday_in", "first-stay": "first_stay_in"}
CALLED = {"birthday": "Birthday", "lunar-birthday": "Birthday by the lunar calendar", "first-stay": "First stay"}


def make_of_date(tx: Tx, audience: DateAudience, at: datetime) -> None:
    """Once for all journeys that need it; it stays out of what people choose from."""
    if audience.date.startswith(OWN):
        _make_of_own_date(tx, audience, at)
        return
    if audience.date not in FACTS:
        raise MalformedEvent("journey.launched.v1: a journey needs a date that no fact tells", {0: audience.date})
    rule = {"fact": FACTS[audience.date], "op": "between", "value": [audience.days, audience.days]}
    save_segment(tx, audience.segment, _name(audience), rule, at, private=True)


def _make_of_own_date(tx: Tx, audience: DateAudience, at: datetime) -> None:
    """Who is in it is so until the day: whose day is another now, leaves it before, and is told from whom time takes
    out."""
    key = audience.date.removeprefix(OWN)
    named = {one.key: one.name for one in house_dates(tx)}
    rule = {"fact": "date_in", "op": "between", "value": [0, audience.days], "where": {"date": key}}
    when = f"in {audience.days} days at most" if audience.days else "today"
    save_segment(tx, audience.segment, f"{named.get(key, key)} {when}, for journeys", rule, at, private=True)


def _name(audience: DateAudience) -> str:
    when = f"in {audience.days} days" if audience.days else "today"
    return f"{CALLED[audience.date]} {when}, for journeys"


def retire_of_dates(tx: Tx, segments: Collection[str], at: datetime) -> None:
    """One that somebody's rule or template names stays."""
    for key in segments:
        if not is_live(tx, key):
            continue
        try:
            release_segment(tx, key, at)
            retire_segment(tx, key, at)
        except Conflict:
            continue
