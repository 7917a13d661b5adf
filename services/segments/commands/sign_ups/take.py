"""Take over what guests sent by a sign-up page.

The page itself only keeps it: what is known of an address changes neither its answer nor how long that takes. Then,
one after another and each in one transaction:

1. who has the address or number, under a name that may be theirs, is the guest; else one is made, without a stay
2. nothing known of a guest is overwritten: what differs waits for people
3. a box counts where the address or number given with it is the guest's; else it waits for people too
4. guest.signed_up carries the boxes with their words, after the guest.changed of whom it made
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.segments.commands.guests.make import NewGuest, alike, make_guest
from services.segments.commands.guests.noting import note
from services.segments.rules.people.contact_points import Point, email_point, phone_point
from services.segments.rules.people.corrections import Field
from services.segments.rules.people.guests import Guest
from services.segments.rules.people.identity import Key, Sought, may_be, may_get_its_name
from services.segments.rules.people.names import Name
from services.segments.rules.sign_ups import MOST_OF_A_POINT, SPAN, Typed, differences
from services.segments.store import sign_ups as store
from services.segments.store.guests.guests import load_guests
from services.segments.store.guests.removed_points import known_point
from services.segments.store.properties import property_places
from services.segments.store.sign_ups import SignUp
from shared.access.audit import THE_GUEST
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.segments.guests import GuestSignedUp, SignedBox
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import Confirmed, must_be_confirmed
from shared.vocabulary.couples import names_two
from shared.vocabulary.sign_up import Box

SOURCE = "sign-up"
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class TakingOver:
    """By what it is judged. `confirmed`: where consents to offers are confirmed by a link."""

    agency_domains: frozenset[str]
    confirmed: Confirmed


def keep_sign_up(tx: Tx, sign_up: SignUp) -> bool:
    """False where the same form was sent before, or too many came with its address or number: whoever sends it is not
    told, and nobody's mailbox is filled with our questions."""
    if store.sent_with(tx, store.points_in(tx, sign_up.typed), sign_up.said_at - A_DAY) >= MOST_OF_A_POINT:
        return False
    return store.add_sign_up(tx, sign_up)


