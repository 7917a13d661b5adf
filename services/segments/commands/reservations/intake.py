"""Rows of reservations, read one after another in booking order against all that is known of their guests.

An intake is filled in two goes: what the database knows of the rows' addresses, keys and guests is loaded in sets,
then each row is taken, and what it adds counts for the next one. Nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.segments.commands.reservations.cleaning import with_form
from services.segments.commands.reservations.numbers import Numbers, Place, Told
from services.segments.commands.reservations.prepared import PreparedRow, ReadyRow
from services.segments.rules.house_dates import told
from services.segments.rules.people.contact_points import Point, carries_too_many, identifies
from services.segments.rules.people.guests import Guest, guest_of, updated_by
from services.segments.rules.people.identity import Key, Match, Sought, may_be, resolve
from services.segments.rules.people.names import Name
from services.segments.rules.reservations import Reservation
from services.segments.rules.stays import Stay, anonymous, stay_of
from services.segments.store.guests.dates import GuestDate
from services.segments.store.guests.points import (
    Claim,
    Duplicate,
    GuestPoint,
    KnownPoint,
)
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.contact_point import PointClass, PointFault

EXISTING_CUSTOMER_FOR = timedelta(days=730)


@dataclass
class Intake:
    """What is known, and what the rows taken so far add to it."""

    at: datetime
    points: dict[str, KnownPoint]
    keys: dict[str, set[UUID]]
    guests: dict[UUID, Guest]
    before: Mapping[UUID, Guest]
    numbers: Numbers
    erased: Mapping[bytes, UUID]  # by row, the tombstone of the erased guest whose it is
    contacts: Mapping[UUID, set[str]]  # by guest; of those known before, as far as a row is doubtful
    strangers: frozenset[UUID] = frozenset()  # guests of other hotels, whom no row may be joined to
    removed: Mapping[str, set[UUID]] = field(default_factory=dict)  # by contact point, who no longer has it
    new_guests: dict[UUID, Guest] = field(default_factory=dict)
    new_keys: set[tuple[str, UUID]] = field(default_factory=set)
    touched_points: dict[str, KnownPoint] = field(default_factory=dict)
    guest_points: dict[tuple[UUID, str], GuestPoint] = field(default_factory=dict)
    claims: dict[tuple[UUID, str], Claim] = field(default_factory=dict)
    duplicates: list[Duplicate] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    taken: list[tuple[PreparedRow, UUID, UUID]] = field(default_factory=list)  # each row with its stay and its guest
    flipped: set[UUID] = field(default_factory=set)
    joins: Counter[str] = field(default_factory=Counter)
    late: int = 0  # rows that tell less than what is known by now
    faults: Counter[str] = field(default_factory=Counter)
    tags: dict[UUID, set[str]] = field(default_factory=dict)  # by guest those that rows give
    wishes: dict[UUID, list[str]] = field(default_factory=dict)  # by guest, in the order of the rows
    days: dict[tuple[UUID, str], GuestDate] = field(default_factory=dict)  # by guest and the house's own date

    def take(self, tx: Tx, prepared: PreparedRow) -> None:
        """Find or make the row's guest and note all that the row states."""
        place = self.numbers.place(prepared, self.guests, lambda guest_id: self._shares(prepared, guest_id))
        if place.told is Told.LATE:
            self.late += 1
            return
        if place.told is Told.ERASED:
            self._take_anonymous(prepared, place, place.stay.guest_id if place.stay else prepared.number)
            return
        known = place.stay if place.told is Told.SAME else None
        match = Match(known.guest_id, None) if known else self._whose(prepared, place)
        guest = self.guests[match.guest_id] if match.guest_id else None
        if guest is None and (tombstone := self.erased.get(prepared.hash)):
            if place.told is Told.MOVED:  # whoever it was is nobody any more; the stay is another's
                self.late += 1
            else:
                self._take_anonymous(prepared, place, tombstone)
            return
        if guest:
            self.guests[guest.id] = updated_by(guest, prepared.row, prepared.said_at, prepared.zone)
        else:
            guest = self._make(prepared, place)
        if match.others:
            self._file(match, guest.id, prepared.row.ref())
        if self.strangers and not known:
            self._file_strangers(prepared, guest.id)
        self._note(tx, prepared, guest.id, place)

    def _note(self, tx: Tx, prepared: PreparedRow, guest_id: UUID, place: Place) -> None:
        """All that a row states of a guest whom it found."""
        stay_id = self.numbers.id_of(prepared, place)
        self._note_points(tx, prepared, guest_id, stay_id)
        self._note_claims(prepared, guest_id)
        self._note_key(prepared, guest_id)
        self._note_wishes(prepared, guest_id)
        if place.told is Told.MOVED and place.stay:
            self.numbers.leave(prepared.number, place.stay)
        row, zone = prepared.row, prepared.zone
        stay = stay_of(row, stay_id, guest_id, zone, prepared.hash, self.at, prepared.company_id)
        self._keep(stay, prepared, place)

    def _note_wishes(self, prepared: ReadyRow, guest_id: UUID) -> None:
        if prepared.row.tags:
            self.tags.setdefault(guest_id, set()).update(prepared.row.tags)
        if prepared.row.wishes:
            self.wishes.setdefault(guest_id, []).extend(prepared.row.wishes)
        for key, day in map(told, prepared.row.days or ()):
            before = self.days.get((guest_id, key))
            if before is None or prepared.said_at >= before.said_at:
                said = GuestDate(guest_id, key, day, False, prepared.said_at, prepared.row.ref())
                self.days[guest_id, key] = said

    def _note_key(self, prepared: ReadyRow, guest_id: UUID) -> None:
        if prepared.name_birth and guest_id not in (those := self.keys.setdefault(prepared.name_birth, set())):
            those.add(guest_id)
            self.new_keys.add((prepared.name_birth, guest_id))

    def _keep(self, stay: Stay, prepared: PreparedRow, place: Place) -> None:
        if stay.id != prepared.number:
            stay = replace(stay, again_of=prepared.number)
        self.stays.append(stay)
        self.taken.append((prepared, stay.id, stay.guest_id))
        self.numbers.keep(prepared.number, stay)

    def _take_anonymous(self, prepared: PreparedRow, place: Place, tombstone: UUID) -> None:
        """The guest was erased: the hotel's figures need the stay, and nothing else of the row is kept."""
        stay_id = self.numbers.id_of(prepared, place)
        stay = stay_of(prepared.row, stay_id, tombstone, prepared.zone, b"", self.at, prepared.company_id)
        self._keep(anonymous(stay, tombstone), prepared, place)

    def _whose(self, prepared: PreparedRow, place: Place) -> Match:
        """Who had or has another stay of the row's number, else who has one of its keys."""
        sought = sought_by(prepared)
        for guest_id in self.numbers.under(prepared) if place.told is not Told.FIRST else ():
            if guest_id in self.guests and may_be(self.guests[guest_id], sought):
                return Match(guest_id, None)
        own = self.guests.keys() - self.strangers if self.strangers else self.guests
        match = resolve(sought, self._offers(prepared, own), self.guests)
        if match.key:
            self.joins[str(match.key)] += 1
        return match

    def _shares(self, prepared: PreparedRow, guest_id: UUID) -> bool | None:
        """Whether a row has one of the guest's contact points; None where one of the two has none."""
        stated = {index for _, index, _ in prepared.points}
        if guest_id in self.new_guests:
            theirs = {point for whose, point in self.guest_points if whose == guest_id}
        else:
            theirs = self.contacts.get(guest_id, set())
        if not (theirs and stated):
            return None
        return not theirs.isdisjoint(stated.union(*(prepared.older.get(index, ()) for index in stated)))

    def _file_strangers(self, prepared: ReadyRow, guest_id: UUID) -> None:
        """Another hotel's guest whom the row fits: to join it would open them to its writer. Who sees both decides."""
        match = resolve(sought_by(prepared), self._offers(prepared, self.strangers), self.guests)
        if match.guest_id and match.key:
            self.duplicates.append(Duplicate(guest_id, match.guest_id, str(match.key), prepared.row.ref()))
        self._file(match, guest_id, prepared.row.ref())

    def _offers(self, prepared: ReadyRow, among: Collection[UUID]) -> list[tuple[Key, list[UUID]]]:
        """Guests by each key. `among`: those who are neither merged away nor erased, as far as they are asked about."""
        offers = []
        for key, index, point in prepared.points:
            known = self.points.get(index)
            if known and point.identifies and identifies(known.kind, known.fault):
                offers.append((key, [id for id in known.guests if id in among]))
            if index in self.removed:  # a source still states it: by it the guest is found, and does not get it back
                offers.append((key, [id for id in self.removed[index] if id in among]))
        if prepared.name_birth:
            ids = self.keys.get(prepared.name_birth, set())
            offers.append((Key.NAME_BIRTH, [id for id in ids if id in among]))
        return offers

    def _file(self, match: Match, guest_id: UUID, ref: str) -> None:
        self.duplicates += [
            Duplicate(guest_id, other.guest_id, str(other.key), ref, other.likeness.score, other.likeness.reasons)
            for other in match.others
            if other.guest_id != guest_id
        ]

    def _make(self, prepared: PreparedRow, place: Place) -> Guest:
        """A new guest; one of a number that is known already has an id of their own."""
        guest_id = None
        if place.told is Told.MOVED and place.stay:
            guest_id = make_id("guest", str(place.stay.id), place.stay.row_hash.hex())
        elif place.told is not Told.FIRST:
            guest_id = make_id("guest", str(self.numbers.id_of(prepared, place)))
        guest = guest_of(prepared.row, prepared.said_at, prepared.zone, guest_id)
        self.new_guests[guest.id] = self.guests[guest.id] = guest
        return guest

    def _note_points(self, tx: Tx, prepared: ReadyRow, guest_id: UUID, stay_id: UUID | None) -> None:
        for _, index, point in prepared.points:
            if point.fault:
                self.faults[f"{point.channel}:{point.fault}"] += 1
            if guest_id in self.removed.get(index, ()):
                continue
            known = self.points.get(index)
            if known is None:
                sealed = tx.keyring.seal(point.address, Sealing.CONTACT)
                known = self.points[index] = KnownPoint(
                    index, point.channel, sealed, point.kind, True, fault=point.fault
                )
            self.touched_points[known.point] = known
            self._add_owner(known, guest_id)
            if known.kind is PointClass.PERSONAL is not point.kind:
                self._demote(known, point.kind, point.fault)
            if point.form:
                self._note_form(tx, known, point)
            serves = stay_id if known.kind is PointClass.MASKED else None
            said = GuestPoint(guest_id, known.point, point.channel, serves, prepared.said_at, prepared.row.ref())
            before = self.guest_points.get((guest_id, known.point))
            if before is None or (said.said_at, said.source_ref) >= (before.said_at, before.source_ref):
                self.guest_points[guest_id, known.point] = said

    def _add_owner(self, point: KnownPoint, guest_id: UUID) -> None:
        """Adds a guest to a contact point; a point of too many names is a booker's from then on."""
        if not identifies(point.kind, point.fault) or guest_id in point.guests:
            return
        point.guests.add(guest_id)
        if carries_too_many(len(point.guests)):
            self._demote(point, PointClass.AGENCY)

    def _demote(self, point: KnownPoint, kind: PointClass, fault: PointFault | None = None) -> None:
        point.kind, point.fault = kind, fault
        self.flipped |= point.guests

    def _note_form(self, tx: Tx, known: KnownPoint, point: Point) -> None:
        """Another spelling of it: subscribers may keep an objection under that one."""
        forms = with_form(tx, known.forms, point.form)
        if forms != known.forms:
            known.forms = forms
            self.flipped |= known.guests

    def _note_claims(self, prepared: ReadyRow, guest_id: UUID) -> None:
        for claim in claims_of(prepared, guest_id):
            before = self.claims.get((guest_id, claim.channel))
            if before is None or _outdoes(claim, before):
                self.claims[guest_id, claim.channel] = claim


def claims_of(prepared: ReadyRow, guest_id: UUID) -> list[Claim]:
    """What a row states of a guest's consents."""
    row, found = prepared.row, []
    for channel, state in (
        ("email", row.email_consent),
        ("sms", row.sms_consent),
        ("whatsapp", row.whatsapp_consent),
    ):
        if state is not None:
            last = row.departure if isinstance(row, Reservation) else prepared.said_at.date()
            ends = last + EXISTING_CUSTOMER_FOR if state is ClaimedConsent.EXISTING_CUSTOMER else None
            found.append(Claim(guest_id, channel, state.value, prepared.said_at, row.ref(), ends))
    return found


def _outdoes(claim: Claim, before: Claim) -> bool:
    """The later word counts, but a refusal stands for good."""
    if ClaimedConsent.REFUSED in (claim.state, before.state):
        return before.state != ClaimedConsent.REFUSED
    return (claim.said_at, claim.source_ref) >= (before.said_at, before.source_ref)


def sought_by(prepared: ReadyRow) -> Sought:
    row = prepared.row
    return Sought(Name(row.given_name, row.family_name), row.birth_date, prepared.is_couple)
