"""Contact points, who is on them, and the keys under which guests are found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.segments.store.sets import columns, copy_new
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.rows import row
from shared.vocabulary.contact_point import STILL_KNOWN_BY, PointClass, PointFault


@dataclass
class KnownPoint:
    """A contact point; `guests` are all who are on it while they are found by it, else they are not loaded. `forms`:
    other spellings of it, a line each.
    """

    point: str
    channel: str
    address: Sealed
    kind: PointClass
    is_new: bool
    guests: set[UUID] = field(default_factory=set)
    fault: PointFault | None = None
    forms: Sealed | None = None


@row
class GuestPoint:
    """A guest is on a contact point. `stay_id`: of a masked address, the stay it serves."""

    guest_id: UUID
    point: str
    channel: str
    stay_id: UUID | None
    said_at: datetime
    source_ref: str


@row
class Claim:
    """What a row states of a guest's consent on a channel."""

    guest_id: UUID
    channel: str
    state: str
    said_at: datetime
    source_ref: str
    expires_on: date | None


@dataclass(frozen=True)
class Duplicate:
    """Two guests whom one row fits, or who are alike. `score`, `reasons`: how much, and by what."""

    guest_id: UUID
    other_id: UUID
    key: str
    row_ref: str
    score: float | None = None
    reasons: tuple[str, ...] = ()


def load_points(tx: Tx, points: Collection[str]) -> dict[str, KnownPoint]:
    """The known ones of these contact points, with the guests on those that they are found by."""
    query = """
        select p.point, p.channel, p.address_sealed, p.kind, p.fault, p.forms_sealed,
               case when p.kind = 'personal' or p.fault = any(%s)
                    then array(select guest_id from guest_point g where g.point = p.point) else '{}' end
        from contact_point p
        where p.point = any(%s)
    """
    rows = tx.execute(query, [sorted(STILL_KNOWN_BY), list(points)]).fetchall()
    return {
        point: KnownPoint(
            point,
            channel,
            Sealed(address),
            PointClass(kind),
            False,
            set(guests),
            PointFault(fault) if fault else None,
            Sealed(forms) if forms else None,
        )
        for point, channel, address, kind, fault, forms, guests in rows
    }


def save_points(tx: Tx, points: Sequence[KnownPoint]) -> None:
    """Add the new ones; of the others keep what they turned out to be, and on how many guests."""
    copy_new(tx, "contact_point", POINT, [_written(p) for p in points if p.is_new])
    statement = """
        update contact_point p
        set kind = t.kind, fault = t.fault, forms_sealed = t.forms_sealed, guests = greatest(p.guests, t.guests)
        from unnest(%(point)s::text[], %(channel)s::text[], %(address_sealed)s::text[], %(kind)s::text[],
                    %(fault)s::text[], %(forms_sealed)s::text[], %(guests)s::int[])
             as t (point, channel, address_sealed, kind, fault, forms_sealed, guests)
        where p.point = t.point and (p.guests < t.guests
            or (p.kind, p.fault, p.forms_sealed) is distinct from (t.kind, t.fault, t.forms_sealed))
    """
    tx.execute(statement, columns(tuple(POINT), [_written(p) for p in points if not p.is_new]))


POINT = {
    "point": "text", "channel": "text", "address_sealed": "text", "kind": "text", "fault": "text",
    "forms_sealed": "text", "guests": "integer",
}  # fmt: skip


def _written(p: KnownPoint) -> tuple[Any, ...]:
    return p.point, p.channel, p.address, p.kind, p.fault, p.forms, len(p.guests)


GUEST_POINT = {
    "guest_id": "uuid", "point": "text", "channel": "text", "stay_id": "uuid", "said_at": "timestamptz",
    "source_ref": "text",
}  # fmt: skip
GUEST_POINT_VALUES = attrgetter(*GUEST_POINT)


def add_guest_points(tx: Tx, rows: Sequence[GuestPoint]) -> None:
    copy_new(tx, "guest_point", GUEST_POINT, list(map(GUEST_POINT_VALUES, rows)))


