"""A guest's days of the house's own dates, as people, programs and files say them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.guests.corrections import locked_guest
from services.segments.commands.guests.noting import name_of, note
from services.segments.commands.publish_states import publish_guests
from services.segments.rules.house_dates import is_sensible
from services.segments.store.guests.dates import GuestDate, days_of, moving, remove_days, save_days
from services.segments.store.guests.guests import next_versions
from services.segments.store.guests.rights import restricted_among
from services.segments.store.house_dates import house_dates
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError

DAY_MOVED = {"kind": "guest", "what": "guest.dates_changed"}
Days = Mapping[str, date | None]
"""By date; None where none is known."""


def set_days(tx: Tx, guest_id: UUID, version: int, days: Days, by: Person, at: datetime) -> bool:
    """What is left out stays as it is. `version`: of the guest as it was read. Raises `InputError`, by date, and
    `Conflict` where the guest was changed since; whether anything changed. Said twice, the second changes nothing."""
    guest = locked_guest(tx, guest_id)
    names = {one.key: one.name for one in house_dates(tx, by.scope)}
    if problems := unusable(days, names):
        raise InputError("This cannot be used.", problems)
    known = days_of(tx, [guest_id]).get(guest_id, {})
    changed = {key: day for key, day in days.items() if day != known.get(key)}
    if not changed:
        return False
    if guest.version != version:
        raise Conflict()
    remove_days(tx, [(guest_id, key) for key, day in changed.items() if day is None])
    said = [GuestDate(guest_id, key, day, True, at, name_of(by)) for key, day in changed.items() if day]
    change_days(tx, said, at)
    next_versions(tx, [guest_id], at)
    publish_guests(tx, [guest_id], at)
    evaluate_moved(tx, [Moved(guest_id, DAY_MOVED)], at)
    note(tx, guest_id, "guest.dates_changed", by, {"dates": sorted(names[key] for key in changed)}, at)
    return True


def change_days(tx: Tx, days: Sequence[GuestDate], at: datetime) -> set[UUID]:
    """Whose days changed. Who is in a segment that a journey enters by, and whose day is another now, leaves it and is
    judged by the new day: what was planned by the old one is taken back, or planned anew.

    Nothing else of these guests has been written yet, so that nothing else moves them.
    """
    moved = moving(tx, days)
    because = [Moved(guest, DAY_MOVED) for guest in sorted({guest for guest, _ in moved})]
    remove_days(tx, moved)
    evaluate_moved(tx, because, at)
    changed = save_days(tx, days)
    evaluate_moved(tx, because, at)
    return changed


def add_lacking(tx: Tx, days: Iterable[tuple[UUID, str, date]], by: Person, at: datetime) -> set[UUID]:
    """Days of guests of whom none is known; a guest whose data are restricted stays as they are. Who got one; versions
    and events are the caller's."""
    wanted = list(days)
    guests = {guest for guest, _, _ in wanted}
    closed, known = restricted_among(tx, guests), days_of(tx, guests)
    added = {
        (guest, key): GuestDate(guest, key, day, True, at, name_of(by))
        for guest, key, day in reversed(wanted)  # of two days for one guest the first is added
        if guest not in closed and key not in known.get(guest, {})
    }
    return save_days(tx, list(added.values()))


def dates_of(tx: Tx, by: Person) -> set[str]:
    """The keys of the house's own dates that there are for this person's or program's hotels."""
    return {one.key for one in house_dates(tx, by.scope)}


def unusable(days: Days, there: Collection[str]) -> dict[str, str]:
    """What is wrong, by date: one that is not there, or a day that is none."""
    problems = {f"/dates/{key}": "There is no such date; see /api/guests/dates." for key in days if key not in there}
    for key, day in days.items():
        if day is not None and not is_sensible(day):
            problems.setdefault(f"/dates/{key}", "A day from 1900-01-02 to 2199-12-31 is needed.")
    return problems
