"""Enter reservations, from whichever door: whose they are, what is new of guests and stays, and what is published.

1. one intake at a time; rows known in every detail are passed over
2. what is known of the rows' addresses, keys and guests is loaded, and each row is taken in booking order
3. guests, addresses, consents and stays are written in sets, each changed guest and stay one version further
4. what changed is published, and the segments of everybody concerned are evaluated again
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.guests.dates import change_days
from services.segments.commands.guests.spelling import spell_tags
from services.segments.commands.publish_states import publish_feeds, publish_guests, publish_heard, publish_stays
from services.segments.commands.reservations.cleaning import settle_mended
from services.segments.commands.reservations.companies import make_companies, with_companies
from services.segments.commands.reservations.intake import Intake
from services.segments.commands.reservations.list_intake import ListIntake
from services.segments.commands.reservations.merged_guests import keep_rows_of_merged
from services.segments.commands.reservations.new_guest_events import states_of_new
from services.segments.commands.reservations.numbers import open_numbers
from services.segments.commands.reservations.opening import open_intake
from services.segments.commands.reservations.prepared import (
    MarkedRow,
    PreparedContact,
    PreparedRow,
    ReadyRow,
    marked,
    prepare_row,
)
from services.segments.commands.reservations.wishes import note_wishes
from services.segments.rules.money.currencies import Currencies
from services.segments.rules.people.contacts import Contact, StatedRow
from services.segments.rules.people.guests import Guest
from services.segments.rules.reservations import Reservation
from services.segments.rules.stays import Stay, amended, in_minor_units
from services.segments.store.guests.contact_rows import add_tags, keep_contact_rows
from services.segments.store.guests.dates import save_days
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
from services.segments.store.guests.stays import add_left, add_stays, change_stays
from services.segments.store.house_dates import house_dates
from services.segments.store.money.conversions import convert
from services.segments.store.money.currencies import load_currencies
from services.segments.store.properties import note_data_received, property_places
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Tx
from shared.errors import InputError
from shared.events import Lane

BOOKED = attrgetter("row.booked_on", "row.reservation")


@dataclass(frozen=True)
class EntryOptions:
    """How rows are entered. `booking_only`: they state the booking, not what became of it. `initial`: history. `joins`:
    the hotels to whose guests they may be joined.
    """

    booking_only: bool
    initial: bool
    lane: Lane | None
    agency_domains: frozenset[str] = frozenset()
    joins: Scope = EVERYWHERE


@dataclass(frozen=True)
class Entered:
    """What became of the rows. `joins`: by the key that found the guest. `stays_moved`: told for another guest.
    `late`: rows of a guest whom the stay had left.
    """

    guests_made: int
    guests_changed: int
    stays_made: int
    stays_changed: int
    duplicates: int
    joins: Counter[str]
    stays_moved: int = 0
    late: int = 0
    faults: Counter[str] = field(default_factory=Counter)  # bad contact points, by channel and fault


def enter(tx: Tx, rows: Collection[StatedRow], at: datetime, options: EntryOptions) -> Entered:
    await_turn(tx)
    return _enter(tx, prepare_rows(tx, list(map(marked, rows)), options), at, options)


def prepare_rows(tx: Tx, waiting: Collection[MarkedRow], options: EntryOptions) -> list[ReadyRow]:
    """The rows in booking order, those of lists by whom they name, made ready for the intake. Raises `InputError` for a
    property that is not known."""
    places = property_places(tx)
    if strangers := sorted({one.row.property for one in waiting} - places.keys()):
        raise InputError(problems=dict.fromkeys(strangers, "no property of that code is known"))
    told = sorted((one for one in waiting if isinstance(one.row, Reservation)), key=BOOKED)
    listed = sorted((one for one in waiting if isinstance(one.row, Contact)), key=attrgetter("row.reservation"))
    agencies = options.agency_domains
    prepared = [prepare_row(tx, one, *places[one.row.property], agencies) for one in (*told, *listed)]
    return with_companies(tx, prepared)


def enter_prepared(tx: Tx, prepared_rows: Sequence[ReadyRow], at: datetime, options: EntryOptions) -> Entered:
    """Enters rows that `prepare_rows` made ready."""
    await_turn(tx)
    return _enter(tx, prepared_rows, at, options)


def _enter(tx: Tx, prepared_rows: Sequence[ReadyRow], at: datetime, options: EntryOptions) -> Entered:
    reservations = [prepared for prepared in prepared_rows if isinstance(prepared, PreparedRow)]
    listed = [prepared for prepared in prepared_rows if isinstance(prepared, PreparedContact)]
    hotels = {prepared.row.property for prepared in reservations}
    note_data_received(tx, hotels, at)
    entered, heard = _enter_rows(tx, reservations, listed, at, options)
    if not options.initial:  # history says nothing of today
        publish_heard(tx, hotels - heard, at, options.lane)
        publish_feeds(tx, {(one.row.property, one.row.source) for one in reservations}, at)
    return entered


def _enter_rows(
    tx: Tx,
    reservations: Sequence[PreparedRow],
    listed: Sequence[PreparedContact],
    at: datetime,
    options: EntryOptions,
) -> tuple[Entered, set[str]]:
    """What became of the rows, and the hotels of which something is told as of now."""
    told = open_numbers(tx, [prepared.number for prepared in reservations], booking_only=options.booking_only)
    fresh = [prepared for prepared in reservations if not told.knows(prepared)]
    if not fresh and not listed:
        return Entered(0, 0, 0, 0, 0, Counter()), set()
    settle_mended(tx, [*fresh, *listed], at)
    make_companies(tx, fresh, at)
    intake = open_intake(tx, fresh, told, at, options.joins, listed)
    for prepared in fresh:
        intake.take(tx, prepared)
    for contact in listed:
        intake.take_contact(tx, contact)
    return _write(tx, intake, at, options)


def _write(tx: Tx, intake: ListIntake, at: datetime, options: EntryOptions) -> tuple[Entered, set[str]]:
    new = intake.new_guests.keys()
    dated = change_days(tx, [one for one in intake.days.values() if one.guest_id not in new], at)
    spell_tags(tx, intake.tags)
    add_guests(tx, [intake.guests[id] for id in new], at)
    save_points(tx, list(intake.touched_points.values()))
    changed = _write_points(tx, intake) | _write_claims(tx, intake)
    add_keys(tx, intake.new_keys)
    filed = file_duplicates(tx, intake.duplicates, at)
    changed |= intake.flipped | _profiles_changed(intake) | add_tags(tx, intake.tags)
    save_days(tx, [one for one in intake.days.values() if one.guest_id in new])
    dates = {one.key: one for one in house_dates(tx)} if intake.days else {}
    changed |= dated
    changed -= new
    change_guests(tx, _next_versions(intake, changed), at)
    before, currencies = intake.numbers.before, load_currencies(tx)
    stays = _stays_to_write(intake, at, options, currencies)
    add_stays(tx, [stay for stay in stays if stay.id not in before])
    change_stays(tx, [stay for stay in stays if stay.id in before])
    add_left(tx, intake.numbers.newly_left, at)
    convert(tx, _to_convert(stays, intake, currencies), currencies)
    news = [stay for stay in stays if _is_news(stay, before)]
    publish_guests(tx, changed, at, options.lane, new=states_of_new(intake, dates, at))
    heard = publish_stays(tx, [(before.get(stay.id), stay) for stay in news], at, options.lane)
    _keep_rows(tx, intake)
    note_wishes(tx, intake.wishes, at)
    evaluate_moved(tx, _moved(new | changed, news, before, options), at)
    made = sum(stay.id not in before for stay in news)
    left = len(intake.numbers.newly_left)
    entered = Entered(
        len(new), len(changed), made, len(news) - made, filed, intake.joins, left, intake.late, intake.faults
    )
    return entered, heard


def _keep_rows(tx: Tx, intake: ListIntake) -> None:
    """Rows by which it is known later whose they were: those of lists, and those of guests made of several."""
    rows = intake.contacts_taken
    keep_contact_rows(
        tx,
        [
            (id, guest, one.hash, one.row.list_name, one.row.file, one.row.handed_in_at)
            for id, (one, guest) in rows.items()
        ],
    )
    keep_rows_of_merged(tx, [*intake.taken, *((one, id, guest) for id, (one, guest) in rows.items())])


def _write_points(tx: Tx, intake: Intake) -> set[UUID]:
    """Whose points changed. A guest or a point that is new has no such link yet."""
    new: list[GuestPoint] = []
    old: list[GuestPoint] = []
    for point in intake.guest_points.values():
        fresh = point.guest_id in intake.new_guests or intake.points[point.point].is_new
        (new if fresh else old).append(point)
    add_guest_points(tx, new)
    return {point.guest_id for point in new} | save_guest_points(tx, old)


def _write_claims(tx: Tx, intake: Intake) -> set[UUID]:
    """Of which known guests the claims changed."""
    add_claims(tx, [claim for claim in intake.claims.values() if claim.guest_id in intake.new_guests])
    return save_claims(tx, [claim for claim in intake.claims.values() if claim.guest_id not in intake.new_guests])


def _profiles_changed(intake: Intake) -> set[UUID]:
    """Whose profile differs from what it was, but for what others do not see: the marks of who decided, and what
    sources state where people corrected it."""
    return {
        id
        for id, old in intake.before.items()
        if (now := intake.guests[id]) is not old and replace(now, said=old.said, heard=old.heard) != old
    }


def _next_versions(intake: Intake, changed: set[UUID]) -> Sequence[Guest]:
    """The known guests to write: one version further where others see a change, else the marks alone."""
    found = []
    for id, old in intake.before.items():
        if id in changed:
            found.append(replace(intake.guests[id], version=old.version + 1))
        elif intake.guests[id] != old:
            found.append(intake.guests[id])
    return found


def _stays_to_write(intake: Intake, at: datetime, options: EntryOptions, currencies: Currencies) -> list[Stay]:
    """Each stay once, as its last row states it."""
    last = {stay.id: in_minor_units(stay, currencies.of(stay.property)) for stay in intake.stays}
    return [
        amended(old, stay, at, keep_status=options.booking_only) if (old := intake.numbers.before.get(id)) else stay
        for id, stay in last.items()
    ]


def _to_convert(stays: Iterable[Stay], intake: Intake, currencies: Currencies) -> list[UUID]:
    """A new stay in the one currency needs no conversion; one that is known may have been converted before."""
    return [
        stay.id
        for stay in stays
        if stay.id in intake.numbers.before or currencies.differs(stay.property, stay.currency)
    ]


def _is_news(stay: Stay, before: Mapping[UUID, Stay]) -> bool:
    old = before.get(stay.id)
    return old is None or old.version != stay.version


def _moved(
    guests: Iterable[UUID], stays: Iterable[Stay], before: Mapping[UUID, Stay], options: EntryOptions
) -> list[Moved]:
    """Everybody concerned, each with the last thing that moved them."""
    if options.initial:  # history moves nobody by one thing more than another
        left = {old.guest_id for stay in stays if (old := before.get(stay.id))}
        everybody = left.union(guests, (stay.guest_id for stay in stays))
        history = {"kind": "initial"}
        return [Moved(id, history) for id in sorted(everybody)]
    because: dict[UUID, dict[str, Any]] = {id: {"kind": "guest", "what": "guest.changed"} for id in guests}
    for stay in stays:
        what = "stay.changed" if stay.id in before else "stay.booked"
        why = {"kind": "stay", "what": what, "stay_id": str(stay.id)}
        because[stay.guest_id] = why
        if (old := before.get(stay.id)) and old.guest_id != stay.guest_id:
            because.setdefault(old.guest_id, why)
    return [Moved(id, because[id]) for id in sorted(because)]
