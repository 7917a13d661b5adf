"""Whose reservation a row is.

A row is the guest's who carries the same personal e-mail address, the same personal phone number, or the same full
name and birth date: in this order, and only under a compatible name. Two known birth dates that differ by more than a
slip are two guests, whatever else agrees; a row of two people is those two people's alone. Masked and agency addresses
and bare names join nobody. Among several on one key the oldest is joined. Whoever is known by an address or number
alone, without a name, is whoever comes with it first; where others have it too, or two people come, that is filed.
Whoever else fits, or is alike, is filed as a possible duplicate; two guests who exist are never merged here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.segments.rules.likeness.names import may_be_a_slip
from services.segments.rules.likeness.score import Likened, Likeness, likeness
from services.segments.rules.people.births import Births, births
from services.segments.rules.people.contacts import StatedRow
from services.segments.rules.people.guests import Guest, is_placeholder
from services.segments.rules.people.names import Name, compatible, full, key_of
from shared.rows import row


class Key(StrEnum):
    """The keys of identity, the strongest first."""

    EMAIL = "email"
    PHONE = "phone"
    NAME_BIRTH = "name_birth"


@row
class Other:
    """A guest who fits a row as well, or is alike: by the strongest key, with the likeness to the row's guest."""

    guest_id: UUID
    key: Key
    likeness: Likeness


@row
class Match:
    """`guest_id` None: nobody fits, the row makes a guest. `others`: those to be filed."""

    guest_id: UUID | None
    key: Key | None
    others: tuple[Other, ...] = ()


@row
class Sought:
    """Whom a row names. `is_couple`: two people."""

    name: Name
    birth_date: date | None
    is_couple: bool


def resolve(sought: Sought, offers: Sequence[tuple[Key, Collection[UUID]]], guests: Mapping[UUID, Guest]) -> Match:
    """Who of those the keys offer the row's guest is. `offers`: strongest key first."""
    keys: dict[UUID, Key] = {}
    for key, ids in offers:
        for id in ids if len(ids) < 2 else sorted(ids, key=lambda id: guests[id].since):
            keys.setdefault(id, key)
    if not keys:
        return Match(None, None)
    if is_unnamed(sought.name):
        fits = [id for id in keys if not _has_another_birth_date(guests[id], sought)]
        chosen = _sole_owner(fits, offers, sought, guests)
    else:
        fits = [id for id in keys if may_be(guests[id], sought)]
        chosen = fits[0] if fits else None
        fits += [id for id in keys if may_get_its_name(guests[id], sought)]
        chosen = chosen or _sole_owner(fits, offers, sought, guests)
    others = [
        _other(guests[id], key, sought, offers)
        for id, key in keys.items()
        if id != chosen and (id in fits or may_be_alike(guests[id], sought))
    ]
    filed = tuple(other for other in others if other.guest_id in fits or other.likeness.is_filed)
    return Match(chosen, keys[chosen] if chosen else None, filed)


def _sole_owner(
    fits: Collection[UUID],
    offers: Sequence[tuple[Key, Collection[UUID]]],
    sought: Sought,
    guests: Mapping[UUID, Guest],
) -> UUID | None:
    """Where one of the two has no name: the one guest who has the address or number. None where others have it too, or
    where two people's birth date would become one's."""
    if sought.is_couple:
        return None
    for _, ids in offers:
        if len(ids) == 1 and (id := next(iter(ids))) in fits and not (guests[id].is_couple and sought.birth_date):
            return id
    return None


def may_be(guest: Guest, sought: Sought) -> bool:
    """Whether a guest who has a key of the row may be whom it names."""
    if not any(compatible(sought.name, known) for known in guest.names):
        return False
    return guest.is_couple == sought.is_couple and not _has_another_birth_date(guest, sought)


def may_get_its_name(guest: Guest, sought: Sought) -> bool:
    """Whether a guest who has a key of the row, and of whom no name is known, may be whom it names."""
    return is_unnamed(guest.name) and all(map(is_unnamed, guest.names)) and not _has_another_birth_date(guest, sought)


def is_unnamed(name: Name) -> bool:
    return not (name.given or name.family)


def may_be_alike(guest: Guest, sought: Sought) -> bool:
    """Whether a closer look is worth its time."""
    alike = any(may_be_a_slip(sought.name, known) for known in guest.names)
    return alike and not (sought.is_couple or guest.is_couple or _has_another_birth_date(guest, sought))


def _has_another_birth_date(guest: Guest, sought: Sought) -> bool:
    if sought.birth_date is None or guest.birth_date is None:
        return False
    agree = {births(known, sought.birth_date) for known in guest.birth_dates}
    return Births.OTHER in agree and agree.isdisjoint({Births.SAME, Births.SLIP})


def _other(guest: Guest, key: Key, sought: Sought, offers: Sequence[tuple[Key, Collection[UUID]]]) -> Other:
    shared = {offered for offered, ids in offers if guest.id in ids}
    emails = frozenset({"shared"} if Key.EMAIL in shared else ())
    phones = frozenset({"shared"} if Key.PHONE in shared else ())
    row = Likened((sought.name,), sought.birth_date, emails, phones)
    return Other(guest.id, key, likeness(row, Likened(guest.names, guest.birth_date, emails, phones)))


def name_birth(row: StatedRow) -> str | None:
    """The key of a full name and a birth date; None where either is missing."""
    return name_birth_of(row.given_name, row.family_name, row.birth_date)


def name_birth_of(given_name: str, family_name: str, birth_date: date | None) -> str | None:
    name = Name(given_name, family_name)
    if birth_date is None or is_placeholder(birth_date) or not full(name):
        return None
    return f"{key_of(name)}\x1f{birth_date.isoformat()}"
