"""Console is told of what a webhook wants, once each, when it was published, and of nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from shared.bus.outbox import publish
from shared.bus.publisher import Published
from shared.bus.relay import Relay
from shared.bus.telling import keep_webhooks
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.console import WebhookChanged
from shared.events.segments.guests import GuestErased, GuestMerged
from shared.ids import make_id
from tests.cast import ANA, BEN, CARLA, NOW
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire

HOOK = make_id("webhook", "one")


class Taking:
    """A publisher that confirms all, or what `refuses` leaves of it."""

    connections = 1

    def __init__(self, refuses: frozenset[str] = frozenset()) -> None:
        self.refuses, self.holds_back = refuses, False

    def publish(self, rows: Any) -> Published:
        taken = [row.id for row in rows if row.type not in self.refuses]
        return Published(confirmed=taken, nacked=[row.id for row in rows if row.type in self.refuses])

    def close(self) -> None:
        pass


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("segments")


def want(database: Database, *types: str, version: int = 1) -> None:
    changed = WebhookChanged(webhook_id=HOOK, version=version, types=list(types), occurred_at=NOW)
    with database.transaction() as tx:
        keep_webhooks(tx, off_the_wire(chunk_of([changed])), NOW)


def say(database: Database, *events: Any, republished: bool = False) -> None:
    with database.transaction() as tx:
        publish(tx, chunk_of(events, republished=republished), at=NOW)


def relay(database: Database, publisher: Any = None) -> None:
    role = Relay(database, publisher or Taking(), service="segments")
    for _ in range(3):
        role.step(NOW)
    role.close()


def told(database: Database) -> list[dict[str, Any]]:
    with database.transaction() as tx:
        rows = tx.execute("select body from outbox where type = 'webhook.due.v1' order by id").fetchall()
    bodies = [orjson.loads(body) for (body,) in rows]
    return [
        {name: values[place] for name, values in body.items()} for body in bodies for place in range(len(body["type"]))
    ]


def merged(guest: Any, version: int = 1) -> GuestMerged:
    return GuestMerged(guest_id=guest, version=version, into_guest_id=CARLA, occurred_at=NOW)


def test_nothing_is_told_where_nobody_wants_anything(database: Database) -> None:
    say(database, merged(ANA))
    relay(database)
    assert told(database) == []


def test_each_subject_of_a_wanted_event_is_told_with_what_may_leave(database: Database) -> None:
    want(database, "guest.merged.v1")
    say(database, merged(ANA), merged(BEN, 4))
    say(database, GuestErased(guest_id=ANA, version=5, occurred_at=NOW))
    relay(database)
    first, second = told(database)
    assert (first["subject"], second["subject"]) == (f"guest {ANA}", f"guest {BEN}")
    assert second["data"] == {
        "guest_id": str(BEN), "version": 4, "into_guest_id": str(CARLA), "occurred_at": "2026-11-21T12:00:00Z"
    }  # fmt: skip
    assert first["place"] < second["place"]


def test_what_was_not_published_is_not_told_and_what_is_published_again_is_told_once(database: Database) -> None:
    want(database, "guest.merged.v1")
    say(database, merged(ANA))
    relay(database, Taking(frozenset({"guest.merged.v1"})))
    assert told(database) == []
    with database.transaction() as tx:
        tx.execute("update outbox set available_at = %s", [NOW - timedelta(minutes=1)])
    relay(database)
    with database.transaction() as tx:
        tx.execute("update outbox set published_at = null")
    relay(database)
    assert len(told(database)) == 1


def test_present_state_that_is_republished_is_no_news(database: Database) -> None:
    want(database, "guest.merged.v1")
    say(database, merged(ANA), republished=True)
    relay(database)
    assert told(database) == []


def test_a_webhook_that_ended_is_told_nothing_however_late_its_beginning_comes(database: Database) -> None:
    want(database, version=2)
    want(database, "guest.merged.v1", version=1)
    say(database, merged(ANA))
    relay(database)
    assert told(database) == []
