"""Guests who have booked come and leave, on the days they booked and at the hours the trade keeps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.segments.commands.reservations.move_stays import turn
from services.segments.rules.reservations import CHECKED_IN_AT, CHECKED_IN_FOR_THE_DAY_AT, CHECKED_OUT_AT
from services.segments.store.rehearsals import stays_to_come
from shared.database.pool import Tx
from shared.localtime import local_instant
from shared.vocabulary.stay import StayStatus


@dataclass(frozen=True)
class Turn:
    """Stays that reach a status at one instant."""

    at: datetime
    to: StayStatus
    stays: tuple[UUID, ...]

    def play(self, tx: Tx) -> None:
        turn(tx, self.stays, self.to, self.at)


def turns_ahead(tx: Tx, at: datetime, until: datetime) -> list[Turn]:
    """In order; who leaves comes before who arrives. What should have happened before `at` is left as it is."""
    found: dict[tuple[datetime, int, StayStatus], list[UUID]] = defaultdict(list)
    for stay in stays_to_come(tx, until.date()):
        hour = CHECKED_IN_FOR_THE_DAY_AT if stay.arrival == stay.departure else CHECKED_IN_AT
        comes = local_instant(stay.arrival, hour, stay.zone)
        leaves = max(comes, local_instant(stay.departure, CHECKED_OUT_AT, stay.zone))
        is_booked = stay.status == StayStatus.BOOKED
        if is_booked and at < comes <= until:
            found[comes, 1, StayStatus.CHECKED_IN].append(stay.id)
        if (comes > at if is_booked else True) and at < leaves <= until:
            found[leaves, 0, StayStatus.CHECKED_OUT].append(stay.id)
    return [Turn(instant, to, tuple(sorted(ids))) for (instant, _, to), ids in sorted(found.items())]
