"""What the gate said in a scratch copy."""

from __future__ import annotations

from typing import Any

from shared.database.pool import Tx

JUDGED = """
    select delivery.guest_id, decision.message_id, decision.at, delivery.zone, delivery.journey, delivery.step,
           delivery.template, delivery.occurrence, delivery.purpose, delivery.property, decision.state,
           decision.reason, decision.held_until, decision.channel, decision.language,
           case when decision.state = 'sent' and decision.channel = 'sms' then coalesce(delivery.parts, 0) else 0 end,
           delivery.stay_id,
           case when decision.state = 'sent' then (delivery.price * delivery.parts)::text end,
           case when decision.state = 'sent' then delivery.price_currency end
    from decision join delivery using (message_id)
    where delivery.journey is not null
    order by decision.at, decision.message_id, decision.seq
"""


def judged(tx: Tx) -> list[tuple[Any, ...]]:
    """In the order of the ledger."""
    return tx.execute(JUDGED).fetchall()
