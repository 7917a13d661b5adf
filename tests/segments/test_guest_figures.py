"""Figures that count guests agree with an oracle, in every cut; and every night counts what may have changed."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.segments.clock import GuestFigures
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.guests.erase import erase_guest
from services.segments.commands.segments.lifecycle import install_shipped
from services.segments.queries.figures.behind import FILTERS, Behind
from services.segments.queries.present_state import all_kept_stays
from services.segments.rules.figures import due_windows
from services.segments.store.figures.counting import COLUMNS, count_guests
from services.segments.store.money.currencies import load_currencies
from shared.bus.republish import republish
from shared.database.pool import Database
from shared.ids import make_id
from shared.vocabulary.window import Span, Window, days_between, window_of
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Converted, Person, Stayed, enter
from tests.segments.figures_oracle import figures, read
from tests.segments.rows import add_properties, rows_of

NOW = datetime(2016, 11, 20, 9, tzinfo=UTC)
CHANNELS = ("Direct", "OTA", "GDS")
CONSENTS = ("express", "existing_customer", "unknown", "refused")
Line = dict[str, Any]


def people(chance: random.Random, count: int) -> list[Person]:
    return [
        Person(
            f"Guest {number}",
            country=chance.choice(["PT", "CN", None]),
            do_not_contact=chance.choice([None, None, None, "asked"]),
            points=(("email", "personal"),) if chance.random() < 0.7 else (),
            consents=(("email", chance.choice(CONSENTS), chance.choice([None, date(2016, 1, 1), date(2017, 1, 1)])),),
        )
        for number in range(count)
    ]


def stays(chance: random.Random, guests: Sequence[Person], count: int) -> list[Stayed]:
    """Many of few guests, so that they touch, overlap and come back; some in another currency, some without a rate."""
    return [
        Stayed(
            chance.choice(guests).name,
            f"R-{number}",
            date(2015, 9, 1) + timedelta(days=chance.randrange(440)),
            nights=chance.randrange(6),
            status=chance.choice(["checked_out"] * 6 + ["cancelled", "no_show", "booked"]),
            house=chance.choice(["LIS", "SHA"]),
            channel=chance.choice(CHANNELS),
            market_segment=chance.choice(["Leisure", "Corporate"]),
            revenue=Decimal(chance.randrange(-50, 900)),
            converted=chance.choice([None, Converted(Decimal(70), Decimal(9), "CNY"), Converted(None, None, None)]),
            muted=chance.random() < 0.05,
        )
        for number in range(count)
    ]


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    return database


@pytest.fixture
def world(database: Database) -> Database:
    chance = random.Random(16)
    guests = people(chance, 60)
    known = stays(chance, guests, 400)
    with database.transaction() as tx:
        enter(tx, guests, known)
        for one in known:
            if one.status == "checked_out" and chance.random() < 0.15:
                named, day = chance.random() < 0.7, one.departure - timedelta(days=chance.randrange(40))
                complain(tx, one, named=named, kind=chance.choice(["complaint", "complaint", "follow_up"]), day=day)
        install_shipped(tx, NOW)
        evaluate_moved(tx, [Moved(one.id, {"kind": "initial"}) for one in guests], NOW)
    return database


def complain(tx: Any, stay: Stayed, *, named: bool, kind: str, day: date) -> None:
    statement = """
        insert into case_known (case_id, version, guest_id, property, kind, open, occurred_at, stay_id, opened_on)
        values (%s, 1, %s, %s, %s, false, %s, %s, %s)
    """
    case, guest = make_id("case", stay.reservation), make_id("guest", stay.guest)
    tx.execute(statement, [case, guest, None if named else stay.house, kind, NOW, stay.id if named else None, day])


def counted(database: Database, window: Window) -> dict[tuple[str, str, str], Line]:
    with database.transaction() as tx:
        found = count_guests(tx, window, NOW.date(), load_currencies(tx))
    lines = {(one.property, one.cut, one.value): dict(vars_of(one)) for one in found}
    for line in lines.values():
        del line["currency"]
    return lines


def vars_of(one: Any) -> Line:
    names = [name.strip() for name in COLUMNS.split(",")]
    return {name: getattr(one, name) for name in names if name not in ("property", "cut", "value")}


@pytest.mark.parametrize(
    "window",
    [
        *(window_of(span, date(2016, 5, 17)) for span in Span),
        window_of(Span.MONTH, date(2015, 9, 2)),
        days_between(date(2016, 2, 11), date(2016, 4, 3)),
    ],
)
def test_every_figure_of_every_cut_is_what_the_oracle_says(world: Database, window: Window) -> None:
    told = counted(world, window)
    assert {cut for _, cut, _ in told} == {"", "market", "channel", "country", "segment"}
    assert told == figures(read(world, NOW.date()), window.before, window.first, window.until)


def test_guests_are_never_added_up_and_a_way_back_by_another_channel_is_one(database: Database) -> None:
    """Who stayed in both hotels is one guest of the house; who came by OTA and comes back direct came back."""
    with database.transaction() as tx:
        enter(
            tx,
            [Person("Rita"), Person("Anna")],
            [
                Stayed("Rita", "R-1", date(2016, 4, 4), channel="OTA"),
                Stayed("Rita", "R-2", date(2016, 5, 4), channel="Direct"),
                Stayed("Rita", "R-3", date(2016, 5, 14), house="SHA", channel="Direct"),
                Stayed("Anna", "A-1", date(2016, 4, 9), channel="OTA"),
                Stayed("Anna", "A-2", date(2016, 5, 1), nights=2),
                Stayed("Anna", "A-3", date(2016, 5, 3), nights=2),
            ],
        )
    told = counted(database, window_of(Span.MONTH, date(2016, 5, 1)))
    house, lisbon, shanghai = (told[(hotel, "", "")] for hotel in ("", "LIS", "SHA"))
    assert (house["guests"], lisbon["guests"], shanghai["guests"]) == (2, 2, 1)
    assert (told[("LIS", "channel", "OTA")]["retained"], told[("LIS", "channel", "OTA")]["before"]) == (2, 2)
    assert (house["again"], lisbon["again"]) == (1, 0), "Anna's two stays touch: she came once"
    assert shanghai["known"] == 0 and house["known"] == 2


def test_a_night_counts_all_that_there_is_and_then_only_what_may_have_changed(world: Database) -> None:
    role = GuestFigures(world)
    due = role.next_due()
    assert due is not None and due <= NOW, "figures are there without waiting for a night"
    steps = sum(role.step(NOW) for _ in range(80))
    windows = rows_of(world, "select span, first, counted_at from figure_window")
    assert len(windows) == steps - 2, "one step planned them, and one counted the classes"
    assert {("month", date(2015, 9, 1)), ("quarter", date(2016, 10, 1)), ("year", date(2016, 1, 1))} <= {
        (span, first) for span, first, at in windows if at
    }
    kept = {(p, c, v): n for p, c, v, n in rows_of(world, KEPT)}
    assert kept == {where: line["guests"] for where, line in counted(world, window_of(Span.MONTH, NOW.date())).items()}

    night = datetime(2016, 11, 21, 2, 30, tzinfo=UTC)
    assert role.next_due() == night and not role.step(NOW), "nothing more by day"
    role.step(night)
    asked = set(rows_of(world, "select span, first from figure_window where asked is not null"))
    assert ("month", date(2016, 11, 1)) in asked and ("year", date(2016, 1, 1)) in asked
    assert ("month", date(2015, 10, 1)) not in asked, "it is over and nothing of it changed"

    with world.transaction() as tx:
        tx.execute(
            "update stay set changed_at = %s where checked_out_on = (select min(checked_out_on) from stay)", [night]
        )
        tx.execute("update figure_window set asked = null")
    assert role.step(night + timedelta(days=1)) and role.step(night + timedelta(days=1)), "the classes, then the plan"
    asked = set(rows_of(world, "select span, first from figure_window where asked is not null"))
    first = rows_of(world, "select date_trunc('month', min(checked_out_on))::date from stay")[0][0]
    after = window_of(Span.MONTH, first).until
    assert {("month", first), ("month", after)} <= asked, "whose guests may come back in the month after it"


KEPT = """
    select property, cut, value, guests from guest_figure where span = 'month' and first = '2016-11-01'
