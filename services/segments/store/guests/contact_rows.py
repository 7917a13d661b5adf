"""The rows of lists that were taken, each with the guest whom it named, and the tags that it gave them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.segments.store.sets import columns
from shared.database.pool import Tx

Taken = tuple[UUID, UUID, bytes, str, str, datetime]  # row, guest, digest, list, file, handed in


def guests_of_rows(tx: Tx, rows: Collection[UUID]) -> dict[UUID, UUID]:
    """By row whom it named; of a guest who was merged away whoever they are now."""
    query = """
        select r.id, coalesce(g.merged_into, g.id) from contact_row r join guest g on g.id = r.guest_id
        where r.id = any(%s)
    """
    return dict(tx.execute(query, [list(rows)]).fetchall())


def keep_contact_rows(tx: Tx, rows: Sequence[Taken]) -> None:
    statement = """
        insert into contact_row (id, guest_id, row_hash, list, file, handed_in_at)
        select * from unnest(%(id)s::uuid[], %(guest_id)s::uuid[], %(row_hash)s::bytea[], %(list)s::text[],
                             %(file)s::text[], %(handed_in_at)s::timestamptz[])
        on conflict (id) do update
        set guest_id = excluded.guest_id, row_hash = excluded.row_hash, file = excluded.file,
            handed_in_at = excluded.handed_in_at
    """
    if rows:
        tx.execute(statement, columns(("id", "guest_id", "row_hash", "list", "file", "handed_in_at"), rows))


def give_contact_rows(tx: Tx, owners: Mapping[UUID, UUID]) -> None:
    """`owners`: by row the guest whose it is; what is no row of a list is passed over."""
    statement = """
        update contact_row r set guest_id = t.guest_id from unnest(%s::uuid[], %s::uuid[]) as t (id, guest_id)
        where r.id = t.id
    """
    if owners:
        tx.execute(statement, [list(owners), list(owners.values())])


def add_tags(tx: Tx, tags: Mapping[UUID, Collection[str]]) -> set[UUID]:
    """Gives guests tags beside those they have; whose are others now. The rows are locked."""
    pairs = sorted((guest, tag) for guest, given in tags.items() for tag in given)
    statement = """
        update guest g
        set tags = array(select distinct tag from unnest(g.tags || t.given) as tag order by tag)
        from (
            select guest_id, array_agg(tag) as given
            from unnest(%s::uuid[], %s::text[]) as t (guest_id, tag) group by guest_id
        ) t
        where g.id = t.guest_id and not g.tags @> t.given
        returning g.id
    """
    if not pairs:
        return set()
    guests, given = zip(*pairs, strict=True)
    return {id for (id,) in tx.execute(statement, [list(guests), list(given)])}
