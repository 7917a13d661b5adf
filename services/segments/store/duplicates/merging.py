"""Everything of one guest becomes another's: statement by statement, both locked. Versions are the caller's.

Who was merged into whom is written down, until it is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.segments.store.guests.care import preference_of, save_preference
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx


@dataclass(frozen=True)
class Edge:
    """One merge that stands."""

    id: int
    guest_id: UUID
    into_id: UUID
    at: datetime


STAYS = "update stay set guest_id = %(into)s where guest_id = %(guest)s"
POINTS = """
    insert into guest_point as old (guest_id, point, channel, stay_id, said_at, source_ref, by_hand)
    select %(into)s, point, channel, stay_id, said_at, source_ref, by_hand from guest_point where guest_id = %(guest)s
    on conflict (guest_id, point) do update
    set stay_id = excluded.stay_id, said_at = excluded.said_at, source_ref = excluded.source_ref
    where (excluded.said_at, excluded.source_ref) > (old.said_at, old.source_ref)
"""
COUNTS = """
    update contact_point c
    set guests = (select count(*) from guest_point g where g.point = c.point and g.guest_id <> %(guest)s)
    where c.kind = 'personal' and c.point in (select point from guest_point where guest_id = %(guest)s)
"""
POINTS_LEFT = "delete from guest_point where guest_id = %(guest)s"
KEYS = """
    insert into guest_key (key, guest_id) select key, %(into)s from guest_key where guest_id = %(guest)s
    on conflict do nothing
"""
KEYS_LEFT = "delete from guest_key where guest_id = %(guest)s"
CLAIMS = """
    insert into consent_claim as old (guest_id, channel, state, said_at, source_ref, expires_on)
    select %(into)s, channel, state, said_at, source_ref, expires_on from consent_claim where guest_id = %(guest)s
    on conflict (guest_id, channel) do update
    set state = excluded.state, said_at = excluded.said_at, source_ref = excluded.source_ref,
        expires_on = excluded.expires_on
    where old.state <> 'refused'
        and (excluded.state = 'refused' or (excluded.said_at, excluded.source_ref) > (old.said_at, old.source_ref))
"""
CLAIMS_LEFT = "delete from consent_claim where guest_id = %(guest)s"
BY_NUMBER = tuple(
    f"update {table} set guest_id = %(into)s where guest_id = %(guest)s"
    for table in (
        "answer_known",
        "case_known",
        "message_known",
        "guest_note",
        "stay_left",
        "company_contact",
        "spend",
        "loyalty",
        "guest_event",
        "sign_up",
    )
)
DOUBLES = """
    insert into possible_duplicate (guest_id, other_id, key, row_ref, filed_at, dismissed_at)
    select least(%(into)s, other), greatest(%(into)s, other), key, row_ref, filed_at, dismissed_at
    from (
        select case when guest_id = %(guest)s then other_id else guest_id end as other, key, row_ref, filed_at,
               dismissed_at
        from possible_duplicate where %(guest)s in (guest_id, other_id)
    ) as filed
    where other <> %(into)s
    on conflict do nothing
"""
DOUBLES_LEFT = "delete from possible_duplicate where %(guest)s in (guest_id, other_id)"
# A field's mark of who decided it goes with the field. Of two reasons not to contact the guest the one of `into` stays.
PROFILE = """
    update guest g
    set title = coalesce(g.title, o.title), birth_date = coalesce(g.birth_date, o.birth_date),
        language = coalesce(g.language, o.language), country = coalesce(g.country, o.country),
        tier = coalesce(g.tier, o.tier), do_not_contact = coalesce(g.do_not_contact, o.do_not_contact),
        rights = array(select distinct claimed from unnest(g.rights || o.rights) as claimed order by claimed),
        tags = array(select distinct tag from unnest(g.tags || o.tags) as tag order by tag),
        said = coalesce((
            select jsonb_object_agg(mark.key, mark.value) from jsonb_each(o.said) as mark
            where (mark.key = 'title' and g.title is null) or (mark.key = 'birth_date' and g.birth_date is null)
                or (mark.key = 'language' and g.language is null) or (mark.key = 'country' and g.country is null)
                or (mark.key = 'tier' and g.tier is null)
        ), '{}') || g.said,
        heard = nullif(coalesce((
            select jsonb_object_agg(one.key, one.value) from jsonb_each(o.heard) as one
            where (one.key = 'title' and g.title is null) or (one.key = 'birth_date' and g.birth_date is null)
                or (one.key = 'language' and g.language is null)
        ), '{}') || coalesce(g.heard, '{}'), '{}')
    from guest o
    where g.id = %(into)s and o.id = %(guest)s
