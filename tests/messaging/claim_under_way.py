"""Something that happens while a claim is between its judgement and its commit, on two connections."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.messaging.hotel import MONDAY, Hotel


def while_it_is_claimed(hotel: Hotel, happens: Callable[[], None]) -> None:
    """One claim stands still before it records its verdicts, until what happens is over, or waits for the claim."""
    with hotel.database.transaction() as gate:
        gate.execute("lock table decision in share mode")
        threads = [threading.Thread(target=work) for work in (lambda: hotel.sender.step(MONDAY), happens)]
        for number, thread in enumerate(threads, 1):
            thread.start()
            while thread.is_alive() and _waiting(hotel) < number:
                thread.join(0.01)
    for thread in threads:
        thread.join()


def _waiting(hotel: Hotel) -> int:
    with hotel.database.transaction() as tx:
        found = tx.execute("""
            select count(*) from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend' and wait_event_type = 'Lock'
        """).fetchone()  # the vacuum by itself may wait for the table too
    assert found is not None
    return int(found[0])
