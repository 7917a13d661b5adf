"""What contact points and guests are found by, from one key of the index to another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.database.pool import Tx


def points_after(tx: Tx, after: str, most: int) -> list[tuple[str, str, Sealed]]:
    """Also those that were taken from everybody who had them: an import is held to them."""
    query = """
        select distinct on (point) point, channel, address_sealed from (
            (select point, channel, address_sealed from contact_point
             where point > %(after)s order by point limit %(most)s)
            union all
            (select distinct on (point) point, channel, address_sealed from removed_point
             where point > %(after)s order by point limit %(most)s)
        ) as known order by point limit %(most)s
    """
    return tx.execute(query, {"after": after, "most": most}).fetchall()


def move_points(tx: Tx, moves: Mapping[str, str]) -> None:
    """Contact points and the guests on them, by the other index from now on."""
    pairs = {"old": list(moves), "new": list(moves.values())}
    for statement in MOVE_POINTS:
        tx.execute(f"{MOVED} {statement}", pairs)


def guests_on(tx: Tx, points: Collection[str]) -> list[UUID]:
    """Guests on these contact points, locked; without those merged away or erased."""
    query = """
        select id from guest where id in (select guest_id from guest_point where point = any(%s))
        and merged_into is null and erased_at is null order by id for update
    """
    return [row[0] for row in tx.execute(query, [list(points)])]


def keys_after(tx: Tx, after: tuple[str, str], most: int) -> list[tuple[str, str, str, str, date | None]]:
    query = """
        select key, guest_id::text, given_name, family_name, birth_date
        from guest_key join guest on guest.id = guest_id
        where (key, guest_id) > (%s, %s::uuid) order by key, guest_id limit %s
    """
    return tx.execute(query, [*after, most]).fetchall()


def move_keys(tx: Tx, moves: Sequence[tuple[str, str, str]]) -> None:
    """`moves`: the old key, the new one, and whose it is."""
    tx.execute(
        """
        with moved as (
            select * from unnest(%s::text[], %s::text[], %s::uuid[]) as m (old, new, guest_id)
        ), left_behind as (
            delete from guest_key using moved where (key, guest_key.guest_id) = (moved.old, moved.guest_id)
        )
        insert into guest_key (key, guest_id) select new, guest_id from moved on conflict do nothing
        """,
        [list(column) for column in zip(*moves, strict=True)] if moves else [[], [], []],
    )
    pairs = {"old": [old for old, *_ in moves], "new": [new for _, new, _ in moves]}
    tx.execute(f"{MOVED} {_move_in_parts('guest_key', 'key')}", pairs)


def _move_in_parts(table: str, column: str) -> str:
    """The same in what is kept of merged guests as they stood alone."""
    return f"""
        update merged_part set state = jsonb_set(state, '{{{table}}}', (
            select jsonb_agg(case when moved.new is null then each
                                  else each || jsonb_build_object('{column}', moved.new) end)
            from jsonb_array_elements(state -> '{table}') as each left join moved on moved.old = each ->> '{column}'))
        where exists (select from jsonb_array_elements(state -> '{table}') as each
                      join moved on moved.old = each ->> '{column}')
    """


MOVED = "with moved as (select * from unnest(%(old)s::text[], %(new)s::text[]) as each (old, new))"
MOVE_POINTS = (
    """
    insert into contact_point as there (point, channel, address_sealed, kind, fault, forms_sealed, guests,
                                        refused_version, refused_kind)
    select moved.new, channel, address_sealed, kind, fault, forms_sealed, guests, refused_version, refused_kind
    from contact_point join moved on point = moved.old
    on conflict (point) do update set guests = greatest(there.guests, excluded.guests)
    """,
    """
    insert into guest_point as there (guest_id, point, channel, stay_id, said_at, source_ref, by_hand)
    select guest_id, moved.new, channel, stay_id, said_at, source_ref, by_hand
    from guest_point join moved on point = moved.old
    on conflict (guest_id, point) do update
    set stay_id = excluded.stay_id, said_at = excluded.said_at, source_ref = excluded.source_ref,
        by_hand = there.by_hand or excluded.by_hand
    where (excluded.said_at, excluded.source_ref) > (there.said_at, there.source_ref)
    """,
    """
    insert into removed_point (point, guest_id, channel, address_sealed, removed_at, removed_by)
    select moved.new, guest_id, channel, address_sealed, removed_at, removed_by
    from removed_point join moved on point = moved.old
    on conflict do nothing
    """,
    """
    update sign_up set points = array(
        select coalesce(moved.new, one) from unnest(points) as one left join moved on moved.old = one)
    where points && %(old)s::text[]
    """,
    "delete from removed_point using moved where point = moved.old",
    "delete from guest_point using moved where point = moved.old",
    "delete from contact_point using moved where point = moved.old",
    _move_in_parts("guest_point", "point"),
    _move_in_parts("removed_point", "point"),
)
