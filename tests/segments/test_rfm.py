"""RFM: classes, matrix and moves as an oracle has them; borders are tried, saved, and become the segments."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from services.segments.clock import GuestFigures
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.rfm.night import count_rfm, next_rfm
from services.segments.config import Config
from services.segments.pages.rfm.flow import drawn
from services.segments.queries.rfm import Moved, Which, flow, guests_there, sizes
from services.segments.rules.rfm import CODES, Bands, check, fifths
from services.segments.service import SERVICE
from services.segments.shipped import key_of, shipped_bands
from services.segments.store.evaluation.memberships import members_of
from services.segments.store.rfm.bands import Mode, load_chosen
from services.segments.store.rfm.counting import BACK
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Database
from shared.errors import InputError
from shared.ids import make_id
from shared.localtime import months_later
from tests.cast import ANTON, DINA, MARTA
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Converted, Person, Stayed, enter, move
from tests.segments.rfm_oracle import Borders, averages, place
from tests.segments.rows import add_properties
from tests.web import browser, words

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = NOW.date()
World = tuple[Database, list[Stayed]]


def oracle(bands: Bands) -> Borders:
    return Borders(bands.recent, bands.frequent, bands.window_days, bands.spend)


@pytest.fixture
def world(make_database: MakeDatabase) -> World:
    database, chance = make_database("segments"), random.Random(5)
    people = [Person(f"Guest {number}", home_property="LIS") for number in range(240)]
    stays = []
    for person in people:
        for number in range(chance.choice([1, 1, 1, 2, 3, 6])):
            out = TODAY - timedelta(days=int(chance.expovariate(1 / 260)))
            amount = Decimal(chance.choice([40, 90, 120, 300]))
            house = chance.choice(["LIS", "LIS", "SHA"])
            paid = Converted(amount, amount / 8, "CNY") if house == "SHA" else None
            name = f"{person.name} {number}"
            muted = chance.random() < 0.05
            stay = Stayed(person.name, name, out - timedelta(days=2), house=house, revenue=amount, converted=paid)
            stays.append(Stayed(**{**vars(stay), "muted": muted}))
    add_properties(database)
    with database.transaction() as tx:
        enter(tx, people, stays)
        move(tx, [person.name for person in people], NOW)
    assert GuestFigures(database).next_due() is not None, "at once, where it was never counted"
    with database.transaction() as tx:
        count_rfm(tx, NOW)
    return database, stays


def test_classes_matrix_and_moves_are_those_of_an_oracle(world: World) -> None:
    database, stays = world
    means = averages(stays, TODAY)
    bands = shipped_bands()
    tried = [
        bands,
        Bands((10, 200), (3, 1), 365, (Decimal("1.5"), Decimal("0.55"))),
        Bands((5, 1095), (12, 11), 730, (Decimal(5), Decimal("0.05"))),
    ]
    with database.transaction() as tx:
        for each in tried:
            now = place(stays, TODAY, oracle(each), means)
            for scope in (EVERYWHERE, Scope(frozenset({"LIS"})), Scope(frozenset({"SHA"}))):
                expected = Counter(one.bands for one in now.values() if one.hotel in scope)
                assert {(one.recent, one.frequent, one.spent): one.guests for one in sizes(tx, each, scope)} == expected
        now = place(stays, TODAY, oracle(bands), means)
        assert all(count for count in Counter(one.code for one in now.values()).values())
        for back in BACK:
            then = place(stays, months_later(TODAY, -back), oracle(bands), means)
            expected_moves = Counter((then[name].code if name in then else "", one.code) for name, one in now.items())
            assert {(one.before, one.now): one.guests for one in flow(tx, TODAY, back, EVERYWHERE)} == expected_moves
        for code in CODES:
            found = guests_there(tx, Which(code), bands, TODAY, EVERYWHERE, None)
            expected_ids = sorted(make_id("guest", name) for name, one in now.items() if one.code == code)[:51]
            assert [one.id for one in found] == expected_ids
        cell = guests_there(tx, Which("", 3, 2), bands, TODAY, EVERYWHERE, None)
        assert len(cell) == min(51, sum(one.bands[:2] == (3, 2) for one in now.values()))


def test_borders_are_tried_in_the_address_and_saved_into_the_eight_segments(world: World) -> None:
    database, stays = world
    marta, anton, dina = (browser(SERVICE.build_web, Config(), database, who, at=NOW) for who in (MARTA, ANTON, DINA))
    page = words(marta.get("/segments/rfm"))
    assert "Important, of value HHH" in page and "also: Important, to call back" in page and "As shipped." in page
    typed = {"mode": "fixed", "r1": "20", "r2": "200", "f1": "3", "f2": "2", "window": "365", "m1": "150", "m2": "80"}
    preview = words(marta.get("/segments/rfm?" + "&".join(f"{name}={value}" for name, value in typed.items())))
    assert "Nothing is saved yet" in preview and "By the new borders" in preview
    with database.transaction() as tx:
        assert load_chosen(tx) is None
    wrong = marta.post("/segments/rfm/bands", {**typed, "r1": "300"})
    assert wrong.status_code == 422 and "the upper band ends before the middle one" in words(wrong)
    assert marta.post("/segments/rfm/bands", {**typed, "m2": "NaN"}).status_code == 422
    assert anton.post("/segments/rfm/bands", typed).status_code == 403
    assert "Saved. The eight segments follow" in words(marta.post("/segments/rfm/bands", typed))
    bands = Bands((20, 200), (3, 2), 365, (Decimal("1.5"), Decimal("0.8")))
    evaluate_all(database, NOW)
    expected = place(stays, TODAY, oracle(bands), averages(stays, TODAY))
    with database.transaction() as tx:
        chosen = load_chosen(tx)
        assert chosen is not None and chosen.bands == bands and chosen.chosen_by == MARTA.name
        audited = "select count(*) from outbox where type = 'audit.recorded.v1' and body::text like %s"
        assert tx.execute(audited, [f"%{b'rfm.bands_chosen'.hex()}%"]).fetchone() == (1,)
        for code in CODES:
            ids = sorted(make_id("guest", name) for name, one in expected.items() if one.code == code)
            assert members_of(tx, key_of(code)) == ids, code
    page = words(marta.get("/segments/rfm"))
    assert "Chosen by Marta" in page and "Nothing is saved yet" not in page
    listed = words(marta.get("/segments/rfm/guests?class=LLL"))
    assert "General, to win back" in listed and "Guest " in listed
    assert marta.get("/segments/rfm/guests?class=XXX").status_code == 404
    assert "Guests whose last stay was in Casa do Tejo Lisboa" in words(dina.get("/segments/rfm?hotel=LIS"))


def test_fifths_follow_the_guests_and_never_divide_equals(world: World) -> None:
    database, _ = world
    marta = browser(SERVICE.build_web, Config(), database, MARTA, at=NOW)
    typed = {"mode": "fifths", "r1": "1", "r2": "1", "f1": "1", "f2": "1", "window": "730", "m1": "1", "m2": "1"}
    marta.get("/segments/rfm")
    assert "Saved. The eight segments follow" in words(marta.post("/segments/rfm/bands", typed))
    with database.transaction() as tx:
        chosen = load_chosen(tx)
        assert chosen is not None and chosen.mode is Mode.FIFTHS and check(chosen.bands)
        cells = sizes(tx, chosen.bands, EVERYWHERE)
        total = sum(one.guests for one in cells)
        for axis in ("recent", "frequent", "spent"):
            upper = sum(one.guests for one in cells if getattr(one, axis) == 1)
            both = sum(one.guests for one in cells if getattr(one, axis) < 3)
            assert upper <= total * 0.2 and both <= total * 0.4
    later = datetime(2026, 12, 1, 3, tzinfo=UTC)
    with database.transaction() as tx:
        count_rfm(tx, later)
        renewed = load_chosen(tx)
        assert next_rfm(tx) == datetime(2026, 12, 2, 2, 45, tzinfo=UTC)
    assert renewed is not None and renewed.as_of == later.date()


def test_guests_who_are_all_alike_make_bands_all_the_same() -> None:
    bands = check(fifths([(400, 900)], [(1, 900)], [(20, 900)], 730))
    assert bands.frequent == (12, 11), "nobody is called frequent who is like everybody"
    bands = check(fifths([(5, 10), (700, 90)], [(1, 95), (2, 5)], [(-1, 50), (20, 50)], 365))
    assert bands.frequent[1] == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recent": (90, 90)}, "recent"),
        ({"recent": (31, 90)}, "recent"),
        ({"frequent": (2, 0)}, "frequent"),
        ({"window_days": 100}, "window_days"),
        ({"spend": (Decimal(1), Decimal(2))}, "spend"),
        ({"spend": (Decimal("1.01"), Decimal(1))}, "spend"),
    ],
)
def test_borders_that_make_no_bands_are_refused_by_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as refused:
        check(Bands(**{**vars(shipped_bands()), **changes}))
    assert list(refused.value.problems) == [field]


def test_the_drawing_is_as_wide_as_the_guests_are_many() -> None:
    found = drawn([Moved("", "HLL", 30), Moved("HLL", "LLL", 60), Moved("LLL", "LLL", 10)])
    assert found is not None and drawn([]) is None
    heights = {bar.code: bar.height for bar in found.now}
    assert heights["LLL"] == pytest.approx(heights["HLL"] / 30 * 70, abs=0.05)
    assert [one.is_still for one in found.ribbons] == [False, True, False]
