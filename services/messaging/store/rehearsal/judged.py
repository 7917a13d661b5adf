"""What the gate said in a scratch copy."""

from __future__ import annotations

from typing import Any

from shared.database.pool import Tx

JUDGED = """
    select delivery.guest_id, decision.message_id, decision.at, delivery.zone, delivery.journey, delivery.step,
           delivery.template, delivery.occurrence, delivery.purpose, delivery.property, decision.state,
           decision.reason, decision.held_until, decision.channel, decision.language
    from decision join delivery using (message_id)
    where delivery.journey is not null
    order by decision.at, decision.message_id, decision.seq
"""


def judged(tx: Tx) -> list[tuple[Any, ...]]:
    """In the order of the ledger."""
    return tx.execute(JUDGED).fetchall()
