"""Senders that take nothing, since when and why. A sender is known by its key: the channel that the environment's one
serves, or the number of one of the house's own."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.messaging.store.sending.results import CLAIMERS
from shared.bus.roles import MOST_COUNTED
from shared.database.pool import Tx
from shared.rows import named_row

BELIEVED_FOR = timedelta(hours=2)  # what waits is tried again within one: an older row is of a sender nobody uses
WAITS_FOR_IT = "state = 'queued' and waiting_since is not null and coalesce(sender_id::text, channel) = outage.sender"
"""Of `delivery`, beside `sender_outage as outage`."""


@named_row
class Outage:
    """`name`: of one of the house's own; None for the environment's. `waiting`: messages it was offered in vain, and
    that are tried again."""

    sender: str
    channel: str
    name: str | None
    since: datetime
    reason: str
    detail: str | None
    waiting: int


def note(tx: Tx, sender: str, channel: str, reason: str, detail: str | None, at: datetime) -> bool:
    """It was tried in vain. Whether an outage begins with that."""
    row = tx.execute(
        """
        insert into sender_outage as known (sender, channel, since, last_at, reason, detail)
        values (%(sender)s, %(channel)s, %(at)s, %(at)s, %(reason)s, %(detail)s)
        on conflict (sender) do update set reason = excluded.reason, detail = excluded.detail,
            last_at = greatest(known.last_at, excluded.last_at),
            since = case when known.last_at < excluded.last_at - %(believed)s then excluded.since else known.since end
        returning known.since = %(at)s
        """,
        {
            "sender": sender,
            "channel": channel,
            "reason": reason,
            "detail": detail,
            "at": at,
            "believed": BELIEVED_FOR,
        },
    ).fetchone()
    assert row is not None
    return bool(row[0])


def end(tx: Tx, sender: str) -> datetime | None:
    """It takes messages again. Since when it had not; None where somebody else has noted it."""
    row = tx.execute("delete from sender_outage where sender = %s returning since", [sender]).fetchone()
    return row[0] if row else None


def senders_out(tx: Tx) -> set[str]:
    return {sender for (sender,) in tx.execute("select sender from sender_outage")}


def standing(tx: Tx, at: datetime) -> list[Outage]:
    """Those that keep messages waiting, the longest first."""
    return tx.rows(
        Outage,
        f"""
        select * from (
            select outage.sender, outage.channel, sender.name, since, reason, detail, (
                select count(*)::int from (select from delivery where {WAITS_FOR_IT} limit {MOST_COUNTED}) as waiting
            ) as waiting
            from sender_outage as outage left join sender on sender.sender_id::text = outage.sender
            where last_at >= %s
        ) as found where waiting > 0 order by since, sender
        """,
        [at - BELIEVED_FOR],
    )


def running(tx: Tx) -> int:
    """How many sender roles are at work: each holds its number's lock while it lives."""
    row = tx.execute(f"select {RUNNING}").fetchone()
    assert row is not None
    return int(row[0])


RUNNING = f"""(
    select count(*)::int from pg_locks where locktype = 'advisory' and classid = {CLAIMERS} and objsubid = 2 and granted
        and mode = 'ExclusiveLock' and database = (select oid from pg_database where datname = current_database()))"""
