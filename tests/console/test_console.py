"""Properties, the audit trail, and what console counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest

from services.console.commands.change_property import Property, change_property
from services.console.commands.record_audit import record_audit
from services.console.consumer import SUBSCRIPTIONS
from services.console.queries.messages import Count, messages_by_day
from shared.database.pool import Database, Tx
from shared.errors import InputError
from shared.events import Chunk, chunk_of
from shared.events.campaigns import JourneyLaunched
from shared.events.console import AuditRecorded, GuestForgotten
from shared.events.messaging import MessageHeld, MessageSent, PublishedMessage
from shared.events.segments.guests import GuestErased
from shared.events.wire import decode, encode
from shared.ids import make_id
from tests.conftest import MakeDatabase

AT = datetime(2016, 3, 2, 10, tzinfo=UTC)
LISBON = Property(
    code="LIS",
    name="Lisbon",
    zone="Europe/Lisbon",
    country="PT",
    legal_entity="Hotels, Lda.",
    postal_address="Rua 1, Lisboa",
    contact="desk@example.com",
    told_of_survey=True,
)


@pytest.fixture
def console(make_database: MakeDatabase) -> Database:
    return make_database("console")


@pytest.fixture
def tx(console: Database) -> Iterator[Tx]:
    with console.transaction() as tx:
        yield tx


def hear(tx: Tx, *subjects: Any) -> None:
    chunk: Chunk = chunk_of(subjects)
    heard = decode(chunk.type.name, encode(chunk))
    for subscription in SUBSCRIPTIONS:
        if handler := subscription.handlers.get(chunk.type.name):
            handler(tx, heard, AT)


def said(tx: Tx, name: str) -> list[Chunk]:
    return [decode(name, bytes(body)) for (body,) in tx.execute("select body from outbox where type = %s", (name,))]


def message(kind: type[MessageSent | MessageHeld], number: int, version: int, state: str) -> PublishedMessage:
    return kind(
        message_id=make_id("message", number),
        version=version,
        guest_id=make_id("guest", number),
        journey="win-back",
        journey_version=1,
        step="send",
        occurrence="lapse:LIS-1",
        purpose="marketing",
        property="LIS",
        stay_id=None,
        channel="email",
        state=state,
        reason="quiet_hours" if state == "held" else None,
        held_until=None,
        occurred_at=AT,
    )


def test_a_property_is_said_each_time_it_changes_with_the_next_version(tx: Tx) -> None:
    assert change_property(tx, LISBON, "ana", AT) == 1
    assert change_property(tx, LISBON, "ana", AT) == 1
    assert change_property(tx, replace(LISBON, survey_threshold=7), "ana", AT) == 2
    chunks = said(tx, "property.changed.v1")
    assert [(chunk["version"], chunk["survey_threshold"]) for chunk in chunks] == [([1], [6]), ([2], [7])]
    actions = tx.execute("select actor, action, subject from audit_entry").fetchall()
    assert actions == [("ana", "property.changed", "property LIS")] * 2


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"zone": "Lisbon"}, "zone"),
        ({"country": "PRT"}, "country"),
        ({"survey_threshold": 11}, "survey_threshold"),
        ({"code": " "}, "code"),
        ({"zone": "../etc/passwd"}, "zone"),
    ],
)
def test_a_property_that_cannot_be_is_refused_with_the_place(tx: Tx, wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(InputError) as refused:
        change_property(tx, replace(LISBON, **wrong), "ana", AT)
    assert set(refused.value.problems) == {place}
    assert said(tx, "property.changed.v1") == []


def test_the_audit_trail_takes_an_entry_once_and_lets_nobody_change_it(tx: Tx) -> None:
    entry = AuditRecorded(
        audit_id=make_id("audit", 1),
        version=1,
        service="segments",
        actor="ana",
        action="guest.viewed",
        subject="guest 1",
        details={"page": "timeline"},
        recorded_at=AT,
    )
    hear(tx, entry)
    hear(tx, entry)
    record_audit(tx, "ana", "signed_in", "ana", {}, AT)
    assert tx.execute("select service, action from audit_entry order by action").fetchall() == [
        ("segments", "guest.viewed"),
        ("console", "signed_in"),
    ]
    with pytest.raises(psycopg.errors.RaiseException), tx.savepoint():
        tx.execute("delete from audit_entry")
    with pytest.raises(psycopg.errors.RaiseException), tx.savepoint():
        tx.execute("update audit_entry set actor = 'nobody'")


def test_a_message_is_counted_once_in_its_latest_state_whatever_the_order(tx: Tx) -> None:
    held, sent = message(MessageHeld, 1, 2, "held"), message(MessageSent, 1, 4, "sent")
    hear(tx, sent, sent)
    hear(tx, held)
    hear(tx, message(MessageHeld, 2, 2, "held"))
    day = date(2016, 3, 2)
    assert messages_by_day(tx, day, day) == [
        Count(day, "win-back", "held", "quiet_hours", 1),
        Count(day, "win-back", "sent", None, 1),
    ]


def test_who_forgot_a_guest_is_kept_and_so_is_each_launch(tx: Tx) -> None:
    guest: UUID = make_id("guest", 1)
    forgotten = [GuestForgotten(guest_id=guest, service=name, version=2, forgotten_at=AT) for name in ("a", "b", "a")]
    hear(tx, *forgotten)
    launch = JourneyLaunched(journey="birthday", version=1, segments=["b"], launched_at=AT, by="ana")
    hear(tx, launch)
    hear(tx, launch)
    assert tx.execute("select service from guest_forgotten order by service").fetchall() == [("a",), ("b",)]
    assert tx.execute("select journey, version, launched_by from journey_launched").fetchall() == [
        ("birthday", 1, "ana")
    ]


def test_an_erased_guests_entries_keep_who_did_what_and_nothing_else_can_be_changed(tx: Tx) -> None:
    guest, details = make_id("guest", "ana"), {"stay": "1", "reservation": "LIS-000001"}
    for subject in (f"guest {guest}", "guest another"):
        record_audit(tx, "Ada", "stay.muted", subject, details, AT)
    for _ in range(2):
        hear(tx, GuestErased(guest_id=guest, version=2, occurred_at=AT))
    query = "select details, actor, action from audit_entry where subject = %s"
    assert tx.execute(query, [f"guest {guest}"]).fetchall() == [({"stay": "1"}, "Ada", "stay.muted")]
    assert tx.execute(query, ["guest another"]).fetchall() == [(details, "Ada", "stay.muted")]
    assert [chunk["rows"] for chunk in said(tx, "guest.forgotten.v1")] == [[{"audit_entry": 1}], [{}]]
    for change in (
        """update audit_entry set details = '{"more": 1}'""",
        "update audit_entry set details = '{}', actor = 'nobody'",
        "update audit_entry set recorded_at = recorded_at + interval '1 day'",
        "delete from audit_entry",
    ):
        with pytest.raises(psycopg.errors.RaiseException), tx.savepoint():
            tx.execute(change)
