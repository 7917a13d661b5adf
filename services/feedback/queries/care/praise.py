"""Praise as pages show and count it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.queries.guests import Named
from shared.access.scope import Scope, within
from shared.database.pool import Tx

A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class PraiseLine(Named):
    praise_id: UUID
    property: str
    hotel: str
    zone: str
    department: str | None
    colleague: str | None
    guest_id: UUID | None
    words_sealed: str | None
    entered_by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PraiseCount:
    """Of a department or of a colleague at a hotel."""

    property: str
    hotel: str
    department: str | None
    colleague: str | None
    count: int


def praised(tx: Tx, scope: Scope, after: tuple[datetime, UUID] | None) -> list[PraiseLine]:
    """One more than a page holds, where there are more, newest first."""
    at, key = after or (None, None)
    return tx.rows(PraiseLine, LINES, {**scope.values, "at": at, "key": key, "most": A_PAGE + 1})


def praise(tx: Tx, praise_id: UUID, scope: Scope) -> PraiseLine | None:
    found = tx.rows(PraiseLine, ONE, {**scope.values, "praise_id": praise_id})
    return found[0] if found else None


def counted(tx: Tx, scope: Scope, since: datetime) -> tuple[list[PraiseCount], list[PraiseCount]]:
    """How often departments, and colleagues, were praised since; who most first. What names both counts for each."""
    params = {**scope.values, "since": since}
    departments, colleagues = (tx.rows(PraiseCount, query, params) for query in (BY_DEPARTMENT, BY_COLLEAGUE))
    return departments, colleagues


SELECT = """
    select praise_id, said.property, coalesce(hotel.name, said.property) as hotel, coalesce(hotel.zone, 'UTC') as zone,
           department, colleague, said.guest_id, words_sealed, entered_by, at,
           coalesce(guest.given_name, '') as given_name, coalesce(guest.family_name, '') as family_name
    from praise as said
    left join hotel_known as hotel on hotel.code = said.property
    left join guest_known as guest on guest.guest_id = said.guest_id
"""
SEEN = within("said.property")
LINES = f"""{SELECT}
    where {SEEN} and (%(at)s::timestamptz is null or (at, praise_id) < (%(at)s::timestamptz, %(key)s::uuid))
    order by at desc, praise_id desc limit %(most)s
"""
ONE = f"{SELECT} where {SEEN} and praise_id = %(praise_id)s"
BY_DEPARTMENT = f"""
    select said.property, coalesce(hotel.name, said.property) as hotel, department, null as colleague, count(*) as count
    from praise as said left join hotel_known as hotel on hotel.code = said.property
    where {SEEN} and at >= %(since)s and department is not null
    group by 1, 2, 3 order by count desc, hotel, department
"""
BY_COLLEAGUE = f"""
    select said.property, coalesce(hotel.name, said.property) as hotel, null as department, colleague, count(*) as count
    from praise as said left join hotel_known as hotel on hotel.code = said.property
    where {SEEN} and at >= %(since)s and colleague is not null
    group by said.property, 2, colleague_id, colleague order by count desc, hotel, colleague
"""
