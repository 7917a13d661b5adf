"""Years of the house's own dates, by both calendars, in segments and campaigns as they run: told late, changed and
taken away while journeys wait for them, with outages up to a week. One decision a guest and occasion, never two, none
silent: held to an almanac and to a reading of the rules that knows neither segments nor enrolments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from services.campaigns.rules.enrolments import Enrolment
from services.campaigns.rules.entries import AudienceChange, Live, by_audience
from services.campaigns.rules.first_plan import first_plan
from services.campaigns.rules.occurrences import named_apart
from services.campaigns.steps.entries import DateEntry
from services.segments.facts.families.house_dates import date_ago, date_in
from services.segments.facts.guest_view import GuestView, HouseDay, Today
from services.segments.facts.where import Where
from shared.ids import make_id
from tests.campaigns import almanac
from tests.campaigns.own_dates_oracle import (
    DATES,
    DAY,
    USEFUL,
    Expected,
    House,
    born_seldom_or_any,
    day_said,
    instants,
    journeys_of,
    kept,
)
from tests.campaigns.test_calendar_truth import FIRST, ZONES, live, outage, quarter
from tests.campaigns.test_lunar_truth import ALL, enrolment
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person


@pytest.mark.parametrize("guests", ALL)
def test_a_date_of_the_houses_own_brings_one_decision_a_year_for_forty_years(guests: int) -> None:
    """Days or hours before it or after it, as segments tells it; and what segments asks says the same day."""
    chance = Random(815)
    for number in range(guests):
        one, zone, born = chance.choice(DATES), chance.choice(ZONES), born_seldom_or_any(chance)
        days, hours = chance.choice(((chance.randrange(-180, 31), 0), (0, chance.randrange(-200, 200))))
        march, hour = chance.random() < 0.5, quarter(chance)
        entry = {"date": f"own:{one.key}", "days": days, "hours": hours, "hour": f"{hour:%H:%M}"}
        journey = live({**entry, "leap_day": "1-march" if march else "28-february"}, [])
        dates = {one.key: HouseDay(born, True, one.lunar)}
        view = GuestView({}, frozenset(), None, {}, frozenset(), (), dates=dates)
        day, present = max(born, date(FIRST, 1, 1)) - DAY, list[Enrolment]()
        for version in range(1, 41):
            before, day = day, kept(one.key, born, day + DAY)
            assert date_in(view, Where(date=(one.key,)), Today(before + DAY, {})) == (day - before - DAY).days
            assert date_ago(view, Where(date=(one.key,)), Today(day, {})) == 0
            is_leap_day = not one.lunar and (born.month, born.day) == (2, 29)
            late = march and is_leap_day and day.day == 28
            due = almanac.first_instant(day + timedelta(days=days + late), hour, zone) + timedelta(hours=hours)
            at = almanac.first_instant(day - timedelta(days=max(-_begins(journey), 0)), time(0), zone)
            told = {"kind": "time", f"own:{one.key}": day.isoformat(), **({"leap": "02-29"} if is_leap_day else {})}
            entrance = by_audience(
                journey, AudienceChange(make_id("guest", number), "s", version, True, False, at, zone, told)
            )
            assert entrance is not None, "silent"
            (named,) = named_apart([entrance], present)
            now = at + outage(chance)
            planned = first_plan(named, now)
            assert planned is not None and planned.due == due, (zone, born, day, entry)
            assert (planned.refused is not None) == (due + USEFUL < now)
            present.append(enrolment(named, day + DAY * late, at))
        assert len({each.occurrence for each in present}) == 40


def _begins(journey: Live) -> int:
    assert isinstance(journey.journey.entry, DateEntry)
    return journey.journey.entry.offset_days


@pytest.mark.parametrize(
    ("guests", "years"), [pytest.param(8, 1, id="some"), pytest.param(4, 40, id="all", marks=pytest.mark.proof)]
)
def test_one_decision_a_guest_and_occasion_however_late_a_day_is_told_changed_or_taken_away(
    make_database: MakeDatabase, guests: int, years: int
) -> None:
    chance = Random(1130)
    people = [Person(f"guest-{number}", zone=chance.choice(ZONES)) for number in range(guests)]
    journeys = journeys_of(chance)
    house = House(make_database("segments"), make_database("campaigns"), journeys, people)
    expected = {(journey.key, one.name): Expected(journey, one.zone) for journey in journeys for one in people}
    said: dict[tuple[str, str], date | None] = {}
    for before, now in pairwise(instants(chance, years)):
        house.turn(now)
        for one in expected.values():
            one.turn(_days(before, now, one.zone), now)
        for _ in range(chance.choice((0, 0, 1, 2))):
            of_one = chance.choice(people) if chance.random() < 0.5 else _waited_for(chance, people, expected)
            key, today = chance.choice(DATES).key, now.astimezone(ZoneInfo(of_one.zone)).date()
            day = said[of_one.name, key] = day_said(chance, said.get((of_one.name, key)), today, key)
            house.say(of_one.id, key, day, now)
            for journey in journeys:
                if journey.of == key:
                    expected[journey.key, of_one.name].says(day, today, now)
    named = {(key, name): (key, str(make_id("guest", name))) for key, name in expected}
    sent, late = house.sent(), house.too_late()
    for whose, one in expected.items():
        assert sent.get(named[whose], []) == sorted(one.sent), (whose, one)
        assert late.get(named[whose], 0) == len(one.too_late), (whose, one)
    assert sum(len(one.sent) for one in expected.values()) > guests * years * 2
    assert sum(len(one.too_late) for one in expected.values()) > years


def _waited_for(chance: Random, people: list[Person], expected: Mapping[tuple[str, str], Expected]) -> Person:
    """Somebody whose day a journey waits for, where there is one."""
    names = {name for (_, name), one in expected.items() if one.pending}
    return chance.choice([one for one in people if one.name in names] or people)


def _days(before: datetime, now: datetime, zone: str) -> Iterator[date]:
    """The days that began since."""
    day, last = (one.astimezone(ZoneInfo(zone)).date() for one in (before, now))
    while day < last:
        day += DAY
        yield day
