"""Forty years of birthdays by the lunar calendar and anniversaries of first stays, against an almanac of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from services.campaigns.rules.enrolments import Enrolment, State
from services.campaigns.rules.entries import AudienceChange, Entrance, Live, by_audience
from services.campaigns.rules.first_plan import first_plan
from services.campaigns.rules.occurrences import named_apart
from services.campaigns.steps.entries import DateEntry
from services.segments.facts.families.birthdays import next_anniversary
from services.segments.facts.families.lunar import lunar_birthdays_kept_on, lunar_md, lunar_months, next_lunar_birthday
from shared.ids import make_id
from tests.campaigns import almanac
from tests.campaigns.test_calendar_truth import FIRST, LAST, USEFUL, ZONES, live, outage, quarter

ALL = [pytest.param(40, id="some"), pytest.param(4000, id="all", marks=pytest.mark.proof)]
A_DAY = timedelta(days=1)


def decisions(
    journey: Live, kind: str, days: Sequence[date], zone: str, chance: Random
) -> Iterator[tuple[Entrance, date]]:
    """What each of the days brings, the enrolments of those before it known; told as segments tells it."""
    entry, present = journey.journey.entry, list[Enrolment]()
    assert isinstance(entry, DateEntry)
    for number, day in enumerate(days, 1):
        at = almanac.first_instant(day - timedelta(days=entry.days_ahead), time(0), zone)
        change = AudienceChange(
            make_id("g"), "s", number, True, False, at, zone, {"kind": "time", kind: day.isoformat()}
        )
        entrance = by_audience(journey, change)
        assert entrance is not None, "silent"
        (named,) = named_apart([entrance], present)
        due = almanac.first_instant(day + timedelta(days=entry.offset_days), entry_hour(journey), zone)
        now = at + outage(chance)
        planned = first_plan(named, now)
        assert planned is not None and planned.due == due, (zone, day, entry)
        assert (planned.refused is not None) == (due + USEFUL < now)
        present.append(enrolment(named, day, at))
        yield named, day


def entry_hour(journey: Live) -> time:
    return time.fromisoformat(journey.journey.steps[0].hour or "")


def enrolment(named: Entrance, day: date, at: datetime) -> Enrolment:
    told = (named.live.key, 1, named.guest_id, named.occurrence, named.plan, State.DONE, None, at, None, (), True, day)
    return Enrolment(make_id("enrolment", named.occurrence), *told)


def journey_by(kind: str, offset: int, hour: time) -> Live:
    entry = {"date": kind, "offset_days": offset}
    return live(entry, [{"key": "hour", "wait_until": {"hour": f"{hour:%H:%M}"}}])


@pytest.mark.parametrize("guests", ALL)
def test_a_lunar_birthday_brings_one_decision_a_lunar_year(guests: int) -> None:
    """Two of them may fall into one year of ours, and none into another."""
    chance = Random(1206)
    for _ in range(guests):
        zone, birth = chance.choice(ZONES), date(1950, 1, 1) + timedelta(days=chance.randrange(18_000))
        journey = journey_by("lunar-birthday", chance.randrange(-60, 31), quarter(chance))
        days = almanac.lunar_birthdays(birth, FIRST, LAST)
        for before, day in pairwise(days):
            assert next_lunar_birthday(birth, before + A_DAY) == day == next_lunar_birthday(birth, day), (birth, day)
        found = list(decisions(journey, "lunar-birthday", days, zone, chance))
        assert len({entrance.occurrence for entrance, _ in found}) == len(found) == LAST - FIRST


@pytest.mark.parametrize("guests", ALL)
def test_an_anniversary_brings_one_decision_a_year_and_none_on_the_day_itself(guests: int) -> None:
    chance = Random(229)
    for _ in range(guests):
        zone, first = chance.choice(ZONES), date(2000, 1, 1) + timedelta(days=chance.randrange(1400))
        first = chance.choice((first, date(2000, 2, 29)))
        journey = journey_by("first-stay", chance.randrange(-60, 31), quarter(chance))
        days = [_kept(first, year) for year in range(first.year + 1, first.year + 41)]
        assert next_anniversary(first, first) == days[0]
        for before, day in pairwise(days):
            assert next_anniversary(first, before + A_DAY) == day == next_anniversary(first, day)
        found = list(decisions(journey, "first-stay", days, zone, chance))
        assert len({entrance.occurrence for entrance, _ in found}) == len(found) == 40


def _kept(first: date, year: int) -> date:
    is_leap_day = (first.month, first.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day and not almanac.is_leap(year) else first.replace(year=year)


def test_the_months_are_where_sun_and_moon_put_them() -> None:
    for month in lunar_months():
        if 1970 <= month.begins.year < LAST:
            number = almanac.new_moon_of(month.begins + A_DAY)
            assert almanac.month_begins(number) == month.begins and almanac.month_of(number) == (
                month.month,
                month.leap,
            )


def test_the_sweep_finds_each_birthday_on_its_day_and_on_no_other() -> None:
    days = [date(1980, 1, 1) + timedelta(days=number) for number in range(3000)]
    births = {md: day for day in days if (md := lunar_md(day)) and md % 100 in (1, 15, 28, 29, 30)}
    assert {1230, 629, 630} <= births.keys() and len(births) == 60
    for number in range(800):
        day = date(2023, 1, 1) + timedelta(days=number)  # with the leap second month of 2023
        kept = {md for md, birth in births.items() if next_lunar_birthday(birth, day) == day}
        assert kept == set(lunar_birthdays_kept_on(day)) & births.keys(), day


def test_where_the_table_does_not_reach_nothing_is_known() -> None:
    assert lunar_md(date(1900, 1, 30)) is None is next_lunar_birthday(date(1850, 5, 5), date(2026, 1, 1))
    assert lunar_birthdays_kept_on(date(1899, 5, 5)) == () == lunar_birthdays_kept_on(date(2200, 5, 5))
    assert ZoneInfo("Asia/Shanghai").key in ZONES
