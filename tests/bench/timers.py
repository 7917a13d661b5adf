"""How fast timers become messages: `python -m tests.bench.timers [guests]`.

So many guests have checked out; at the hour they wait for one clock moves all enrolments on and asks for their messages
(claimed, moved, asked, said, committed; the database keeps what it says it keeps). Before it: how fast they enrol. Aim:
10,000 a second.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.campaigns.clock import Timers
from services.campaigns.config import Config
from shared.events import chunk_of
from shared.events.segments.stays import StayCheckedOut
from shared.ids import make_id
from tests.bench.ground import count_given, databases, rate
from tests.campaigns.cast import Campaigns, at_work
from tests.messaging.hotel import MONDAY, stay, stay_id

CHUNK = 500


def check_outs(first: int, count: int) -> list[StayCheckedOut]:
    left = MONDAY - timedelta(hours=20)
    made = stay("LIS-000001", checked_out_at=left, occurred_at=left)
    assert isinstance(made, StayCheckedOut)
    numbers = range(first, first + count)
    return [replace(made, guest_id=make_id("guest", n), stay_id=stay_id(f"R{n}"), reservation=f"R{n}") for n in numbers]


def enrol(campaigns: Campaigns, guests: int) -> None:
    for first in range(0, guests, CHUNK):
        campaigns.hear(chunk_of(check_outs(first, min(CHUNK, guests - first))), "2016-06-05 14:00")


def fire(clock: Timers) -> None:
    while (due := clock.next_due()) is not None and due <= MONDAY:
        assert clock.step(due)


def main(guests: int) -> None:
    with databases() as make:
        campaigns = at_work(make("campaigns"), only=["post-stay-survey"])
        rate("check-outs heard, guests enrolled", guests, lambda: enrol(campaigns, guests), "enrolments")
        clock = Timers(campaigns.database, most=Config().timers)
        rate("one clock: due timers, messages asked for", guests, lambda: fire(clock), "timers")
        with campaigns.database.transaction() as tx:
            asked = tx.execute("select count(*) from message").fetchone()
        assert asked == (guests,), asked


if __name__ == "__main__":
    main(count_given(20_000))
