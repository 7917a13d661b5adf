"""A reply arrives: it is stored once, and what it asks for is done."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import orjson

from services.feedback.commands.affirm import affirm
from services.feedback.commands.answer_survey import AnsweredBefore, SurveyClosed, answer_survey
from services.feedback.commands.cases import Opening, open_case
from services.feedback.commands.cases.urgent import take_urgent_words
from services.feedback.commands.come_back import come_back
from services.feedback.commands.heard.lessons import house_words
from services.feedback.commands.heard.understanding import Said, keep_heard
from services.feedback.commands.inbox.hearing import hear
from services.feedback.commands.object_to import object_to
from services.feedback.commands.objections import hold_until_read
from services.feedback.commands.open_window import open_window
from services.feedback.rules.cases import LEVELS
from services.feedback.rules.heard import SPOKEN, HeardKind
from services.feedback.rules.replies import TakenAs, scope_of_stop, taken_as
from services.feedback.store import messages, replies
from services.feedback.store.guests import erased_among, guests_on, home_of, language_on
from services.feedback.store.inbox.recognitions import recognised_on
from services.feedback.store.objections import Question
from services.feedback.store.properties import survey_threshold
from services.feedback.understanding import Understood, understand
from services.feedback.understanding.understood import CaseFor
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.ids import make_id
from shared.vocabulary.case import CaseKind, CaseReason
from shared.vocabulary.channel import Channel, ContactKind

SOURCE = "reply"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """`ref`: the provider's id; `point`: the blind index of the sender, `others`: those under other keys, one of which
    may be the one that is known; `answers`: the message it answers, where known; `stopped`, `started`: the provider
    took it as a STOP or a START already; `number`: the sender's, where known; `sender`: the number or address that is
    written to for an answer, where there is one.
    """

    ref: str
    channel: Channel
    point: str
    text: str
    answers: UUID | None = None
    stopped: bool = False
    others: tuple[str, ...] = ()
    started: bool = False
    number: str | None = None
    sender: str | None = None

    @property
    def points(self) -> tuple[str, ...]:
        return (self.point, *self.others)

    @property
    def reply_id(self) -> UUID:
        return make_id("reply", self.channel, self.ref)


def receive_reply(tx: Tx, reply: Reply, at: datetime) -> TakenAs | None:
    """Handles a reply once, however often it is delivered; None where it was handled before.

    1. It belongs to the guest of the message it answers, else of the last message sent to that contact point, else to
       whom a person recognised there. One from a guest who was erased is a stranger's.
    2. An objection is published; what may be one holds offers and surveys until a person has read it.
    3. A score answers the survey that waits for one, whatever else the reply says.
       A number that follows a colleague's answer is left to a person, beside the survey that may be meant.
    4. Whoever had objected and asks for messages again gets them.
    5. A bare yes by text message is published: messaging knows whether it asked for one.
    6. Where a channel takes any words for a while after a guest wrote, that they wrote is published.
    7. Whatever else it says is for a person: its thread becomes unread.
    """
    on_point = guests_on(tx, reply.channel, reply.points)
    message = messages.answered_by(tx, reply.answers, on_point, reply.channel)
    in_conversation = message is not None and message.is_by_hand and reply.answers is None
    if in_conversation:
        message = messages.last_survey(tx, on_point, reply.channel) or message
    if message and erased_among(tx, [message.guest_id]):
        message = None
    understood = _understood(tx, reply, message, on_point, at)
    if in_conversation:
        understood = _for_a_person(understood)
    kept = _kept(tx, reply, understood, message, on_point, at)
    if not replies.add(tx, kept):
        return None
    open_window(tx, reply.reply_id, reply.channel, reply.points, at)
    _let_the_house_hear(tx, reply, kept, understood, message.property if message else None)
    _act_on(tx, reply, understood, kept, message, at)
    return kept.taken_as


def _kept(
    tx: Tx,
    reply: Reply,
    understood: Understood,
    message: messages.Message | None,
    on_point: Sequence[UUID],
    at: datetime,
) -> replies.ReplyRow:
    """Where it came from is kept only where no guest is known to be the one who wrote."""
    guest_id = message.guest_id if message and not message.to_stranger else None
    if guest_id is None and len(on_point) == 1:
        guest_id = on_point[0]
    is_strange = guest_id is None
    recognised = recognised_on(tx, reply.channel, reply.points) if is_strange and not on_point else None
    if recognised:
        guest_id = recognised[0]
    address = tx.keyring.seal(reply.sender, Sealing.ANSWER) if reply.sender and is_strange else None
    return replies.ReplyRow(
        reply_id=reply.reply_id,
        channel=reply.channel,
        point=reply.point,
        guest_id=guest_id,
        message_id=message.message_id if message else None,
        text_sealed=tx.keyring.seal(reply.text, Sealing.WORDS),
        taken_as=taken_as(understood),
        received_at=at,
        because_sealed=_because(tx, understood),
        language=understood.language,
        sentiment=understood.sentiment,
        topics=[topic.name for topic in understood.topics],
        urgent=understood.urgent,
        address_sealed=address,
        recognised_by=recognised[1] if recognised else None,
    )


def _let_the_house_hear(
    tx: Tx, reply: Reply, kept: replies.ReplyRow, understood: Understood, place: str | None
) -> None:
    """In the inbox, and among what guests speak of."""
    comment = understood.score.comment if understood.score else None
    hear(tx, kept, place, kept.received_at, comment=comment, sender=reply.sender)
    if kept.taken_as in SPOKEN:
        home = home_of(tx, kept.guest_id) if kept.guest_id and not place else None
        keep_heard(tx, Said(kept.reply_id, HeardKind.REPLY, place or home, kept.received_at), understood)


def _understood(
    tx: Tx, reply: Reply, message: messages.Message | None, on_point: Sequence[UUID], at: datetime
) -> Understood:
    """What the provider has taken as a STOP or a START is one, whatever we should make of it."""
    survey_open = message is not None and message.takes_answer(at)
    place = message.property if message else home_of(tx, on_point[0]) if len(on_point) == 1 else None
    understood = understand(
        reply.text,
        survey_open=survey_open,
        theirs=language_on(tx, reply.channel, reply.points) if survey_open else None,
        channel=reply.channel,
        number=reply.number,
        threshold=survey_threshold(tx, message.property if message else None),
        stopped=replies.stops_on(tx, reply.channel, reply.points) > 0,
        house=house_words(tx, place),
    )
    if reply.stopped:
        return replace(understood, stop=True, hold=False, start=False)
    if reply.started:
        return replace(understood, stop=False, hold=False, start=True)
    return understood


def _for_a_person(understood: Understood) -> Understood:
    """A number may answer what a colleague asked last («at eight or at nine?») as well as the survey before it."""
    if understood.score is None and understood.asks is None:
        return understood
    case = CaseFor.COMPLAINT if understood.is_complaint else CaseFor.NONE
    return replace(understood, score=None, asks=None, unsure=True, case=case)


def _because(tx: Tx, understood: Understood) -> str | None:
    if not understood.because:
        return None
    return tx.keyring.seal(orjson.dumps(dict(understood.because)).decode(), Sealing.WORDS)


def _act_on(
    tx: Tx, reply: Reply, understood: Understood, kept: replies.ReplyRow, message: messages.Message | None, at: datetime
) -> None:
    if message and understood.score and (score := understood.score.of_ten) is not None:
        given = understood.score
        with suppress(AnsweredBefore, SurveyClosed), tx.savepoint():  # it became final at this moment
            answer_survey(tx, message.message_id, score, given.comment, reply.channel, at, given=given)
    elif understood.urgent:
        take_urgent_words(
            tx,
            kept.reply_id,
            understood.urgency,
            kept.guest_id,
            at,
            stay_id=message.stay_id if message else None,
            hotel=message.property if message else None,
            kind=CaseKind.COMPLAINT if understood.is_complaint else CaseKind.FOLLOW_UP,
        )
    elif understood.is_complaint and kept.guest_id:
        _open_complaint(tx, kept, message, at)
    if understood.stop:
        scope = scope_of_stop(reply.channel, message.purpose if message else None)
        object_to(tx, str(kept.reply_id), reply.channel, reply.points, kept.guest_id, scope, source=SOURCE, at=at)
    elif understood.hold:
        _ask_a_person(tx, reply, kept, message, at)
    elif understood.yes and reply.channel.contact is ContactKind.NUMBER:
        affirm(tx, kept.reply_id, reply.channel, reply.points, " ".join(understood.because["yes"]), at)
    elif understood.start:
        words = " ".join(understood.because.get("start", ())) or "START"
        come_back(tx, str(kept.reply_id), reply.channel, reply.points, words, at)


def _open_complaint(tx: Tx, kept: replies.ReplyRow, message: messages.Message | None, at: datetime) -> None:
    assert kept.guest_id is not None
    opening = Opening(
        ref=str(kept.reply_id),
        guest_id=kept.guest_id,
        reason=CaseReason.WORDS,
        kind=CaseKind.COMPLAINT,
        level=LEVELS[CaseKind.COMPLAINT],
        stay_id=message.stay_id if message else None,
        property=(message.property if message else None) or home_of(tx, kept.guest_id),
        source_id=kept.reply_id,
    )
    open_case(tx, opening, at)


def _ask_a_person(tx: Tx, reply: Reply, kept: replies.ReplyRow, message: messages.Message | None, at: datetime) -> None:
    """One on a number that two guests share is looked after as the first one's."""
    guest_id = kept.guest_id or next(iter(guests_on(tx, reply.channel, reply.points)), None)
    place = message.property if message else None
    question = Question(
        reply_id=kept.reply_id,
        channel=reply.channel,
        points=list(reply.points),
        guest_id=guest_id,
        property=place or (home_of(tx, guest_id) if guest_id else None),
        case_id=None,
        asked_at=at,
    )
    hold_until_read(tx, question, guest_id, message.stay_id if message else None)
