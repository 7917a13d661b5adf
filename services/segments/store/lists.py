"""Lists of guests as they rest."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class GuestList:
    key: str
    name: str
    ended_at: datetime | None


def find(tx: Tx, key: str) -> GuestList | None:
    found = tx.rows(GuestList, "select key, name, ended_at from guest_list where key = %s for update", [key])
    return found[0] if found else None


def add(tx: Tx, key: str, name: str, segment: str | None, counts: Mapping[str, int], by: str, at: datetime) -> None:
    tx.execute(
        """
        insert into guest_list (key, name, origin, segment, counts, created_at, created_by)
        values (%s, %s, %s, %s, %s, %s, %s)
        """,
        [key, name, "segment" if segment else "file", segment, json.dumps(counts), at, by],
    )


def keys_like(tx: Tx, wanted: str) -> set[str]:
    return {
        key
        for (key,) in tx.execute("select key from guest_list where key = %s or key like %s", [wanted, f"{wanted}-%"])
    }


def put_members(tx: Tx, key: str, number: int) -> int:
    """Who is in the segment now; how many they are."""
    statement = """
        insert into guest_list_member (list, guest_id)
        select %(key)s, guest_id from membership where segments @> array[%(number)s::int] order by guest_id
        on conflict do nothing
    """
    return tx.execute(statement, {"key": key, "number": number}).rowcount


def put_guests(tx: Tx, key: str, guests: Collection[UUID]) -> int:
    statement = """
        insert into guest_list_member (list, guest_id) select %s, guest from unnest(%s::uuid[]) as guest order by guest
        on conflict do nothing
    """
    return tx.execute(statement, [key, sorted(guests)]).rowcount


def end(tx: Tx, key: str, at: datetime) -> None:
    tx.execute("update guest_list set ended_at = %s where key = %s", [at, key])


def renew_facts(tx: Tx, key: str) -> None:
    """The lists of whoever is on this one, as `guest_facts` has them. No rule asks for it yet, or any more."""
    tx.execute(
        """
        update guest_facts f set lists = n.lists
        from (
            select f.guest_id, coalesce(array_agg(distinct l.key order by l.key) filter (where l.key is not null), '{}')
                as lists
            from (
                select distinct coalesce(g.merged_into, g.id) as guest_id
                from guest_list_member m join guest g on g.id = m.guest_id where m.list = %(key)s
            ) as f
            left join guest g on g.id = f.guest_id or g.merged_into = f.guest_id
            left join guest_list_member m on m.guest_id = g.id
            left join guest_list l on l.key = m.list and l.ended_at is null
            group by f.guest_id
        ) as n
        where n.guest_id = f.guest_id and f.lists <> n.lists
        """,
        {"key": key},
    )
