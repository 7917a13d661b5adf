"""Sources and profit: each is what the raw stays say, by the cost that stood on the day; nothing counts as free."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from services.console.config import Config
from services.console.queries.properties import currencies
from services.console.queries.sources import profit_parts, sources_in
from services.console.rules.figures.profit import by_channel, together
from services.console.service import SERVICE
from services.console.store.channel_costs import ChannelCost, save_cost
from services.console.store.stay_days import count_stays
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.segments.stays import StayChanged
from shared.vocabulary.stay import StayStatus
from shared.vocabulary.window import Span, window_of
from shared.web.config import WebConfig
from tests.cast import ADA, DINA, MARTA, Member
from tests.conftest import MakeDatabase
from tests.console.conftest import Answers, Serve
from tests.console.staff import open_house
from tests.console.test_key_figures import Told
from tests.console.test_stays_by_day import booked, left
from tests.harness import off_the_wire
from tests.web import Browser, browser, words

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
OCTOBER = window_of(Span.MONTH, date(2026, 10, 1))


def stays(chance: random.Random, count: int) -> list[StayChanged]:
    found = []
    for number in range(count):
        at = datetime(2026, 10, 1, 11, tzinfo=UTC) + timedelta(days=chance.randrange(31))
        house = chance.choice(["LIS", "SHA"])
        stay = booked(
            number,
            property=house,
            booked_at=at - timedelta(days=chance.randrange(1, 60)),
            arrival=at.date() - timedelta(days=2),
            booking_channel=chance.choice(["Web", "Agent", "Desk", None]),
            market=chance.choice(["Leisure", "Corporate"]),
            nights=chance.randrange(1, 5),
            revenue=chance.choice([None, "120.50", "80", "999.99"]),
            currency=chance.choice([None, None, "USD"]),
            status=chance.choice([StayStatus.BOOKED, StayStatus.CANCELLED]),
        )
        found.append(left(stay, at) if chance.random() < 0.8 else stay)
    return found


COSTS = [
    ChannelCost("", "Agent", date(2026, 1, 1), Decimal("0.15"), Decimal(0), Decimal(0), ""),
    ChannelCost("", "Agent", date(2026, 10, 10), Decimal("0.18"), Decimal(0), Decimal(2), "EUR"),
    ChannelCost("SHA", "Agent", date(2026, 10, 20), Decimal("0.10"), Decimal(0), Decimal(0), ""),
    ChannelCost("", "Web", date(2026, 10, 15), Decimal("0.02"), Decimal(5), Decimal(0), "EUR"),
    ChannelCost("LIS", "", date(2026, 1, 1), Decimal(0), Decimal(1), Decimal(1), "EUR"),
]


@pytest.fixture
def console(make_database: MakeDatabase) -> Database:
    database = make_database("console")
    open_house(database)
    return database


def keep(database: Database, told: list[StayChanged], costs: list[ChannelCost]) -> None:
    with database.transaction() as tx:
        count_stays(tx, off_the_wire(chunk_of(told)))
        for one in costs:
            save_cost(tx, one, NOW, "Ada")


def cost_of(stay: StayChanged, day: date) -> ChannelCost | None:
    """The most particular word of that day: of the channel, then of the hotel, then the newest."""
    channel = stay.booking_channel or ""
    fits = [
        one for one in COSTS
        if one.since <= day and one.channel in ("", channel) and one.property in ("", stay.property)
    ]  # fmt: skip
    return max(fits, key=lambda one: (one.channel != "", one.property != "", one.since), default=None)


@pytest.mark.parametrize("hotel", ["", "LIS", "SHA"])
def test_profit_is_what_each_stay_leaves_by_the_cost_of_its_day(console: Database, hotel: str) -> None:
    told = stays(random.Random(5), 300)
    keep(console, told, COSTS)
    with console.transaction() as tx:
        paid = currencies(tx)
        found = by_channel(profit_parts(tx, OCTOBER, hotel), paid)
    expected: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for one in told:
        if one.checked_out_at is None or hotel not in ("", one.property):
            continue
        cost, currency = cost_of(one, one.checked_out_at.date()), one.currency or paid[one.property]
        line = expected[one.booking_channel or "", currency]
        line["stays"] += 1
        line["priced"] += one.revenue is not None
        line["revenue"] += Decimal(one.revenue or 0)
        line["unsaid"] += cost is None
        if cost:
            line["commission"] += Decimal(one.revenue or 0) * cost.commission
            fixed = cost.a_stay + one.nights * cost.a_night
            line["costs" if cost.currency == currency or not fixed else "elsewhere"] += fixed
    assert {(one.channel, one.currency): one.revenue for one in found} == {
        key: line["revenue"] for key, line in expected.items()
    }
    for profit in found:
        line = expected[profit.channel, profit.currency]
        for name in ("stays", "priced", "unsaid"):
            assert getattr(profit, name) == line[name]
        assert profit.commission == line["commission"] and profit.costs == line["costs"]
        assert bool(profit.foreign) == bool(line["elsewhere"])
        known = not line["unsaid"] and not line["elsewhere"]
        assert profit.profit == (line["revenue"] - line["commission"] - line["costs"] if known else None)
    assert (any(one.profit is None for one in found) and any(one.profit is not None for one in found)) or hotel
    sums = together(found)
    assert len({one.currency for one in sums}) == len(sums), "currencies are not added up"
    assert sum(one.stays for one in sums) == sum(one.stays for one in found)


def test_sources_are_what_the_raw_stays_say(console: Database) -> None:
    told = stays(random.Random(8), 200)
    keep(console, told, [])
    with console.transaction() as tx:
        found = {one.value: one for one in sources_in(tx, OCTOBER, "LIS", "market")}
    for market in ("Leisure", "Corporate"):
        here = [one for one in told if one.market == market and one.property == "LIS"]
        ended = [one for one in here if one.checked_out_at]
        due = [one for one in here if OCTOBER.first <= one.arrival < OCTOBER.until]
        assert found[market].stays == len(ended) and found[market].nights == sum(one.nights for one in ended)
        assert found[market].arrivals == len(due)
        assert found[market].cancelled == sum(one.status == StayStatus.CANCELLED for one in due)


def desk(database: Database, gateway: str, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who, web=WebConfig(gateway=gateway), at=NOW)


def answers() -> Answers:
    spa = {"name": "Spa", "currency": "EUR", "amount": "120.00", "lines": 3}
    return Told({"/segments/figures/outlets": {"outlets": [spa]}})


@pytest.fixture
def simple(console: Database) -> Database:
    """Ten stays of 100 € by the web, thirty by an agent; the year before twenty by the agent."""
    at = datetime(2026, 10, 14, 10, tzinfo=UTC)
    told = [
        left(
            booked(
                number,
                booked_at=at - timedelta(days=10),
                arrival=at.date() - timedelta(days=3),
                booking_channel="Web" if number < 10 else "Agent",
                revenue="100",
            ),
            at,
        )
        for number in range(40)
    ]
    earlier = [
        replace(left(booked(100 + number, booking_channel="Agent"), at.replace(year=2025)), arrival=date(2025, 10, 11))
        for number in range(20)
    ]
    keep(console, [*told, *earlier], [])
    return console


def test_the_page_of_sources_compares_with_the_year_before(simple: Database, serve: Serve) -> None:
    marta = desk(simple, serve(answers()))
    page = words(marta.get("/figures/sources?span=month&first=2026-10-01"))
    assert "October 2026 · All hotels" in page
    assert "Agent 30 90 75% 100% 60 €3,000.00" in page and "Web the house's own 10 30 25% – €1,000.00" in page
    text = marta.get("/figures/sources/table.csv?span=month&first=2026-10-01").text
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert lines[1][:4] == ["Agent", "30", "90", "60"] and lines[1][-2:] == ["3000.0", "EUR"]


def test_profit_is_not_known_until_the_house_says_what_a_channel_costs(simple: Database, serve: Serve) -> None:
    ada = desk(simple, serve(answers()), ADA)
    page = words(ada.get("/figures/profit?span=month&first=2026-10-01"))
    assert "not known: no cost entered" in page and "Spa: €120.00 3 lines of bills" in page
    ada.get("/figures/costs")
    wrong = ada.post("/figures/costs", {"channel": "Nowhere", "commission": "120", "a_night": "1", "since": "x"})
    assert wrong.status_code == 422
    for problem in ("at most 100", "a channel from the list", "the currency of these", "the day from which"):
        assert problem in words(wrong)
    form = {"channel": "Agent", "commission": "15", "a_night": "2,50", "currency": "EUR", "since": "2026-01-01"}
    assert "Agent All hotels" in words(ada.post("/figures/costs", form))
    page = words(ada.get("/figures/profit?span=month&first=2026-10-01"))
    assert "Agent 30 €3,000.00 €450.00 €225.00 €2,325.00 78% €25.83" in page
    assert "Together 40 €4,000.00 not known not known not known: no cost entered" in page
    with simple.transaction() as tx:
        trail = tx.execute("select actor, subject from audit_entry where action = 'figures.cost_said'").fetchall()
    assert [(actor.split()[0], subject) for actor, subject in trail] == [(ADA.name.split()[0], "channel Agent")]
    drop = {"property": "", "channel": "Agent", "since": "2026-01-01"}
    assert "No cost is known" in words(ada.post("/figures/costs/drop", drop))


def test_who_sees_some_hotels_changes_no_cost_and_sees_no_other_hotel(simple: Database, serve: Serve) -> None:
    dina = desk(simple, serve(answers()), DINA)
    assert dina.get("/figures/costs").status_code == 403
    assert "Casa do Tejo" in words(dina.get("/figures/profit?span=month&first=2026-10-01&hotel=SHA"))
    silent = words(desk(simple, serve(Told({}))).get("/figures/profit?span=month&first=2026-10-01"))
    assert "Guests do not answer" in silent
    assert "No stays in this period" in words(dina.get("/figures/sources?span=month&first=2024-10-01"))
