"""Cohorts and new guests agree with an oracle, to the guest; the pages show them, scoped, and give them along."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, date, datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.segments.config import Config
from services.segments.queries.figures.first_visits import FirstAsked, FirstCame, first_guests, new_guests_between
from services.segments.rules.cohorts import Cell, Cohort, back_together
from services.segments.service import SERVICE
from services.segments.store.figures.cohorts import keep_cohorts
from services.segments.store.figures.windows import plan_night
from shared.database.pool import Database
from shared.vocabulary.window import Span, first_of, window_of
from tests.cast import DINA, MARTA, Member
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, Stayed, enter
from tests.segments.cohorts_oracle import cohorts, new_guests
from tests.segments.figures_oracle import read
from tests.segments.rows import add_properties, rows_of
from tests.segments.test_guest_figures import people, stays
from tests.web import Browser, browser, words

NOW = datetime(2016, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    return database


def count(database: Database) -> None:
    with database.transaction() as tx:
        plan_night(tx, NOW)
        keep_cohorts(tx, NOW.date(), NOW)


def test_every_cell_is_what_the_oracle_says_and_counting_again_changes_nothing(database: Database) -> None:
    chance = random.Random(61)
    guests = people(chance, 60)
    with database.transaction() as tx:
        enter(tx, guests, stays(chance, guests, 240))
    raw = read(database, NOW.date())
    for _ in range(2):
        count(database)
        kept = {
            (span, hotel, first, after): (came, again)
            for span, hotel, first, after, came, again in rows_of(
                database, "select span, property, first, after, came, again from cohort_figure"
            )
        }
        assert kept == cohorts(raw)
    new = rows_of(database, "select property, cut, value, month, guests, ripe, again from new_guest_figure")
    assert {one[:4]: one[4:] for one in new} == new_guests(raw, NOW.date())
    check_guests_behind(database, kept)


def check_guests_behind(database: Database, kept: dict[tuple[Any, ...], tuple[int, int]]) -> None:
    """Each number is as many guests as are listed behind it."""
    for (span, hotel, first, after), (came, _) in sorted(kept.items()):
        if span == "month":
            continue
        month = first.year * 12 + first.month - 1 + after * Span(span).months
        later = window_of(Span(span), date(month // 12, month % 12 + 1, 1))
        back = sum(again for key, (_, again) in kept.items() if key[:3] == (span, hotel, first) and key[3] <= after)
        size = kept[span, hotel, first, 0][0]
        wanted = {FirstCame.ALL: size, FirstCame.BACK: back, FirstCame.GONE: size - back}
        wanted |= {FirstCame.CAME: came} if after else {}
        for which, number in wanted.items():
            asked = FirstAsked(which, window_of(Span(span), first), later, hotel)
            with database.transaction() as tx:
                found, gone, listed = first_guests(tx, asked, None)
            assert (found, gone, len(listed)) == (number, 0, min(number, 51)), asked


@pytest.fixture
def house(database: Database) -> Database:
    """Forty guests of January, of whom ten came back in March, by the web or by an agent."""
    guests = [Person(f"Guest {number}", country="PT" if number % 4 else None) for number in range(40)]
    first = [
        Stayed(one.name, f"R-{number}", date(2016, 1, 3), channel="Web" if number < 30 else "Agent")
        for number, one in enumerate(guests)
    ]
    back = [Stayed(one.name, f"B-{number}", date(2016, 3, 3)) for number, one in enumerate(guests[:10])]
    touching = [Stayed(one.name, f"T-{number}", date(2016, 1, 5)) for number, one in enumerate(guests[10:20])]
    away = [Stayed("Guest 39", "S-1", date(2016, 5, 1), house="SHA", zone="Asia/Shanghai")]
    with database.transaction() as tx:
        enter(tx, guests, [*first, *back, *touching, *away])
    count(database)
    return database


def desk(database: Database, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who, at=NOW)


def test_the_triangle_says_who_came_back_by_when(house: Database) -> None:
    page = words(desk(house).get("/segments/cohorts?hotel=LIS"))
    assert "January 2016 40 0% 0 0% 0 25% 10 25% 10" in page, "stays that touch are no coming back"
    came = words(desk(house).get("/segments/cohorts?hotel=LIS&how=came"))
    assert "January 2016 40 0% 0 25% 10 0% 0" in came
    everywhere = words(desk(house).get("/segments/cohorts"))
    assert "January 2016 40 0% 0 0% 0 25% 10 25% 10 28% 11" in everywhere, "whoever goes to the other hotel came back"
    guests = words(desk(house).get("/segments/cohorts/guests?span=month&first=2016-01-01&which=back&later=2&hotel=LIS"))
    assert "10 guests" in guests and "again by the end of the later one" in guests


def test_new_guests_stand_once_by_what_they_came_by_first(house: Database) -> None:
    page = words(desk(house).get("/segments/new-guests?span=month&first=2016-01-01&hotel=LIS"))
    assert "40 new guests" in page and "Web 30 75% 0 not yet" in page and "Agent 10 25% 0 not yet" in page
    by_country = words(desk(house).get("/segments/new-guests?span=year&first=2016-01-01&cut=country&hotel=LIS"))
    assert "Portugal 30 75%" in by_country and "not known 10 25%" in by_country
    behind = "/segments/cohorts/guests?span=month&first=2016-01-01&which=new&cut=channel&value=Agent&hotel=LIS"
    assert "10 guests" in words(desk(house).get(behind))
    with house.transaction() as tx:
        spot = new_guests_between(tx, date(2016, 1, 1), date(2016, 2, 1), "LIS", date(2017, 1, 31))
    assert [one[1:] for one in spot if one[0] == "channel"] == [("Web", 30, 30, 10), ("Agent", 10, 10, 0)]


def test_a_year_later_it_is_known_who_came_again(house: Database) -> None:
    with house.transaction() as tx:
        keep_cohorts(tx, date(2017, 1, 31), NOW)
    page = words(desk(house).get("/segments/new-guests?span=month&first=2016-01-01&hotel=LIS"))
    assert "Web 30 75% 0 33% 10 of 30" in page and "Agent 10 25% 0 0 of 10 · too few to tell" in page


def test_tables_to_take_along_hold_the_numbers_and_nobody_sees_another_hotel(house: Database) -> None:
    marta = desk(house)
    lines = list(csv.reader(io.StringIO(marta.get("/segments/cohorts/table.csv?hotel=LIS").text.lstrip("\ufeff"))))
    assert lines[1][:5] == ["2016-01-01", "40", "0", "0", "10"]
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(marta.client.get("/segments/new-guests/table.xlsx?hotel=LIS").data)
    )
    assert book.sheet_names == ["New guests"]
    dina = desk(house, DINA)
    assert "May 2016" not in words(dina.get("/segments/cohorts?hotel=SHA")), "she sees Lisbon, whatever she asks for"
    for address in ("cohorts?how=x", "new-guests?first=x", "new-guests?cut=x", "cohorts/guests?which=x"):
        assert marta.get(f"/segments/{address}").status_code == 404


def test_a_house_without_stays_is_told_what_to_do(database: Database) -> None:
    page = words(desk(database).get("/segments/cohorts"))
    assert "Not counted yet" in page and "Nobody stayed" not in page
    assert "No new guests in this period" in words(desk(database).get("/segments/new-guests"))


def test_where_nobody_came_first_the_periods_that_were_looked_at_are_named(house: Database) -> None:
    with house.transaction() as tx:
        tx.execute("delete from cohort_figure")
    marta = desk(house)
    page = words(marta.get("/segments/cohorts?hotel=LIS"))
    assert "Nobody stayed for the first time from November 2015 to November 2016" in page
    years = words(marta.get("/segments/cohorts?hotel=LIS&span=year"))
    assert "Nobody stayed for the first time from 2011 to 2016" in years


def test_together_never_falls_and_counts_guests_as_long_as_they_are_seen() -> None:
    """An old cohort of whom few came back is seen longest: a plain mean would fall with it."""

    def cohort(first: date, guests: int, *back: int) -> Cohort:
        months = [first_of(first.year * 12 + first.month + place) for place in range(len(back))]
        return Cohort(first, guests, [Cell(0, one, until) for one, until in zip(back, months, strict=True)])

    old, young = cohort(date(2016, 1, 1), 100, 0, 10, 10, 19), cohort(date(2016, 3, 1), 100, 0, 50)
    found = back_together([old, young], date(2016, 5, 1))
    assert [round(one.share, 4) for one in found] == [0, 0.3, 0.3, 0.37], "of ninety whom one still saw nine came"
    assert [one.seen for one in found] == [200, 200, 90, 90]
    assert len(back_together([old, young], date(2016, 4, 30))) == 3, "a period that is not over does not count"