"""
REMOVED = """
    insert into removed_point (point, guest_id, channel, address_sealed, removed_at, removed_by)
    select point, %(into)s, channel, address_sealed, removed_at, removed_by from removed_point removed
    where guest_id = %(guest)s
        and not exists (select from guest_point p where p.point = removed.point and p.guest_id = %(into)s)
    on conflict do nothing
"""
REMOVED_LEFT = "delete from removed_point where guest_id = %(guest)s"
RIGHTS_TWICE = """
    update guest_right mine set lifted_at = %(at)s, lifted_by = 'merged'
    where guest_id = %(guest)s and lifted_at is null and exists (
        select from guest_right theirs
        where theirs.guest_id = %(into)s and theirs.claimed = mine.claimed and theirs.lifted_at is null)
"""
RIGHTS = "update guest_right set guest_id = %(into)s where guest_id = %(guest)s"
CORRECTIONS = "update guest_correction set guest_id = %(into)s where guest_id = %(guest)s"
# Of two days of one date that of `into` stays, unless only the other was said of the guest by somebody.
DATES = """
    insert into guest_date as old (guest_id, date_key, on_date, md, lunar_md, by_hand, said_at, said_by)
    select %(into)s, date_key, on_date, md, lunar_md, by_hand, said_at, said_by from guest_date
    where guest_id = %(guest)s
    on conflict (guest_id, date_key) do update
    set on_date = excluded.on_date, md = excluded.md, lunar_md = excluded.lunar_md, by_hand = excluded.by_hand,
        said_at = excluded.said_at, said_by = excluded.said_by
    where excluded.by_hand and not old.by_hand
"""
DATES_LEFT = "delete from guest_date where guest_id = %(guest)s"
FORMER = "update guest set merged_into = %(into)s where merged_into = %(guest)s"
AWAY = "update guest set merged_into = %(into)s where id = %(guest)s"
HAND_OVER = (
    STAYS, POINTS, COUNTS, POINTS_LEFT, KEYS, KEYS_LEFT, CLAIMS, CLAIMS_LEFT, *BY_NUMBER, DOUBLES,
    DOUBLES_LEFT, PROFILE, REMOVED, REMOVED_LEFT, CORRECTIONS, DATES, DATES_LEFT, RIGHTS_TWICE,
    RIGHTS, FORMER, AWAY,
)  # fmt: skip


def edges_of(tx: Tx, root: UUID) -> list[Edge]:
    """The merges that made this guest, the first one first; without those from before they were written down."""
    query = """
        select id, guest_id, into_id, at from guest_merge
        where undone_at is null and guest_id in (select guest_id from merged_part where root_id = %s) order by id
    """
    return tx.rows(Edge, query, [root])


def standing_merge(tx: Tx, guest_id: UUID) -> Edge | None:
    query = "select id, guest_id, into_id, at from guest_merge where guest_id = %s and undone_at is null for update"
    found = tx.rows(Edge, query, [guest_id])
    return found[0] if found else None


def keep_merge(tx: Tx, guest_id: UUID, into_id: UUID, by: str, at: datetime) -> None:
    statement = "insert into guest_merge (guest_id, into_id, at, by_whom) values (%s, %s, %s, %s)"
    tx.execute(statement, [guest_id, into_id, at, by])


def end_merge(tx: Tx, id: int, by: str, at: datetime) -> None:
    tx.execute("update guest_merge set undone_at = %s, undone_by = %s where id = %s", [at, by, id])


def lock_root(tx: Tx, guest_id: UUID) -> UUID | None:
    """Who a merged guest is now, both locked."""
    query = """
        select merged_into from guest where id = %s and merged_into is not null and erased_at is null for update
    """
    row = tx.execute(query, [guest_id]).fetchone()
    return row[0] if row else None


def hand_over(tx: Tx, guest_id: UUID, into_id: UUID, at: datetime) -> None:
    """All that is the one guest's becomes the other's, and the one is merged away."""
    for statement in HAND_OVER:
        tx.execute(statement, {"guest": guest_id, "into": into_id, "at": at})
    join_preferences(tx, guest_id, into_id, at)


def stays_of(tx: Tx, guest_id: UUID) -> list[UUID]:
    return [id for (id,) in tx.execute("select id from stay where guest_id = %s order by id", [guest_id])]


def join_preferences(tx: Tx, guest_id: UUID, into_id: UUID, at: datetime) -> None:
    """What the front desk noted of both, one below the other."""
    texts = [
        tx.keyring.open(one, Sealing.NOTE) for one in (preference_of(tx, into_id), preference_of(tx, guest_id)) if one
    ]
    if preference_of(tx, guest_id) is None:
        return
    row = tx.execute("select noted_by from guest_preference where guest_id = %s", [guest_id]).fetchone()
    joined = "\n".join(dict.fromkeys(texts))
    save_preference(tx, into_id, tx.keyring.seal(joined, Sealing.NOTE), row[0] if row else "", at)
    save_preference(tx, guest_id, None, "", at)
