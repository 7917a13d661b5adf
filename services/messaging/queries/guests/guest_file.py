"""What messaging tells a guest in words, beside its declared rows: each message with its text, and each decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.messaging.queries.decided import DECIDED
from services.messaging.store.sending.newest_text import newest_text
from services.messaging.store.sending.sent_words import SentWords
from shared.database.pool import Tx
from shared.personal_data.guest_file.held import Cell, Held, in_file, plain, why, word
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from shared.vocabulary.purpose import Purpose

MESSAGE_LABELS = (
    in_file("When"),
    in_file("By"),
    in_file("For"),
    in_file("Journey"),
    in_file("Hotel"),
    in_file("What became of it"),
    in_file("Why"),
    in_file("Subject"),
    in_file("Text"),
)
DECISION_LABELS = (
    in_file("When"),
    in_file("Journey"),
    in_file("Step"),
    in_file("Decision"),
    in_file("Why"),
    in_file("By"),
    in_file("Waits until"),
)


def tell(tx: Tx, guests: Sequence[UUID]) -> list[Held]:
    asked = {"guests": list(guests)}
    messages = [_message(tx, row) for row in tx.execute(MESSAGES, asked)]
    decisions = [_decision(*row) for row in tx.execute(DECISIONS, asked)]
    return [
        Held(in_file("Messages with their text"), MESSAGE_LABELS, messages),
        Held(in_file("What was decided about messages, and why"), DECISION_LABELS, decisions),
    ]


def _message(tx: Tx, row: tuple[Any, ...]) -> list[Cell]:
    at, channel, purpose, journey, hotel, state, reason, subject, text, sealed, sheet, message_id = row
    if sealed:
        words = SentWords.opened(tx.keyring, sealed, sheet, message_id)
        subject, text = words.subject, words.text
    return [
        plain(at),
        word(Channel, channel),
        word(Purpose, purpose),
        journey,
        hotel,
        word(MessageState, state),
        why(reason),
        subject,
        text,
    ]


def _decision(
    at: datetime, journey: str, step: str, state: str, reason: str | None, channel: str | None, until: datetime | None
) -> list[Cell]:
    return [
        plain(at),
        journey,
        step,
        word(MessageState, state),
        why(reason),
        word(Channel, channel),
        plain(until),
    ]


MESSAGES = f"""
    select coalesce(sandbox.sent_at, kept.sent_at, delivery.due_at, delivery.changed_at) as at,
           coalesce(delivery.channel, delivery.channels[1]), delivery.purpose,
           coalesce(journey_known.name, delivery.journey), coalesce(property_known.name, delivery.property),
           delivery.state, delivery.reason, sandbox.subject, sandbox.body,
           coalesce(sandbox.words_sealed, kept.text_sealed), kept.packed, delivery.message_id
    from delivery
    left join sandbox_message as sandbox using (message_id)
    {newest_text("delivery.message_id")}
    left join journey_known on journey_known.journey = delivery.journey
    left join property_known on property_known.code = delivery.property
    where delivery.guest_id = any(%(guests)s::uuid[])
    order by at, delivery.message_id
"""

DECISIONS = f"""
    select decision.at, coalesce(journey_known.name, delivery.journey), delivery.step, decision.state,
           decision.reason, decision.channel, decision.held_until
    from {DECIDED} as decision join delivery using (message_id)
    left join journey_known on journey_known.journey = delivery.journey
    where delivery.guest_id = any(%(guests)s::uuid[])
    order by decision.at, decision.seq
"""
