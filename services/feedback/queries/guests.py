"""Guests as feedback's pages need them: their name, their stays, and who can look after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.feedback.queries.scope import GUEST_SEEN
from shared.access.people import Person
from shared.access.scope import Scope, within
from shared.database.pool import Tx
from shared.naming import full_name
from shared.vocabulary.role import Role
from shared.vocabulary.stay import StayStatus


@dataclass(frozen=True, kw_only=True)
class Named:
    """A row that belongs to a guest. Empty names: the guest was erased, or is not known yet."""

    given_name: str
    family_name: str

    @property
    def guest_name(self) -> str:
        return full_name(self.given_name, self.family_name)


@dataclass(frozen=True, kw_only=True)
class GuestLine(Named):
    guest_id: UUID
    home_property: str | None


@dataclass(frozen=True, kw_only=True)
class StayLine:
    stay_id: UUID
    property: str
    hotel: str
    reservation: str
    arrival: date
    departure: date


def guest(tx: Tx, guest_id: UUID, scope: Scope) -> GuestLine | None:
    """A guest of one of these hotels; None for the others and for erased guests."""
    found = tx.rows(GuestLine, GUEST, {"guest_id": guest_id, **scope.values})
    return found[0] if found else None


def stays(tx: Tx, guest_id: UUID, scope: Scope) -> list[StayLine]:
    """The guest's stays in these hotels, newest first."""
    params = {
        "guest_id": guest_id,
        **scope.values,
        "statuses": [StayStatus.CHECKED_IN, StayStatus.CHECKED_OUT, StayStatus.BOOKED],
    }
    return tx.rows(StayLine, STAYS, params)


def hotels_of(tx: Tx, guest_id: UUID) -> list[str]:
    """The hotels whose people see this guest."""
    return [code for (code,) in tx.execute(HOTELS, {"guest_id": guest_id})]


def same_person(tx: Tx, guest_id: UUID) -> list[UUID]:
    """The guest and all who were merged into this one."""
    return [row[0] for row in tx.execute(SAME_PERSON, {"guest_id": guest_id}).fetchall()]


def staff(tx: Tx) -> list[Person]:
    """All people who have access, by name."""
    rows = tx.execute(STAFF, {"program": Role.PROGRAM}).fetchall()
    return [Person(person_id, name, Role(role), frozenset(codes)) for person_id, name, role, codes in rows]


GUEST = f"""
    select guest_id, given_name, family_name, home_property from guest_known as guest
    where guest_id = %(guest_id)s and not gone and {GUEST_SEEN}
"""
STAYS = f"""
    select stay_id, property, coalesce(hotel.name, property) as hotel, reservation, arrival, departure
    from stay_known left join hotel_known as hotel on hotel.code = property
    where guest_id = %(guest_id)s and status = any(%(statuses)s::text[])
      and {within("property")}
    order by arrival desc, stay_id
    limit 20
"""
HOTELS = """
    select home_property from guest_known where guest_id = %(guest_id)s and home_property is not null
    union
    select property from stay_known where guest_id = %(guest_id)s
"""
SAME_PERSON = """
    with recursive person as (
        select %(guest_id)s::uuid as guest_id
        union
        select other.guest_id from guest_known as other join person on other.into_guest_id = person.guest_id
    )
    select guest_id from person
"""
STAFF = """
    select person_id, name, role, properties from person_known
    where role is not null and role <> %(program)s
    order by name, person_id
"""
