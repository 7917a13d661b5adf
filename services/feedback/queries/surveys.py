"""What a guest's survey page needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.feedback.rules.asking.surveys import takes_answer_until
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class House:
    """The hotel that asks. Empty where nothing is known of it. `names`: by language; `colour`: #rrggbb; `logo`: console
    shows it at /brand/<logo>."""

    name: str
    legal_entity: str
    postal_address: str
    contact: str
    names: Mapping[str, str]
    colour: str | None
    logo: str | None

    def called(self, language: str) -> House:
        """With its name in that language."""
        return replace(self, name=self.names.get(language, self.name))


@dataclass(frozen=True, kw_only=True)
class Survey:
    """A message that was sent. `score`, `answered_at`: None while nobody has answered it or another one of the stay."""

    message_id: UUID
    purpose: str
    channel: str
    property: str | None
    language: str | None
    sent_at: datetime
    score: int | None
    answered_at: datetime | None

    def ends_at(self) -> datetime:
        """Until when it may be answered, or its answer changed."""
        return takes_answer_until(self.sent_at, self.answered_at)


def survey(tx: Tx, message_id: UUID) -> Survey | None:
    found = tx.rows(Survey, SURVEY, {"message_id": message_id})
    return found[0] if found else None


def house(tx: Tx, code: str | None) -> House | None:
    found = tx.rows(House, HOUSE, {"code": code})
    return found[0] if found else None


SURVEY = """
    select message.message_id, message.purpose, message.channel, message.property, guest.language, message.sent_at,
           answer.score, answer.answered_at
    from message_known as message
    left join guest_known as guest using (guest_id)
    left join lateral (
        select score, answered_at from survey_answer as given
        where given.message_id = message.message_id or given.stay_id = message.stay_id
        order by answered_at limit 1
    ) as answer on true
    where message.message_id = %(message_id)s
"""
HOUSE = """
    select name, legal_entity, postal_address, contact, names, colour, logo from property_known where code = %(code)s
"""
