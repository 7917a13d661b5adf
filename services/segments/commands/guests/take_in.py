"""Take in guests without a stay as programs tell of them: the known one where there is one, else a new one.

1. one intake at a time; who has an address, a number, or the full name and birth date is found as by a reservation
2. nothing known of a guest is overwritten; an address or number that they lack is added, one that was taken from them
   is not; so is a day of one of the house's own dates
3. a guest of other hotels is neither opened to the program nor changed by it: who sees both decides whether they are
   one
4. who was known by an address alone gets the name that is told with it
5. no consent comes with a guest

They are taken in waves of those whom nothing links (`told`): what is known is loaded for a wave, and written at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.segments.commands.guests.contacts import judge_points
from services.segments.commands.guests.corrections import keep_history_of
from services.segments.commands.guests.dates import add_lacking
from services.segments.commands.guests.make import NewGuest, add_each, alike_each, by_hand, publish_made
from services.segments.commands.guests.noting import note_each
from services.segments.commands.guests.told import Known, Told, indexed, known_of, waves
from services.segments.rules.people.guests import Guest
from services.segments.rules.people.identity import Match, is_unnamed
from services.segments.rules.people.names import Name
from services.segments.store.guests.corrections import Corrected
from services.segments.store.guests.guests import await_turn, change_guests
from services.segments.store.guests.points import Duplicate, file_duplicates, points_of
from services.segments.store.guests.removed_points import add_by_hand
from services.segments.store.guests.rights import restricted_among
from shared.access.people import Person
from shared.database.pool import Tx

Added = set[tuple[UUID, str]]
"""Guests and the points that they got."""


@dataclass(frozen=True)
class TakenIn:
    """`is_new`: the guest was made. `added`: a known guest has an address, a number or a day more. `is_elsewhere`:
    people made them one with a guest of other hotels, of whom the program is told nothing.
    """

    guest_id: UUID
    is_new: bool = False
    added: bool = False
    is_elsewhere: bool = False


def take_in(
    tx: Tx, told: Sequence[NewGuest], by: Person, at: datetime, agency_domains: frozenset[str]
) -> list[TakenIn]:
    """In the order of `told`; who is told of twice is known the second time."""
    await_turn(tx)
    every = waves(indexed(tx, new) for new in told)
    return [one for wave in every for one in _take(tx, wave, by, at, agency_domains)]


def _take(tx: Tx, wave: Sequence[Told], by: Person, at: datetime, agency_domains: frozenset[str]) -> list[TakenIn]:
    wave, known = known_of(tx, wave, by.scope)
    matched = [(one, known.match(one)) for one in wave]
    if cut := _once_named(matched, known):
        return [one for part in (wave[:cut], wave[cut:]) for one in _take(tx, part, by, at, agency_domains)]
    file_duplicates(tx, [line for one, match in matched for line in _filed(one, match)], at)
    new = [one.new for one, match in matched if match.guest_id is None]
    changed = add_each(tx, list(zip(new, alike_each(tx, new), strict=True)), at, agency_domains)
    note_each(tx, [(one.guest_id, {"property": one.hotel}) for one in new], "guest.made", by, at)
    named = _name(tx, matched, known, at)
    added = _complete(tx, matched, known, by, at)
    dated = add_lacking(tx, _days(matched, known), by, at)
    changed |= dated - {one.guest_id for one in new}
    changed |= named | {guest for guest, _ in added} | judge_points(tx, {point for _, point in added}, agency_domains)
    publish_made(tx, {one.guest_id for one in new}, changed, at)
    return [_became(one, match, known, added, named | dated) for one, match in matched]


def _days(matched: Sequence[tuple[Told, Match]], known: Known) -> Iterator[tuple[UUID, str, date]]:
    for one, match in matched:
        if match.guest_id is None or match.guest_id in known.seen:
            yield from ((match.guest_id or one.new.guest_id, key, day) for key, day in one.new.days.items())


def _once_named(matched: Sequence[tuple[Told, Match]], known: Known) -> int | None:
    """The place of the first line that reaches a nameless guest whom one before it names: it is matched again then."""
    named: set[UUID] = set()
    for place, (one, match) in enumerate(matched):
        if match.guest_id in named:
            return place
        if match.guest_id and _lacks_the_name(known.guests[match.guest_id], one.new):
            named.add(match.guest_id)
    return None


def _filed(told: Told, match: Match) -> list[Duplicate]:
    """Who else fits is filed beside the known guest."""
    if match.guest_id is None:
        return []
    return [
        Duplicate(match.guest_id, one.guest_id, str(one.key), told.new.source, one.likeness.score, one.likeness.reasons)
        for one in match.others
    ]


def _became(told: Told, match: Match, known: Known, added: Added, fuller: Collection[UUID]) -> TakenIn:
    if match.guest_id is None:
        return TakenIn(told.new.guest_id, is_new=True)
    if match.guest_id not in known.seen:
        return TakenIn(match.guest_id, is_elsewhere=True)
    has_more = match.guest_id in fuller or any((match.guest_id, index) in added for index in told.indexes)
    return TakenIn(match.guest_id, added=has_more)


def _name(tx: Tx, matched: Sequence[tuple[Told, Match]], known: Known, at: datetime) -> set[UUID]:
    """Guests who were known by an address alone get the name that is told with it; whose data are restricted do not.
    Who got one."""
    lacking = {
        match.guest_id: one.new.values
        for one, match in matched
        if match.guest_id and match.guest_id in known.seen and _lacks_the_name(known.guests[match.guest_id], one.new)
    }
    closed = restricted_among(tx, lacking)
    named = [
        replace(known.guests[guest], given_name=values["given_name"], family_name=values["family_name"])
        for guest, values in lacking.items()
        if guest not in closed
    ]
    change_guests(tx, named, at)
    return {guest.id for guest in named}


def _lacks_the_name(guest: Guest, new: NewGuest) -> bool:
    told = Name(new.values["given_name"], new.values["family_name"])
    return is_unnamed(guest.name) and not guest.heard and not is_unnamed(told)


def _complete(tx: Tx, matched: Sequence[tuple[Told, Match]], known: Known, by: Person, at: datetime) -> Added:
    """Adds what known guests lack; whose data are restricted stays as they are."""
    theirs = [(match.guest_id, one) for one, match in matched if match.guest_id and match.guest_id in known.seen]
    guests = {guest for guest, _ in theirs}
    closed, points = restricted_among(tx, guests), points_of(tx, guests)
    lacking = [
        (guest, point)
        for guest, one in theirs
        if guest not in closed
        for point, indexes in one.points
        if points.get(guest, set()).isdisjoint(indexes)
        and not any(guest in known.removed.get(index, ()) for index in indexes)
    ]
    wanted = by_hand(tx, lacking)
    added = add_by_hand(tx, wanted, at)
    became = [one for one in wanted if (one.guest_id, one.point) in added]
    keep_history_of(tx, [Corrected(one.guest_id, one.channel, became_sealed=one.address) for one in became], by, at)
    note_each(tx, [(one.guest_id, {"channel": one.channel}) for one in became], "guest.contact_corrected", by, at)
    return added
