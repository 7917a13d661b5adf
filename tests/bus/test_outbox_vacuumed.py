"""What a small house published is gone from the disc as well, once it is pruned."""

from __future__ import annotations

from datetime import timedelta

from shared.database.pool import Database
from tests.bench.ground import databases
from tests.bus.buses import MailboxBus
from tests.bus.toy import NOON, booked, tell
from tests.loopback import until

A_MONTH, IN_EACH = 300, 20  # messages, and the subjects of one: a body that is stored beside the table


def test_what_a_small_house_published_in_a_month_gives_its_place_back() -> None:
    with databases(own=False) as make:  # whose autovacuum looks every five seconds
        segments, campaigns = make("segments"), make("campaigns")
        bus = MailboxBus(segments, campaigns)
        for number in range(A_MONTH):
            tell(segments, *[booked(number * IN_EACH + one) for one in range(IN_EACH)])
        bus.drain()
        before = size(segments)
        assert bus.relay.prune(NOON + timedelta(days=8)) == A_MONTH
        bus.close()
        until(lambda: size(segments) < before / 10)


def size(database: Database) -> int:
    """Bytes of the outbox and of what is stored beside it."""
    with database.transaction() as tx:
        return int((tx.execute("select pg_table_size('outbox')").fetchone() or (0,))[0])
