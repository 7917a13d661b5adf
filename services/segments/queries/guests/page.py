"""What a guest's page shows, for the hotels that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.segments.queries.scope import GUEST_SEEN, STAY_SEEN
from shared.access.scope import Scope
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.naming import full_name, holds_link


@dataclass(frozen=True)
class Card:
    """A guest's profile now. `zone`: the hotel's, else the guest's own."""

    id: UUID
    version: int
    title: str | None
    given_name: str
    family_name: str
    birth_date: date | None
    language: str | None
    country: str | None
    zone: str
    home_property: str | None
    tier: str | None
    tags: list[str]
    do_not_contact: str | None
    rights: list[str]
    merged_into: UUID | None
    preference: Sealed | None
    noted_by: str | None
    noted_at: datetime | None

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)

    @property
    def holds_link(self) -> bool:
        """Whether the name holds a link, which no message carries."""
        return any(map(holds_link, (self.given_name, self.family_name)))


@dataclass(frozen=True)
class StayLine:
    id: UUID
    version: int
    property: str
    reservation: str
    zone: str
    status: str
    booked_at: datetime
    arrival: date
    departure: date
    nights: int
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    ended_at: datetime | None
    changed_at: datetime
    channel: str | None
    room_type: str | None
    revenue: Decimal | None
    currency: str | None
    amount: Decimal | None
    muted: bool
    adults: int | None
    children: int | None
    companions: str | None


@dataclass(frozen=True)
class PointLine:
    point: str
    channel: str
    kind: str
    address: Sealed
    fault: str | None
    forms: Sealed | None  # how sources write it too, a line each
    reservation: str | None  # of the stay that a masked address serves
    source_ref: str
    by_hand: bool


@dataclass(frozen=True)
class SegmentLine:
    key: str
    name: str
    since: datetime | None  # None: an initial entry


@dataclass(frozen=True)
class ConsentLine:
    channel: str
    state: str
    said_at: datetime
    source_ref: str | None  # None: as the ledger has it
    expires_on: date | None


@dataclass(frozen=True)
class Double:
    id: UUID
    given_name: str
    family_name: str
    key: str
    filed_at: datetime

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)


def guest_card(tx: Tx, guest_id: UUID, scope: Scope) -> Card:
    """Raises `NotFound` for a guest of other hotels too. Who was merged away is found, to be followed."""
    query = f"""
        select g.id, g.version, g.title, g.given_name, g.family_name, g.birth_date, g.language, g.country,
               coalesce(k.zone, g.home_zone) as zone, g.home_property, g.tier, g.tags, g.do_not_contact, g.rights,
               g.merged_into, p.text_sealed as preference, p.noted_by, p.noted_at
        from guest g
        left join property_known k on k.code = g.home_property
        left join guest_preference p on p.guest_id = g.id
        where g.id = %(id)s and g.erased_at is null and (g.merged_into is not null or {GUEST_SEEN})
    """
    found = tx.rows(Card, query, {"id": guest_id, **scope.values})
    if not found:
        raise NotFound("There is no such guest.")
    return found[0]


def stays_of(tx: Tx, guest_id: UUID, scope: Scope) -> list[StayLine]:
    """The newest arrival first."""
    query = f"""
        select s.id, s.version, s.property, s.reservation, s.zone, s.status, s.booked_at, s.arrival, s.departure,
               s.nights, s.checked_in_at, s.checked_out_at, s.ended_at, s.changed_at, s.channel, s.room_type,
               s.revenue, nullif(trim(s.currency), '') as currency, s.amount, s.muted,
               s.adults, s.children, s.companions
        from stay s where s.guest_id = %(id)s and {STAY_SEEN}
        order by s.arrival desc, s.id
    """
    return tx.rows(StayLine, query, {"id": guest_id, **scope.values})


def stay_of(tx: Tx, stay_id: UUID, scope: Scope) -> UUID:
    """Whose it is. Raises `NotFound` for another hotel's."""
    row = tx.execute(
        f"select s.guest_id from stay s where s.id = %(id)s and {STAY_SEEN}", {"id": stay_id, **scope.values}
    ).fetchone()
    if row is None:
        raise NotFound("There is no such stay.")
    guest: UUID = row[0]
    return guest


def stays_elsewhere(tx: Tx, guest_id: UUID, scope: Scope) -> bool:
    """Whether some of their stays are of hotels outside the scope."""
    query = f"select from stay s where s.guest_id = %(id)s and not {STAY_SEEN} limit 1"
    return tx.execute(query, {"id": guest_id, **scope.values}).fetchone() is not None


def points_of(tx: Tx, guest_id: UUID) -> list[PointLine]:
    query = """
        select gp.point, gp.channel, c.kind, c.address_sealed as address, c.fault, c.forms_sealed as forms,
               s.reservation, gp.source_ref, gp.by_hand
        from guest_point gp join contact_point c using (point) left join stay s on s.id = gp.stay_id
        where gp.guest_id = %s
        order by gp.channel, array_position(array['personal', 'masked', 'agency', 'bad'], c.kind), gp.by_hand desc,
                 gp.said_at desc
        limit 40
    """
    return tx.rows(PointLine, query, [guest_id])


def segments_of(tx: Tx, guest_id: UUID) -> list[SegmentLine]:
    """Those the guest is in now, without those that journeys made for themselves."""
    query = """
        select s.key, s.name, (
            select c.at from membership_change c
            where c.guest_id = m.guest_id and c.segment = s.number and c.entered and not c.initial
            order by c.version desc limit 1
        ) as since
        from membership m join segment s on s.number = any(m.segments)
        where m.guest_id = %s and s.retired_at is null and not s.private
        order by s.name
    """
    return tx.rows(SegmentLine, query, [guest_id])


def consents_of(tx: Tx, guest_id: UUID) -> list[ConsentLine]:
    """To marketing: as the ledger has it, else as a source claims it."""
    query = """
        select channel, state, changed_at as said_at, null::text as source_ref, null::date as expires_on
        from consent_known where guest_id = %(id)s and purpose = 'marketing'
        union all
        select channel, state, said_at, source_ref, expires_on from consent_claim c
        where guest_id = %(id)s and not exists (
            select from consent_known k
            where k.guest_id = c.guest_id and k.channel = c.channel and k.purpose = 'marketing')
        order by channel
    """
    return tx.rows(ConsentLine, query, {"id": guest_id})


def doubles_of(tx: Tx, guest_id: UUID, scope: Scope) -> list[Double]:
    query = f"""
        select g.id, g.given_name, g.family_name, d.key, d.filed_at
        from possible_duplicate d
        join guest g on g.id = case when d.guest_id = %(id)s then d.other_id else d.guest_id end
        where %(id)s in (d.guest_id, d.other_id) and d.dismissed_at is null
            and g.merged_into is null and g.erased_at is null and {GUEST_SEEN}
        order by d.filed_at desc, g.id limit 20
    """
    return tx.rows(Double, query, {"id": guest_id, **scope.values})


def names_of(tx: Tx, ids: Sequence[UUID], scope: Scope) -> dict[str, str]:
    """The names of those of these guests whom the reader may see."""
    query = f"""
        select g.id, g.given_name, g.family_name from guest g
        where g.id = any(%(ids)s::uuid[]) and g.merged_into is null and g.erased_at is null and {GUEST_SEEN}
    """
    rows = tx.execute(query, {"ids": list(ids), **scope.values})
    return {str(id): full_name(given, family) for id, given, family in rows}
