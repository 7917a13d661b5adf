"""What is known under the numbers of reservations, and where a row belongs that comes under one of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from services.segments.commands.reservations.prepared import PreparedRow
from services.segments.rules.people.guests import Guest
from services.segments.rules.reservations import happenings
from services.segments.rules.retold import is_same_stay, is_theirs
from services.segments.rules.stays import OVER, Stay, occurred_at
from services.segments.store.guests.stays import LeftRow, load_left, load_numbers
from shared.database.pool import Tx
from shared.ids import make_id
from shared.rows import row


class Told(StrEnum):
    """What a row is to its number."""

    FIRST = "first"  # nothing was known of it
    SAME = "same"  # the guest's stay, as it is stated now
    MOVED = "moved"  # the stay, told for another guest
    ANOTHER = "another"  # another stay under a number that was given once more
    ERASED = "erased"  # the stay of a guest who was erased
    LATE = "late"  # the stay was told for another guest since


@row
class Place:
    """`stay`: the known one that the row restates."""

    told: Told
    stay: Stay | None = None


NOTHING_KNOWN = Place(Told.FIRST)


@dataclass
class Numbers:
    """By number its stays in the order they came, and the rows by which a stay was told for a guest it left.
    `booking_only`: rows state the booking, not what became of it, so that none of them is late by it.
    """

    before: Mapping[UUID, Stay]
    left: dict[tuple[UUID, bytes], UUID]
    booking_only: bool
    stays: dict[UUID, list[Stay]] = field(default_factory=dict)
    newly_left: list[LeftRow] = field(default_factory=list)

    def guests(self) -> set[UUID]:
        return {stay.guest_id for stay in self.before.values()} | set(self.left.values())

    def knows(self, prepared: PreparedRow) -> bool:
        """Whether the row came before as it is, and is restated by nothing new."""
        if any(stay.row_hash == prepared.hash for stay in self.stays.get(prepared.number, ())):
            return True
        return (prepared.number, prepared.hash) in self.left

    def place(
        self, prepared: PreparedRow, guests: Mapping[UUID, Guest], shares: Callable[[UUID], bool | None]
    ) -> Place:
        """`guests`: all who are neither merged away nor erased. `shares`: whether the row has one of the guest's
        contact points; None where one of the two has none."""
        row, stays = prepared.row, self.stays.get(prepared.number)
        if not stays:
            return NOTHING_KNOWN
        living = [stay for stay in stays if stay.guest_id in guests]
        theirs = [one for one in living if is_theirs(guests[one.guest_id], row, one, shares(one.guest_id))]
        if theirs:
            same = [stay for stay in theirs if is_same_stay(stay, row)]
            if same or len(stays) == 1 or theirs[-1].status not in OVER:
                return Place(Told.SAME, (same or theirs)[-1])
            return Place(Told.ANOTHER)
        for stay in stays:
            if stay.guest_id not in guests and (stay.status not in OVER or is_same_stay(stay, row)):
                return Place(Told.ERASED, stay)
        retold = [stay for stay in living if is_same_stay(stay, row)]
        if not retold:
            return Place(Told.ANOTHER)
        return Place(Told.LATE if self._is_late(prepared, retold[-1]) else Told.MOVED, retold[-1])

    def under(self, prepared: PreparedRow) -> list[UUID]:
        """Who had or has a stay under the row's number."""
        stays = [stay.guest_id for stay in self.stays.get(prepared.number, ())]
        return stays + [guest for (number, _), guest in self.left.items() if number == prepared.number]

    def id_of(self, prepared: PreparedRow, place: Place) -> UUID:
        """The id of the stay at that place. Another stay's is made of the day it was booked and its arrival."""
        if place.stay:
            return place.stay.id
        if place.told is Told.FIRST:
            return prepared.number
        row, nth = prepared.row, len(self.stays[prepared.number])
        key = (row.source, row.property, row.reservation, str(row.booked_on), str(row.arrival), str(nth))
        return make_id("stay", *key)

    def keep(self, number: UUID, stay: Stay) -> None:
        """The stay as a row of the number now states it."""
        stays = self.stays.get(number)
        if stays is None:
            self.stays[number] = [stay]
            return
        for place, known in enumerate(stays):
            if known.id == stay.id:
                stays[place] = stay
                return
        stays.append(stay)

    def leave(self, number: UUID, stay: Stay) -> None:
        """The stay is told for another guest: the row that told it for this one is late from now on."""
        self.left[number, stay.row_hash] = stay.guest_id
        self.newly_left.append(LeftRow(number, stay.row_hash, stay.id, stay.guest_id))

    def _is_late(self, prepared: PreparedRow, stay: Stay) -> bool:
        if self.booking_only:
            return False
        return max(at for at, _ in happenings(prepared.row, prepared.zone)) < occurred_at(stay)


def open_numbers(tx: Tx, numbers: Collection[UUID], *, booking_only: bool) -> Numbers:
    known = load_numbers(tx, numbers)
    found = Numbers({stay.id: stay for stay in known}, load_left(tx, numbers), booking_only)
    for stay in known:
        found.stays.setdefault(stay.again_of or stay.id, []).append(stay)
    return found
