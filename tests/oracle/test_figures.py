"""Figures of an export: its stays are the rows of the file, and every table and page of sums is what an oracle makes
of them; on a generated export in every run, on the real one in the long ones."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guestloop.generated.export import write_export
from guestloop.simulation.history import PLAIN_MAPPING
from services.console.queries.changes import course_of, stays_of
from services.console.queries.key_figures import revenue_in, stays_by_window, stays_in
from services.console.queries.sources import profit_parts, revenue_by, sources_in
from services.console.rules.figures.changes import Count, Place
from services.console.rules.figures.profit import by_channel
from services.console.store.channel_costs import ChannelCost, save_cost
from services.console.store.stay_days import count_stays
from services.segments.imports.run import import_reservations
from services.segments.queries.figures.partners import partners_in
from services.segments.queries.present_state import all_stays
from services.segments.rules.partners import partners_of
from shared.database.pool import Database
from shared.vocabulary.window import Span, Window, a_year_before, days_between, last_windows, window_of
from tests.console.sums_oracle import check_stays
from tests.databases import Lending
from tests.harness import off_the_wire
from tests.oracle.export import read_rows
from tests.segments.nightly_oracle import check_night, count_anew
from tests.segments.rows import add_properties, rows_of

REAL = Path(__file__).parents[3] / "shared" / "data" / "reservations_2015-2016.csv.gz"
NOW = datetime(2017, 2, 1, 3, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)
A_CHUNK = 500
ABSURD = 5000  # a night; of a stay at such a rate no revenue is believed
NOTHING = ("NULL", "Undefined")  # how the file says that it does not know
OF_REAL = (
    pytest.mark.proof,
    pytest.mark.data,
    pytest.mark.skipif(not REAL.exists(), reason="the real reservations (../shared/data) are absent"),
)
COSTS = (
    ChannelCost("", "TA/TO", date(2010, 1, 1), Decimal("0.15"), Decimal(0), Decimal(0), ""),
    ChannelCost("", "TA/TO", date(2016, 3, 10), Decimal("0.18"), Decimal(0), Decimal(2), "EUR"),
    ChannelCost("ALG", "TA/TO", date(2016, 5, 1), Decimal("0.1"), Decimal(3), Decimal(0), "EUR"),
    ChannelCost("LIS", "", date(2010, 1, 1), Decimal(0), Decimal(1), Decimal(1), "EUR"),
)


@dataclass(frozen=True)
class World:
    export: Path
    segments: Database
    console: Database


@pytest.fixture(scope="module", params=["generated", pytest.param("real", marks=OF_REAL)])
def world(
    request: pytest.FixtureRequest, lending: Lending, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The export in segments, counted at night, and told to console: once for all tests here."""
    export = REAL
    if request.param == "generated":
        export = tmp_path_factory.mktemp("figures") / "export.csv"
        write_export(export, rows=1500)
    with lending.of_one_test() as make:
        made = World(export, make("segments"), make("console"))
        add_properties(made.segments)
        import_reservations(made.segments, export, PLAIN_MAPPING, BEFORE)
        tell_console(made)
        count_anew(made.segments, NOW)
        yield made


def tell_console(world: World) -> None:
    after: tuple[Any, ...] | None = None
    while True:
        with world.segments.transaction() as tx:
            chunk = all_stays(tx, after, A_CHUNK)
        if not len(chunk):
            return
        with world.console.transaction() as tx:
            count_stays(tx, off_the_wire(chunk))
        after = (chunk["stay_id"][-1],)


@dataclass(frozen=True)
class Raw:
    """A stay that ended or was to come, as the file states it."""

    property: str
    status: str
    booked: date
    arrival: date
    left: date | None
    nights: int
    channel: str
    market: str
    company: str
    revenue: Decimal | None


