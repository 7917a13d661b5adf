"""A group of merged guests, taken apart into those it was made of, and put down again.

`record` keeps each guest of a group as they stand alone. `take_apart` gives each what was theirs and leaves the rest
with whom they all became; the caller then gives out what came since.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx

NUMBERED = {
    "stay": ("id", "uuid"), "answer_known": ("answer_id", "uuid"), "case_known": ("case_id", "uuid"),
    "message_known": ("message_id", "uuid"), "guest_correction": ("id", "bigint"), "guest_right": ("id", "bigint"),
    "guest_note": ("id", "uuid"), "stay_left": ("number", "uuid"),
    "spend": ("id", "uuid"), "loyalty": ("id", "uuid"), "guest_event": ("id", "uuid"),
    "company_contact": ("id", "uuid"), "sign_up": ("id", "uuid"),
}  # fmt: skip
"""Tables whose rows change hands, by the number of each row."""
WRITTEN_OUT = ("guest_point", "guest_key", "consent_claim", "guest_date")
WITH_A_SEAL = ("removed_point", "guest_preference")
"""Tables whose rows are taken away and inserted again; of the second what is sealed rests in a column of its own."""
PROFILE = (
    *("title", "given_name", "family_name", "birth_date", "language", "country", "region", "home_zone"),
    *("home_property", "tier", "tags", "do_not_contact", "rights", "said", "heard"),
)


@dataclass(frozen=True)
class Part:
    """A guest as they stood alone."""

    guest_id: UUID
    state: dict[str, Any]
    preference: Sealed | None


def parts_of(tx: Tx, root: UUID) -> dict[UUID, Part]:
    query = "select guest_id, state, preference_sealed as preference from merged_part where root_id = %s order by 1"
    return {part.guest_id: part for part in tx.rows(Part, query, [root])}


def record(tx: Tx, guests: Collection[UUID], root: UUID, at: datetime) -> None:
    """Keeps how each of these guests stands alone, now."""
    tx.execute(RECORD, {"guests": list(guests), "root": root, "at": at, "profile": list(PROFILE)})


def forget_parts(tx: Tx, guests: Collection[UUID]) -> None:
    tx.execute("delete from merged_part where guest_id = any(%s)", [list(guests)])


def give_back(tx: Tx, root: UUID) -> None:
    """Whoever was merged has again what was theirs: rows with a number and, as it was, the profile."""
    for table, (number, type_) in NUMBERED.items():
        tx.execute(GIVE_BACK.format(table=table, number=number, type=type_), {"root": root})
    tx.execute(RIGHTS_AGAIN, {"root": root})
    tx.execute(FORMER, {"root": root})
    tx.execute(PROFILES, {"root": root})


def insert_again(tx: Tx, root: UUID, parts: Mapping[UUID, Part]) -> None:
    addresses = _addresses(tx, parts)
    for table in WRITTEN_OUT + WITH_A_SEAL:
        tx.execute(f"delete from {table} where guest_id = any(%s)", [list(parts)])
    for table in WRITTEN_OUT:
        tx.execute(INSERT_AGAIN.format(table=table), {"root": root})
    for part in parts.values():
        removed = [row | {"address_sealed": addresses[row["point"]]} for row in part.state["removed_point"]]
        add_rows(tx, "removed_point", removed)
        noted = [row | {"text_sealed": part.preference} for row in part.state["guest_preference"]]
        add_rows(tx, "guest_preference", noted)


def _addresses(tx: Tx, parts: Mapping[UUID, Part]) -> dict[str, str]:
    """Of the points that were removed at the merge: one of the group still has it, or it is removed still."""
    points = [row["point"] for part in parts.values() for row in part.state["removed_point"]]
    query = """
        select point, address_sealed from contact_point where point = any(%(points)s)
        union all select point, address_sealed from removed_point where point = any(%(points)s)
    """
    return dict(tx.execute(query, {"points": points}).fetchall()) if points else {}


def give_back_pairs(tx: Tx, root: UUID) -> None:
    """The pairs that were filed of whoever was merged."""
    tx.execute(PAIRS_LEFT, {"root": root})
    tx.execute(PAIRS, {"root": root})


def recount_points(tx: Tx, guests: Collection[UUID]) -> None:
    statement = """
        update contact_point c set guests = (select count(*) from guest_point g where g.point = c.point)
        where c.kind = 'personal' and c.point in (select point from guest_point where guest_id = any(%s))
    """
    tx.execute(statement, [list(guests)])


def stays_by_guest(tx: Tx, guests: Collection[UUID]) -> dict[UUID, UUID]:
    """By stay whose it is."""
    return dict(tx.execute("select id, guest_id from stay where guest_id = any(%s)", [list(guests)]).fetchall())


def give_stays(tx: Tx, owners: Mapping[UUID, UUID]) -> None:
    statement = """
        update stay set guest_id = new.guest_id from unnest(%s::uuid[], %s::uuid[]) as new (id, guest_id)
        where stay.id = new.id
    """
    tx.execute(statement, [list(owners), list(owners.values())])


def next_stay_versions(tx: Tx, stays: Collection[UUID], at: datetime) -> None:
    tx.execute("update stay set version = version + 1, changed_at = %s where id = any(%s)", [at, list(stays)])


def answers_follow(tx: Tx, guests: Collection[UUID]) -> None:
    """An answer is of whoever stayed."""
    statement = """
        update answer_known a set guest_id = s.guest_id from stay s
        where s.id = a.stay_id and s.guest_id = any(%(guests)s) and a.guest_id = any(%(guests)s)
          and a.guest_id <> s.guest_id
    """
    tx.execute(statement, {"guests": list(guests)})


def sign_ups_follow(tx: Tx, root: UUID, parts: Mapping[UUID, Part]) -> None:
    """One that came since the merge is whose address or number it was sent with, where that is one guest's alone."""
    known = [id for part in parts.values() for id in part.state.get("sign_up", ())]
    tx.execute(SIGN_UPS, {"root": root, "guests": list(parts), "known": known})


