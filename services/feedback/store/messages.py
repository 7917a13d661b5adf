"""Messages that were sent, as far as an answer needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.feedback.rules.asking.surveys import takes_answer_until
from shared.database.pool import Tx
from shared.events import Chunk
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from shared.vocabulary.purpose import Purpose


@dataclass(frozen=True, kw_only=True)
class Message:
    """`answered_at`: of a survey, when it or another one of the stay was first answered. `is_by_hand`: what a person
    answered; `to_stranger`: to whom no guest is known to be, and `guest_id` is the number of their thread.
    """

    message_id: UUID
    guest_id: UUID
    purpose: str
    property: str | None
    stay_id: UUID | None
    channel: str
    sent_at: datetime
    answered_at: datetime | None
    is_by_hand: bool
    to_stranger: bool

    def takes_answer(self, at: datetime) -> bool:
        """A survey that is open, or whose answer may still be changed."""
        return self.purpose == Purpose.FEEDBACK and at < takes_answer_until(self.sent_at, self.answered_at)


@dataclass(frozen=True, kw_only=True)
class SentMessage:
    """A message in the order in which its event arrived, with where its guest can be reached now."""

    seq: int
    message_id: UUID
    guest_id: UUID
    purpose: str
    channel: str
    sent_at: datetime
    point: str | None
    language: str


def keep(tx: Tx, chunk: Chunk) -> None:
    sent = chunk.pick(place for place, state in enumerate(chunk["state"]) if state == MessageState.SENT)
    if len(sent):
        tx.execute(KEEP, sent.columns)


def find(tx: Tx, message_id: UUID) -> Message | None:
    found = tx.rows(Message, f"{SELECT} where message_id = %(message_id)s", {"message_id": message_id})
    return found[0] if found else None


def answered_by(tx: Tx, message_id: UUID | None, guests: Sequence[UUID], channel: Channel) -> Message | None:
    """The message of that id, else the last one sent to one of these guests on the channel."""
    if message_id is not None:
        return find(tx, message_id)
    found = tx.rows(Message, f"{SELECT} {LAST_TO}", {"guests": list(guests), "channel": channel})
    return found[0] if found else None


def last_survey(tx: Tx, guests: Sequence[UUID], channel: Channel) -> Message | None:
    found = tx.rows(Message, f"{SELECT} {LAST_SURVEY}", {"guests": list(guests), "channel": channel})
    return found[0] if found else None


def sent_after(tx: Tx, seq: int, most: int) -> list[SentMessage]:
    return tx.rows(SentMessage, SENT_AFTER, {"seq": seq, "most": most})


KEEP = """
    insert into message_known
        (message_id, guest_id, journey, purpose, property, stay_id, channel, sent_at)
    select distinct on (message_id) message_id,
           coalesce((select answer.guest_id from thread_answer as answer where answer.message_id = said.message_id),
                    guest_id), -- a stranger may be a guest since
           journey, purpose, property, stay_id, channel, at
    from unnest(%(message_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(journey)s::text[],
                %(purpose)s::text[], %(property)s::text[], %(stay_id)s::uuid[], %(channel)s::text[],
                %(occurred_at)s::timestamptz[])
        as said (message_id, version, guest_id, journey, purpose, property, stay_id, channel, at)
    where channel is not null
    order by message_id, version desc
    on conflict (message_id) do update set sent_at = excluded.sent_at where message_known.sent_at > excluded.sent_at
"""
SELECT = """
    select message_id, guest_id, purpose, property, stay_id, channel, sent_at,
           (
               select min(answered_at) from survey_answer as answer
               where answer.message_id = message_known.message_id or answer.stay_id = message_known.stay_id
           ) as answered_at,
           exists (select from thread_answer where thread_answer.message_id = message_known.message_id) as is_by_hand,
           exists (select from thread_answer where thread_answer.message_id = message_known.message_id and to_stranger)
               as to_stranger
    from message_known
"""
LAST_TO = """
    where guest_id = any(%(guests)s::uuid[]) and channel = %(channel)s
    order by sent_at desc, message_id
    limit 1
"""
LAST_SURVEY = """
    where guest_id = any(%(guests)s::uuid[]) and channel = %(channel)s and purpose = 'feedback'
    order by sent_at desc, message_id
    limit 1
"""
SENT_AFTER = """
    select seq, message_id, guest_id, purpose, channel, sent_at,
           case channel when 'email' then emails[1] else numbers[1] end as point, coalesce(language, 'en') as language
    from message_known left join guest_known using (guest_id)
    where seq > %(seq)s
    order by seq
    limit %(most)s
"""
