"""What a guest's survey page needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class House:
    """The hotel that asks. Empty where nothing is known of it."""

    name: str
    legal_entity: str
    postal_address: str
    contact: str


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A message that was sent. `score`: None while nobody has answered."""

    message_id: UUID
    purpose: str
    channel: str
    property: str | None
    language: str | None
    score: int | None


def survey(tx: Tx, message_id: UUID) -> Survey | None:
    found = tx.rows(Survey, SURVEY, {"message_id": message_id})
    return found[0] if found else None


def house(tx: Tx, code: str | None) -> House | None:
    found = tx.rows(House, HOUSE, {"code": code})
    return found[0] if found else None


SURVEY = """
    select message.message_id, message.purpose, message.channel, message.property, guest.language, answer.score
    from message_known as message
    left join guest_known as guest using (guest_id)
    left join survey_answer as answer using (message_id)
    where message.message_id = %(message_id)s
"""
HOUSE = "select name, legal_entity, postal_address, contact from property_known where code = %(code)s"
