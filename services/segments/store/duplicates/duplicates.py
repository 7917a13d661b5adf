"""The search of the whole base for guests who may be one, in sets, and the pairs it files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.segments.store.sets import columns, copy_new
from shared.database.pool import Tx

FIRST = UUID(int=0)


@dataclass(frozen=True)
class Search:
    """`phase`: keys, pairs or scores. `after`: the guest up to whom it is done. `started_at` None: it waits for
    `next_at`."""

    next_at: datetime
    phase: str
    after: UUID | None
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Named:
    """What is compared of a guest but for contact points. `heard`: what sources state of a corrected name."""

    id: UUID
    given_name: str
    family_name: str
    heard: dict[str, Any] | None
    also_known: list[list[str | None]] | None
    birth_date: date | None


@dataclass(frozen=True)
class Pair:
    guest_id: UUID
    other_id: UUID
    same_email: bool
    same_phone: bool
    births: str


@dataclass(frozen=True)
class Scored:
    """A pair worth a look. `speaking`: those of the reasons that speak for one person."""

    guest_id: UUID
    other_id: UUID
    key: str
    score: float
    reasons: Sequence[str]
    speaking: Sequence[str]


def search_of(tx: Tx) -> Search | None:
    found = tx.rows(Search, "select next_at, phase, after, started_at, ended_at from duplicate_search")
    return found[0] if found else None


def lock_search(tx: Tx) -> Search | None:
    query = "select next_at, phase, after, started_at, ended_at from duplicate_search for update skip locked"
    found = tx.rows(Search, query)
    return found[0] if found else None


def plan_first(tx: Tx, at: datetime) -> None:
    tx.execute("insert into duplicate_search (next_at) values (%s) on conflict do nothing", [at])


def is_whole(tx: Tx, phase: str) -> bool:
    """Whether what the search has found so far is there; after a crash of the database it is not."""
    query = {
        "pairs": "select keys = (select count(*) from duplicate_key) from duplicate_search",
        "scores": "select pairs = 0 or exists (select from duplicate_pair) from duplicate_search",
    }.get(phase, "select true")
    row = tx.execute(query).fetchone()
    return bool(row and row[0])


def begin(tx: Tx, at: datetime) -> None:
    tx.execute("truncate duplicate_key, duplicate_pair")
    statement = """
        update duplicate_search set phase = 'keys', after = null, started_at = %s, keys = 0, pairs = 0, filed = 0,
            crowded = 0
    """
    tx.execute(statement, [at])


def go_on(tx: Tx, phase: str, after: UUID | None, *, filed: int = 0) -> None:
    tx.execute("update duplicate_search set phase = %s, after = %s, filed = filed + %s", [phase, after, filed])


def end(tx: Tx, at: datetime, next_at: datetime) -> None:
    tx.execute("truncate duplicate_key, duplicate_pair")
    tx.execute("update duplicate_search set started_at = null, ended_at = %s, next_at = %s", [at, next_at])


def anything_new(tx: Tx, since: datetime | None) -> bool:
    """Whether a guest changed since the last search."""
    if since is None:
        return True
    row = tx.execute("select exists (select from guest where changed_at >= %s)", [since]).fetchone()
    return bool(row and row[0])


NAMED = "select id, given_name, family_name, heard, also_known, birth_date from guest"
LIVING = "merged_into is null and erased_at is null"


def guests_with_birth_dates(tx: Tx, after: UUID | None, most: int) -> list[Named]:
    query = f"{NAMED} where id > %s and birth_date is not null and {LIVING} order by id limit %s"
    return tx.rows(Named, query, [after or FIRST, most])


def add_keys(tx: Tx, keys: Collection[tuple[int, bool, UUID]]) -> None:
    copy_new(tx, "duplicate_key", {"key": "bigint", "narrow": "bool", "guest_id": "uuid"}, keys)
    tx.execute("update duplicate_search set keys = keys + %s", [len(keys)])


def find_pairs(tx: Tx, crowd: int, narrow_crowd: int, bits: Mapping[str, float], at_least: float) -> None:
    """All pairs on a key or a contact point that could reach the score by the best name there is, and those that were
    filed without one. `crowd`, `narrow_crowd`: the most guests on a key that tells something."""
    crowds = {"crowd": crowd, "narrow_crowd": narrow_crowd}
    tx.execute("set local work_mem = '128MB'")
    tx.execute("analyze duplicate_key")
    pairs = tx.execute(PAIRS, {"at_least": at_least, **crowds, **bits}).rowcount
    statement = f"""
        update duplicate_search set pairs = %(pairs)s, crowded = (select count(*) from (
            select from duplicate_key group by key, narrow having count(*) > {MOST}) as each)
    """
    tx.execute(statement, {"pairs": pairs, **crowds})


def next_pairs(tx: Tx, after: UUID | None, most: int) -> list[Pair]:
    """The next ones by the first guest, with all of the last one's."""
    query = """
        select guest_id, other_id, same_email, same_phone, births from duplicate_pair
        where guest_id > %(after)s and guest_id <= coalesce((
            select guest_id from duplicate_pair where guest_id > %(after)s order by guest_id offset %(most)s limit 1),
            'ffffffff-ffff-ffff-ffff-ffffffffffff')
        order by guest_id, other_id
    """
    return tx.rows(Pair, query, {"after": after or FIRST, "most": most})


