"""Enter reservations, from whichever door: whose they are, what is new of guests and stays, and what others are told.

1. one intake at a time; rows known in every detail are passed over
2. what is known of the rows' addresses, keys and guests is loaded, and each row is taken in booking order
3. guests, addresses, consents and stays are written in sets, each changed guest and stay one version further
4. what changed is said, and the audiences of everybody concerned are looked at again
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.publish_states import tell_guests, tell_stays
from services.segments.commands.reservations.intake import Desk, Intake, desk_of, open_intake
from services.segments.commands.reservations.new_guest_events import states_of_new
from services.segments.rules.guests import Guest
from services.segments.rules.reservations import Reservation
from services.segments.rules.stays import Stay, amended
from services.segments.store.guests.guests import add_guests, await_turn, change_guests
from services.segments.store.guests.points import (
    GuestPoint,
    add_claims,
    add_guest_points,
    add_keys,
    file_duplicates,
    save_claims,
    save_guest_points,
    save_points,
)
from services.segments.store.guests.stays import add_stays, change_stays, load_stays
from services.segments.store.properties import note_heard, property_zones
from shared.database.pool import Tx
from shared.errors import InputError
from shared.events import Lane


@dataclass(frozen=True)
class Manner:
    """How rows are entered. `booking_only`: they tell of the booking, not of what became of it. `initial`: history."""

    booking_only: bool
    initial: bool
    lane: Lane | None
    agency_domains: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entered:
    """What became of the rows. `joins`: by the key that found the guest."""

    guests_made: int
    guests_changed: int
    stays_made: int
    stays_changed: int
    duplicates: int
    joins: Counter[str]


def enter(tx: Tx, rows: Collection[Reservation], at: datetime, manner: Manner) -> Entered:
    await_turn(tx)
    return _enter(tx, desks_of(tx, rows, manner), at, manner)


def desks_of(tx: Tx, rows: Collection[Reservation], manner: Manner) -> list[Desk]:
    """The rows in booking order, made ready to be taken. Raises `InputError` for a property nobody knows."""
    zones = property_zones(tx)
    if strangers := sorted({row.property for row in rows} - zones.keys()):
        raise InputError(problems=dict.fromkeys(strangers, "no property of that code is known"))
    ordered = sorted(rows, key=attrgetter("booked_on", "reservation"))
    return [desk_of(tx, row, zones[row.property], manner.agency_domains) for row in ordered]


def enter_desks(tx: Tx, desks: Sequence[Desk], at: datetime, manner: Manner) -> Entered:
    """Enter rows that were made ready beforehand."""
    await_turn(tx)
    return _enter(tx, desks, at, manner)


def _enter(tx: Tx, desks: Sequence[Desk], at: datetime, manner: Manner) -> Entered:
    note_heard(tx, {desk.row.property for desk in desks}, at)
    stays_before = load_stays(tx, [desk.stay_id for desk in desks])
    fresh = [desk for desk in desks if not _unchanged(desk, stays_before)]
    if not fresh:
        return Entered(0, 0, 0, 0, 0, Counter())
    intake = open_intake(tx, fresh, stays_before, at)
    for desk in fresh:
        intake.take(tx, desk)
    return _write(tx, intake, at, manner)


def _unchanged(desk: Desk, before: Mapping[UUID, Stay]) -> bool:
    known = before.get(desk.stay_id)
    return known is not None and known.row_hash == desk.hash


def _write(tx: Tx, intake: Intake, at: datetime, manner: Manner) -> Entered:
    new = intake.new_guests.keys()
    add_guests(tx, [intake.guests[id] for id in new], at)
    save_points(tx, list(intake.told_points.values()))
    changed = _write_points(tx, intake) | _write_claims(tx, intake)
    add_keys(tx, intake.new_keys)
    filed = file_duplicates(tx, intake.duplicates, at)
    changed |= intake.flipped | _profiles_changed(intake)
    changed -= new
    change_guests(tx, _next_versions(intake, changed), at)
    stays = _stays_to_write(intake, at, manner)
    add_stays(tx, [stay for stay in stays if stay.id not in intake.stays_before])
    change_stays(tx, [stay for stay in stays if stay.id in intake.stays_before])
    told = [stay for stay in stays if _is_news(stay, intake.stays_before)]
    tell_guests(tx, changed, at, manner.lane, new=states_of_new(intake, at))
    tell_stays(tx, [(intake.stays_before.get(stay.id), stay) for stay in told], at, manner.lane)
    evaluate_moved(tx, _moved(new | changed, told, intake.stays_before, manner), at)
    made = sum(stay.id not in intake.stays_before for stay in told)
    return Entered(len(new), len(changed), made, len(told) - made, filed, intake.joins)


def _write_points(tx: Tx, intake: Intake) -> set[UUID]:
    """Whose points changed. Where the guest or the point was not known, neither was she on it."""
    new: list[GuestPoint] = []
    old: list[GuestPoint] = []
    for said in intake.guest_points.values():
        fresh = said.guest_id in intake.new_guests or intake.points[said.point].is_new
        (new if fresh else old).append(said)
    add_guest_points(tx, new)
    return {said.guest_id for said in new} | save_guest_points(tx, old)


def _write_claims(tx: Tx, intake: Intake) -> set[UUID]:
    """Of which known guests the claims changed."""
    add_claims(tx, [claim for claim in intake.claims.values() if claim.guest_id in intake.new_guests])
    return save_claims(tx, [claim for claim in intake.claims.values() if claim.guest_id not in intake.new_guests])


def _profiles_changed(intake: Intake) -> set[UUID]:
    """Whose profile differs from what it was, the marks of who decided aside."""
    return {id for id, old in intake.before.items() if replace(intake.guests[id], said=old.said) != old}


def _next_versions(intake: Intake, changed: set[UUID]) -> Sequence[Guest]:
    """The known guests to write: one version further where others see a change, else the marks alone."""
    found = []
    for id, old in intake.before.items():
        if id in changed:
            found.append(replace(intake.guests[id], version=old.version + 1))
        elif intake.guests[id] != old:
            found.append(intake.guests[id])
    return found


def _stays_to_write(intake: Intake, at: datetime, manner: Manner) -> list[Stay]:
    """Each stay once, as its last row tells it."""
    last = {stay.id: stay for stay in intake.stays}
    return [
        amended(old, stay, at, keep_status=manner.booking_only) if (old := intake.stays_before.get(id)) else stay
        for id, stay in last.items()
    ]


def _is_news(stay: Stay, before: Mapping[UUID, Stay]) -> bool:
    old = before.get(stay.id)
    return old is None or old.version != stay.version


def _moved(guests: Iterable[UUID], stays: Iterable[Stay], before: Mapping[UUID, Stay], manner: Manner) -> list[Moved]:
    """Everybody concerned, each with the last thing that moved her."""
    because: dict[UUID, dict[str, Any]] = {id: {"kind": "guest", "what": "guest.changed"} for id in guests}
    for stay in stays:
        what = "stay.changed" if stay.id in before else "stay.booked"
        because[stay.guest_id] = {"kind": "stay", "what": what, "stay_id": str(stay.id)}
    if manner.initial:
        because = {id: {"kind": "initial"} for id in because}
    return [Moved(id, because[id]) for id in sorted(because)]
