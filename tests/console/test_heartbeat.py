"""Console's heartbeat of access: on the machine's clock only, one at a time, behind all that was published before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.console.clock import Heartbeat, clocks
from services.console.commands.accounts import end_access
from services.console.config import Config
from shared.access.heartbeat import HEARTBEAT
from shared.clock import SystemClock, VirtualClock
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import House, open_house

TEN = timedelta(seconds=10)


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


def waiting(house: House) -> list[str]:
    return [name for (name,) in house.all("select type from outbox where published_at is null order by id")]


def publish_all(house: House) -> None:
    with house.database.transaction() as tx:
        tx.execute("update outbox set published_at = %s where published_at is null", (house.clock.now(),))


def beat_for(house: House, role: Heartbeat, seconds: int) -> int:
    done = 0
    for _ in range(seconds):
        done += role.step(house.clock.now())
        house.clock.advance_to(house.clock.now() + timedelta(seconds=1))
    return done


def test_it_beats_each_ten_seconds_and_on_the_machines_clock_only(house: House) -> None:
    role, *_ = clocks(house.database, Config(), SystemClock())
    assert isinstance(role, Heartbeat)
    assert beat_for(house, role, 61) == 7
    assert clocks(house.database, Config(), VirtualClock(NOW)) == ()
    silent, *_ = clocks(house.database, Config(heartbeats=False), SystemClock())
    assert silent.step(NOW) == 0


def test_while_the_bus_stands_still_one_waits_behind_everything_else(house: House) -> None:
    publish_all(house)
    role = Heartbeat(house.database)
    beat_for(house, role, 15)
    with house.database.transaction() as tx:
        end_access(tx, house.marta, "Ada", house.clock.now())
    beat_for(house, role, 600)
    assert waiting(house) == ["access.changed.v1", HEARTBEAT]


def test_what_was_published_is_pruned_within_minutes(house: House) -> None:
    role = Heartbeat(house.database)
    for _ in range(6 * 30):
        role.step(house.clock.now())
        publish_all(house)
        house.clock.advance_to(house.clock.now() + TEN)
    assert house.one("select count(*) from outbox where type = %s", HEARTBEAT) <= 62
    assert house.one("select count(*) from outbox where type <> %s", HEARTBEAT) > 0


def test_a_clock_that_was_put_back_does_not_silence_it(house: House) -> None:
    role = Heartbeat(house.database)
    assert role.step(NOW + timedelta(hours=1)) == 1
    assert role.step(NOW) == 1
