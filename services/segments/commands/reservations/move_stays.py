"""What becomes of booked stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.publish_states import kind_of, publish_stays
from services.segments.rules.reservations import StayKey
from services.segments.rules.stays import Stay, moved
from services.segments.store.guests.guests import lock_guests
from services.segments.store.guests.stays import load_numbers, load_stays
from services.segments.store.guests.stays import move_stays as save_moves
from shared.database.pool import Tx
from shared.localtime import local_date
from shared.vocabulary.stay import StayStatus


@dataclass(frozen=True)
class Moves:
    """How many stays were moved, and which were not: unknown, or in a status the verb does not start from."""

    moved: int
    refused: tuple[StayKey, ...]


def cancel(tx: Tx, keys: Sequence[StayKey], at: datetime) -> Moves:
    return _move(tx, keys, StayStatus.CANCELLED, at)


def mark_no_show(tx: Tx, keys: Sequence[StayKey], at: datetime) -> Moves:
    return _move(tx, keys, StayStatus.NO_SHOW, at)


def check_in(tx: Tx, keys: Sequence[StayKey], at: datetime) -> Moves:
    return _move(tx, keys, StayStatus.CHECKED_IN, at)


def check_out(tx: Tx, keys: Sequence[StayKey], at: datetime) -> Moves:
    return _move(tx, keys, StayStatus.CHECKED_OUT, at)


def reinstate(tx: Tx, keys: Sequence[StayKey], at: datetime) -> Moves:
    """A cancelled stay or a no-show stands again."""
    return _move(tx, keys, StayStatus.BOOKED, at)


def turn(tx: Tx, ids: Sequence[UUID], to: StayStatus, at: datetime) -> None:
    """These very stays; those in a status the verb does not start from stay as they are."""
    changes = [(old, new) for old in load_stays(tx, ids).values() if (new := moved(old, to, at))]
    if changes:
        _write(tx, changes, at)


def _move(tx: Tx, keys: Sequence[StayKey], to: StayStatus, at: datetime) -> Moves:
    wanted = {key.stay_id(): key for key in sorted(keys)}
    known: dict[UUID, list[Stay]] = {}
    for stay in load_numbers(tx, wanted):
        known.setdefault(stay.again_of or stay.id, []).append(stay)
    changes: list[tuple[Stay | None, Stay]] = []
    refused = []
    for number, key in wanted.items():
        if found := _meant(known.get(number, ()), to, at):
            changes.append(found)
        else:
            refused.append(key)
    if changes:
        _write(tx, changes, at)
    return Moves(len(changes), tuple(refused))


def _meant(stays: Sequence[Stay], to: StayStatus, at: datetime) -> tuple[Stay, Stay] | None:
    """The stay before and after; of several of one number the one that arrives nearest to that day."""
    found = [(old, new) for old in stays if (new := moved(old, to, at))]
    return min(found, key=lambda one: abs(local_date(at, one[0].zone) - one[0].arrival), default=None)


def _write(tx: Tx, changes: Sequence[tuple[Stay | None, Stay]], at: datetime) -> None:
    lock_guests(tx, [stay.guest_id for _, stay in changes])
    save_moves(tx, [stay for _, stay in changes])
    publish_stays(tx, changes, at)
    because: dict[UUID, Moved] = {}
    for old, stay in changes:
        what = NAMES[kind_of(old, stay).__name__]
        because[stay.guest_id] = Moved(stay.guest_id, {"kind": "stay", "what": what, "stay_id": str(stay.id)})
    evaluate_moved(tx, [because[id] for id in sorted(because)], at)


NAMES = {
    "StayCancelled": "stay.cancelled",
    "StayNoShow": "stay.no_show",
    "StayCheckedIn": "stay.checked_in",
    "StayCheckedOut": "stay.checked_out",
    "StayReinstated": "stay.reinstated",
}
