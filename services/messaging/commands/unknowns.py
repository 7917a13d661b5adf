"""What a person found out about a message whose outcome was unclear."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.messaging.commands.telling import State, tell
from services.messaging.store import results as store
from services.messaging.store.unknowns import RESOLVE
from shared.access import Person
from shared.audit import record
from shared.database import Tx
from shared.errors import Conflict

ARRIVED, NEVER_ARRIVED = "arrived", "never_arrived"


def resolve_unknown(tx: Tx, message_id: UUID, found: str, *, by: Person, at: datetime) -> None:
    """«The guest has it»: sent. «It never arrived»: failed, and it no longer counts as a contact."""
    state = "sent" if found == ARRIVED else "failed"
    told = {"message_id": message_id, "state": state, "reason": found, "at": at}
    states = tx.rows(State, RESOLVE, told)
    if not states:
        raise Conflict()
    if state == "failed":
        tx.execute(store.GIVE_BACK_CONTACTS, {"message_id": [message_id]})
    tell(tx, states, at)
    record(tx, by, "message.resolved", f"message {message_id}", {"found": found}, at)