def raw_of(export: Path) -> dict[str, Raw]:
    body = export.read_bytes()
    text = (gzip.decompress(body) if export.suffix == ".gz" else body).decode("utf-8-sig")
    found = {}
    for row, times in zip(csv.DictReader(io.StringIO(text, newline="")), read_rows(export), strict=True):
        stated = {name: "" if row[name] in NOTHING else row[name] for name in ("channel", "market_segment", "company")}
        found[times.number] = Raw(
            times.property,
            times.status,
            times.booked_on,
            times.arrival,
            times.status_date if times.status == "checked_out" else None,
            (times.departure - times.arrival).days,
            stated["channel"],
            stated["market_segment"],
            stated["company"],
            Decimal(row["room_revenue"]) if Decimal(row["adr"]) < ABSURD else None,
        )
    return found


@pytest.fixture(scope="module")
def raw(world: World) -> list[Raw]:
    return list(raw_of(world.export).values())


def test_stays_are_the_rows_of_the_file(world: World) -> None:
    stays = {number: Raw(*one) for number, *one in rows_of(world.segments, STAYS)}
    expected = raw_of(world.export)
    differ = [number for number in stays.keys() | expected.keys() if stays.get(number) != expected.get(number)]
    assert not differ, [(stays.get(number), expected.get(number)) for number in differ[:3]]


def test_every_table_of_a_night_is_what_the_raw_rows_say(world: World) -> None:
    agreed = check_night(world.segments, NOW) + check_stays(world.console, world.segments)
    assert all(count for name, count in agreed.items() if name != "outlet_figure"), agreed
    assert agreed["guest_figure"] > 1000 and agreed["stay_month"] > 100


WINDOWS = (
    window_of(Span.YEAR, date(2016, 1, 1)),
    window_of(Span.QUARTER, date(2016, 5, 1)),
    window_of(Span.MONTH, date(2016, 7, 1)),
    days_between(date(2016, 2, 11), date(2016, 4, 3)),
)


def within(day: date | None, window: Window) -> bool:
    return day is not None and window.first <= day < window.until


@pytest.mark.parametrize("window", WINDOWS, ids=["year", "quarter", "month", "days"])
@pytest.mark.parametrize("hotel", ["", "LIS"])
def test_sources_revenue_and_key_figures_of_stays_are_those_of_the_file(
    world: World, raw: list[Raw], hotel: str, window: Window
) -> None:
    here = [one for one in raw if hotel in ("", one.property)]
    with world.console.transaction() as tx:
        for cut in ("channel", "market"):
            sources = {one.value: one for one in sources_in(tx, window, hotel, cut)}
            revenue = revenue_by(tx, window, hotel, cut)
            for value, one in sources.items():
                mine = [each for each in here if getattr(each, cut) == value]
                ended = [each for each in mine if within(each.left, window)]
                booked = [each for each in mine if within(each.booked, window)]
                due = [each for each in mine if within(each.arrival, window)]
                assert (one.stays, one.nights) == (len(ended), sum(each.nights for each in ended))
                assert (one.bookings, one.lead_days) == (len(booked), sum(map(ahead, booked)))
                cancelled = [each for each in due if each.status == "cancelled"]
                assert (one.arrivals, one.cancelled) == (len(due), len(cancelled))
                assert sum(each.revenue for each in revenue.get(value, [])) == paid(ended)
                alone = stays_in(tx, window, hotel, ["Direct"], cut, value)
                assert alone and (alone["stays"], alone["lead_days"]) == (one.stays, one.lead_days)
        every = stays_in(tx, window, hotel, ["Direct"])
        ended = [one for one in here if within(one.left, window)]
        assert every and every["stays"] == len(ended) and every["nights"] == sum(one.nights for one in ended)
        assert every["direct"] == sum(one.channel == "Direct" for one in ended)
        assert every["of_known_channel"] == sum(bool(one.channel) for one in ended)
        assert sum(one.revenue for one in revenue_in(tx, window, hotel)) == paid(ended)


def paid(stays: list[Raw]) -> Decimal:
    return sum((one.revenue for one in stays if one.revenue is not None), Decimal(0))


def ahead(one: Raw) -> int:
    return max((one.arrival - one.booked).days, 0)


