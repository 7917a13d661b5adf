"""What journeys by the house's own dates have to decide, as their rules are written: by an almanac, knowing neither
segments nor enrolments; and segments and campaigns as they run, for tests that hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from services.campaigns.clock import Timers
from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.rules.document import journey_of
from services.campaigns.rules.requests import dates_of
from services.campaigns.schemas import validated
from services.segments.commands import house_dates
from services.segments.commands.evaluation.full_evaluation import evaluate_next_range
from services.segments.commands.evaluation.sweep import sweep
from services.segments.commands.guests.dates import set_days
from services.segments.commands.segments.lifecycle import use_segment
from services.segments.commands.segments.of_journeys import make_of_date
from services.segments.rules.house_dates import HouseDate
from shared.access.people import Person as Colleague
from shared.database.pool import Database
from shared.events.campaigns import DateAudience
from shared.events.dictionary import Chunk
from shared.events.wire import decode
from shared.vocabulary.role import Role
from tests.campaigns import almanac
from tests.campaigns.cast import Campaigns, instant, outcome
from tests.campaigns.test_calendar_truth import outage, quarter
from tests.cast import MARTA
from tests.segments.audience_people import Person, enter, move

BY = Colleague(MARTA.person_id, MARTA.name, Role.MARKETER, frozenset())
DATES = (HouseDate("wedding", "Wedding day", True, None), HouseDate("ancestors", "Ancestors", True, None, lunar=True))
DAY, USEFUL = timedelta(days=1), timedelta(days=3)
ONE_OCCASION = timedelta(days=183)
BEGIN = instant("2020-01-01 12:00")


@dataclass(frozen=True)
class Told:
    """A journey: so many days before the date (negative) or after it, at an hour."""

    key: str
    of: str
    days: int
    hour: time
    march: bool

    @property
    def ahead(self) -> int:
        return max(-self.days, 0)

    @property
    def document(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"date": f"own:{self.of}", "days": self.days, "hour": f"{self.hour:%H:%M}"}
        send = {"template": "it", "channels": ["email"], "useful_for": {"days": USEFUL.days}}
        more = {"leap_day": "1-march"} if self.march else {}
        return {
            "key": self.key,
            "name": self.key,
            "purpose": "marketing",
            "holdout": 0,
            "entry": {**entry, **more},
            "steps": [{"key": "message", "send": send}],
        }

    def due(self, born: date, day: date, zone: str) -> datetime:
        late = self.march and (born.month, born.day) == (2, 29) and (day.month, day.day) == (2, 28)
        return almanac.first_instant(day + timedelta(days=self.days + late), self.hour, zone)


def kept(key: str, born: date, since: date) -> date:
    """The next day on which it is kept, `since` included."""
    if born >= since:
        return born
    if key == "ancestors":
        return next(day for day in almanac.lunar_birthdays(born, since.year - 1, since.year + 3) if day >= since)
    days = (_in_year(born, year) for year in (since.year, since.year + 1))
    return next(day for day in days if day >= since)


def _in_year(born: date, year: int) -> date:
    is_leap_day = (born.month, born.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day and not almanac.is_leap(year) else born.replace(year=year)


@dataclass
class Expected:
    """What a journey has to decide of a guest, as its rules are written down."""

    journey: Told
    zone: str
    born: date | None = None
    near: date | None = None  # the day that is so near
    pending: tuple[date, datetime] | None = None
    told: list[date] = field(default_factory=list)  # those for which a message went
    sent: list[datetime] = field(default_factory=list)
    too_late: list[date] = field(default_factory=list)

    def turn(self, days: Iterator[date], now: datetime) -> None:
        """Each of these days begins, as late as it is."""
        for day in days:
            self._comes(day, almanac.first_instant(day, time(0), self.zone), now)
        self.goes(now)

    def _comes(self, day: date, at: datetime, now: datetime) -> None:
        before, self.near = self.near, self._near(day)
        if self.near is None or self.near == before or self.born is None:
            return
        due = self.journey.due(self.born, self.near, self.zone)
        if due < at or any(abs(self.near - one) < ONE_OCCASION for one in self.told):
            return
        self.too_late = [one for one in self.too_late if abs(self.near - one) >= ONE_OCCASION]  # nothing went: anew
        if now - due > USEFUL:
            self.too_late.append(self.near)
        else:
            self.pending = (self.near, due)

    def _near(self, day: date) -> date | None:
        found = kept(self.journey.of, self.born, day) if self.born else None
        return found if found and (found - day).days <= self.journey.ahead else None

    def says(self, born: date | None, today: date, now: datetime) -> None:
        """Another day is said, or none: what waits for a day that is not over yet is planned by the new one."""
        self.born = born
        if self.near is not None:
            self.pending = None
        self.near = None
        self._comes(today, now, now)
        self.goes(now)

    def goes(self, now: datetime) -> None:
        if self.pending and self.pending[1] <= now:
            day, due = self.pending
            self.sent.append(due)
            self.told.append(day)
            self.pending = None


class House:
    """Segments and campaigns, and what is told from the one to the other."""

    def __init__(self, segments: Database, campaigns: Database, journeys: list[Told], guests: list[Person]) -> None:
        self.segments, self.campaigns = segments, Campaigns(campaigns)
        self.read: dict[str, int] = {}
        with segments.transaction() as tx:
            enter(tx, guests, [])
            move(tx, [one.name for one in guests], BEGIN)
            for date_ in DATES:
                house_dates.define(tx, date_, BY, BEGIN)
            for wanted in {one for journey in journeys for one in _audiences(journey)}:
                make_of_date(tx, DateAudience(**dict(wanted)), BEGIN)
                use_segment(tx, dict(wanted)["segment"], BEGIN)
            while evaluate_next_range(tx, BEGIN):
                pass
        with campaigns.transaction() as tx:
            for journey in journeys:
                publish(tx, validated(journey.document), BEGIN - DAY, "marketer")
                launch(tx, journey.key, at=BEGIN - DAY, by="marketer")

    def turn(self, now: datetime) -> None:
        with self.segments.transaction() as tx:
            sweep(tx, now)
        self._pass(now)

    def say(self, guest: UUID, key: str, day: date | None, now: datetime) -> None:
        with self.segments.transaction() as tx:
            ((version,),) = tx.execute("select version from guest where id = %s", [guest]).fetchall()
            set_days(tx, guest, version, {key: day}, BY, now)
        self._pass(now)

    def _pass(self, now: datetime) -> None:
        for chunk in self._published(self.segments, "audience.changed.v1"):
            self.campaigns.hear_at(now, chunk)
        while Timers(self.campaigns.database, most=2000).step(now):
            pass
        for chunk in self._published(self.campaigns.database, "message.requested.v1"):
            for place in range(len(chunk)):
                message = {name: values[place] for name, values in chunk.columns.items()}
                self.campaigns.hear_at(now, outcome(message, "sent", 2, f"{now:%Y-%m-%d %H:%M}"))

    def _published(self, database: Database, name: str) -> list[Chunk]:
        """What was published since this was asked last."""
        query = "select id, body from outbox where type = %s and id > %s order by id"
        with database.transaction() as tx:
            rows = tx.execute(query, [name, self.read.get(name, 0)]).fetchall()
        self.read[name] = max([self.read.get(name, 0), *(id for id, _ in rows)])
        return [decode(name, bytes(body)) for _, body in rows]

    def sent(self) -> dict[tuple[str, str], list[datetime]]:
        """By journey and guest, for when each message was asked that was not taken back."""
        back = {one["message_id"] for one in self.campaigns.withdrawn()}
        found: dict[tuple[str, str], list[datetime]] = {}
        for one in self.campaigns.requested():
            if one["message_id"] not in back:
                found.setdefault((one["journey"], one["guest_id"]), []).append(datetime.fromisoformat(one["due_at"]))
        return {whose: sorted(dues) for whose, dues in found.items()}

    def too_late(self) -> dict[tuple[str, str], int]:
        query = "select journey, guest_id, count(*) from enrolment where reason = 'expired' group by 1, 2"
        return {(journey, str(guest)): count for journey, guest, count in self.campaigns.all(query)}


def _audiences(journey: Told) -> set[tuple[tuple[str, Any], ...]]:
    found = dates_of(journey_of(validated(journey.document)))
    return {(("segment", one.segment), ("date", one.date), ("days", one.days)) for one in found}


def born_seldom_or_any(chance: Random) -> date:
    thirtieths, of_leap_months = _seldom_ones()
    leap_days = [date(year, 2, 29) for year in (1996, 2000, 2004)]
    return chance.choice((*(chance.choice(some) for some in (thirtieths, of_leap_months, leap_days)), any_day(chance)))


def any_day(chance: Random) -> date:
    return date(1990, 1, 1) + timedelta(days=chance.randrange(10_000))


def journeys_of(chance: Random) -> list[Told]:
    """Before it, on the day and after it, by both calendars."""
    return [
        Told(f"{one.key}-{place}", one.key, days, quarter(chance), march=one.key == "wedding" and place == 1)
        for one in DATES
        for place, days in enumerate((-chance.randrange(2, 30), -7, 0, chance.randrange(1, 20)))
    ]


def day_said(chance: Random, before: date | None, today: date, key: str) -> date | None:
    """One in four is taken away; else mended by some days or weeks, or another one."""
    if before is not None and chance.random() < 0.25:
        return None
    if before is not None:
        return before + timedelta(days=chance.choice((chance.randrange(-5, 6), chance.randrange(-50, 51))))
    return chance.choice((_of_before, _to_come, _seldom, _anyday))(chance, today, key)


def _of_before(chance: Random, today: date, key: str) -> date:
    """It comes again soon."""
    soon = today + timedelta(days=chance.randrange(40))
    if key == "ancestors":
        return almanac.lunar_birthdays(soon, 1990, 2010)[chance.randrange(20)]
    return soon - (DAY if soon.day == 29 else timedelta()) if soon.month == 2 else soon.replace(year=1990)


def _to_come(chance: Random, today: date, _key: str) -> date:
    """For the first time soon, be it in a leap month."""
    return today + timedelta(days=chance.randrange(40))


def _seldom(chance: Random, today: date, key: str) -> date:
    """A 29 February; of the lunar calendar a 30th that is kept on the 29th soon, or a day of a leap month."""
    if key == "wedding":
        return date(chance.choice((1992, 2004, 2016)), 2, 29)
    thirtieths, of_leap_months = _seldom_ones()
    on = {day: kept(key, day, today) for day in (*thirtieths, *of_leap_months)}
    soon = [day for day, next_one in on.items() if next_one - today < timedelta(days=50)]
    short = [day for day in soon if day in thirtieths and _length(on[day]) == 29]
    return chance.choice(short or soon or [today])


def _anyday(chance: Random, _today: date, _key: str) -> date:
    return any_day(chance)


@cache
def _seldom_ones() -> tuple[list[date], list[date]]:
    days = [date(2001, 1, 24) + timedelta(days=number) for number in range(3000)]
    moons = {day: almanac.new_moon_of(day) for day in days}
    thirtieths = [day for day in days if (day - almanac.month_begins(moons[day])).days == 29]
    return thirtieths, [day for day in days if almanac.month_of(moons[day])[1] and day.day % 4 == 0]


def _length(day: date) -> int:
    """Of the lunar month that it lies in."""
    number = almanac.new_moon_of(day)
    return (almanac.month_begins(number + 1) - almanac.month_begins(number)).days


def instants(chance: Random, years: int) -> Iterator[datetime]:
    """When somebody works: mostly every few hours or days, at times a week later."""
    now = BEGIN
    while now < BEGIN + timedelta(days=365 * years):
        yield now
        now += max(outage(chance), timedelta(hours=chance.choice((2, 9, 26, 50, 95))))