def pair_of(tx: Tx, guest_id: UUID, other_id: UUID) -> Pair:
    """What any two guests have in common."""
    query = """
        select %(one)s::uuid as guest_id, %(other)s::uuid as other_id,
               coalesce(bool_or(p.channel = 'email'), false) as same_email,
               coalesce(bool_or(p.channel = 'sms'), false) as same_phone,
               births((select birth_date from guest where id = %(one)s),
                      (select birth_date from guest where id = %(other)s)) as births
        from guest_point mine join guest_point theirs using (point) join contact_point p using (point)
        where mine.guest_id = %(one)s and theirs.guest_id = %(other)s and p.kind = 'personal'
    """
    return tx.rows(Pair, query, {"one": guest_id, "other": other_id})[0]


def named(tx: Tx, guests: Collection[UUID]) -> dict[UUID, Named]:
    rows = tx.rows(Named, f"{NAMED} where id = any(%s) and {LIVING}", [list(guests)])
    return {guest.id: guest for guest in rows}


def file_scored(tx: Tx, pairs: Sequence[Scored], at: datetime) -> int:
    """Files pairs, or what is known better of those that are; how many stand open because of it. One that somebody told
    apart stays so, unless something new speaks for it."""
    names = ("guest_id", "other_id", "key", "score", "reasons", "speaking")
    rows = [
        (one.guest_id, one.other_id, one.key, one.score, _array(one.reasons), _array(one.speaking)) for one in pairs
    ]
    return tx.execute(FILE, {**columns(names, rows), "at": at}).rowcount


def tell_apart(tx: Tx, pair: Scored, at: datetime) -> bool:
    """The pair, whether it was filed or not, is not proposed again; False where it was told apart already."""
    values = {"one": pair.guest_id, "other": pair.other_id, "key": pair.key, "score": pair.score, "at": at}
    return tx.execute(APART, {**values, "reasons": list(pair.reasons)}).rowcount > 0


def _array(values: Sequence[str]) -> str:
    """As PostgreSQL reads an array: lists of several lengths are no array of theirs."""
    return "{" + ",".join(values) + "}"


MOST = "case when narrow then %(narrow_crowd)s else %(crowd)s end"
# The pairs of a key are those of an array of its guests; a contact point's are few, since many make it a booker's.
PAIRS = f"""
    insert into duplicate_pair (guest_id, other_id, same_email, same_phone, births)
    with block as (
        select array_agg(guest_id order by guest_id) as guests, false as email, false as phone
        from duplicate_key group by key, narrow having count(*) between 2 and {MOST}
        union all
        select array_agg(guest_id order by guest_id), p.channel = 'email', p.channel = 'sms'
        from guest_point join contact_point p using (point)
        where p.kind = 'personal' group by point, p.channel having count(*) between 2 and %(crowd)s
    ), pair as (
        select one, other, bool_or(email) as email, bool_or(phone) as phone
        from (
            select one, other, email, phone
            from block, unnest(guests) as one, unnest(guests) as other where one < other
            union all
            select least(guest_id, other_id), greatest(guest_id, other_id), false, false
            from possible_duplicate where score is null
        ) as every
        group by one, other
    ), known as (
        select one, other, email, phone, births(g.birth_date, o.birth_date) as births
        from pair join guest g on g.id = one and g.{LIVING.replace(" and ", " and g.")}
        join guest o on o.id = other and o.{LIVING.replace(" and ", " and o.")}
    )
    select one, other, email, phone, births from known
    where least(email::int * %(same_email)s + phone::int * %(same_phone)s, %(both_contacts)s)
        + case births when 'same' then %(same_birth_date)s when 'slip' then %(birth_date_slip)s
                      when 'other' then %(other_birth_date)s else 0 end
        + %(best_name)s >= %(at_least)s
"""
APART = """
    insert into possible_duplicate as filed (guest_id, other_id, key, row_ref, filed_at, dismissed_at, score, reasons)
    values (%(one)s, %(other)s, %(key)s, '', %(at)s, %(at)s, %(score)s, %(reasons)s::text[])
    on conflict (guest_id, other_id) do update
    set dismissed_at = excluded.dismissed_at, score = excluded.score, reasons = excluded.reasons
    where filed.dismissed_at is null
"""
FILE = """
    insert into possible_duplicate as filed (guest_id, other_id, key, row_ref, filed_at, score, reasons)
    select guest_id, other_id, key, '', %(at)s, score, reasons::text[]
    from unnest(%(guest_id)s::uuid[], %(other_id)s::uuid[], %(key)s::text[], %(score)s::real[], %(reasons)s::text[],
                %(speaking)s::text[]) as found (guest_id, other_id, key, score, reasons, speaking)
    order by guest_id, other_id
    on conflict (guest_id, other_id) do update
    set score = excluded.score, reasons = excluded.reasons,
        dismissed_at = case
            when filed.reasons = '{}' or filed.reasons @> (
                select speaking::text[] from unnest(%(guest_id)s::uuid[], %(other_id)s::uuid[], %(speaking)s::text[])
                    as found (guest_id, other_id, speaking)
                where (found.guest_id, found.other_id) = (filed.guest_id, filed.other_id))
            then filed.dismissed_at end
    where (filed.score, filed.reasons) is distinct from (excluded.score, excluded.reasons)
"""
