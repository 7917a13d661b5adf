"""The inbox at work: what guests write, what people answer, what messaging publishes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.feedback.commands.inbox.answering import Draft, answer
from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.queries.guests import same_person
from services.feedback.queries.inbox import threads as queries
from services.feedback.rules.inbox import View
from shared.access.people import Person
from shared.access.scope import EVERYWHERE, Scope
from shared.events import chunk_of
from shared.events.messaging import MessageDelivered
from shared.events.segments.guests import GuestMerged, GuestUnmerged
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from tests.cast import ADA, ANA, BEN
from tests.feedback.cast import AT, NUMBER, Feedback, state

HOUR = timedelta(hours=1)
ME = Person(ADA.person_id, ADA.name, ADA.role, frozenset())
STATE = "select unread, done, owner_id, snoozed_until, waits_since from thread"


def writes(
    feedback: Feedback,
    text: str,
    *,
    at: datetime = AT,
    number: str = NUMBER,
    channel: str = "sms",
    to: Any = None,
    sender: str | None = None,
) -> UUID:
    point = feedback.point(channel, number)
    ref = f"{text}{at}{number}"
    reply = Reply(ref=ref, channel=Channel(channel), point=point, text=text, answers=to, sender=sender)
    with feedback.tx() as tx:
        receive_reply(tx, reply, at)
    return reply.reply_id


def line(feedback: Feedback, scope: Scope = EVERYWHERE) -> queries.ThreadLine:
    found: queries.ThreadLine
    (found,) = listed(feedback, View.ALL, scope=scope)
    return found


def listed(feedback: Feedback, view: View, *, scope: Scope = EVERYWHERE, now: datetime = AT, **more: Any) -> Any:
    asked = queries.ThreadFilter(
        **{"view": view, "channel": "", "sought": "", "scope": scope, "me": ADA.person_id, "now": now, **more}
    )
    with feedback.tx() as tx:
        return queries.threads(tx, asked)


def answers(
    feedback: Feedback, words: str = "At once.", *, at: datetime = AT + HOUR, key: str = "1", **more: Any
) -> UUID:
    thread, answer_id = line(feedback), make_id("form", key)
    assert thread.guest_id is not None
    with feedback.tx() as tx:
        draft = Draft(
            **{
                "answer_id": answer_id,
                "thread_id": thread.thread_id,
                "guest_id": thread.guest_id,
                "guests": same_person(tx, thread.guest_id),
                "hotels": EVERYWHERE.values,
                "channel": Channel.SMS,
                "language": "pt",
                "words": words,
                "seen": thread.heard_at,
                **more,
            }
        )
        answer(tx, draft, at, by=ME)
    return answer_id


def told(kind: type, answer_id: UUID, what: str, version: int = 1, **more: Any) -> Any:
    """What messaging publishes of an answer."""
    said = state(kind, answer_id, ANA, "stay_service", "sms", what)
    return replace(said, journey="answer", version=version, **more)


def receipt(answer_id: UUID, kind: type = MessageDelivered, reason: str | None = None) -> Any:
    return kind(
        message_id=answer_id, version=1, guest_id=ANA, journey="answer", journey_version=1, step="answer",
        occurrence="x", purpose="stay_service", property=None, stay_id=None, channel="sms", reason=reason,
        occurred_at=AT,
    )  # fmt: skip


def merge(feedback: Feedback, one: UUID, into: UUID, version: int = 2) -> None:
    feedback.hear(chunk_of([GuestMerged(guest_id=one, version=version, into_guest_id=into, occurred_at=AT)]))


def take_apart(feedback: Feedback, one: UUID, other: UUID, *points: str) -> None:
    event = GuestUnmerged(
        guest_id=one, version=3, from_guest_id=other, from_version=9, merged_at=AT, stays=[], points=list(points),
        consents=[], from_consents=[], occurred_at=AT,
    )  # fmt: skip
    feedback.hear(chunk_of([event]))


BENS = "+351910000002"


def two_guests(feedback: Feedback) -> None:
    feedback.knows(BEN, number=BENS, address="ben@example.com")
    writes(feedback, "Is there a shuttle?")
    writes(feedback, "Is there breakfast?", number=BENS, at=AT + HOUR)
