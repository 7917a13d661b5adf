"""Who is in a segment, row by row, as far as the reader's hotels go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.segments.queries.scope import GUEST_SEEN, STAY_SEEN
from services.segments.store.evaluation.statement import BEFORE_ALL
from shared.access.scope import Scope
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx

A_RANGE = 2_000


@dataclass(frozen=True)
class Export:
    id: UUID
    number: int
    key: str
    name: str
    made_by: UUID
    made_at: datetime
    expires_at: datetime
    downloads: int


@dataclass(frozen=True)
class MemberRow:
    """`stays`, `last_stay_on`, `arrives_on`: in the reader's hotels."""

    guest_id: UUID
    title: str | None
    given_name: str
    family_name: str
    language: str | None
    country: str | None
    tier: str | None
    tags: list[str]
    stays: int
    nights: int
    last_stay_on: date | None
    arrives_on: date | None
    email: Sealed | None
    phone: Sealed | None


def export_of(tx: Tx, export_id: UUID) -> Export | None:
    found = tx.rows(
        Export,
        """
        select e.id, s.number, s.key, s.name, e.made_by, e.made_at, e.expires_at, e.downloads
        from segment_export e join segment s on s.number = e.segment where e.id = %s
        """,
        [export_id],
    )
    return found[0] if found else None


def exports_of(tx: Tx, number: int, person: UUID, now: datetime) -> list[Export]:
    """Those of this person that are still open, the newest first."""
    return tx.rows(
        Export,
        """
        select e.id, s.number, s.key, s.name, e.made_by, e.made_at, e.expires_at, e.downloads
        from segment_export e join segment s on s.number = e.segment
        where e.segment = %s and e.made_by = %s and e.expires_at > %s order by e.made_at desc, e.id
        """,
        [number, person, now],
    )


def members_after(tx: Tx, number: int, scope: Scope, after: UUID | None) -> list[MemberRow]:
    """The next ones by id; whoever was erased or merged away is in no segment any more."""
    seen = "true" if scope.everywhere else GUEST_SEEN
    return tx.rows(
        MemberRow,
        f"""
        select g.id as guest_id, g.title, g.given_name, g.family_name, g.language, g.country, g.tier, g.tags,
            w.stays, w.nights, w.last_stay_on, w.arrives_on,
            {point_sql("email")} as email, {point_sql("sms")} as phone
        from (
            select m.guest_id from membership m join guest g on g.id = m.guest_id
            where m.segments @> array[%(number)s::int] and m.guest_id > %(after)s::uuid and {seen}
            order by m.guest_id limit {A_RANGE}
        ) as page
        join guest g on g.id = page.guest_id
        cross join lateral (
            select count(*) filter (where s.status = 'checked_out' and not s.muted) as stays,
                coalesce(sum(s.nights) filter (where s.status = 'checked_out' and not s.muted), 0)::int as nights,
                max(s.checked_out_on) as last_stay_on, min(s.arrival) filter (where s.status = 'booked') as arrives_on
            from stay s where s.guest_id = g.id and {STAY_SEEN}
        ) as w
        order by g.id
        """,
        {"number": number, "after": after or BEFORE_ALL, **scope.values},
    )


def point_sql(channel: str) -> str:
    return f"""(
        select c.address_sealed from guest_point gp join contact_point c using (point)
        where gp.guest_id = g.id and gp.channel = '{channel}' and c.kind = 'personal'
        order by gp.said_at desc, gp.point limit 1
    )"""
