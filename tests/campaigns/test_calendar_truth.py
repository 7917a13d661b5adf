"""Forty years of dates against an almanac of its own: one decision a guest and year, never two, none silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from services.campaigns.commands.calendars import LUNAR, festival
from services.campaigns.rules.calendar_turns import first_turn, following
from services.campaigns.rules.document import journey_of
from services.campaigns.rules.entries import AudienceChange, Live, by_audience
from services.campaigns.rules.first_plan import first_plan
from services.campaigns.schemas import validated
from services.campaigns.steps.entries import CalendarEntry
from services.segments.facts.birthdays import next_birthday
from shared.ids import make_id
from shared.vocabulary.reason import Reason
from tests.campaigns import almanac
from tests.campaigns.cast import instant

FIRST, LAST = 2000, 2040
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
USEFUL = timedelta(days=3)
ALL = [pytest.param(80, id="some"), pytest.param(6000, id="all", marks=pytest.mark.proof)]


def live(entry: dict[str, Any], steps: list[dict[str, Any]]) -> Live:
    send = {"key": "message", "send": {"template": "it", "channels": ["email"], "useful_for": {"days": 3}}}
    document = {"key": "it", "name": "It", "purpose": "marketing", "entry": entry, "steps": [*steps, send]}
    return Live("it", 1, journey_of(validated(document)), instant("1999-01-01 00:00"), None, False)


def born(chance: Random) -> date:
    """One in four on 29 February."""
    if chance.random() < 0.25:
        return date(chance.choice((1960, 1972, 1984, 1996, 2000)), 2, 29)
    return date(1950, 1, 1) + timedelta(days=chance.randrange(18_000))


def quarter(chance: Random) -> time:
    return time(chance.randrange(24), chance.choice((0, 15, 30, 45)))


def outage(chance: Random) -> timedelta:
    """Up to a week, mostly none."""
    return timedelta(minutes=chance.choice((0, 0, 0, 1, 600, 4300, 4400, 10_000)))


@pytest.mark.parametrize("guests", ALL)
def test_a_birthday_brings_one_decision_a_guest_and_year(guests: int) -> None:
    chance = Random(2016)
    for number in range(guests):
        zone, birth, hour = chance.choice(ZONES), born(chance), quarter(chance)
        offset, march = chance.randrange(-60, 31), chance.random() < 0.5
        entry = {"date": "birthday", "offset_days": offset, "leap_day": "1-march" if march else "28-february"}
        journey = live(entry, [{"key": "hour", "wait_until": {"hour": f"{hour:%H:%M}"}}])
        decided: Counter[str] = Counter()
        for year in range(FIRST, LAST):
            kept = (birth.month, birth.day)
            if kept == (2, 29) and not almanac.is_leap(year):
                kept = (2, 28)
            told = date(year, *kept)
            late = march and kept == (2, 28) and birth.day == 29
            expected = told + timedelta(days=offset + late)
            due = almanac.first_instant(expected, hour, zone)
            at = almanac.first_instant(told - timedelta(days=max(-offset, 0)), time(0), zone)
            now = at + outage(chance)
            because = {"kind": "time", "birthday": _as_told(birth, at, zone, told), **_leap(birth)}
            change = AudienceChange(make_id("guest", number), "s", year, True, False, at, zone, because)
            entrance = by_audience(journey, change)
            assert entrance is not None
            planned = first_plan(entrance, now)
            assert planned is not None, "silent"
            is_late = planned.refused is Reason.EXPIRED
            assert (planned.due, is_late) == (due, due + USEFUL < now), (zone, birth, offset, year, hour)
            decided[entrance.occurrence] += 1
        assert len(decided) == LAST - FIRST and set(decided.values()) == {1}


def _as_told(birth: date, at: datetime, zone: str, expected: date) -> str:
    """What segments tells, held to the almanac."""
    place = ZoneInfo(zone)
    told = next_birthday(birth, at.astimezone(place).date())
    assert told == expected
    return told.isoformat()


def _leap(birth: date) -> dict[str, str]:
    return {"born": "02-29"} if (birth.month, birth.day) == (2, 29) else {}


RULES: list[dict[str, Any]] = [
    {"weekly": ["friday"]},
    {"weekly": ["monday", "sunday"]},
    {"monthly": {"day": 8}},
    {"monthly": {"day": 31}},
    {"monthly": {"nth": 2, "weekday": "tuesday"}},
    {"monthly": {"nth": 5, "weekday": "friday"}},
]
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def wanted(rule: dict[str, Any], day: date) -> bool:
    """1 January 2001 was a Monday."""
    weekday = WEEK[(day - date(2001, 1, 1)).days % 7]
    if "weekly" in rule:
        return weekday in rule["weekly"]
    month, length = rule["monthly"], almanac.length_of_month(day.year, day.month)
    if "day" in month:
        return day.day == month["day"] or (day.day == length and month["day"] > length)
    same = [one for one in range(1, length + 1) if (one - day.day) % 7 == 0]
    return weekday == month["weekday"] and day.day == (same[-1] if month["nth"] == 5 else same[month["nth"] - 1])


@pytest.mark.parametrize("places", [pytest.param(2, id="some"), pytest.param(60, id="all", marks=pytest.mark.proof)])
@pytest.mark.parametrize("rule", RULES, ids=str)
def test_each_day_of_the_calendar_has_one_turn_in_each_place_however_late(rule: dict[str, Any], places: int) -> None:
    chance = Random(str(rule))
    for _ in range(places):
        zone, hour, offset = chance.choice(ZONES), quarter(chance), chance.randrange(-40, 41)
        entry = {"audience": "s", "calendar": rule, "hour": f"{hour:%H:%M}", "offset_days": offset}
        found = live(entry, []).journey.entry
        assert isinstance(found, CalendarEntry)
        since = almanac.first_instant(date(FIRST, 1, 1), time(12), zone)
        days = (date(FIRST, 1, 1) + timedelta(days=number) for number in range(-90, (LAST - FIRST) * 365))
        due = [
            (day, almanac.first_instant(day + timedelta(days=offset), hour, zone)) for day in days if wanted(rule, day)
        ]
        expected = [(day, at) for day, at in due if at >= since]
        turns = _turns(found, zone, since)
        assert [next(turns) for _ in expected] == expected


def _turns(entry: CalendarEntry, zone: str, since: datetime) -> Iterator[tuple[date, datetime]]:
    """As the clock takes them: one after the other, whenever it comes to them."""
    turn = first_turn(entry, zone, since, ())
    while turn is not None:
        yield turn
        turn = following(entry, zone, turn[0], ())


def test_festivals_are_where_sun_and_moon_put_them() -> None:
    for year in range(FIRST + 1, LAST):
        for name, (month, day) in LUNAR.items():
            expected = almanac.lunar_month(year, month) + timedelta(days=day - 1)
            assert festival(name, year) == expected, (name, year)
        eve = almanac.lunar_month(year + 1, 1) - timedelta(days=1)
        assert festival("lunar-new-years-eve", year) == eve


@pytest.mark.parametrize("stays", ALL)
def test_dates_of_stays_fall_on_the_first_instant_of_their_hour(stays: int) -> None:
    chance = Random(7)
    for _ in range(stays * 5):
        zone, hour = chance.choice(ZONES), quarter(chance)
        arrival = date(FIRST, 1, 1) + timedelta(days=chance.randrange((LAST - FIRST) * 365))
        days, hours = chance.choice(((chance.randrange(-60, 60), 0), (0, chance.randrange(-200, 200))))
        step = {"date": "arrival", "days": days, "hours": hours, "hour": f"{hour:%H:%M}"}
        entry = {"stay_date": "arrival", **{name: step[name] for name in ("days", "hours", "hour")}}
        journey = live(entry, [{"key": "eve", "until_date": step}]).journey
        expected = almanac.first_instant(arrival + timedelta(days=days), hour, zone) + timedelta(hours=hours)
        planned = journey.steps[0].plan(expected, zone, {"arrival": arrival.isoformat()})
        assert planned is not None and planned.at == expected, (zone, arrival, step)
