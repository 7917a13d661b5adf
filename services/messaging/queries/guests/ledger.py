"""The ledger: every decision of the gate, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.messaging.queries.decided import ADDRESS, DECIDED
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.localtime import zone_named

LINES = f"""
    select decision.at, delivery.zone, delivery.guest_id, delivery.property, delivery.journey,
           delivery.journey_version, delivery.step, delivery.occurrence, decision.channel, delivery.purpose,
           coalesce(decision.address_sealed,
                    case when decision.state = 'sent' then {ADDRESS.format(of="delivery")} end),
           decision.language, decision.state, decision.reason
    from {DECIDED} as decision join delivery using (message_id)
    order by decision.at, decision.message_id, decision.seq
"""


def ledger(tx: Tx) -> Iterator[dict[str, Any]]:
    """In the order of (at, message, decision). `local` has the offset of the zone the message was planned in: the
    guest's, a survey's property's. Addresses are opened: this is for who may see them."""
    with tx.connection.cursor() as cursor:
        for row in cursor.stream(LINES):
            yield _line(tx, row)


def _line(tx: Tx, row: tuple[Any, ...]) -> dict[str, Any]:
    at, zone, guest, code, journey, version, step, occurrence, channel, purpose, address, language, state, reason = row
    return {
        "at": _instant(at),
        "local": at.astimezone(zone_named(zone)).isoformat(),
        "guest": str(guest),
        "property": code,
        "journey": journey,
        "version": version,
        "step": step,
        "occurrence": occurrence,
        "channel": channel,
        "purpose": purpose,
        "to": tx.keyring.open(Sealed(address), Sealing.CONTACT) if address else None,
        "language": language,
        "state": state,
        "reason": reason,
    }


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
