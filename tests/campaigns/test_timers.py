"""Timers: claimed in sets by one clock each, all or nothing, the stay lane first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import UUID

import psycopg
import pytest

from services.campaigns.clock import Timers
from services.campaigns.commands import fire
from shared.database.pool import Tx
from shared.events import Chunk
from shared.ids import make_id
from tests.campaigns.cast import Campaigns, at_work, audience, instant, lapse, stay
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.loopback import PATIENCE

DUE = "2016-05-30 10:00"


def guest(number: int) -> UUID:
    return make_id("guest", "cast", number)


def many_waiting(make_database: MakeDatabase, count: int) -> Campaigns:
    campaigns = at_work(make_database("campaigns"))
    chunk: Chunk | None = None
    for number in range(count):
        one = audience(guest(number), 1, True, "2016-05-29 22:00", because=lapse(reservation=f"R{number}"))
        chunk = chunk.join(one) if chunk else one
    assert chunk is not None
    campaigns.hear(chunk)
    return campaigns


def test_nothing_is_due_before_its_instant(make_database: MakeDatabase) -> None:
    campaigns = many_waiting(make_database, 3)
    assert campaigns.next_due() == instant("2016-05-30 08:00")
    assert campaigns.tick("2016-05-30 07:59") == 0
    assert campaigns.tick("2016-05-30 08:00") == 3
    assert campaigns.tick("2016-05-30 08:00") == 0
    assert campaigns.next_due() is None


def test_two_clocks_share_the_work_and_ask_for_each_message_once(make_database: MakeDatabase) -> None:
    campaigns = many_waiting(make_database, 120)
    clocks = [Timers(campaigns.database, most=15) for _ in range(2)]

    def work(clock: Timers) -> int:
        done = 0
        while moved := clock.step(instant(DUE)):
            done += moved
        return done

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, clocks)) == 120
    ids = [message["message_id"] for message in campaigns.requested()]
    assert len(ids) == len(set(ids)) == 120


def test_a_clock_passes_over_what_another_holds(make_database: MakeDatabase) -> None:
    campaigns = many_waiting(make_database, 2)
    with campaigns.database.transaction() as tx:
        tx.execute("select from enrolment where guest_id = %s for update", [guest(0)])
        assert campaigns.tick(DUE) == 1
    assert campaigns.tick(DUE) == 1


def test_a_clock_that_dies_half_way_leaves_everything_as_it_was(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaigns = many_waiting(make_database, 5)

    def die(tx: Tx, *_args: object, **_more: object) -> None:
        tx.execute("select pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patch:
        patch.setattr(fire, "publish", die)
        with pytest.raises(psycopg.OperationalError):
            campaigns.tick(DUE)
    assert campaigns.requested() == []
    assert campaigns.tick(DUE) == 5
    assert len(campaigns.requested()) == 5


def test_a_leaving_waits_for_the_clock_and_takes_the_message_back(make_database: MakeDatabase) -> None:
    campaigns = many_waiting(make_database, 1)
    claimed, leaving = Event(), Event()

    def fire_slowly() -> None:
        with campaigns.database.transaction() as tx:
            fire.fire(tx, instant(DUE), 10)
            claimed.set()
            leaving.wait(0.3)

    def leave() -> None:
        claimed.wait()
        campaigns.hear(audience(guest(0), 2, False, DUE))
        leaving.set()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(fire_slowly), pool.submit(leave)]:
            future.result(timeout=PATIENCE)
    assert len(campaigns.requested()) == len(campaigns.withdrawn()) == 1
    assert campaigns.enrolments() == []


def test_a_survey_never_stands_behind_a_campaign(make_database: MakeDatabase) -> None:
    campaigns = many_waiting(make_database, 3)
    campaigns.hear(stay("checked_out", 2, at="2016-05-29 12:00"))
    campaigns.tick(DUE)
    assert [message["lane"] for message in campaigns.requested()] == ["stay"], "it is committed first"
    campaigns.tick(DUE)
    assert [message["lane"] for message in campaigns.requested()] == ["stay", "marketing", "marketing", "marketing"]


def test_the_next_instant_is_the_earliest_of_both_lanes(make_database: MakeDatabase) -> None:
    campaigns = at_work(make_database("campaigns"))
    assert campaigns.next_due() is None
    campaigns.hear(stay("checked_out", 2, at="2016-05-29 12:00"))
    assert campaigns.next_due() == instant("2016-05-30 09:00")
    campaigns.hear(audience(ANA, 1, True, "2016-05-29 22:00", because=lapse()))
    assert campaigns.next_due() == instant("2016-05-30 08:00")


def test_what_an_outage_made_late_is_still_asked_for_with_its_planned_instant(make_database: MakeDatabase) -> None:
    campaigns = many_waiting(make_database, 1)
    campaigns.tick("2016-06-20 12:00")  # messaging finds it expired and says so
    (message,) = campaigns.requested()
    assert message["due_at"] == "2016-05-30T08:00:00Z"
    assert message["useful_until"] == "2016-06-06T08:00:00Z"


def test_the_same_run_again_makes_the_same_messages(make_database: MakeDatabase) -> None:
    runs = []
    for _ in range(2):
        campaigns = many_waiting(make_database, 4)
        campaigns.tick(DUE)
        runs.append(campaigns.requested())
    assert runs[0] == runs[1]
