"""Everybody is evaluated in ranges by several at once: killed, changed and crossed midway, each guest is told once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from services.segments.clock import FullEvaluation
from services.segments.commands.evaluation import full_evaluation
from services.segments.commands.evaluation.full_evaluation import evaluate_range, finish, lay_out
from services.segments.commands.segments.lifecycle import release_segment, retire_segment, save_segment, segment_sizes
from services.segments.store.evaluation.facts import lock_guests, refresh_facts
from services.segments.store.evaluation.full_runs import planned_since
from services.segments.store.evaluation.memberships import members_of
from services.segments.store.evaluation.sizes import add_changes
from shared.database.pool import Database, Tx
from tests.conftest import MakeDatabase
from tests.segments.audience_people import Person, enter, said
from tests.segments.test_evaluate import AT, GOLD, LATER, SILVER, be, gold_in_use

GUESTS, AT_ONCE = 23, 5
RANGES = 5
NAMES = sorted((f"guest {number}" for number in range(GUESTS)), key=lambda name: Person(name).id)
SOON = "set local lock_timeout = '2s'"


@pytest.fixture
def database(make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Golden guests of five ranges, whom a new rule has yet to be evaluated for."""
    monkeypatch.setattr(full_evaluation, "MOST_AT_ONCE", AT_ONCE)
    database = make_database("segments")
    with database.transaction() as tx:
        people = [Person(name, tier="gold") for name in NAMES]
        enter(tx, people)
        refresh_facts(tx, [one.id for one in people])
        be(tx, "gold", name=NAMES[0])  # their zone is known
        gold_in_use(tx)
        lay_out(tx)
    return database


def go_on(database: Database, evaluators: int = 1) -> int:
    done, walk = 0, FullEvaluation(database, evaluators)
    while walk.next_due():
        done += walk.step(LATER)
    return done


def everybody_is_told_once(database: Database) -> None:
    with database.transaction() as tx:
        assert planned_since(tx) is None
        assert segment_sizes(tx)["gold"] == len(members_of(tx, "gold")) == GUESTS
        assert sorted(one["guest_id"] for one in said(tx)) == sorted(str(Person(name).id) for name in NAMES)
        assert {(one["version"], one["entered"], one["initial"]) for one in said(tx)} == {(1, True, True)}


@contextmanager
def killed(database: Database) -> Iterator[Tx]:
    """A transaction whose process dies at the end of the block."""
    with pytest.raises(psycopg.OperationalError), database.transaction() as tx:
        yield tx
        with database.transaction() as other:
            other.execute("select pg_terminate_backend(%s)", [tx.connection.info.backend_pid])
        tx.execute("select 1")


def test_two_work_on_one_run_and_neither_waits_for_the_other(database: Database) -> None:
    with database.transaction() as one, database.transaction() as other:
        assert evaluate_range(one, LATER)
        other.execute(SOON)
        for _ in range(RANGES - 1):
            assert evaluate_range(other, LATER)
        assert not evaluate_range(other, LATER), "the fifth is taken"
        with database.transaction() as third:
            third.execute(SOON)
            finish(third, LATER)
            assert planned_since(third), "two ranges are not committed yet"
    assert go_on(database) == 0
    everybody_is_told_once(database)


@pytest.mark.parametrize("evaluators", [1, 2, 3])
def test_several_evaluators_of_one_role_go_through_all(database: Database, evaluators: int) -> None:
    assert go_on(database, evaluators) == RANGES
    everybody_is_told_once(database)


def test_the_range_of_one_who_is_killed_is_free_for_the_next(database: Database) -> None:
    with database.transaction() as tx:
        assert evaluate_range(tx, LATER)
    with killed(database) as tx:
        assert evaluate_range(tx, LATER)
    assert go_on(database) == RANGES - 1
    everybody_is_told_once(database)


def test_sizes_are_right_though_who_evaluated_is_killed_before_adding_to_them(database: Database) -> None:
    for _ in range(RANGES):
        with database.transaction() as tx:
            assert evaluate_range(tx, LATER)
    with killed(database) as tx:
        add_changes(tx)
    with database.transaction() as tx:
        assert segment_sizes(tx)["gold"] < GUESTS
    go_on(database)
    everybody_is_told_once(database)