def drop_date(tx: Tx, guests: Collection[UUID], key: str) -> None:
    tx.execute("delete from guest_date where guest_id = any(%s) and date_key = %s", [list(guests), key])


def stood_apart(tx: Tx, guests: Collection[UUID]) -> None:
    tx.execute("update guest set merged_into = null, also_known = null where id = any(%s)", [list(guests)])


def keep_names(tx: Tx, root: UUID) -> None:
    """The root is known by the names of all who became them."""
    tx.execute(NAMES, {"root": root})


def rights_as_written(tx: Tx, guests: Collection[UUID]) -> None:
    """The rights that stand are those written down of each."""
    statement = """
        update guest g set rights = array(
            select distinct claimed from guest_right r where r.guest_id = g.id and r.lifted_at is null order by 1)
        where id = any(%s)
    """
    tx.execute(statement, [list(guests)])


def claim_for_all(tx: Tx, root: UUID, guests: Collection[UUID], known: Collection[int]) -> int:
    """A right that was claimed of `root` in the meantime is claimed of each of `guests`."""
    statement = """
        insert into guest_right (guest_id, claimed, said_on, how, words_sealed, noted_at, noted_by)
        select other.id, claimed, said_on, how, words_sealed, noted_at, noted_by
        from guest_right mine cross join unnest(%(guests)s::uuid[]) as other (id)
        where mine.guest_id = %(root)s and mine.lifted_at is null and mine.id <> all(%(known)s)
        on conflict do nothing
    """
    return tx.execute(statement, {"root": root, "guests": list(guests), "known": list(known)}).rowcount


def set_noted(tx: Tx, guest_id: UUID, tags: Sequence[str], do_not_contact: str | None) -> None:
    tx.execute("update guest set tags = %s, do_not_contact = %s where id = %s", [list(tags), do_not_contact, guest_id])


def rows_of_table(tx: Tx, table: str, guest_id: UUID) -> list[dict[str, Any]]:
    """As `record` writes them."""
    query = f"select to_jsonb(t) from {table} t where guest_id = %s"
    return [row for (row,) in tx.execute(query, [guest_id])]