def save_guest_points(tx: Tx, rows: Sequence[GuestPoint]) -> set[UUID]:
    """Keep the latest word on each guest and point; whose points changed."""
    statement = """
        insert into guest_point as old (guest_id, point, channel, stay_id, said_at, source_ref)
        select * from unnest(%(guest_id)s::uuid[], %(point)s::text[], %(channel)s::text[], %(stay_id)s::uuid[],
                             %(said_at)s::timestamptz[], %(source_ref)s::text[])
        on conflict (guest_id, point) do update
        set stay_id = excluded.stay_id, said_at = excluded.said_at, source_ref = excluded.source_ref
        where (excluded.said_at, excluded.source_ref) > (old.said_at, old.source_ref)
        returning guest_id
    """
    values = columns(tuple(GUEST_POINT), map(GUEST_POINT_VALUES, rows))
    return {guest_id for (guest_id,) in tx.execute(statement, values)}


CLAIM = {
    "guest_id": "uuid", "channel": "text", "state": "text", "said_at": "timestamptz", "source_ref": "text",
    "expires_on": "date",
}  # fmt: skip
CLAIM_VALUES = attrgetter(*CLAIM)


def add_claims(tx: Tx, rows: Sequence[Claim]) -> None:
    copy_new(tx, "consent_claim", CLAIM, list(map(CLAIM_VALUES, rows)))


def save_claims(tx: Tx, rows: Sequence[Claim]) -> set[UUID]:
    """Keep the latest word on each guest's consent; whose claims changed. A refusal is never revived by a row."""
    statement = """
        insert into consent_claim as old (guest_id, channel, state, said_at, source_ref, expires_on)
        select * from unnest(%(guest_id)s::uuid[], %(channel)s::text[], %(state)s::text[],
                             %(said_at)s::timestamptz[], %(source_ref)s::text[], %(expires_on)s::date[])
        on conflict (guest_id, channel) do update
        set state = excluded.state, said_at = excluded.said_at, source_ref = excluded.source_ref,
            expires_on = excluded.expires_on
        where old.state <> 'refused' and (
            (excluded.said_at, excluded.source_ref) > (old.said_at, old.source_ref)
            or excluded.state = 'refused'
            or ((excluded.said_at, excluded.source_ref) = (old.said_at, old.source_ref)
                and (excluded.state, excluded.expires_on) is distinct from (old.state, old.expires_on)))
        returning guest_id
    """
    values = columns(tuple(CLAIM), map(CLAIM_VALUES, rows))
    return {guest_id for (guest_id,) in tx.execute(statement, values)}


def load_keys(tx: Tx, keys: Collection[str]) -> dict[str, set[UUID]]:
    """Who is known under each of these keys."""
    query = "select key, array_agg(guest_id) from guest_key where key = any(%s) group by key"
    return {key: set(guests) for key, guests in tx.execute(query, [list(keys)])}


def add_keys(tx: Tx, keys: Collection[tuple[str, UUID]]) -> None:
    copy_new(tx, "guest_key", {"key": "text", "guest_id": "uuid"}, sorted(keys))


def file_duplicates(tx: Tx, rows: Sequence[Duplicate], at: datetime) -> int:
    """File pairs once, whichever way round they come; how many are new."""
    statement = """
        insert into possible_duplicate (guest_id, other_id, key, row_ref, score, reasons, filed_at)
        select least(a, b), greatest(a, b), key, row_ref, score, string_to_array(reasons, ','), %(at)s
        from unnest(%(guest_id)s::uuid[], %(other_id)s::uuid[], %(key)s::text[], %(row_ref)s::text[],
                    %(score)s::real[], %(reasons)s::text[])
             as filed(a, b, key, row_ref, score, reasons)
        on conflict do nothing
    """
    names = ("guest_id", "other_id", "key", "row_ref", "score", "reasons")
    values = [(r.guest_id, r.other_id, r.key, r.row_ref, r.score, ",".join(r.reasons)) for r in rows]
    return tx.execute(statement, {**columns(names, values), "at": at}).rowcount


def points_of(tx: Tx, guests: Collection[UUID]) -> dict[UUID, set[str]]:
    """The contact points of these guests."""
    query = "select guest_id, array_agg(point) from guest_point where guest_id = any(%s) group by guest_id"
    return {guest_id: set(points) for guest_id, points in tx.execute(query, [list(guests)])}