def test_a_rule_is_saved_when_a_range_is_committed_and_not_before(database: Database) -> None:
    with database.transaction() as tx:
        evaluate_range(tx, LATER)
        with pytest.raises(psycopg.errors.LockNotAvailable), database.transaction() as other:
            other.execute("set local lock_timeout = '50ms'")
            save_segment(other, "gold", "Gold guests", SILVER, LATER)
    go_on(database)
    everybody_is_told_once(database)


def test_a_rule_saved_midway_is_evaluated_for_those_who_were_through(database: Database) -> None:
    with database.transaction() as tx:
        evaluate_range(tx, LATER)
        early = members_of(tx, "gold")
    assert 0 < len(early) < GUESTS
    with database.transaction() as tx:
        save_segment(tx, "gold", "Gold guests", SILVER, LATER)
    with database.transaction() as tx:
        assert not evaluate_range(tx, LATER), "no range of the older rules is evaluated by the newer ones"
    go_on(database, 2)
    with database.transaction() as tx:
        assert (members_of(tx, "gold"), segment_sizes(tx)) == ([], {"gold": 0})
        told = sorted((one["guest_id"], one["version"], one["entered"]) for one in said(tx))
        assert told == sorted((str(guest), *what) for guest in early for what in ((1, True), (2, False)))
        assert tx.execute("select count(*) from evaluation_range").fetchone() == (0,)


def test_who_comes_in_meanwhile_is_evaluated_without_waiting_and_told_once(database: Database) -> None:
    with database.transaction() as tx:
        evaluate_range(tx, LATER)
        with database.transaction() as other:
            other.execute(SOON)
            be(other, "gold", LATER, name="somebody new")
            be(other, "silver", LATER, name=NAMES[-1])
    go_on(database)
    with database.transaction() as tx:
        new, gone = Person("somebody new").id, Person(NAMES[-1]).id
        assert segment_sizes(tx)["gold"] == len(members_of(tx, "gold")) == GUESTS
        assert new in members_of(tx, "gold") and gone not in members_of(tx, "gold")
        told = [one["guest_id"] for one in said(tx)]
        assert len(told) == len(set(told)) == GUESTS and str(new) in told and str(gone) not in told


def test_a_guest_whom_somebody_works_on_is_left_for_later(database: Database) -> None:
    busy = [Person(NAMES[0]).id, Person(NAMES[-1]).id]
    with database.transaction() as tx:
        lock_guests(tx, busy)
        assert FullEvaluation(database).step(LATER) == RANGES
        assert FullEvaluation(database).next_due(), "two guests are left"
        assert FullEvaluation(database).step(LATER) == 0
        with database.transaction() as other:
            assert segment_sizes(other)["gold"] == GUESTS - len(busy)
        be(tx, None, LATER, name=NAMES[-1])
    assert go_on(database) == 2
    with database.transaction() as tx:
        assert segment_sizes(tx)["gold"] == len(members_of(tx, "gold")) == GUESTS - 1
        told = [one["guest_id"] for one in said(tx)]
        assert len(told) == len(set(told)) == GUESTS - 1


def test_one_who_is_to_stop_begins_no_other_range(database: Database) -> None:
    stop = threading.Event()
    stop.set()
    walk = FullEvaluation(database, 2)
    walk.stop_on(stop)
    assert walk.step(LATER) == 0
    with database.transaction() as tx:
        assert planned_since(tx) == AT and said(tx) == []
    assert go_on(database) == RANGES
    everybody_is_told_once(database)


def test_a_segment_retired_before_its_sizes_were_added_begins_with_nobody(database: Database) -> None:
    with database.transaction() as tx:
        evaluate_range(tx, LATER)
    with database.transaction() as tx:
        release_segment(tx, "gold", LATER)
        retire_segment(tx, "gold", LATER)
        save_segment(tx, "gold", "Gold guests", GOLD, LATER)
    go_on(database)
    with database.transaction() as tx:
        assert segment_sizes(tx)["gold"] == len(members_of(tx, "gold")) == GUESTS
