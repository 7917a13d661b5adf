"""What the pages show of senders beside how they are set up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database.pool import Tx


def sent_since(tx: Tx, since: datetime) -> dict[UUID, int]:
    """By sender, how many messages it was given and has since then."""
    query = """
        select sender_id, (select count(*)::int from delivery
                           where delivery.sender_id = sender.sender_id and claimed_at >= %s and delivery.state = 'sent')
        from sender where state <> 'deleted'
    """
    return dict(tx.execute(query, [since]).fetchall())


def sender_of(tx: Tx, message_id: UUID) -> str | None:
    """The name of the house's sender that a message was given to; None for the environment's."""
    query = "select name from delivery join sender using (sender_id) where message_id = %s"
    row = tx.execute(query, [message_id]).fetchone()
    return row[0] if row else None


def choices(tx: Tx) -> list[tuple[str, str]]:
    """Number and name of every sender there ever was: messages remember those that were deleted."""
    rows = tx.execute("select sender_id, name from sender order by state = 'deleted', name, sender_id").fetchall()
    return [(str(number), name) for number, name in rows]


def resting(tx: Tx, now: datetime) -> list[tuple[UUID, str, str | None]]:
    """Number, name and trouble of those that are on and rest after a failure."""
    query = """
        select sender_id, name, trouble_reason from sender join sender_health using (sender_id)
        where state = 'on' and resting_until > %s order by name, sender_id
    """
    return tx.execute(query, [now]).fetchall()


def brands(tx: Tx) -> list[str]:
    """Those hotels belong to."""
    query = "select distinct legal_entity from property_known where legal_entity <> '' order by legal_entity"
    return [name for (name,) in tx.execute(query)]
