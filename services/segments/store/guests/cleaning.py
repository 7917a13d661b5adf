"""Stored contact points on their way to their clean spelling."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.segments.rules.people.contact_points import MOST_GUESTS
from services.segments.store.sets import columns
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.vocabulary.contact_point import PointClass, PointFault

MOST_FORMS = 5  # spellings of one point


@dataclass(frozen=True)
class StoredPoint:
    """`countries`: those of the guests on it and of their home hotels, in this order."""

    point: str
    channel: str
    address: Sealed
    kind: str
    fault: str | None
    countries: list[str]

    @property
    def may_be_judged(self) -> bool:
        """Whether reading it decides: not where it is on too many names, or a provider refused it."""
        return self.kind != PointClass.AGENCY and self.fault != PointFault.REFUSED


def cleaned_until(tx: Tx) -> str:
    """The last point that was looked at."""
    row = tx.execute("select after from cleaning where id = 1").fetchone()
    return str(row[0]) if row else ""


def is_clean(tx: Tx) -> bool:
    """Whether all stored points were looked at."""
    row = tx.execute("select done_at is not null from cleaning where id = 1").fetchone()
    return bool(row and row[0])


def note_cleaned(tx: Tx, after: str | None, at: datetime) -> None:
    """`after`: the last point looked at; None: there was none left."""
    statement = """
        insert into cleaning as old (id, after, done_at) values (1, coalesce(%(after)s, ''), %(done)s)
        on conflict (id) do update set after = coalesce(%(after)s, old.after), done_at = excluded.done_at
    """
    tx.execute(statement, {"after": after, "done": at if after is None else None})


def points_after(tx: Tx, after: str, most: int) -> list[StoredPoint]:
    query = """
        select p.point, p.channel, p.address_sealed as address, p.kind, p.fault,
               array(select country from (
                   select g.country, 1 as place from guest_point gp join guest g on g.id = gp.guest_id
                   where gp.point = p.point
                   union select k.country, 2 from guest_point gp join guest g on g.id = gp.guest_id
                         join property_known k on k.code = g.home_property where gp.point = p.point) as near
                   where country is not null order by place, country limit 4) as countries
        from contact_point p where p.point > %s order by p.point limit %s
    """
    return tx.rows(StoredPoint, query, [after, most])


def forms_of(tx: Tx, points: Collection[str]) -> dict[str, Sealed]:
    query = "select point, forms_sealed from contact_point where point = any(%s) and forms_sealed is not null"
    return {point: Sealed(forms) for point, forms in tx.execute(query, [list(points)])}


def rewrite(tx: Tx, points: Sequence[tuple[str, Sealed, str, str | None, Sealed | None]]) -> None:
    """Index, address, class, fault and other spellings. On too many names a point is a booker's; what a provider
    refused stays refused.
    """
    names = ("point", "address", "kind", "fault", "forms")
    statement = """
        with counted as (
            select t.*, (select count(*) from guest_point g where g.point = t.point) as guests
            from unnest(%(point)s::text[], %(address)s::text[], %(kind)s::text[], %(fault)s::text[], %(forms)s::text[])
                 as t (point, address, kind, fault, forms)
        )
        update contact_point p set address_sealed = t.address, forms_sealed = t.forms, guests = t.guests,
            kind = case when p.fault = 'refused' then p.kind
                        when t.kind = 'personal' and t.guests > %(most)s then 'agency' else t.kind end,
            fault = case when p.fault = 'refused' then p.fault else t.fault end
        from counted t where t.point = p.point
    """
    tx.execute(statement, {**columns(names, points), "most": MOST_GUESTS})
    removed = "update removed_point p set address_sealed = t.address {} where t.point = p.point"
    tx.execute(
        removed.format("from unnest(%(point)s::text[], %(address)s::text[]) as t (point, address)"),
        columns(names, points),
    )


def keep_refusals(tx: Tx, chunk: Chunk) -> list[str]:
    """What providers said of contact points; those that are worth something else now. Once lifted, a point is what it
    was.
    """
    statement = """
        update contact_point p
        set refused_version = said.version,
            refused_kind = case when said.refused and p.fault is distinct from 'refused' then p.kind
                                else p.refused_kind end,
            kind = case when said.refused then 'bad' when p.fault = 'refused' then coalesce(p.refused_kind, p.kind)
                        else p.kind end,
            fault = case when said.refused then 'refused' when p.fault = 'refused' then null else p.fault end
        from (select distinct on (point) *
              from unnest(%(point)s::text[], %(version)s::bigint[], %(refused)s::bool[]) as t (point, version, refused)
              order by point, version desc) as said
        where p.point = said.point and said.version > p.refused_version
        returning p.point
    """
    return [point for (point,) in tx.execute(statement, chunk.columns)]


def reclass(tx: Tx, points: Sequence[tuple[str, str, str | None]]) -> None:
    statement = """
        update contact_point p set kind = t.kind, fault = t.fault
        from unnest(%(point)s::text[], %(kind)s::text[], %(fault)s::text[]) as t (point, kind, fault)
        where t.point = p.point
    """
    tx.execute(statement, columns(("point", "kind", "fault"), points))


def add_further(tx: Tx, points: Sequence[tuple[Any, ...]]) -> None:
    """Further points of a cell, for the guests on the one that they stood beside: its index comes first."""
    values = columns(("beside", "point", "channel", "address", "kind", "fault"), points)
    tx.execute(
        """
        insert into contact_point (point, channel, address_sealed, kind, fault)
        select distinct on (point) point, channel, address, kind, fault
        from unnest(%(point)s::text[], %(channel)s::text[], %(address)s::text[], %(kind)s::text[], %(fault)s::text[])
             as t (point, channel, address, kind, fault)
        order by point
        on conflict do nothing
        """,
        values,
    )
    tx.execute(
        """
        insert into guest_point (guest_id, point, channel, stay_id, said_at, source_ref, by_hand)
        select g.guest_id, t.point, g.channel, null, g.said_at, g.source_ref, g.by_hand
        from unnest(%(beside)s::text[], %(point)s::text[]) as t (beside, point)
        join guest_point g on g.point = t.beside
        where not exists (select from removed_point r where (r.point, r.guest_id) = (t.point, g.guest_id))
        on conflict do nothing
        """,
        values,
    )
