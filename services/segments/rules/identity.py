"""Whose reservation a row is.

A row is the guest's who carries the same personal e-mail address, the same personal phone number, or the same full
name and birth date: in this order, and only under a compatible name. Masked and agency addresses and bare names join
nobody. Among several on one key the oldest is joined. Whoever else fits is filed as a possible duplicate; two guests
who exist are never merged here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.segments.rules.guests import Guest, is_placeholder
from services.segments.rules.names import Name, compatible, full, key_of
from services.segments.rules.reservations import Reservation
from shared.rows import row


class Key(StrEnum):
    """The keys of identity, the strongest first."""

    EMAIL = "email"
    PHONE = "phone"
    NAME_BIRTH = "name_birth"


@row
class Match:
    """`guest_id` None: nobody fits, the row makes a guest. `others`: who fits as well, each by the strongest key."""

    guest_id: UUID | None
    key: Key | None
    others: tuple[tuple[UUID, Key], ...] = ()


def resolve(name: Name, offers: Sequence[tuple[Key, Collection[UUID]]], guests: Mapping[UUID, Guest]) -> Match:
    """Who of those the keys offer the row's guest is. `offers`: strongest key first."""
    fits: dict[UUID, Key] = {}
    for key, ids in offers:
        oldest_first = sorted((guests[id] for id in ids), key=lambda guest: guest.since)
        for guest in oldest_first:
            if guest.id not in fits and any(compatible(name, known) for known in guest.names):
                fits[guest.id] = key
    if not fits:
        return Match(None, None)
    (chosen, key), *others = fits.items()
    return Match(chosen, key, tuple(others))


def name_birth(row: Reservation) -> str | None:
    """The key of a full name and a birth date; None where either is missing."""
    return name_birth_of(row.given_name, row.family_name, row.birth_date)


def name_birth_of(given_name: str, family_name: str, birth_date: date | None) -> str | None:
    name = Name(given_name, family_name)
    if birth_date is None or is_placeholder(birth_date) or not full(name):
        return None
    return f"{key_of(name)}\x1f{birth_date.isoformat()}"
