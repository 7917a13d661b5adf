"""Churn and loyalty agree with an oracle; lift says what stands out and no more; the pages show it."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.config import Config
from services.segments.queries.figures.churn import LostAsked, lost_guests
from services.segments.rules.lift import Counted, lift_of
from services.segments.service import SERVICE
from services.segments.store.figures.churn import count_churn, keep_churn
from services.segments.store.figures.counting import keep_counted
from services.segments.store.figures.loyalty import keep_loyalty
from services.segments.store.money.currencies import load_currencies
from shared.database.pool import Database
from shared.vocabulary.window import Span, days_between, window_of
from tests.cast import DINA, MARTA, Member
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter
from tests.segments.churn_oracle import churn, loyalty
from tests.segments.figures_oracle import read
from tests.segments.rows import add_properties, rows_of
from tests.segments.test_guest_figures import complain, people, stays
from tests.web import Browser, browser, words

NOW = datetime(2016, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    return database


def world(chance: random.Random) -> tuple[list[Person], list[Stayed]]:
    guests = [
        replace(
            one,
            birth_date=chance.choice([None, date(1990, 2, 28), date(1950, 5, 1), date(2001, 4, 30), date(2016, 1, 1)]),
            region=chance.choice([None, "Norte", "Algarve"]),
            tier=chance.choice([None, "Gold", "Silver"]),
        )
        for one in people(chance, 50)
    ]
    return guests, [replace(one, lead_days=chance.randrange(-1, 120)) for one in stays(chance, guests, 260)]


def test_every_trait_and_every_band_is_what_the_oracle_says(database: Database) -> None:
    chance = random.Random(14)
    guests, known = world(chance)
    with database.transaction() as tx:
        enter(tx, guests, known)
        for one in known:
            if one.status == "checked_out" and chance.random() < 0.15:
                day = one.departure - timedelta(days=chance.randrange(40))
                complain(tx, one, named=chance.random() < 0.7, kind="complaint", day=day)
        evaluate_moved(tx, [Moved(one.id, {"kind": "initial"}) for one in guests], NOW)
        keep_loyalty(tx)
    raw = read(database, NOW.date())
    for window in (
        *(window_of(span, date(2016, 5, 17)) for span in (Span.MONTH, Span.QUARTER)),
        days_between(date(2016, 2, 11), date(2016, 7, 3)),
    ):
        with database.transaction() as tx:
            told = {
                (hotel, trait, value): (before, lost)
                for hotel in ("", "LIS", "SHA")
                for trait, value, before, lost in count_churn(tx, window, NOW.date(), hotel)
            }
        expected = churn(database, raw, window.before, window.first, window.until)
        assert told == expected and len({trait for _, trait, _ in told}) == 12
        check_guests_behind(database, window.first, told if window.until - window.first > timedelta(80) else {})
    columns = "guests, visits, nights, spend, unpriced"
    held = rows_of(database, f"select property, by, value, {columns} from loyalty_figure")
    assert {one[:3]: dict(zip(columns.split(", "), one[3:], strict=True)) for one in held} == loyalty(database, raw)


def check_guests_behind(database: Database, first: date, told: dict[tuple[str, str, str], tuple[int, int]]) -> None:
    """Of the quarter, each number lost is as many guests as are listed."""
    window = window_of(Span.QUARTER, date(2016, 5, 17))
    for (hotel, trait, value), (_, lost) in list(told.items())[:40] if first == window.first else ():
        with database.transaction() as tx:
            count, gone, listed = lost_guests(tx, LostAsked(window, hotel, trait, value), NOW.date(), None)
        assert (count, gone, len(listed)) == (lost, 0, min(lost, 51))


def test_lift_is_a_share_over_a_share_and_silent_of_few() -> None:
    lift = lift_of(Counted(100, 60), Counted(400, 120), 1)
    assert lift and lift.value == pytest.approx(2.0) and lift.low > 1 and lift.is_certain
    even = lift_of(Counted(100, 30), Counted(400, 120), 1)
    assert even and even.value == pytest.approx(1) and not even.is_certain
    assert lift_of(Counted(29, 20), Counted(400, 120), 1) is None
    assert lift_of(Counted(100, 4), Counted(400, 120), 1) is None
    assert lift_of(Counted(400, 120), Counted(400, 120), 1) is None, "nobody to compare them with"
    many = lift_of(Counted(100, 60), Counted(400, 120), 40)
    assert many and many.low < lift.low and many.high > lift.high, "who looks at more values is surer to be fooled"


def test_the_interval_of_a_lift_holds_the_true_one_in_95_of_100_cases() -> None:
    """Of 200 guests with a value three in ten are lost, of 600 without it one in five: the true lift is 1.333."""
    chance, held, tried = random.Random(95), 0, 2000
    true = 0.3 / ((200 * 0.3 + 600 * 0.2) / 800)
    for _ in range(tried):
        lost, others = sum(chance.random() < 0.3 for _ in range(200)), sum(chance.random() < 0.2 for _ in range(600))
        lift = lift_of(Counted(200, lost), Counted(800, lost + others), 1)
        held += bool(lift and lift.low <= true <= lift.high)
    assert 0.935 < held / tried < 0.965


@pytest.fixture
def house(database: Database) -> Database:
    """Of 2015 sixty guests by the web, of whom forty come in 2016 again, and sixty by an agent, of whom ten do."""
    guests = [Person(f"Guest {number}", tier="Gold" if number < 6 else None) for number in range(120)]
    came = [
        Stayed(one.name, f"R-{number}", date(2015, 6, 1), channel="Web" if number < 60 else "Agent")
        for number, one in enumerate(guests)
    ]
    back = [Stayed(one.name, f"B-{one.name}", date(2016, 6, 1)) for one in (*guests[:40], *guests[60:70])]
    with database.transaction() as tx:
        enter(tx, guests, [*came, *back])
        window = window_of(Span.YEAR, date(2016, 1, 1))
        keep_counted(tx, Span.YEAR, window, NOW.date(), load_currencies(tx), NOW)
        keep_churn(tx, Span.YEAR, window, NOW.date())
        keep_loyalty(tx)
    return database


def desk(database: Database, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who, at=NOW)


def test_what_the_lost_have_in_common_stands_out(house: Database) -> None:
    page = words(desk(house).get("/segments/churn?span=year&first=2016-01-01&hotel=LIS"))
    assert "58%" in page and "70 of the 120 guests of 2015" in page
    assert "Channel of the last stay: Agent – 83% 50 of 60" in page and "1.43 times" in page
    assert "Channel of the last stay: Web – 33% 20 of 60" in page and "0.57 times" in page
    assert "The period is not over" in page
    guests = words(
        desk(house).get("/segments/churn/guests?span=year&first=2016-01-01&trait=channel&value=Agent&hotel=LIS")
    )
    assert "50 guests" in guests and "Channel of the last stay: Agent" in guests
    text = desk(house).get("/segments/churn/table.csv?span=year&first=2016-01-01&hotel=LIS").text
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert lines[1][2:4] == ["120", "70"]
    assert ["Channel of the last stay", "Agent", "60", "50", "1.4286"] in [one[:5] for one in lines]


def test_loyalty_says_how_often_guests_come_and_who_has_a_tier(house: Database) -> None:
    page = words(desk(house).get("/segments/loyalty?span=year&first=2016-01-01&hotel=LIS"))
    assert "Repeat guests, ever" in page and "100% 50 of 50" in page and "0% 0 of 50" in page
    assert "1 70 58% 1 2 €100.00" in page and "2 50 42% 2 4 €200.00" in page
    assert "Gold 6 5% 2 4 €200.00" in page and "no tier 114" in page


def test_an_empty_house_and_wrong_addresses(database: Database) -> None:
    marta = desk(database)
    assert "Nobody could be lost in this period" in words(marta.get("/segments/churn"))
    assert "Nobody has stayed yet" in words(marta.get("/segments/loyalty"))
    for address in (
        "churn?trait=x",
        "churn?first=x",
        "churn/guests?span=year&first=2016-01-01&trait=x",
        "loyalty?span=x",
    ):
        assert marta.get(f"/segments/{address}").status_code == 404
    assert "Shanghai" not in words(desk(database, DINA).get("/segments/churn?hotel=SHA"))