"""


def test_a_window_nobody_counts_yet_is_due_and_one_of_the_future_is_not() -> None:
    changed = datetime(2016, 11, 2, tzinfo=UTC)
    due = due_windows(NOW.date(), {date(2016, 11, 1): changed}, {})
    assert due == [(Span.MONTH, date(2016, 11, 1)), (Span.QUARTER, date(2016, 10, 1)), (Span.YEAR, date(2016, 1, 1))]


def test_who_is_erased_stays_in_the_figures(world: Database) -> None:
    """The stays of an erased guest stay as sums; only what names them goes."""
    before = counted(world, window_of(Span.YEAR, NOW.date()))[("", "", "")]
    guest = rows_of(world, "select guest_id from stay where status = 'checked_out' and not muted limit 1")[0][0]
    with world.transaction() as tx:
        tx.execute("delete from guest_point")  # their addresses are not sealed here
        erase_guest(tx, guest, "Ada", NOW, lambda _listed: None)
    after = counted(world, window_of(Span.YEAR, NOW.date()))[("", "", "")]
    assert {name: after[name] for name in ("guests", "stays", "spend", "retained")} == {
        name: before[name] for name in ("guests", "stays", "spend", "retained")
    }


TOLD = "select body from outbox where type = 'stay.kept.v1' order by id"


def test_what_is_left_of_an_erased_guests_stays_is_told_as_they_go_and_again(world: Database) -> None:
    guest, count = rows_of(world, "select guest_id, count(*) from stay group by guest_id order by 2 desc, 1 limit 1")[0]
    with world.transaction() as tx:
        tx.execute("delete from guest_point")
        tx.execute("delete from outbox")
        erase_guest(tx, guest, "Ada", NOW, lambda _listed: None)
    named = rows_of(world, f"select id::text from stay where guest_id = '{guest}' order by id")
    for _ in range(2):
        bodies = [json.loads(bytes(body)) for (body,) in rows_of(world, TOLD)]
        told = [stay for body in bodies for stay in body["stay_id"]]
        assert [(one,) for one in told] == named and len(told) == count
        assert all("guest_id" not in body and "reservation" not in body for body in bodies)
        with world.transaction() as tx:
            tx.execute("delete from outbox")
        republish(world, all_kept_stays, NOW, most=3)


@pytest.mark.parametrize(("which", "index"), [("booked", "stay_booked_on"), ("cancelled", "stay_cancelled_arrival")])
def test_who_booked_or_cancelled_is_found_by_an_index(world: Database, which: str, index: str) -> None:
    """Both are asked of the bookings of some days among those of many years."""
    values = {"first": date(2016, 5, 1), "until": date(2016, 5, 3), "property": "", "cut": "", "value": ""}
    with world.transaction() as tx:
        tx.execute("set local enable_seqscan = off")
        plan = "\n".join(line for (line,) in tx.execute(f"explain {FILTERS[Behind(which)]}", values))
    assert index in plan
