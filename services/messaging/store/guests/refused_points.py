"""Contact points at which nobody is reached, by the word of a provider."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx
from shared.rows import row


@row
class RefusedPoint:
    """`version` counts the changes of this point: refused, lifted, refused again."""

    channel: str
    point: str
    version: int


def refuse_points_of(tx: Tx, messages: Sequence[UUID], at: datetime) -> list[RefusedPoint]:
    """The contact points of these messages, where their provider refused them or their receipt says that nobody is
    reached there; those that are refused only now."""
    return tx.rows(
        RefusedPoint,
        """
        insert into refused_point as known (channel, point, version, since, detail)
        select distinct on (channel, point) channel, point, 1, %(at)s, detail
        from (
            select channel, point, provider_detail as detail from delivery
            where message_id = any(%(messages)s) and state = 'failed' and reason = 'bad_address' and point is not null
            union all
            select delivery.channel, point, detail from delivery join receipt using (message_id)
            where message_id = any(%(messages)s) and receipt.state = 'bounced' and receipt.reason = 'bad_address'
              and point is not null
        ) as refused
        order by channel, point
        on conflict (channel, point) do update
        set version = known.version + 1, since = excluded.since, detail = excluded.detail, lifted_at = null,
            lifted_by = null
        where known.lifted_at is not null
        returning channel, point, version
        """,
        {"at": at, "messages": list(messages)},
    )


def lift(tx: Tx, guest_id: UUID, point: str, by: str, at: datetime) -> list[RefusedPoint]:
    """Of a point of this guest; none where it is not refused."""
    return tx.rows(
        RefusedPoint,
        """
        update refused_point as known set version = version + 1, lifted_at = %(at)s, lifted_by = %(by)s
        from channel_point as mine
        where mine.guest_id = %(guest)s and mine.point = %(point)s
          and (known.channel, known.point) = (mine.channel, mine.point) and known.lifted_at is null
        returning known.channel, known.point, known.version
        """,
        {"guest": guest_id, "point": point, "by": by, "at": at},
    )