def add_rows(tx: Tx, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    statement = f"insert into {table} select * from jsonb_populate_recordset(null::{table}, %s) on conflict do nothing"
    tx.execute(statement, [Jsonb(list(rows))])


def put_back(tx: Tx, guest_id: UUID, point: str) -> None:
    tx.execute("delete from removed_point where guest_id = %s and point = %s", [guest_id, point])


def drop_point_of(tx: Tx, guest_id: UUID, point: str) -> None:
    tx.execute("delete from guest_point where guest_id = %s and point = %s", [guest_id, point])


SIGN_UPS = """
    with owners as (
        select s.id, min(p.guest_id::text)::uuid as guest_id
        from sign_up s join guest_point p on p.point = any(s.points) and p.guest_id = any(%(guests)s)
        where s.guest_id = %(root)s and s.id <> all(%(known)s::uuid[])
        group by s.id having count(distinct p.guest_id) = 1
    )
    update sign_up s set guest_id = owners.guest_id from owners where s.id = owners.id
"""
ROWS = """
    coalesce((select jsonb_agg(to_jsonb(t) - 'address_sealed' - 'text_sealed') from {table} t where t.guest_id = g.id),
             '[]')
"""
NUMBERS = """coalesce((select jsonb_agg({number}) from {table} t where t.guest_id = g.id), '[]')"""
RECORD = f"""
    insert into merged_part (guest_id, root_id, state, preference_sealed, recorded_at)
    select g.id, %(root)s,
        jsonb_build_object(
            'guest', (select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(g)) where key = any(%(profile)s)),
            {
    ", ".join(f"'{table}', {NUMBERS.format(table=table, number=number)}" for table, (number, _) in NUMBERED.items())
},
            {", ".join(f"'{table}', {ROWS.format(table=table)}" for table in WRITTEN_OUT + WITH_A_SEAL)},
            'rights_standing', coalesce((select jsonb_agg(id) from guest_right t
                                         where t.guest_id = g.id and t.lifted_at is null), '[]'),
            'former', coalesce((select jsonb_agg(f.id) from guest f where f.merged_into = g.id), '[]'),
            'possible_duplicate', coalesce((select jsonb_agg(to_jsonb(d)) from possible_duplicate d
                                            where g.id in (d.guest_id, d.other_id)), '[]')),
        (select text_sealed from guest_preference p where p.guest_id = g.id), %(at)s
    from guest g where g.id = any(%(guests)s) order by g.id
    on conflict (guest_id) do update
    set root_id = excluded.root_id, state = excluded.state, preference_sealed = excluded.preference_sealed,
        recorded_at = excluded.recorded_at
"""
NAMES = """
    update guest g set also_known = (
        select jsonb_agg(distinct jsonb_build_array(
            state -> 'guest' -> 'given_name', state -> 'guest' -> 'family_name', state -> 'guest' -> 'birth_date'))
        from merged_part p where p.root_id = g.id)
    where g.id = %(root)s
"""
GIVE_BACK = """
    update {table} t set guest_id = p.guest_id
    from merged_part p cross join lateral jsonb_array_elements_text(p.state -> '{table}') as own (number)
    where p.root_id = %(root)s and p.guest_id <> %(root)s and t.{number} = own.number::{type}
      and t.guest_id = %(root)s
"""
# A right of both that the merge lifted on one stands again, unless it was lifted on whom they became.
RIGHTS_AGAIN = """
    update guest_right t set lifted_at = null, lifted_by = null
    from merged_part p cross join lateral jsonb_array_elements_text(p.state -> 'rights_standing') as own (number),
         guest root
    where p.root_id = %(root)s and root.id = %(root)s and t.id = own.number::bigint and t.lifted_by = 'merged'
      and t.claimed = any(root.rights)
"""
FORMER = """
    update guest f set merged_into = p.guest_id
    from merged_part p cross join lateral jsonb_array_elements_text(p.state -> 'former') as own (id)
    where p.root_id = %(root)s and f.id = own.id::uuid and f.merged_into = %(root)s
      and not exists (select from merged_part each where each.guest_id = f.id)
"""
PROFILES = f"""
    update guest g set ({", ".join(PROFILE)}) = (select {", ".join(f"r.{name}" for name in PROFILE)}
        from jsonb_populate_record(null::guest, p.state -> 'guest') r)
    from merged_part p where p.root_id = %(root)s and g.id = p.guest_id
"""
INSERT_AGAIN = """
    insert into {table}
    select r.* from merged_part p cross join lateral jsonb_populate_recordset(null::{table}, p.state -> '{table}') r
    where p.root_id = %(root)s
"""
FILED = """
    select (d ->> 'guest_id')::uuid as guest_id, (d ->> 'other_id')::uuid as other_id, d, p.guest_id as mine
    from merged_part p cross join lateral jsonb_array_elements(p.state -> 'possible_duplicate') as d
    where p.root_id = %(root)s
"""
# What came to the root by a merge goes; what was filed of the root since stays.
PAIRS_LEFT = f"""
    with filed as ({FILED}), theirs as (
        select case when guest_id = mine then other_id else guest_id end as other from filed where mine <> %(root)s
    ), own as (
        select case when guest_id = mine then other_id else guest_id end as other from filed where mine = %(root)s
    )
    delete from possible_duplicate d
    where %(root)s in (d.guest_id, d.other_id)
      and exists (select from theirs where theirs.other in (d.guest_id, d.other_id) and theirs.other <> %(root)s)
      and not exists (select from own where own.other in (d.guest_id, d.other_id) and own.other <> %(root)s)
"""
PAIRS = f"""
    with filed as (select distinct on (guest_id, other_id) guest_id, other_id, d from ({FILED}) as every
                   order by guest_id, other_id)
    insert into possible_duplicate
    select r.* from filed cross join lateral jsonb_populate_record(null::possible_duplicate, d) r
    where not exists (select from guest one where one.id in (filed.guest_id, filed.other_id)
                      and one.erased_at is not null)
    on conflict do nothing
"""
