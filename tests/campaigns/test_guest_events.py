"""What hotels' own systems tell that happened to guests: campaigns keep when it happened last, in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.campaigns.commands.on.guest_events import on_guest_event
from shared.events import chunk_of
from shared.events.segments.guests import GuestEvent
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire
from tests.segments.rows import rows_of

ANYBODY = UUID("5d62b1ca-8b6e-50a8-bd87-59ce0cd170f7")
SPA = GuestEvent(
    event_id=ANYBODY,
    version=1,
    guest_id=ANYBODY,
    stay_id=None,
    property="LIS",
    zone="Europe/Lisbon",
    name="spa.booked",
    details={"minutes": 50},
    happened_at=NOW,
    occurred_at=NOW,
)


def test_the_last_of_each_name_is_kept(make_database: MakeDatabase) -> None:
    campaigns = make_database("campaigns")
    earlier = replace(SPA, happened_at=NOW - timedelta(hours=3))
    for said in ([SPA, earlier, replace(SPA, name="table.booked")], [earlier], [SPA]):
        with campaigns.transaction() as tx:
            on_guest_event(tx, off_the_wire(chunk_of(said)), NOW)
    kept = rows_of(campaigns, "select event, last_at from guest_happening order by 1")
    assert kept == [("event:spa.booked", NOW), ("event:table.booked", NOW)]
