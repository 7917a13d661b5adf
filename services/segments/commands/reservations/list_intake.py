"""Rows of lists, taken against all that is known: people, who need have no stay."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from services.segments.commands.reservations.intake import Intake, sought_by
from services.segments.commands.reservations.prepared import PreparedContact
from services.segments.rules.people.identity import Match, is_unnamed, may_be, resolve
from services.segments.rules.people.listed import filled_by_list, guest_of_list
from shared.database.pool import Tx
from shared.ids import make_id


@dataclass
class ListIntake(Intake):
    """An intake that takes rows of lists as well."""

    listed: dict[UUID, UUID] = field(default_factory=dict)  # by row of a list, the guest who is known by it
    contacts_taken: dict[UUID, tuple[PreparedContact, UUID]] = field(default_factory=dict)  # by row, with its guest

    def take_contact(self, tx: Tx, prepared: PreparedContact) -> None:
        """Find or make the guest whom a row of a list names, and note all that it states: there is no stay."""
        match = self._who_is_listed(prepared)
        guest = self.guests[match.guest_id] if match.guest_id else None
        if guest is None and prepared.hash in self.erased:
            self.late += 1
            return
        if guest:
            self.guests[guest.id] = filled_by_list(guest, prepared.row, prepared.zone)
        else:
            made = make_id("guest", str(prepared.number), self.at.isoformat())
            guest = guest_of_list(prepared.row, prepared.said_at, prepared.zone, made)
            self.new_guests[made] = self.guests[made] = guest
        if match.others:
            self._file(match, guest.id, prepared.row.ref())
        if self.strangers:
            self._file_strangers(prepared, guest.id)
        self._note_points(tx, prepared, guest.id, None)
        self._note_claims(prepared, guest.id)
        self._note_key(prepared, guest.id)
        self._note_wishes(prepared, guest.id)
        if prepared.number not in self.listed:  # a tag that somebody took away stays away
            self.tags.setdefault(guest.id, set()).add(prepared.row.list_name)
        self.listed[prepared.number] = guest.id
        self.contacts_taken[prepared.number] = prepared, guest.id

    def _who_is_listed(self, prepared: PreparedContact) -> Match:
        """Whom the row named before, else who has one of its keys."""
        sought = sought_by(prepared)
        own = self.guests.keys() - self.strangers if self.strangers else self.guests.keys()
        before = self.listed.get(prepared.number)
        if before is not None and before in own and (is_unnamed(sought.name) or may_be(self.guests[before], sought)):
            return Match(before, None)
        match = resolve(sought, self._offers(prepared, own), self.guests)
        if match.key:
            self.joins[str(match.key)] += 1
        return match
