"""What a list says of a guest: it fills what is unknown, and gives way to whatever a stay says.

A list is of no day that anybody knows, so that its word is never the later one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from services.segments.rules.people.contacts import Contact
from services.segments.rules.people.guests import Guest, guest_of, updated_by
from services.segments.rules.people.names import Name, fuller

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def guest_of_list(row: Contact, said_at: datetime, zone: str, guest_id: UUID) -> Guest:
    """The guest whom a row of a list makes, known since that instant. `zone`: the hotel's."""
    return replace(guest_of(row, LONG_AGO, zone, guest_id), first_said_at=said_at)


def filled_by_list(guest: Guest, row: Contact, zone: str) -> Guest:
    """The guest with what was unknown of them; a name gives way to a fuller one only."""
    if not fuller(Name(row.given_name, row.family_name), guest.name):
        row = replace(row, given_name=guest.given_name, family_name=guest.family_name)
    return updated_by(guest, row, LONG_AGO, zone)
