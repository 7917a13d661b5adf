"""A message that cannot be published, or is no message of ours, keeps nothing else from its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from shared.bus.publisher import OutboxRow, Published
from shared.bus.rabbit.messages import dead_incoming, death_of
from shared.bus.rabbit.publisher import InFlightBatch
from shared.bus.relay import Relay
from shared.database.pool import Database
from tests.bus.buses import MailboxBus
from tests.bus.conftest import BareDatabase
from tests.bus.toy import LATER, NOON, booked, count, tell

HEADERS = ["{}", "[]", '"none"', '{"ce-time": "yesterday"}', '{"ce-time": 5, "traceparent": {}}']


class Strict:
    """Reads the envelope of each row as RabbitMQ's publisher does."""

    connections, holds_back = 0, False

    def __init__(self) -> None:
        self.gone: list[int] = []

    def publish(self, batch: Sequence[OutboxRow]) -> Published:
        confirmed = [row.id for row, _ in InFlightBatch(batch).envelopes]
        self.gone += confirmed
        return Published(confirmed)

    def close(self) -> None:
        """Nothing is open."""


def three(database: Database, headers: str) -> list[int]:
    """The numbers of three rows of the outbox, whose second one has these headers."""
    for number in range(3):
        tell(database, booked(number))
    with database.transaction() as tx:
        numbers = [row[0] for row in tx.execute("select id from outbox order by id").fetchall()]
        tx.execute("update outbox set headers = %s::jsonb where id = %s", [headers, numbers[1]])
    return numbers


@pytest.mark.parametrize("headers", HEADERS)
def test_a_row_that_cannot_go_waits_with_its_reason_and_its_neighbours_go(
    bare_database: BareDatabase, headers: str
) -> None:
    segments, publisher = bare_database("segments"), Strict()
    first, poisoned, last = three(segments, headers)
    relay = Relay(segments, publisher, service="segments")
    assert relay.step(NOON) == 3
    assert publisher.gone == [first, last]
    with segments.transaction() as tx:
        row = tx.execute("select attempts, last_error, available_at > %s from outbox where id = %s", [NOON, poisoned])
        attempts, reason, is_put_off = row.fetchone() or ()
    assert (attempts, is_put_off) == (1, True)
    assert "cannot be published" in reason
    assert relay.step(NOON) == 0, "the back-off is kept"
    assert relay.step(LATER) == 1
    relay.close()


@pytest.mark.parametrize("headers", HEADERS)
def test_strange_headers_reach_the_mailbox_and_stop_nobody(bare_database: BareDatabase, headers: str) -> None:
    bus = MailboxBus(bare_database("segments"), bare_database("campaigns"))
    three(bus.segments, headers)
    bus.drain(NOON)
    assert count(bus.campaigns, "heard_stay") == 3


class Dead:
    """A message of a dead queue, with any header its sender liked."""

    def __init__(self, headers: dict[str, Any]) -> None:
        self.headers, self.properties, self.body = headers, {"message_id": "none", "type": None}, b"\x00"


@pytest.mark.parametrize("deaths", [None, "abc", 5, [], ["x"], [None], {"queue": "q"}, [{"queue": "a\x00.b.c"}]])
def test_a_dead_message_is_drained_whatever_its_headers_say(deaths: Any) -> None:
    message = Dead({"x-death": deaths})
    queue, reason = death_of(message)
    assert "\x00" not in queue and reason
    assert dead_incoming(message, queue).type == "unknown"
