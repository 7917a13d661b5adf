"""A journey by a stay's date was launched: stays booked already come to their date too, range by range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.campaigns.commands.follow_stays import follow_stays
from services.campaigns.rules.entries import Live
from services.campaigns.rules.journey import Journey
from services.campaigns.rules.stay_dates import first_arrival
from services.campaigns.steps.entries import StayDateEntry
from services.campaigns.store import stay_scan
from services.campaigns.store.journeys import live_journeys
from services.campaigns.store.stays import booked_after, lock_owners
from shared.bus.set_aside import Item, set_aside, work_in_halves
from shared.database.pool import Tx

ROLE = "booked stays"
A_RANGE = 5000


def begin_scan(tx: Tx, journey: Journey, at: datetime) -> None:
    if isinstance(journey.entry, StayDateEntry):
        stay_scan.begin(tx, journey.key, first_arrival(journey.entry, at), at)
    else:
        stay_scan.end(tx, journey.key)


def scan_stays(tx: Tx, at: datetime, *, most: int = A_RANGE, careful: bool = False) -> int:
    """Let in those of the next range whose instant lies ahead; how many stays it had. Died in between, it begins where
    it was. Careful, a guest who cannot be let in is set aside."""
    scan = stay_scan.claim(tx)
    if scan is None:
        return 0
    live = next((one for one in live_journeys(tx, at) if one.key == scan.journey), None)
    stays = booked_after(tx, scan.after_arrival, scan.after_stay, most) if live else []
    if live is None or not stays:
        stay_scan.end(tx, scan.journey)
        return 1
    since = replace(live, launched_at=max(live.launched_at, scan.since))
    _follow(tx, since, sorted({stay.guest_id for stay in stays}), at, careful)
    stay_scan.move_on(tx, scan.journey, stays[-1].arrival, stays[-1].stay_id)
    return len(stays)


def _follow(tx: Tx, live: Live, guests: Sequence[UUID], at: datetime, careful: bool) -> None:
    def follow(some: Sequence[UUID]) -> None:
        follow_stays(tx, [live], lock_owners(tx, (), some), at)

    if not careful:
        follow(guests)
        return
    failed = work_in_halves(tx, guests, follow)
    items = [Item(f"{live.key} {guest}", live.key, reason, guest) for guest, reason in failed]
    set_aside(tx, ROLE, items, at)
