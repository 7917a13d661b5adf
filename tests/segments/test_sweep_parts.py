"""A day that turns for very many guests is swept in parts by several at once, and moves them as one sweep would."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from services.segments.clock import FullEvaluation, Sweep
from services.segments.commands.evaluation import sweep, sweep_parts
from services.segments.commands.segments.lifecycle import segment_sizes
from services.segments.store.evaluation import statement
from services.segments.store.evaluation.facts import lock_guests
from services.segments.store.evaluation.memberships import members_of
from services.segments.store.evaluation.sweep_parts import days_in_parts, take_part
from shared.database.pool import Database, Tx
from tests.segments.audience_people import Person, enter, move
from tests.segments.test_evaluation_ranges import SOON, killed
from tests.segments.test_sweep import at, changes, put, run
from tests.segments.test_sweep import database as house  # noqa: F401 (a fixture)

GUESTS, AT_ONCE, PARTS = 23, 5, 5
NAMES = [f"guest {number}" for number in range(GUESTS)]
BIRTHDAY = "birthday-in-7-days"
EVENING, ENTERED, LEFT = at("2016-06-12", hour=18), at("2016-06-13"), at("2016-06-14")
MORNING, NEXT_MORNING = at("2016-06-13", hour=9), at("2016-06-14", hour=9)


@pytest.fixture
def database(house: Database, monkeypatch: pytest.MonkeyPatch) -> Database:  # noqa: F811
    """Guests of five parts, who all have their birthday in seven days when the next day turns."""
    fill(house)
    monkeypatch.setattr(sweep, "MOST_AT_ONCE", AT_ONCE)
    return house


def fill(database: Database) -> None:
    put(database, at("2016-06-10", hour=12), [born(name) for name in NAMES])
    put(database, at("2016-06-10", hour=12), [Person("ana", zone="Asia/Tokyo", birth_date=date(1980, 6, 20))])
    run(database, EVENING)


def born(name: str) -> Person:
    return Person(name, birth_date=date(1980, 6, 20))


def told(database: Database) -> list[tuple[str, bool, datetime, int]]:
    """Of the guests in Lisbon."""
    said = changes(database, BIRTHDAY)
    found = [(one["guest_id"], one["entered"], datetime.fromisoformat(one["at"]), one["version"]) for one in said]
    return sorted(one for one in found if one[0] != str(Person("ana").id))


def each(*moves: tuple[bool, datetime]) -> list[tuple[str, bool, datetime, int]]:
    return sorted(
        (str(born(name).id), entered, when, version)
        for name in NAMES
        for version, (entered, when) in enumerate(moves, start=1)
    )


def go_on(database: Database, now: datetime, evaluators: int = 1) -> None:
    clock = Sweep(database, evaluators)
    while (due := clock.next_due()) is not None and due <= now:
        assert clock.step(now)


def lay_out(database: Database) -> None:
    with database.transaction() as tx:
        sweep.sweep(tx, MORNING, in_parts=True)


def take_one(tx: Tx) -> bool:
    part = take_part(tx, {"Europe/Lisbon": date(2016, 6, 13)})
    return part is not None and sweep_parts.evaluate_part(tx, part, MORNING)


@pytest.mark.parametrize("evaluators", [1, 2, 3])
def test_several_sweepers_move_everybody_as_one_sweep_does(database: Database, evaluators: int) -> None:
    assert Sweep(database, evaluators).step(MORNING) >= PARTS
    go_on(database, MORNING, evaluators)
    assert told(database) == each((True, ENTERED))
    with database.transaction() as tx:
        assert segment_sizes(tx)[BIRTHDAY] == len(members_of(tx, BIRTHDAY)) == GUESTS + 1  # ana
        assert days_in_parts(tx) == []
    assert {one["because"]["date"] for one in changes(database, BIRTHDAY) if one["entered"]} >= {"2016-06-13"}


def test_few_guests_are_moved_in_the_turn_itself(database: Database) -> None:
    with database.transaction() as tx:
        sweep.sweep(tx, at("2016-06-12", "Asia/Tokyo", hour=23), in_parts=True)
        assert days_in_parts(tx) == []
    lay_out(database)
    with database.transaction() as tx:
        assert days_in_parts(tx) == [("Europe/Lisbon", date(2016, 6, 13))]
        assert members_of(tx, BIRTHDAY) == [Person("ana").id]


def test_two_work_on_one_turn_and_neither_waits_for_the_other(database: Database) -> None:
    lay_out(database)
    with database.transaction() as one, database.transaction() as other:
        assert take_one(one)
        other.execute(SOON)
        for _ in range(PARTS - 1):
            assert take_one(other)
        assert not take_one(other), "the fifth is taken"
    go_on(database, MORNING)
    assert told(database) == each((True, ENTERED))


def test_the_part_of_one_who_is_killed_is_free_for_the_next(database: Database) -> None:
    lay_out(database)
    with killed(database) as tx:
        assert take_one(tx)
    go_on(database, MORNING, 2)
    assert told(database) == each((True, ENTERED))
    with database.transaction() as tx:
        assert segment_sizes(tx)[BIRTHDAY] == GUESTS + 1


def test_a_guest_whom_somebody_works_on_is_left_for_later(database: Database) -> None:
    with database.transaction() as tx:
        lock_guests(tx, sorted(born(name).id for name in NAMES[:2]))
        Sweep(database).step(MORNING)
        assert len(told(database)) == GUESTS - 2
        assert Sweep(database).next_due() == MORNING and Sweep(database).step(MORNING) == 0
    go_on(database, MORNING)
    assert told(database) == each((True, ENTERED))


def test_who_comes_before_its_part_is_told_once(database: Database) -> None:
    lay_out(database)
    with database.transaction() as tx:
        move(tx, NAMES[:3], MORNING)
    go_on(database, MORNING, 2)
    assert [(guest, version) for guest, _, _, version in told(database)] == [
        (guest, version) for guest, _, _, version in each((True, ENTERED))
    ]


def test_what_is_left_of_a_day_is_evaluated_before_the_next_one_turns(database: Database) -> None:
    lay_out(database)
    with database.transaction() as tx:
        assert take_one(tx)
    assert Sweep(database).next_due() == MORNING
    go_on(database, NEXT_MORNING, 2)
    assert told(database) == each((True, ENTERED), (False, LEFT))
    with database.transaction() as tx:
        assert segment_sizes(tx)[BIRTHDAY] == 0


def test_what_is_left_of_a_day_comes_before_a_stay_of_the_next(database: Database) -> None:
    lay_out(database)
    with database.transaction() as tx:
        move(tx, NAMES[:1], NEXT_MORNING)
    go_on(database, NEXT_MORNING)
    assert [(entered, version) for _, entered, _, version in told(database)] == [
        (entered, version) for _, entered, _, version in each((True, ENTERED), (False, LEFT))
    ]


def test_days_of_an_outage_are_swept_one_by_one_and_only_today_in_parts(database: Database) -> None:
    go_on(database, NEXT_MORNING, 2)
    assert told(database) == each((True, ENTERED), (False, LEFT))


def test_who_moved_to_another_zone_is_evaluated_there(database: Database) -> None:
    lay_out(database)
    moved = Person(NAMES[0], zone="Asia/Tokyo", birth_date=date(1980, 6, 20))
    with database.transaction() as tx:
        enter(tx, [moved])
        tx.execute("update guest set home_zone = 'Asia/Tokyo' where id = %s", [moved.id])
        move(tx, NAMES[:1], MORNING)
    go_on(database, MORNING)
    with database.transaction() as tx:
        assert segment_sizes(tx)[BIRTHDAY] == len(members_of(tx, BIRTHDAY))


def test_everybody_may_be_evaluated_meanwhile(database: Database) -> None:
    lay_out(database)
    with database.transaction() as tx:
        take_one(tx)
    with database.transaction() as tx:
        tx.execute(
            "insert into evaluation_run (digest, initial, started_at) select digest, false, %s from ruleset", [MORNING]
        )
    walk = FullEvaluation(database, 2)
    while walk.next_due():
        walk.step(MORNING)
    go_on(database, MORNING)
    assert [(guest, version) for guest, _, _, version in told(database)] == [
        (guest, version) for guest, _, _, version in each((True, ENTERED))
    ]


def test_a_zone_whose_part_fails_is_set_aside_and_taken_up_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[statement.Change]:
        raise ValueError("no such day")

    with monkeypatch.context() as patched:
        patched.setattr(statement, "evaluate_range", fail)
        go_on(database, MORNING)
    assert told(database) == []
    with database.transaction() as tx:
        assert tx.execute("select item, reason from set_aside").fetchall() == [
            ("Europe/Lisbon", "ValueError: no such day")
        ]
        tx.execute("delete from set_aside")
    go_on(database, MORNING)
    assert told(database) == each((True, ENTERED))
