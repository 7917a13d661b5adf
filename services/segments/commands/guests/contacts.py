"""Add, correct and remove a guest's address or number by hand.

A removed one does not come back by the next import; the guest is still found by it. What an address is worth is judged
anew for everybody who has it. Objections belong to the address, not to the guest: none is lifted or handed on here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.segments.commands.guests.corrections import keep_history, locked_guest
from services.segments.commands.guests.noting import name_of, note, publish_and_evaluate
from services.segments.rules.people.contact_points import (
    Point,
    carries_too_many,
    email_point,
    email_points,
    phone_point,
    phone_points,
)
from services.segments.store.guests import removed_points as store
from services.segments.store.guests.guests import lock_guests, next_versions
from services.segments.store.guests.removed_points import ByHand, Judged
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.vocabulary.channel import Channel
from shared.vocabulary.contact_point import CALLED, PointClass, PointFault

Domains = frozenset[str]


def point_typed(channel: str, text: str, countries: Sequence[str | None], agency_domains: Domains) -> Point:
    """What a person typed. `countries`: where a number may be dialled, the guest's own first. A number without text
    messages is kept all the same: it can be called. Raises `InputError` with what is wrong under `address`: a fault's
    value, or `missing`, `several`, `masked`.
    """
    is_email = channel == Channel.EMAIL
    points = email_points(text, agency_domains) if is_email else phone_points(text, *countries)
    if not points:
        raise InputError(problems={"address": "missing"})
    if len(points) > 1:
        raise InputError(problems={"address": "several"})
    found = points[0]
    if found.fault and found.fault not in CALLED:
        raise InputError(problems={"address": str(found.fault)})
    if found.kind is PointClass.MASKED:
        raise InputError(problems={"address": "masked"})
    return found


def add_point(
    tx: Tx,
    guest_id: UUID,
    version: int,
    point: Point,
    by: Person | str,
    at: datetime,
    agency_domains: Domains,
    *,
    instead_of: str | None = None,
) -> None:
    """`instead_of`: the point that it corrects, and that is removed. Raises `Conflict` where the guest was changed
    since.
    """
    guest = locked_guest(tx, guest_id)
    newest, *older = tx.keyring.indexes(point.channel, point.address)
    index = store.known_point(tx, [newest, *older]) or newest
    if store.channel_of(tx, guest_id, index) and not (instead_of and store.channel_of(tx, guest_id, instead_of)):
        return
    if guest.version != version:
        raise Conflict()
    sealed = tx.keyring.seal(point.address, Sealing.CONTACT)
    store.forget_removal(tx, guest_id, index)
    by_hand = ByHand(guest_id, index, point.channel, sealed, point.kind, point.fault)
    added = store.add_by_hand(tx, [by_hand], at)
    was = None
    if instead_of is not None and instead_of != index:
        was = store.remove(tx, guest_id, instead_of, name_of(by), at)
    if not added and was is None:
        return
    became = sealed if added else None
    keep_history(tx, guest_id, point.channel, {"was_sealed": was, "became_sealed": became}, by, at)
    _publish(tx, guest_id, [index, *([instead_of] if instead_of else [])], agency_domains, at)
    note(tx, guest_id, "guest.contact_corrected", by, {"channel": point.channel}, at)


def remove_point(
    tx: Tx, guest_id: UUID, version: int, point: str, by: Person | str, at: datetime, agency_domains: Domains
) -> None:
    guest = locked_guest(tx, guest_id)
    channel = store.channel_of(tx, guest_id, point)
    if channel is None:
        return
    if guest.version != version:
        raise Conflict()
    was = store.remove(tx, guest_id, point, name_of(by), at)
    keep_history(tx, guest_id, channel, {"was_sealed": was}, by, at)
    _publish(tx, guest_id, [point], agency_domains, at)
    note(tx, guest_id, "guest.contact_removed", by, {"channel": channel}, at)


def return_point(
    tx: Tx, guest_id: UUID, version: int, point: str, by: Person | str, at: datetime, agency_domains: Domains
) -> None:
    """It was the guest's after all."""
    guest = locked_guest(tx, guest_id)
    removed = store.forget_removal(tx, guest_id, point)
    if removed is None:
        return
    if guest.version != version:
        raise Conflict()
    plain = tx.keyring.open(removed.address, Sealing.CONTACT)
    kind, fault = _class_of(removed.channel, plain, agency_domains)
    store.add_by_hand(tx, [ByHand(guest_id, point, removed.channel, removed.address, kind, fault)], at)
    keep_history(tx, guest_id, removed.channel, {"became_sealed": removed.address}, by, at, back=True)
    _publish(tx, guest_id, [point], agency_domains, at)
    note(tx, guest_id, "guest.contact_returned", by, {"channel": removed.channel}, at)


def _publish(tx: Tx, guest_id: UUID, points: Collection[str], agency_domains: Domains, at: datetime) -> None:
    """The guest, and everybody for whom one of these points is worth something else now."""
    changed = {guest_id} | judge_points(tx, points, agency_domains)
    lock_guests(tx, changed)
    next_versions(tx, changed, at)
    publish_and_evaluate(tx, changed, at)


def judge_points(tx: Tx, points: Collection[str], agency_domains: Domains) -> set[UUID]:
    """Counts who has these points and classes them anew; the guests for whom one is worth something else now."""
    known = store.lock_points(tx, points)
    owners = store.owners_of(tx, known)
    store.drop_points(tx, known.keys() - owners.keys())
    found = {point: _judged(tx, known[point], len(those), agency_domains) for point, those in owners.items()}
    counted = {point: (*found[point], len(those)) for point, those in owners.items()}
    was = {point: (one.kind, one.fault, one.guests) for point, one in known.items()}
    store.set_classes(tx, [(point, *now) for point, now in counted.items() if now != was[point]])
    changed = [point for point, now in found.items() if now != was[point][:2]]
    return {guest for point in changed for guest in owners[point]}


def _judged(tx: Tx, known: Judged, owners: int, agency_domains: Domains) -> tuple[PointClass, PointFault | None]:
    if known.fault == PointFault.REFUSED:
        return PointClass.BAD, PointFault.REFUSED
    fitting, fault = _class_of(known.channel, tx.keyring.open(known.address, Sealing.CONTACT), agency_domains)
    if fitting is PointClass.PERSONAL and carries_too_many(owners):
        fitting = PointClass.AGENCY
    return fitting, fault


def _class_of(channel: str, plain: str, agency_domains: Domains) -> tuple[PointClass, PointFault | None]:
    found = email_point(plain, agency_domains) if channel == Channel.EMAIL else phone_point(plain)
    return (found.kind, found.fault) if found else (PointClass.BAD, PointFault.PLACEHOLDER)