def busy_for(tx: Tx, form: str, network: str, at: datetime) -> int:
    """Counts one that is sent by this form; the seconds until it may be sent again, 0 where it may be kept. What was
    sent alone decides it, never who is known."""
    since = datetime.fromtimestamp(at.timestamp() // SPAN.total_seconds() * SPAN.total_seconds(), UTC)
    return store.count_sent(tx, form, network, since).busy_for(at)


def take_next(tx: Tx, by: TakingOver, at: datetime) -> bool:
    """False where nothing waits."""
    sign_up = store.claim_waiting(tx)
    if sign_up is None:
        return False
    zone, country = place_of(tx, sign_up.property)
    new = _new_guest(sign_up, zone, country, by.agency_domains)
    known = _whose(tx, new, sign_up)
    guest_id = known.id if known else make_guest(tx, new, THE_GUEST, at, by.agency_domains)
    strange = _strange(tx, guest_id, new.points)
    differs = differences(known, sign_up.typed, strange) if known else []
    counting = [box for box in sign_up.boxes if box.channel.kept_as not in strange]
    waiting = [box for box in sign_up.boxes if box.channel.kept_as in strange]
    details = {"form": sign_up.form, "version": sign_up.form_version, "boxes": list(map(str, counting))}
    note(tx, guest_id, "guest.signed_up", THE_GUEST, details, at)
    publish_signed_up(tx, sign_up, guest_id, counting, by, at, is_new=known is None)
    store.keep_taken(tx, sign_up.id, guest_id, waiting, differs)
    return True


def publish_signed_up(
    tx: Tx,
    sign_up: SignUp,
    guest_id: UUID,
    boxes: Sequence[Box],
    by: TakingOver,
    at: datetime,
    *,
    version: int = 1,
    is_new: bool = False,
    colleague: str | None = None,
) -> None:
    """`boxes`: those that count now. In the words of the version that the guest read."""
    guest = load_guests(tx, [guest_id])[guest_id]
    wording = store.wording_at(tx, sign_up.form, sign_up.form_version)
    assert wording is not None
    _, country = place_of(tx, sign_up.property)
    texts = wording.texts[sign_up.language]
    found = [
        SignedBox(
            channel=str(box.channel),
            purpose=str(box.purpose),
            point=_index(tx, box.channel, _address(sign_up, box.channel)),
            words=texts[box],
            must_confirm=must_be_confirmed(box.channel, box.purpose, by.confirmed, guest.country, country),
        )
        for box in boxes
    ]
    said = GuestSignedUp(
        signup_id=sign_up.id,
        version=version,
        guest_id=guest_id,
        form=sign_up.form,
        form_version=sign_up.form_version,
        property=sign_up.property,
        page=sign_up.page,
        language=sign_up.language,
        zone=guest.home_zone,
        is_new=is_new,
        boxes=found,
        said_at=sign_up.said_at,
        occurred_at=at,
        by=colleague,
    )
    publish(tx, chunk_of([said]), at=at)


def place_of(tx: Tx, hotel: str | None) -> tuple[str, str | None]:
    """Zone and country of a hotel; of the whole house the zone of its first hotel, and no country."""
    places = property_places(tx)
    if hotel in places:
        return places[hotel]
    return next((zone for _, (zone, _country) in sorted(places.items())), "UTC"), None


def points_in(sign_up: SignUp, country: str | None, agency_domains: frozenset[str]) -> tuple[Point, ...]:
    """What was typed is clean already."""
    typed = sign_up.typed
    found = (
        email_point(typed.email, agency_domains) if typed.email else None,
        phone_point(typed.phone, country) if typed.phone else None,
    )
    return tuple(point for point in found if point)


def _new_guest(sign_up: SignUp, zone: str, country: str | None, agency_domains: frozenset[str]) -> NewGuest:
    typed = sign_up.typed
    profile = {
        Field.TITLE: (None,),
        Field.NAME: (typed.given_name, typed.family_name),
        Field.BIRTH_DATE: (None if _names_two(typed) else typed.birth_date,),  # it would be one of the two's
        Field.LANGUAGE: (sign_up.language,),
        Field.COUNTRY: (None,),
    }
    points = points_in(sign_up, country, agency_domains)
    return NewGuest(sign_up.id, sign_up.property, zone, profile, points, SOURCE)


def _whose(tx: Tx, new: NewGuest, sign_up: SignUp) -> Guest | None:
    """By an address or number alone: a name and a birth date are known to many, and would hand a stranger's address to
    the guest.
    """
    typed = sign_up.typed
    sought = Sought(Name(typed.given_name, typed.family_name), typed.birth_date, _names_two(typed))
    found = alike(tx, new)
    known = load_guests(tx, found)
    usable = {Key.EMAIL, Key.PHONE} & {_key(point) for point in new.points if point.identifies}
    theirs = [known[id] for id, key in found.items() if id in known and key in usable]
    fits = [guest for guest in theirs if may_be(guest, sought)]
    if not fits and not sought.is_couple:
        fits = [guest for guest in theirs if may_get_its_name(guest, sought)]
    return min(fits, key=lambda guest: (found[guest.id] != Key.EMAIL, guest.since), default=None)


def _names_two(typed: Typed) -> bool:
    return names_two(typed.given_name, typed.family_name, None)


def _key(point: Point) -> Key:
    return Key.EMAIL if point.channel == Channel.EMAIL else Key.PHONE


def _strange(tx: Tx, guest_id: UUID, points: Collection[Point]) -> set[Channel]:
    """The channels whose typed address or number is not the guest's."""
    return {
        Channel(point.channel)
        for point in points
        if not store.points_among(tx, guest_id, tx.keyring.indexes(point.channel, point.address))
    }


def _address(sign_up: SignUp, channel: Channel) -> str:
    return sign_up.typed.email if channel is Channel.EMAIL else sign_up.typed.phone


def _index(tx: Tx, channel: Channel, address: str) -> str:
    indexes = tx.keyring.indexes(channel.kept_as, address)
    return known_point(tx, indexes) or indexes[0]
