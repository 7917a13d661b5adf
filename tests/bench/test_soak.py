"""The long run, tried for two short hours; and what it judges by."""

from __future__ import annotations

import psycopg
import pytest

from tests.bench.flat import judge, judge_all
from tests.bench.latency import ground
from tests.bench.soak import Soak, is_vacuumed
from tests.conftest import MakeDatabase
from tests.loopback import until
from tests.rabbit import why_not

PUBLISHED_AND_PRUNED = """
    insert into outbox (message_id, type, lane, headers, body, subjects, created_at, available_at, published_at)
    select gen_random_uuid(), 'a', 'stay', '{}', '', 1, now(), now(), now() from generate_series(1, 501)
"""


@pytest.mark.proof
@pytest.mark.rabbitmq
def test_two_hours_a_month_apart_send_what_they_are_to_and_leave_nothing_waiting() -> None:
    if reason := why_not():
        pytest.skip(reason)
    with ground(offers_at="checked_out") as at_work:
        soak = Soak(at_work, an_hour=50)
        soak.begin()
        hours = list(soak.play(2))
        assert [hour.sent for hour in hours] == [50, 50]
        assert [hour.waiting for hour in hours] == [0, 0]
        for hour in hours:
            assert {"messaging sender 1", "RabbitMQ", "PostgreSQL"} <= hour.memory.keys() & hour.work.keys()
            assert {"messaging sent_text", "segments outbox"} <= hour.tables.keys()
            assert {"messaging delivery_left", "segments erased_key"} <= hour.for_good.keys()
        with at_work.group.database("messaging").transaction() as tx:
            assert tx.execute("select count(*) from sent_text").fetchone() == (0,)  # whose month is over
            left = tx.execute("select count(*), count(*) filter (where outcome = 1) from delivery_left").fetchone()
            of_nobody = "select count(*) from delivery join recipient using (guest_id) where gone = 'erased'"
            assert left and left[0] >= left[1] == 50 and tx.execute(of_nobody).fetchone() == (0,)
        with at_work.group.database("segments").transaction() as tx:
            assert tx.execute("select count(*) from guest where erased_at is not null").fetchone() == (30,)
        stays = soak.stays()
        assert stays["campaigns enrolment"] > 100 and "messaging delivery" not in stays


def test_a_month_is_not_over_before_a_vacuum_that_is_due(make_database: MakeDatabase) -> None:
    console = make_database("console")
    assert is_vacuumed(console)
    with console.transaction() as tx:
        tx.execute(PUBLISHED_AND_PRUNED)
        tx.execute("delete from outbox")
        tx.execute("select pg_stat_force_next_flush()")
    until(lambda: not is_vacuumed(console))
    with psycopg.connect(console.dsn, autocommit=True) as connection:
        connection.execute("vacuum outbox")
    until(lambda: is_vacuumed(console))


def test_what_rises_by_more_than_a_tenth_of_its_mean_is_not_flat() -> None:
    assert judge("steady", [100, 101, 99, 100], least=0).is_flat
    assert judge("saw", [100, 140, 100, 140, 100], least=0).is_flat
    assert not judge("rising", [100, 105, 110, 115], least=0).is_flat
    assert judge("rising by what says nothing", [100, 105, 110, 115], least=20).is_flat
    assert judge("falling", [400, 300, 200], least=0).is_flat


def test_what_was_not_there_in_an_hour_was_nothing_then_and_the_steepest_comes_first() -> None:
    judged = judge_all([{"old": 5.0}, {"old": 5.0, "new": 50.0}, {"old": 5.0, "new": 100.0}], least=1)
    assert [(one.name, one.is_flat) for one in judged] == [("new", False), ("old", True)]
