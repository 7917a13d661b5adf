"""Stays by day: whatever the order in which a stay's versions come, and however often, its days hold what it is now."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from services.console.consumer import SUBSCRIPTIONS
from services.console.store.stay_days import SUMS
from shared.events import chunk_of
from shared.events.segments.guests import GuestErased
from shared.events.segments.stays import StayBooked, StayChanged, StayKept, StayState
from shared.ids import make_id
from shared.localtime import local_date
from shared.vocabulary.stay import StayStatus
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.harness import ServiceHarness

Key = tuple[date, str, str, str, str]


BY_MONTH = f"""
    select date_trunc('month', day)::date, property, channel, market, currency,
        {", ".join(f"sum({name})" for name in SUMS)}
    from stay_day group by 1, 2, 3, 4, 5 having {" or ".join(f"sum({name}) <> 0" for name in SUMS)}
    order by 1, 2, 3, 4, 5
"""


class Console(ServiceHarness):
    subscriptions = SUBSCRIPTIONS

    def hear(self, *events: Any) -> None:
        self.hear_at(NOW, chunk_of(list(events)))

    def months(self) -> list[Any]:
        """Those that are not nought."""
        nought = " and ".join(f"{name} = 0" for name in SUMS)
        query = f"select day, property, channel, market, currency, {', '.join(SUMS)} from stay_month"
        return self.all(f"{query} where not ({nought}) order by 1, 2, 3, 4, 5")

    def days(self) -> dict[Key, dict[str, Any]]:
        """Every row that is not nought."""
        rows = self.all(f"select day, property, channel, market, currency, {', '.join(SUMS)} from stay_day")
        found = {row[:5]: dict(zip(SUMS, row[5:], strict=True)) for row in rows}
        assert self.months() == self.all(BY_MONTH), "months are the sums of their days"
        return {key: sums for key, sums in found.items() if any(sums.values())}


@pytest.fixture
def console(make_database: MakeDatabase) -> Console:
    return Console(make_database("console"))


def booked(number: int = 1, **changes: Any) -> StayChanged:
    given: dict[str, Any] = {
        "stay_id": make_id("stay", number),
        "version": 1,
        "guest_id": make_id("guest", number),
        "property": "LIS",
        "zone": "Europe/Lisbon",
        "reservation": str(number),
        "status": StayStatus.BOOKED,
        "booked_at": datetime(2016, 1, 10, 23, 30, tzinfo=UTC),
        "arrival": date(2016, 3, 1),
        "departure": date(2016, 3, 4),
        "checked_in_at": None,
        "checked_out_at": None,
        "ended_at": None,
        "nights": 3,
        "booking_channel": "Direct",
        "muted": False,
        "occurred_at": NOW,
        "revenue": "300.50",
        "currency": None,
        "market": "Leisure",
        **changes,
    }
    return StayChanged(**given)


def left(stay: StayChanged, at: datetime, **changes: Any) -> StayChanged:
    return replace(stay, status=StayStatus.CHECKED_OUT, checked_out_at=at, version=stay.version + 1, **changes)


def oracle(stays: list[StayChanged]) -> dict[Key, dict[str, Any]]:
    """What the days hold, from the newest version of each stay alone."""
    newest: dict[Any, StayChanged] = {}
    for one in stays:
        if one.stay_id not in newest or one.version > newest[one.stay_id].version:
            newest[one.stay_id] = one
    days: dict[Key, dict[str, Any]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    for one in newest.values():
        rest = (one.property, one.booking_channel or "", one.market, one.currency or "")
        day = local_date(one.booked_at, one.zone)
        days[(day, *rest)]["bookings"] += 1
        days[(day, *rest)]["lead_days"] += max((one.arrival - day).days, 0)
        days[(one.arrival, *rest)]["arrivals"] += 1
        days[(one.arrival, *rest)]["cancelled"] += one.status == StayStatus.CANCELLED
        days[(one.arrival, *rest)]["no_shows"] += one.status == StayStatus.NO_SHOW
        if one.checked_out_at and not one.muted:
            end = days[(local_date(one.checked_out_at, one.zone), *rest)]
            end["stays"] += 1
            end["nights"] += one.nights
            if one.revenue is not None:
                end["priced"] += 1
                end["revenue"] += Decimal(one.revenue)
    return {key: sums for key, sums in days.items() if any(sums.values())}


def test_a_stay_counts_on_the_day_it_was_booked_arrives_and_ends_by_the_hours_of_its_hotel(console: Console) -> None:
    stay = booked(property="SHA", zone="Asia/Shanghai", booking_channel=None)
    console.hear(left(stay, datetime(2016, 3, 4, 2, tzinfo=UTC)))
    days = {day: sums for (day, *_), sums in console.days().items()}
    assert days[date(2016, 1, 11)]["bookings"] == 1 and days[date(2016, 1, 11)]["lead_days"] == 50
    assert days[date(2016, 3, 1)]["arrivals"] == 1
    assert (days[date(2016, 3, 4)]["nights"], days[date(2016, 3, 4)]["revenue"]) == (3, Decimal("300.50"))


def history(number: int, chance: random.Random) -> list[StayChanged]:
    """A stay that moves, changes hands, is cancelled and stands again, in ten versions."""
    stay, versions = booked(number), []
    for version in range(1, 11):
        status = chance.choice([one for one in StayStatus if one is not StayStatus.CHECKED_IN])
        arrival = date(2016, 3, 1) + timedelta(days=chance.randrange(4))
        stay = replace(
            stay,
            version=version,
            status=status,
            arrival=arrival,
            property=chance.choice(["LIS", "SHA"]),
            nights=chance.randrange(5),
            checked_out_at=datetime(2016, 3, 9, 9, tzinfo=UTC) if status == StayStatus.CHECKED_OUT else None,
            booking_channel=chance.choice(["Direct", "OTA", None]),
            market=chance.choice(["Leisure", ""]),
            revenue=chance.choice([None, "10", "-3.25", "999.99"]),
            currency=chance.choice([None, "CNY"]),
            muted=chance.random() < 0.2,
        )
        versions.append(stay)
    return versions


def test_in_any_order_and_however_often_the_days_hold_what_each_stay_is_now(console: Console) -> None:
    chance = random.Random(5)
    told = [one for number in range(12) for one in history(number, chance)]
    deck = told + chance.choices(told, k=60)
    chance.shuffle(deck)
    while deck:
        size = chance.randrange(1, 30)
        console.hear(*deck[:size])
        deck = deck[size:]
    assert console.days() == oracle(told)
    console.hear(*(max(history_of, key=lambda one: one.version) for history_of in by_stay(told)))
    assert console.days() == oracle(told), "published again it changes nothing"
    tables = ("stay_counted", "stay_day", "stay_month")
    for table in tables:
        with console.database.transaction() as tx:
            tx.execute(f"delete from {table}")
    console.hear(*(max(history_of, key=lambda one: one.version) for history_of in by_stay(told)))
    assert console.days() == oracle(told), "and fills lost tables"


def by_stay(stays: list[StayChanged]) -> list[list[StayChanged]]:
    found = defaultdict(list)
    for one in stays:
        found[one.stay_id].append(one)
    return list(found.values())


def test_two_who_count_the_same_stays_at_once_count_each_once(console: Console) -> None:
    chance = random.Random(7)
    told = [one for number in range(30) for one in history(number, chance)]

    def work(seed: int) -> None:
        deck = random.Random(seed).sample(told, len(told))
        for start in range(0, len(deck), 40):
            console.hear(*deck[start : start + 40])

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert console.days() == oracle(told)


def test_what_was_told_without_a_market_takes_it_from_the_same_version_told_again(console: Console) -> None:
    stay = left(booked(market=""), datetime(2016, 3, 4, 10, tzinfo=UTC))
    console.hear(stay)
    console.hear(replace(stay, market="Corporate"))
    assert {market for _, _, _, market, _ in console.days()} == {"Corporate"}


def test_of_an_erased_guest_the_sums_stay_and_the_stay_leads_to_nobody(console: Console) -> None:
    stay = left(booked(), datetime(2016, 3, 4, 10, tzinfo=UTC))
    console.hear(stay, left(booked(2), datetime(2016, 3, 4, 10, tzinfo=UTC)))
    before = console.days()
    console.hear(GuestErased(guest_id=stay.guest_id, version=9, occurred_at=NOW))
    assert dict(console.all("select stay_id, guest_id from stay_counted")) == {
        stay.stay_id: None,
        make_id("stay", 2): make_id("guest", 2),
    }
    console.hear(replace(stay, version=7, revenue="1"))
    assert console.days() == before


def kept(stay: StayState) -> StayKept:
    """What is told of the same stay once its guest is erased."""
    return StayKept(**{one.name: getattr(stay, one.name) for one in fields(StayKept)})


@pytest.mark.parametrize("order", list(permutations(("stay", "erased", "kept"))))
def test_sums_outlive_an_erasure_in_whatever_order_its_words_come(console: Console, order: tuple[str, ...]) -> None:
    """The stay may be told after its guest is gone; what is left of it may come first, and twice."""
    stay = left(booked(), datetime(2016, 3, 4, 10, tzinfo=UTC))
    erased = GuestErased(guest_id=stay.guest_id, version=9, occurred_at=NOW)
    for what in (*order, "kept", *order):
        console.hear({"stay": stay, "erased": erased, "kept": kept(stay)}[what])
    assert console.days() == oracle([stay])
    assert console.all("select guest_id from stay_counted") == [(None,)]


def test_lost_sums_are_filled_with_the_stays_of_erased_guests_too(console: Console) -> None:
    chance = random.Random(3)
    told = [max(history(number, chance), key=lambda one: one.version) for number in range(12)]
    gone = told[:5]
    console.hear(*told)
    console.hear(*(GuestErased(guest_id=one.guest_id, version=9, occurred_at=NOW) for one in gone))
    before = console.days()
    assert before == oracle(told)
    with console.database.transaction() as tx:
        tx.execute("delete from stay_day")
        tx.execute("delete from stay_month")
        tx.execute("delete from stay_counted")
    console.hear(*told)
    assert console.days() != before, "of an erased guest no stay event is taken"
    console.hear(*map(kept, gone))
    assert console.days() == before


def test_every_event_of_a_stay_is_counted() -> None:
    names = {name for one in SUBSCRIPTIONS if one.name == "stays" for name in one.handlers}
    assert "stay.booked.v1" in names and issubclass(StayBooked, StayState) and len(names) == 8
