"""What may be said, and what stands in the outbox when it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.bus import relay
from shared.bus.consumer import Consumer, Incoming
from shared.bus.mailbox.consumer import WAITING
from shared.bus.outbox import publish
from shared.bus.partitions.pending import PENDING
from shared.bus.relay import Relay
from shared.bus.subscriptions import Subscription
from shared.database.pool import Database, Tx
from shared.errors import MalformedEvent
from shared.events.campaigns import JourneyLaunched
from shared.events.dictionary import Chunk, Lane, chunk_of
from shared.events.envelope import TRACEPARENT
from shared.events.wire import decode, encode
from shared.ids import make_id
from tests.bus.buses import MailboxBus
from tests.bus.conftest import BareDatabase
from tests.bus.toy import LATER, NOON, booked, count, counted, kept, stay_id, tell

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def written(database: Database) -> list[dict[str, Any]]:
    with database.transaction() as tx:
        cursor = tx.execute("select * from outbox order by id")
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def test_a_thousand_and_one_subjects_are_three_messages(bare_database: BareDatabase) -> None:
    segments = bare_database("segments")
    tell(segments, *[booked(number) for number in range(1001)])
    rows = written(segments)
    assert [row["subjects"] for row in rows] == [500, 500, 1]
    assert [len(decode("stay.booked.v1", row["body"])) for row in rows] == [500, 500, 1]
    assert {row["lane"] for row in rows} == {"stay"}
    assert rows[0]["headers"] == {
        "ce-specversion": "1.0",
        "ce-type": "stay.booked.v1",
        "ce-source": "guestloop/segments",
        "ce-time": "2016-03-01T12:00:00Z",
    }


def test_the_same_said_in_two_runs_has_the_same_ids_and_on_two_occasions_different_ones(
    bare_database: BareDatabase,
) -> None:
    first, second = bare_database("segments"), bare_database("segments")
    for database in (first, second):
        tell(database, booked(1))
        tell(database, booked(1))
        tell(database, booked(1), at=LATER)
    ids = [[row["message_id"] for row in written(database)] for database in (first, second)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3


def test_nobody_says_what_is_anothers_to_say(bare_database: BareDatabase) -> None:
    with pytest.raises(ValueError, match="not campaigns's to publish"):
        tell(bare_database("campaigns"), booked(1))


def test_what_does_not_fit_the_dictionary_is_not_written(bare_database: BareDatabase) -> None:
    segments = bare_database("segments")
    with pytest.raises(MalformedEvent, match="version"):
        tell(segments, booked(1), replace(booked(2), version="two"))  # type: ignore[arg-type]
    assert written(segments) == []


def test_an_empty_chunk_says_nothing(bare_database: BareDatabase) -> None:
    segments = bare_database("segments")
    with segments.transaction() as tx:
        publish(tx, chunk_of([booked(1)]).pick([]), at=NOON)
    assert written(segments) == []


def test_a_speaker_may_choose_the_lane_and_the_relay_takes_the_stay_lane_first(mailbox_bus: MailboxBus) -> None:
    with mailbox_bus.segments.transaction() as tx:
        for number, lane in enumerate([Lane.MARKETING, Lane.STAY, Lane.MARKETING, Lane.STAY]):
            publish(tx, chunk_of([booked(number)]), at=NOON, lane=lane)
    mailbox_bus.relay.step(NOON)
    with mailbox_bus.campaigns.transaction() as tx:
        queues = [row[0] for row in tx.execute("select queue from mailbox order by id")]
    assert queues == ["campaigns.stays.stay"] * 2 + ["campaigns.stays.marketing"] * 2


def test_a_campaign_is_handled_in_bites_and_a_stay_that_came_meanwhile_first(mailbox_bus: MailboxBus) -> None:
    with mailbox_bus.segments.transaction() as tx:
        publish(tx, chunk_of([booked(number) for number in range(10_000)]), at=NOON, lane=Lane.MARKETING)
    mailbox_bus.relay.step(NOON)
    claimed = mailbox_bus.consumer.step(NOON)
    assert 1 < claimed < 20  # messages, of 500 subjects each
    tell(mailbox_bus.segments, booked(20_000))
    mailbox_bus.relay.step(NOON)
    mailbox_bus.consumer.step(NOON)
    assert stay_id(20_000) in kept(mailbox_bus.campaigns)
    mailbox_bus.drain()
    assert counted(mailbox_bus.campaigns)[1] == len(kept(mailbox_bus.campaigns)) == 10_001


def test_the_trace_goes_with_the_message_and_on_with_what_its_hearer_says(bare_database: BareDatabase) -> None:
    segments, campaigns = bare_database("segments"), bare_database("campaigns")
    token = TRACEPARENT.set(TRACE)
    tell(segments, booked(1))
    TRACEPARENT.reset(token)
    assert written(segments)[0]["headers"]["traceparent"] == TRACE

    def launches(tx: Tx, _chunk: Chunk, now: Any) -> None:
        launched = JourneyLaunched(journey="x", version=1, segments=[], launched_at=now, by="test")
        publish(tx, chunk_of([launched]), at=now)

    message = Incoming("stays", make_id("m"), "stay.booked.v1", encode(chunk_of([booked(1)])), traceparent=TRACE)
    Consumer(campaigns, [Subscription("stays", {"stay.booked.v1": launches})]).handle([message], NOON)
    assert written(campaigns)[0]["headers"]["traceparent"] == TRACE
    assert TRACEPARENT.get() is None


def test_published_rows_are_kept_a_week_and_heard_ones_a_month(mailbox_bus: MailboxBus) -> None:
    tell(mailbox_bus.segments, booked(1))
    mailbox_bus.drain()
    tell(mailbox_bus.segments, booked(2))
    hearer = Relay(mailbox_bus.campaigns, mailbox_bus.publisher, service="campaigns")
    assert mailbox_bus.relay.prune(NOON + timedelta(days=7)) == 0
    assert mailbox_bus.relay.prune(NOON + timedelta(days=7, seconds=1)) == 1
    assert len(written(mailbox_bus.segments)) == 1  # never what is still pending
    assert hearer.prune(NOON + timedelta(days=30)) == 0
    assert hearer.prune(NOON + timedelta(days=30, seconds=1)) == 1
    hearer.close()


def test_what_is_published_next_waits_for_one_set_of_what_is_pruned(
    mailbox_bus: MailboxBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day's rows of a large house are millions, and the relay that deletes them publishes as well."""
    monkeypatch.setattr(relay, "PRUNED_AT_ONCE", 2)
    monkeypatch.setattr(relay, "PRUNES_FOR", 0)
    later = NOON + timedelta(days=8)
    for number in range(5):
        tell(mailbox_bus.segments, booked(number))
    assert mailbox_bus.relay.step(NOON) == 5
    left = []
    for number in range(5, 9):
        assert mailbox_bus.relay.step(later) == 0
        left.append(len(written(mailbox_bus.segments)))
        tell(mailbox_bus.segments, booked(number))
        assert mailbox_bus.relay.step(later) == 1, "it goes, whatever is still to be pruned"
    assert left == [3, 2, 2, 3], "two a step, and those that went meanwhile"


