"""What became of messages after they were sent, as messaging publishes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.localtime import local_date
from shared.vocabulary.receipt import ReceiptState


def home_zones(tx: Tx, guests: Collection[str]) -> dict[str, str]:
    """By guest, as the chunk names them; of a merged one that of whom they became."""
    query = """
        select asked::text, coalesce(root.home_zone, guest.home_zone)
        from unnest(%s::uuid[]) as asked
        join guest on guest.id = asked
        left join guest root on root.id = guest.merged_into
    """
    return dict(tx.execute(query, [list(set(guests))]).fetchall())


def save(tx: Tx, kind: ReceiptState, chunk: Chunk, days: Sequence[date]) -> set[UUID]:
    """Whose facts may change. `days`: of each receipt."""
    statement = SAVE.format(at=f"{kind}_at", day=f"{kind}_on")
    return {guest_id for (guest_id,) in tx.execute(statement, {**chunk.columns, "day": list(days)})}


def save_clicks(tx: Tx, chunk: Chunk, days: Sequence[date]) -> set[UUID]:
    """Whose facts may change: the latest click on a message counts."""
    statement = SAVE.format(at="clicked_at", day="clicked_on")
    return {guest_id for (guest_id,) in tx.execute(statement, {**chunk.columns, "day": list(days)})}


def days_of(tx: Tx, guests: Sequence[str], instants: Sequence[str]) -> list[date]:
    """The guest's own day of each instant."""
    zones = home_zones(tx, guests)
    return [
        local_date(datetime.fromisoformat(text), zones.get(guest, "UTC"))
        for guest, text in zip(guests, instants, strict=True)
    ]


SAVE = """
    insert into message_known as old
        (message_id, version, guest_id, journey, channel, state, {at}, {day})
    select distinct on (message_id) message_id, 0, coalesce(merged_into, guest_id), journey, channel, 'sent',
           occurred_at, day
    from unnest(%(message_id)s::uuid[], %(guest_id)s::uuid[], %(journey)s::text[],
                %(channel)s::text[], %(occurred_at)s::timestamptz[], %(day)s::date[])
         as t(message_id, guest_id, journey, channel, occurred_at, day)
    left join guest on guest.id = guest_id
    order by message_id, occurred_at desc
    on conflict (message_id) do update
    set {at} = excluded.{at}, {day} = excluded.{day}, channel = coalesce(old.channel, excluded.channel)
    where old.{at} is null or excluded.{at} > old.{at}
    returning guest_id
"""
