"""A reply arrives: it is stored once, and what it asks for is done."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID

from services.feedback.commands.answer_survey import AnsweredBefore, SurveyClosed, answer_survey
from services.feedback.commands.cases import Opening, open_case
from services.feedback.commands.object_to import object_to
from services.feedback.rules.replies import Reading, TakenAs, read_reply, scope_of_stop
from services.feedback.store import messages, replies
from services.feedback.store.guests import erased_among, guests_on, home_of
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.case import CaseReason
from shared.vocabulary.channel import Channel

SOURCE = "reply"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """`ref`: the provider's id; `point`: the blind index of the sender, `others`: those under other keys, one of which
    may be the one that is known; `answers`: the message it answers, where known; `stopped`: the provider took it as a
    STOP already.
    """

    ref: str
    channel: Channel
    point: str
    text: str
    answers: UUID | None = None
    stopped: bool = False
    others: tuple[str, ...] = ()

    @property
    def points(self) -> tuple[str, ...]:
        return (self.point, *self.others)

    @property
    def reply_id(self) -> UUID:
        return make_id("reply", self.channel, self.ref)


def receive_reply(tx: Tx, reply: Reply, at: datetime) -> TakenAs | None:
    """Handles a reply once, however often it is delivered; None where it was handled before.

    1. It belongs to the guest of the message it answers, else of the last message sent to that contact point. One from
       a guest who was erased is a stranger's.
    2. A stop word alone publishes an objection. A number answers the survey that waits for one.
    3. A stop word inside a sentence opens a case, so that a person reads it.
    """
    on_point = guests_on(tx, reply.channel, reply.points)
    message = messages.answered_by(tx, reply.answers, on_point, reply.channel)
    if message and erased_among(tx, [message.guest_id]):
        message = None
    guest_id = message.guest_id if message else (on_point[0] if len(on_point) == 1 else None)
    reading = read_reply(reply.text, survey_open=message is not None and message.takes_answer(at))
    if reply.stopped:
        reading = Reading(TakenAs.STOP)
    sealed = tx.keyring.seal(reply.text, Sealing.WORDS)
    kept = replies.ReplyRow(
        reply_id=reply.reply_id,
        channel=reply.channel,
        point=reply.point,
        guest_id=guest_id,
        message_id=message.message_id if message else None,
        text_sealed=sealed,
        taken_as=reading.taken_as,
        received_at=at,
    )
    if not replies.add(tx, kept):
        return None
    _act_on(tx, reply, reading, kept, message, at)
    return reading.taken_as


def _act_on(
    tx: Tx, reply: Reply, reading: Reading, kept: replies.ReplyRow, message: messages.Message | None, at: datetime
) -> None:
    match reading.taken_as:
        case TakenAs.STOP:
            scope = scope_of_stop(reply.channel, message.purpose if message else None)
            object_to(tx, str(kept.reply_id), reply.channel, reply.points, kept.guest_id, scope, source=SOURCE, at=at)
        case TakenAs.SCORE:
            if message and reading.score is not None:
                with suppress(AnsweredBefore, SurveyClosed), tx.savepoint():  # it became final at this moment
                    answer_survey(tx, message.message_id, reading.score, reading.comment, reply.channel, at)
        case TakenAs.STOP_INSIDE:
            on_point = guests_on(tx, reply.channel, reply.points)
            _ask_a_person(tx, kept, kept.guest_id or next(iter(on_point), None), message, at)
        case TakenAs.HELP | TakenAs.WORDS:
            pass
        case _:
            assert_never(reading.taken_as)


def _ask_a_person(
    tx: Tx, kept: replies.ReplyRow, guest_id: UUID | None, message: messages.Message | None, at: datetime
) -> None:
    """Opens a case for a reply that may mean «stop»; one from an unknown sender stands in the list of replies."""
    if guest_id is None:
        return
    stay_id, place = (message.stay_id, message.property) if message else (None, None)
    place = place or home_of(tx, guest_id)
    opening = Opening(
        ref=str(kept.reply_id),
        guest_id=guest_id,
        reason=CaseReason.STOP_INSIDE,
        stay_id=stay_id,
        property=place,
        source_id=kept.reply_id,
    )
    open_case(tx, opening, at)
