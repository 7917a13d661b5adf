"""Evaluation beside evaluation, and guests held against all others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

from services.segments.clock import Snapshots
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.evaluation.snapshot import take_snapshot
from services.segments.commands.segments.lifecycle import install_shipped, save_segment, segment_sizes
from services.segments.rules.rfm import Cuts
from services.segments.store.evaluation.memberships import members_of
from shared.database.pool import Database
from shared.ids import make_id
from tests.segments.audience_people import Person, Stayed, enter, move, said
from tests.segments.test_evaluate import AT, GOLD, LATER, database, gold_in_use

__all__ = ["database"]
FOUR_A_YEAR = Cuts(recent_days=90, frequent_stays=4, window_days=365, spend_share=1)


def test_two_at_once_count_every_member_once(database: Database) -> None:
    names = [f"guest {n}" for n in range(40)]
    with database.transaction() as tx:
        gold_in_use(tx)
        enter(tx, [Person(name, tier="gold") for name in names])

    def evaluate(order: list[str]) -> None:
        with database.transaction() as tx:
            move(tx, order, AT)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(evaluate, [names, names[::-1], names[10:], names[:30]]))
    with database.transaction() as tx:
        assert segment_sizes(tx) == {"gold": 40}
        assert len(said(tx)) == 40


def test_a_segment_saved_while_guests_move_misses_nobody(database: Database) -> None:
    with database.transaction() as tx:
        enter(tx, [Person(f"guest {n}", tier="gold") for n in range(30)])

    def evaluate(number: int) -> None:
        with database.transaction() as tx:
            move(tx, [f"guest {number}"], AT)

    def save(_: int) -> None:
        with database.transaction() as tx:
            save_segment(tx, "gold", "Gold", GOLD, AT)

    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(save if n == 15 else evaluate, n) for n in range(30)]
        for job in jobs:
            job.result()
    evaluate_all(database, LATER)
    with database.transaction() as tx:
        assert segment_sizes(tx) == {"gold": 29}


def test_the_average_of_a_property_is_a_snapshot_that_moves_guests_when_it_is_taken(database: Database) -> None:
    with database.transaction() as tx:
        install_shipped(tx, AT, FOUR_A_YEAR)
        stays = [
            Stayed("ana", "R1", date(2016, 4, 1), revenue=Decimal(100)),
            Stayed("bea", "R2", date(2016, 4, 1), revenue=Decimal(300)),
        ]
        enter(tx, [Person("ana"), Person("bea")], stays)
        move(tx, ["ana", "bea"], AT)
        assert len(members_of(tx, "rfm-hll")) == 2
        take_snapshot(tx, LATER)
        assert members_of(tx, "rfm-hlh") == [make_id("guest", "bea")]
        enter(tx, [], [Stayed("ana", "R3", date(2016, 4, 10), revenue=Decimal(3000))])
        move(tx, ["ana"], LATER)
        assert len(members_of(tx, "rfm-hlh")) == 2
        take_snapshot(tx, LATER)
        assert members_of(tx, "rfm-hlh") == [make_id("guest", "ana")]


def test_snapshots_are_taken_in_the_night_to_the_first_of_a_month(database: Database) -> None:
    clock = Snapshots(database)
    assert clock.next_due() is None
    with database.transaction() as tx:
        install_shipped(tx, AT)
    assert clock.next_due() == datetime(2016, 6, 1, 2, tzinfo=UTC)
    assert clock.step(AT) == 0
    assert clock.step(datetime(2016, 6, 1, 2, tzinfo=UTC)) == 1
    assert clock.next_due() == datetime(2016, 7, 1, 2, tzinfo=UTC)