def test_an_idle_relay_prunes_once_a_day(mailbox_bus: MailboxBus) -> None:
    tell(mailbox_bus.segments, booked(1))
    for days, left in ((0, 1), (6.5, 1), (7.2, 1), (7.6, 0)):  # pruned on day 0, 6.5 and 7.6
        mailbox_bus.drain(NOON + timedelta(days=days))
        assert count(mailbox_bus.segments, "outbox") == left


def test_a_window_ends_at_eight_megabytes(bare_database: BareDatabase) -> None:
    segments = bare_database("segments")
    with segments.transaction() as tx:
        tx.execute(
            """
            insert into outbox (message_id, type, lane, headers, body, subjects, created_at, available_at)
            select md5(n::text)::uuid, 'stay.booked.v1', 'stay', '{}', repeat('x', 3000000)::bytea, 1, %s, %s
            from generate_series(1, 7) as n
            """,
            (NOON, NOON),
        )
    bus = MailboxBus(segments, bare_database("campaigns"))
    assert [bus.relay.step(NOON) for _ in range(4)] == [3, 3, 1, 0]
    assert count(bus.campaigns, "mailbox") == 7
    bus.close()


def test_a_body_is_json_without_padding(bare_database: BareDatabase) -> None:
    segments = bare_database("segments")
    tell(segments, booked(1))
    body = bytes(written(segments)[0]["body"])
    assert body == json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode()


def test_an_idle_poll_costs_the_same_however_much_has_passed(mailbox_bus: MailboxBus) -> None:
    with mailbox_bus.segments.transaction() as tx:
        for number in range(1500):
            publish(tx, chunk_of([booked(number)]), at=NOON)
    mailbox_bus.drain()
    for role, poll in ((mailbox_bus.relay, PENDING), (mailbox_bus.consumer, WAITING)):
        assert role.step(NOON) == 0
        assert pages_read(role, poll) < 60, poll  # a bitmap scan would read every page of the table


def pages_read(role: Any, query: str) -> int:
    """How many pages a poll touches on the role's own connection."""
    plan = role._session.connection().execute(f"explain (analyze, buffers, format json) {query}", (NOON,)).fetchone()
    pages: int = plan[0][0]["Plan"]["Shared Hit Blocks"] + plan[0][0]["Plan"]["Shared Read Blocks"]
    return pages
