"""What a contact point is known by under other keys of the index, and how its rows follow it to another one.

Whoever writes rows by a contact point holds the shared lock from before it looks up aliases until its commit; whoever
moves rows holds the other one. So no row is written under an index that has just been left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.database.pool import Tx

POINTS = 0x706F696E  # «poin»


def hold_points(tx: Tx) -> None:
    """No contact point moves until this transaction ends."""
    tx.execute("select pg_advisory_xact_lock_shared(%s)", [POINTS])


def move_alone(tx: Tx) -> None:
    """Nobody else writes by contact points until this transaction ends."""
    tx.execute("select pg_advisory_xact_lock(%s)", [POINTS])


def points_by_alias(tx: Tx, aliases: Sequence[str]) -> dict[str, str]:
    """The contact points that these indexes lead to; none for those that name a point themselves."""
    query = "select alias, point from point_alias where alias = any(%s)"
    return dict(tx.execute(query, [list(aliases)]).fetchall())


def move_points(tx: Tx, moves: Mapping[str, str]) -> None:
    """Every row of these points, by the other index from now on. A consent that was recorded after an objection was
    made stands, whichever index the objection was made by.
    """
    pairs = {"old": list(moves), "new": list(moves.values())}
    for statement in STATEMENTS:
        tx.execute(f"{MOVED} {statement}", pairs)


MOVED = "with moved as (select * from unnest(%(old)s::text[], %(new)s::text[]) as each (old, new))"
STATEMENTS = (
    "delete from point_alias using moved where alias = moved.new",
    "update point_alias set point = moved.new from moved where point = moved.old",
    """
    insert into point_alias (alias, point) select old, new from moved order by old
    on conflict (alias) do update set point = excluded.point
    """,
    "update recipient_point set point = moved.new from moved where point = moved.old",
    "update delivery set point = moved.new from moved where point = moved.old and claimed_at is not null",
    """
    , left_behind as (
        delete from refused_point using moved where point = moved.old
        returning channel, moved.new as point, version, since, detail, lifted_at, lifted_by
    )
    insert into refused_point (channel, point, version, since, detail, lifted_at, lifted_by)
    select distinct on (channel, point) * from left_behind order by channel, point, since
    on conflict do nothing
    """,
    """
    , left_behind as (
        delete from objection_unread using moved where point = moved.old
        returning reply_id, moved.new as point, version, channel, guest_id, unread, since
    )
    insert into objection_unread (reply_id, point, version, channel, guest_id, unread, since)
    select distinct on (reply_id, point) * from left_behind order by reply_id, point, version desc
    on conflict do nothing
    """,
    """
    , left_behind as (
        delete from window_opened using moved where point = moved.old returning channel, moved.new as point, wrote_at
    )
    insert into window_opened as known (channel, point, wrote_at)
    select channel, point, max(wrote_at) from left_behind group by channel, point order by channel, point
    on conflict (channel, point) do update set wrote_at = greatest(known.wrote_at, excluded.wrote_at)
    """,
    # what the version before wrote: as long as it is there, a key by which it is found cannot be retired
    "update counted_contact set key = moved.new from moved where kind = 'point' and key = moved.old",
    """
    , left_behind as (
        delete from suppression using moved where point = moved.old
        returning channel, moved.new as point, purpose, source, since
    )
    insert into suppression (channel, point, purpose, source, since)
    select distinct on (channel, point, purpose) channel, point, purpose, source, since from left_behind
    order by channel, point, purpose, since
    on conflict (channel, point, purpose) do update set since = greatest(suppression.since, excluded.since)
    """,
    # what a later consent had lifted under the one index is lifted under the other: as far as it went, and no further
    """
    insert into suppression (channel, point, purpose, source, since)
    select distinct on (ended.channel, ended.point, other.purpose)
           ended.channel, ended.point, other.purpose, ended.source,
           since
    from suppression as ended join moved on ended.point = moved.new
    join recipient_point as mine on mine.point = ended.point
    join consent on (consent.guest_id, consent.channel) = (mine.guest_id, ended.channel)
    cross join (values ('marketing'), ('feedback')) as other (purpose)
    where ended.purpose = 'all' and consent.source = 'recorded' and consent.state = 'express'
      and consent.purpose in ('marketing', 'feedback') and consent.said_at > since and other.purpose <> consent.purpose
    order by ended.channel, ended.point, other.purpose, since
    on conflict (channel, point, purpose) do nothing
    """,
    """
    delete from suppression as ended using moved where ended.point = moved.new and exists (
        select from recipient_point as mine join consent using (guest_id)
        where mine.point = ended.point and consent.channel = ended.channel
          and consent.source = 'recorded' and consent.state = 'express' and consent.said_at > ended.since
          and consent.purpose in ('marketing', 'feedback') and ended.purpose in ('all', consent.purpose))
    """,
)
