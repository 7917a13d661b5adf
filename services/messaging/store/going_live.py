"""What was due before the house went live is never sent: its use ends, and the gate says so at the next claim.

It holds for what waited then, for what comes late, and for what could not be written in the sandbox: nobody tries that
again afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.database.pool import Tx
from shared.vocabulary.channel import Channel

ENDS = """
    update delivery as message
    set useful_until = least(useful_until, period.since - interval '1 microsecond'),
        next_at = least(next_at, period.since), held_until = least(held_until, period.since)
    from live_period as period
    where period.ended_at is null and message.due_at < period.since
      and (message.state in ('queued', 'held') or message.state = 'failed' and reason in ('unwritable', 'unjudged'))
      and message.channels <@ period.channels
"""


def end_the_past(tx: Tx, channels: Sequence[Channel]) -> int:
    """Of the channels that the house went live on just now; how many messages that concerns."""
    tx.execute("update live_period set channels = %s where ended_at is null", [list(map(str, channels))])
    return tx.execute(ENDS).rowcount


def end_what_is_past(tx: Tx, messages: Sequence[UUID]) -> None:
    tx.execute(f"{ENDS} and message_id = any(%s)", [list(messages)])