@pytest.mark.parametrize("hotel", ["", "ALG"])
def test_profit_is_what_each_stay_of_the_file_leaves(world: World, raw: list[Raw], hotel: str) -> None:
    window = WINDOWS[0]
    with world.console.transaction() as tx:
        for entered in COSTS:
            save_cost(tx, entered, NOW, "Ada")
        found = {one.channel: one for one in by_channel(profit_parts(tx, window, hotel), HOTELS)}
        tx.execute("delete from channel_cost")
    lines: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for one in raw:
        if within(one.left, window) and hotel in ("", one.property):
            cost, line = cost_of(one), lines[one.channel]
            line["stays"] += 1
            line["revenue"] += paid([one])
            line["unsaid"] += cost is None
            if cost:
                line["commission"] += paid([one]) * cost.commission
                line["costs"] += cost.a_stay + one.nights * cost.a_night
    assert found.keys() == lines.keys()
    for channel, line in lines.items():
        told = found[channel]
        for name in ("stays", "revenue", "unsaid", "commission", "costs"):
            assert getattr(told, name) == line[name], (channel, name)
        left = line["revenue"] - line["commission"] - line["costs"]
        assert told.profit == (None if line["unsaid"] else left)


def cost_of(stay: Raw) -> ChannelCost | None:
    fits = [
        one
        for one in COSTS
        if stay.left and one.since <= stay.left
        and one.channel in ("", stay.channel)
        and one.property in ("", stay.property)
    ]  # fmt: skip
    return max(fits, key=lambda one: (one.channel != "", one.property != "", one.since), default=None)


def test_what_the_sentences_and_curves_are_made_of_is_in_the_file(world: World, raw: list[Raw]) -> None:
    """The stays of a month, the one before and the one a year before, by hotel, channel and market; and a course."""
    window = WINDOWS[2]
    windows = [window, window_of(Span.MONTH, window.before), a_year_before(window)]
    course = last_windows(Span.MONTH, window.first, 13)
    with world.console.transaction() as tx:
        whole, by_place = stays_of(tx, windows, "")
        line, sums = course_of(tx, course, ""), stays_by_window(tx, course, "", ["Direct"])

    def count(of: list[Raw]) -> Count:
        return Count(*(sum(within(one.left, each) for one in of) for each in windows))

    assert whole == count(raw)
    names = {Place.HOTEL: "property", Place.CHANNEL: "channel", Place.MARKET: "market"}
    for (place, value), told in by_place.items():
        assert told == count([one for one in raw if getattr(one, names[place]) == value])
    assert sum(one.now for (place, _), one in by_place.items() if place is Place.CHANNEL) == whole.now
    assert line == [sum(within(one.left, each) for one in raw) for each in course]
    assert [sums.get(each.first, {}).get("stays", 0) for each in course] == line


@pytest.mark.parametrize("hotel", ["", "LIS"])
def test_partners_are_those_that_the_file_names(world: World, raw: list[Raw], hotel: str) -> None:
    window, then = WINDOWS[0], a_year_before(WINDOWS[0])
    expected: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in raw:
        for when, of in (("now", window), ("then", then)):
            if within(one.left, of) and hotel in ("", one.property):
                key = (one.company, one.property) if one.company else ("", "")
                expected[key].update({f"stays {when}": 1, f"nights {when}": one.nights, f"cents {when}": cents(one)})
    with world.segments.transaction() as tx:
        found = partners_of(partners_in(tx, "company", window, then, hotel), HOTELS)
    told = {(each.name, each.named_at): each for each in found}
    assert told.keys() == expected.keys() and len(told) > 10
    for key, sums in expected.items():
        mine = told[key]
        assert (mine.stays, mine.nights) == (sums["stays now"], sums["nights now"])
        assert (mine.stays_before, mine.nights_before) == (sums["stays then"], sums["nights then"])
        (earned,) = mine.earned
        assert [int(100 * (amount or 0)) for amount in (earned.now, earned.before)] == [
            sums["cents now"],
            sums["cents then"],
        ]
    assert any(each.is_lost for each in found) and any(each.is_new for each in found)


def cents(one: Raw) -> int:
    return int(100 * paid([one]))


HOTELS = {"": "EUR", "LIS": "EUR", "ALG": "EUR"}
STAYS = """
    select reservation, property, status, booked_on, arrival, checked_out_on, nights, coalesce(channel, ''),
        coalesce(market_segment, ''), coalesce(company, ''), revenue
    from stay where not muted
"""
