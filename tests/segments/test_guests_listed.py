"""A page of the guests behind a figure is the same whether few or all guests are looked through at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from services.segments.clock import GuestFigures
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.guests.erase import erase_guest
from services.segments.queries.figures import listed
from services.segments.queries.figures.behind import Asked, Behind, guests_behind
from services.segments.queries.figures.churn import LostAsked, lost_guests
from services.segments.queries.figures.first_visits import FirstAsked, FirstCame, first_guests
from services.segments.queries.figures.listed import A_PAGE, Listed
from services.segments.queries.figures.stored import night_of
from services.segments.store.money.currencies import load_currencies
from shared.database.pool import Database, Tx
from shared.vocabulary.window import Span, Window, days_between, span_of, window_of
from tests.conftest import MakeDatabase
from tests.segments.audience_people import enter
from tests.segments.rows import add_properties
from tests.segments.test_guest_figures import NOW, complain, people, stays

YEAR = window_of(Span.YEAR, date(2016, 5, 1))
QUARTER = window_of(Span.QUARTER, date(2016, 5, 1))
LATER = window_of(Span.QUARTER, date(2016, 8, 1))
ANY = days_between(date(2016, 2, 3), date(2016, 6, 11))
Ask = Callable[[Tx, UUID | None], Listed]


@pytest.fixture
def house(make_database: MakeDatabase) -> Database:
    """Guests who fill more than a page, some of whom complained, and some were erased since they were counted."""
    chance = random.Random(31)
    database = make_database("segments")
    add_properties(database)
    guests = people(chance, 150)
    known = stays(chance, guests, 700)
    with database.transaction() as tx:
        enter(tx, guests, known)
        for one in known[::9]:
            if one.status == "checked_out":
                complain(tx, one, named=True, kind="complaint", day=one.departure)
        evaluate_moved(tx, [Moved(one.id, {"kind": "initial"}) for one in guests], NOW)
    role = GuestFigures(database)
    while role.step(NOW):
        pass
    with database.transaction() as tx:
        tx.execute("delete from guest_point")  # their addresses are not sealed here
        for (guest,) in tx.execute("select id from guest order by id offset 20 limit 4").fetchall():
            erase_guest(tx, guest, "Ada", NOW, lambda _listed: None)
    return database


def figure(which: Behind, window: Window, property: str = "", cut: str = "", value: str = "") -> Ask:
    def ask(tx: Tx, after: UUID | None) -> Listed:
        asked = Asked(which, window, property, cut, value)
        return guests_behind(tx, asked, NOW.date(), load_currencies(tx), after)

    return ask


def first(which: FirstCame, property: str = "", cut: str = "", value: str = "") -> Ask:
    def ask(tx: Tx, after: UUID | None) -> Listed:
        return first_guests(tx, FirstAsked(which, QUARTER, LATER, property, cut, value), after)

    return ask


QUESTIONS: dict[str, Ask] = {
    **{f"{which}": figure(which, YEAR) for which in Behind},
    **{f"{which} at LIS by channel": figure(which, QUARTER, "LIS", "channel", "OTA") for which in Behind},
    "a country": figure(Behind.STAYED, YEAR, "", "country", "PT"),
    "days of no period": figure(Behind.KNOWN, ANY, "SHA"),
    "lost": lambda tx, after: lost_guests(tx, LostAsked(QUARTER, ""), NOW.date(), after),
    "lost by channel": lambda tx, after: lost_guests(tx, LostAsked(YEAR, "LIS", "channel", "GDS"), NOW.date(), after),
    "lost by spend": lambda tx, after: lost_guests(tx, LostAsked(YEAR, "LIS", "spend", "3"), NOW.date(), after),
    **{f"first {which}": first(which) for which in FirstCame},
    "first by agent": first(FirstCame.BACK, "LIS", "channel", "OTA"),
}


def test_the_pages_of_a_figure_are_the_same_by_small_ranges(house: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with house.transaction() as tx:
        usual = {name: read(tx, ask) for name, ask in QUESTIONS.items()}
        monkeypatch.setattr(listed, "FIRST_RANGE", 3)
        monkeypatch.setattr(listed, "GROWTH", 2)
        assert {name: read(tx, ask) for name, ask in QUESTIONS.items()} == usual
        monkeypatch.setattr(listed, "FIRST_RANGE", 10_000)
        monkeypatch.setattr(listed, "IN_RANGE", listed.EVERYBODY)
        assert {name: read(tx, ask) for name, ask in QUESTIONS.items()} == usual, "all of them at once"
    for count, gone, guests in usual.values():
        assert len(guests) == len(set(guests))
        assert count - gone == len(guests) or len(guests) > A_PAGE, "of more than a page the night's number is told"
    assert max(len(guests) for *_, guests in usual.values()) > 2 * A_PAGE and usual["stayed"][1]
    empty = {name.partition(" ")[0] for name, (_, _, guests) in usual.items() if not guests}
    assert empty == {"sms", "whatsapp"}, "nobody gave a number"


def read(tx: Tx, ask: Ask) -> tuple[int, int, list[UUID]]:
    """Page by page, to the end."""
    found: list[UUID] = []
    after = None
    while True:
        count, gone, guests = ask(tx, after)
        found += [one.id for one in guests[:A_PAGE]]
        if len(guests) <= A_PAGE:
            return count, gone, found
        after = guests[A_PAGE - 1].id


def test_how_many_there_are_is_what_the_night_counted(house: Database) -> None:
    with house.transaction() as tx:
        count, gone, _ = QUESTIONS["stayed"](tx, None)
        tx.execute("delete from stay where guest_id in (select id from guest order by id limit 10)")
        assert QUESTIONS["stayed"](tx, None)[0] == count and gone
        assert night_of(tx, YEAR) and not night_of(tx, ANY)
        tx.execute("update figure_window set counted_at = null")
        assert QUESTIONS["stayed"](tx, None)[0] < count, "what no night counted is counted now"


def test_a_window_knows_its_span() -> None:
    assert [span_of(one) for one in (YEAR, QUARTER, ANY)] == [Span.YEAR, Span.QUARTER, None]
