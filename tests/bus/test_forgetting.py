"""Erased guests are cut out of what a service keeps of events; their neighbours stay."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from psycopg.errors import LockNotAvailable

from shared.bus.consumer import Consumer, Incoming, enter_inbox
from shared.bus.dead_letters import of_message, of_subject, store_dead_letters
from shared.bus.erasing import wait_for_handlers
from shared.bus.mailbox.consumer import CLAIM
from shared.bus.outbox import publish
from shared.bus.subscriptions import Subscription
from shared.database.pool import Database, Tx
from shared.events.dictionary import Chunk, chunk_of
from shared.events.messaging import MessageSent
from shared.events.segments.guests import GuestErased
from shared.events.segments.stays import StayBooked
from shared.events.wire import decode, encode
from shared.ids import make_id
from shared.personal_data.declaration import PersonalData
from shared.personal_data.events import forget_events
from shared.personal_data.forget import passing
from shared.vocabulary.stay import StayStatus
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase

AT = datetime(2026, 5, 5, 12, tzinfo=UTC)


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("segments")


def stay(guest: UUID, reservation: str) -> StayBooked:
    return StayBooked(
        stay_id=make_id("stay", reservation), version=1, guest_id=guest, property="LIS", zone="Europe/Lisbon",
        reservation=reservation, status=StayStatus.BOOKED, booked_at=AT, arrival=AT.date(), departure=AT.date(),
        checked_in_at=None, checked_out_at=None, ended_at=None, nights=0, booking_channel=None, muted=False,
        occurred_at=AT,
    )  # fmt: skip


def sent(guest: UUID) -> MessageSent:
    return MessageSent(
        message_id=make_id("message", guest), version=1, guest_id=guest, journey="win-back", journey_version=1,
        step="send", occurrence="lapse:RES-1", purpose="marketing", property="LIS", stay_id=make_id("stay", "RES-1"),
        channel="email", state="sent", reason=None, held_until=None, occurred_at=AT,
    )  # fmt: skip


BOTH = [stay(ANA, "RES-ANA"), stay(BEN, "RES-BEN")]


def bodies(database: Database, table: str) -> list[dict[str, Any]]:
    with database.transaction() as tx:
        found = tx.execute(f"select type, body from {table} where body is not null order by id").fetchall()
    return [decode(name, bytes(body)).columns for name, body in found]


def forget(database: Database, *keys: str) -> dict[UUID, dict[str, int]]:
    with database.transaction() as tx:
        return forget_events(tx, [ANA], keys)


def test_the_guest_goes_from_published_and_waiting_events_and_the_neighbour_stays(database: Database) -> None:
    with database.transaction() as tx:
        publish(tx, chunk_of(BOTH), at=AT)
        publish(tx, chunk_of(BOTH[:1]), at=AT)
        tx.execute("update outbox set published_at = %s where id = (select min(id) from outbox)", [AT])
        ids = tx.execute("select message_id from outbox order by id").fetchall()
    assert forget(database) == {ANA: {"outbox": 2}}
    assert [one["reservation"] for one in bodies(database, "outbox")] == [["RES-BEN"]]
    with database.transaction() as tx:
        assert tx.execute("select message_id, subjects from outbox").fetchall() == [(ids[0][0], 2 - 1)]
    assert forget(database) == {ANA: {}}


def test_what_is_needed_afterwards_stays_without_what_tells(database: Database) -> None:
    with database.transaction() as tx:
        publish(tx, chunk_of([GuestErased(guest_id=ANA, version=2, occurred_at=AT)]), at=AT)
        body = encode(chunk_of([sent(ANA), sent(BEN)]))
        tx.execute(MAIL, [make_id("letter"), "message.sent.v1", body, AT])
    assert forget(database) == {ANA: {"mailbox": 1}}
    assert bodies(database, "outbox")[0]["guest_id"] == [str(ANA)]
    (kept,) = bodies(database, "mailbox")
    assert kept["occurrence"] == ["", "lapse:RES-1"] and kept["stay_id"][0] is None and kept["state"] == ["sent"] * 2


def test_dead_letters_go_by_guest_by_key_and_by_place(database: Database) -> None:
    ana, whole = chunk_of(BOTH[:1]), encode(chunk_of(BOTH))
    mangled = b'{"guest_id": "' + str(ANA).encode()
    with database.transaction() as tx:
        letters = [
            of_subject("stays", (make_id("m", 1), 0), off_the_wire(ana), "why", AT),
            of_subject("stays", (make_id("m", 2), 0), off_the_wire(chunk_of(BOTH[1:])), "why", AT),
            of_message("stays", make_id("m", 3), "stay.booked.v1", whole, republished=False, reason="why", at=AT),
            of_message("stays", make_id("m", 4), "stay.booked.v1", mangled, republished=False, reason="why", at=AT),
        ]
        store_dead_letters(tx, letters)
        tx.execute("update dead_letter set subject = '{}' where message_id = %s", [make_id("m", 1)])
    assert forget(database, str(make_id("stay", "RES-ANA"))) == {ANA: {"dead_letter": 3}}
    with database.transaction() as tx:
        left = tx.execute("select message_id, subject, body from dead_letter order by id").fetchall()
    assert [message for message, *_ in left] == [make_id("m", 2), make_id("m", 3)]
    assert b"RES-ANA" not in bytes(left[1][2]) and b"RES-BEN" in bytes(left[1][2])


def test_what_cannot_be_read_and_comes_after_the_erasure_is_forgotten_where_it_is_set_aside(
    database: Database,
) -> None:
    def refuse(_tx: Tx, _chunk: Chunk, _at: datetime) -> None:
        raise ValueError("no")

    subscriptions = passing(
        [Subscription("stays", {"stay.booked.v1": refuse})], lambda _tx, ids: {ANA} & {UUID(id) for id in ids}, NOTHING
    )
    mangled = b'{"guest_id": "' + str(ANA).encode()
    batch = [
        Incoming("stays", make_id("m", 1), "stay.booked.v1", encode(chunk_of(BOTH))),
        Incoming("stays", make_id("m", 2), "stay.booked.v1", mangled),
    ]
    done = Consumer(database, subscriptions).handle(batch, AT)
    assert done.dead == 2
    with database.transaction() as tx:
        ((subject,),) = tx.execute("select subject from dead_letter").fetchall()
    assert "RES-BEN" in subject


def test_an_erasure_waits_for_handlers_under_way_and_later_ones_wait_for_it(database: Database) -> None:
    """Else a handler that does not see the tombstone yet would write the guest anew."""
    message = Incoming("stays", make_id("m", 1), "stay.booked.v1", encode(chunk_of(BOTH)))
    with database.transaction() as handling:
        assert enter_inbox(handling, [message], AT) == [message]
        with pytest.raises(LockNotAvailable), database.transaction() as erasing:
            erasing.execute("set local lock_timeout = '50ms'")
            wait_for_handlers(erasing)
    with database.transaction() as erasing:
        wait_for_handlers(erasing)
        with pytest.raises(LockNotAvailable), database.transaction() as handling:
            handling.execute("set local lock_timeout = '50ms'")
            enter_inbox(handling, [message], AT)


def test_a_mailbox_is_claimed_under_the_same_lock(database: Database) -> None:
    with database.transaction() as tx:
        tx.execute(MAIL, [make_id("letter"), "stay.booked.v1", encode(chunk_of(BOTH)), AT])
    with database.transaction() as erasing:
        wait_for_handlers(erasing)
        with pytest.raises(LockNotAvailable), database.transaction() as claiming:
            claiming.execute("set local lock_timeout = '50ms'")
            claiming.execute(CLAIM, {"now": AT})


def off_the_wire(chunk: Chunk) -> Chunk:
    return decode(chunk.type.name, encode(chunk))


NOTHING = PersonalData()
MAIL = """
    insert into mailbox (queue, concern, message_id, type, lane, headers, body, available_at)
    values ('segments.messages.stay', 'messages', %s, %s, 'stay', '{}', %s, %s)
"""
