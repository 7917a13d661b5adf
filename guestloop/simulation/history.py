"""An export as what happened when: bookings, cancellations, arrivals and departures in the order they came to pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path

from guestloop.composition.seed import NOWHERE_ELSE, Places, zones_of
from services.segments.commands.reservations.book import book
from services.segments.commands.reservations.move_stays import cancel, check_in, check_out, mark_no_show
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.refused import RefusedRows, write_rejects
from services.segments.imports.run import read_reservations
from services.segments.imports.seen import RefusedReason, reasons_of
from services.segments.rules.reservations import Happening, Reservation, StayKey, happenings
from shared.database.pool import Database, Tx
from shared.errors import InputError
from shared.localtime import local_date
from shared.vocabulary.consent import ClaimedConsent

MOVES: Mapping[Happening, Callable[[Tx, Sequence[StayKey], datetime], object]] = {
    Happening.CANCELLED: cancel,
    Happening.CHECKED_OUT: check_out,
    Happening.CHECKED_IN: check_in,
    Happening.NO_SHOW: mark_no_show,
}
PLAIN_MAPPING = ImportMapping(yes=ClaimedConsent.EXPRESS, no=ClaimedConsent.NEVER_ASKED)
"""What a simulation takes consent columns to mean by default."""


@dataclass(frozen=True)
class Heading:
    """What must be known of a history before it is played; `rejects`: rows of the file that could not be read, and
    `reasons`: why."""

    first_day: date
    properties: Sequence[str]
    rejects: int
    reasons: tuple[RefusedReason, ...]


@dataclass(frozen=True)
class History:
    """Reservations in booking order, how many rows of the file could not be read, and why."""

    reservations: Sequence[Reservation]
    rejects: int
    reasons: tuple[RefusedReason, ...] = ()

    @property
    def heading(self) -> Heading:
        properties = sorted({row.property for row in self.reservations})
        return Heading(self.reservations[0].booked_on, properties, self.rejects, self.reasons)


def read_history(
    path: Path, mapping: ImportMapping, rejects: Path | None = None, places: Places = NOWHERE_ELSE
) -> History:
    """`rejects`: where the list of refused rows goes, if there are any. An instant with an offset is the day it is at
    the property."""
    with closing(RefusedRows()) as refused:
        rows = [row for _, row in read_reservations(path, mapping, refused, zones_of(places))]
        if rejects and refused.rows:
            write_rejects(rejects, refused)
        if not rows:
            first = list(islice(refused, 3))
            raise InputError(f"{path.name} has no row that can be used; the first problems: {first}")
    rows.sort(key=lambda row: (row.booked_on, row.reservation))
    return History(rows, refused.rows, reasons_of(refused.reasons))


def acts_of(
    history: History, segments: Database, zones: Mapping[str, str], until: date
) -> Iterator[tuple[datetime, Callable[[datetime], str]]]:
    """What happened, set by set, up to and with the day `until` at each property: for `World.play`."""
    happened = [
        (instant, kind, place)
        for place, row in enumerate(history.reservations)
        for instant, kind in happenings(row, zones[row.property])
        if local_date(instant, zones[row.property]) <= until
    ]
    happened.sort()
    for (instant, kind), group in groupby(happened, key=lambda each: each[:2]):
        rows = [history.reservations[place] for *_, place in group]
        yield instant, Act(segments, kind, rows)


@dataclass(frozen=True)
class Act:
    """One set of one kind at one instant, a command to segments in one transaction."""

    segments: Database
    kind: Happening
    rows: Sequence[Reservation]

    def __call__(self, now: datetime) -> str:
        with self.segments.transaction() as tx:
            if self.kind is Happening.BOOKED:
                book(tx, self.rows, now)
            else:
                MOVES[self.kind](tx, [row.key() for row in self.rows], now)
        return "segments"
