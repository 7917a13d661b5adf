"""How often guests want offers, in their own words: a pause, once a month at most. Only a person's last word counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import row

# A guest and whoever is merged into them are one person; taken apart again, each has what they said themselves.
LAST_WORDS = """
    with recursive below as (
        select guest_id as root, guest_id from unnest(%s::uuid[]) as asked (guest_id)
        union
        select root, merged.guest_id from below join recipient as merged on merged.into_guest_id = below.guest_id
    )
    select distinct on (root) root as guest_id, paused_until, once_a_month
    from below join offer_limit using (guest_id) order by root, said_at desc, offer_limit.guest_id
"""


@row
class OfferLimit:
    """`paused_until`: no offers before; it may be over."""

    guest_id: UUID
    paused_until: datetime | None
    once_a_month: bool


def offer_limits(tx: Tx, guests: Sequence[UUID]) -> dict[UUID, OfferLimit]:
    return {one.guest_id: one for one in tx.rows(OfferLimit, LAST_WORDS, [list(guests)])}


def keep_offer_limit(tx: Tx, limit: OfferLimit, at: datetime) -> None:
    tx.execute(
        """
        insert into offer_limit as known (guest_id, paused_until, once_a_month, said_at) values (%s, %s, %s, %s)
        on conflict (guest_id) do update set
            (paused_until, once_a_month, said_at)
            = (excluded.paused_until, excluded.once_a_month, excluded.said_at)
        where excluded.said_at >= known.said_at
        """,
        [limit.guest_id, limit.paused_until, limit.once_a_month, at],
    )


def home_zone_of(tx: Tx, guest_id: UUID) -> str:
    row = tx.execute("select home_zone from recipient where guest_id = %s", [guest_id]).fetchone()
    return row[0] if row and row[0] else "UTC"
