"""A person answers a guest: once a form, on the channel and the contact point that the guest wrote from."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.feedback.mail.parts import header, parsed
from services.feedback.rules.inbox import USEFUL_FOR, message_id_in, subject_of_answer
from services.feedback.store.inbox import answers, presence, threads
from services.feedback.store.mails import raw_of_reply
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.events import chunk_of
from shared.events.feedback import ReplyAnswered
from shared.vocabulary.channel import Channel


class NoWayBack(Conflict):
    """The guest has not written on this channel, or is no longer known: there is nothing to answer."""


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """A picture that an answer brings. `content`: at most `LARGEST_PICTURE` bytes; `alt`: what it shows, or empty."""

    media_type: str
    content: bytes
    alt: str


@dataclass(frozen=True, kw_only=True)
class Draft:
    """`answer_id`: the number of its form, and of the message; `seen`: what the guest wrote until then was on the page;
    `guests`: the guest and all who were merged into them; `hotels`: `Scope.values` of the writer. `guest_id`: None of a
    stranger, who is answered on `point`.
    """

    answer_id: UUID
    thread_id: UUID
    guest_id: UUID | None
    guests: Sequence[UUID]
    hotels: Mapping[str, Any]
    channel: Channel
    language: str
    words: str
    seen: datetime | None
    point: str = ""
    picture: Enclosed | None = None


def answer(tx: Tx, draft: Draft, at: datetime, *, by: Person) -> bool:
    """Publishes reply.answered and keeps the answer; whether it is new. Raises `NoWayBack`.

    1. The thread is held, so that two answers at once find in turn whether somebody waits.
    2. The same form again changes nothing.
    3. What the guest wrote meanwhile stays unread.
    """
    since = threads.waits_since(tx, draft.thread_id)
    way = _way(tx, draft)
    if way is None:
        raise NoWayBack()
    kept = answers.Answer(
        message_id=draft.answer_id,
        guest_id=draft.guest_id or draft.thread_id,
        to_stranger=draft.guest_id is None,
        property=way.property,
        stay_id=way.stay_id,
        channel=draft.channel,
        point=way.point,
        words_sealed=tx.keyring.seal(draft.words, Sealing.WORDS),
        by_name=by.name,
        waited_since=since,
        answered_at=at,
        recognised_by=way.recognised_by,
        **_kept_picture(tx, draft.picture),
    )
    if not answers.add(tx, kept):
        return False
    threads.answered(tx, draft.thread_id, draft.seen, by.name, at)
    presence.end(tx, draft.thread_id, by)
    publish(tx, chunk_of([_told(tx, draft, way, at)]), at=at)
    return True


def _told(tx: Tx, draft: Draft, way: answers.Way, at: datetime) -> ReplyAnswered:
    subject, in_reply_to = _of_the_mail(tx, way.reply_id) if draft.channel is Channel.EMAIL else (None, None)
    return ReplyAnswered(
        message_id=draft.answer_id,
        version=1,
        guest_id=draft.guest_id or draft.thread_id,
        property=way.property,
        stay_id=way.stay_id,
        channel=draft.channel,
        point=way.point,
        language=draft.language,
        words=tx.keyring.seal(draft.words, Sealing.ANSWER),
        subject=tx.keyring.seal(subject, Sealing.ANSWER) if subject else None,
        in_reply_to=in_reply_to,
        heard_at=way.received_at,
        useful_until=at + USEFUL_FOR,
        answered_at=at,
        address=way.address_sealed,
        **_told_picture(tx, draft.picture),
    )


def _kept_picture(tx: Tx, picture: Enclosed | None) -> dict[str, Any]:
    if picture is None:
        return {}
    content, alt = _sealed(tx, picture, Sealing.WORDS)
    return {"picture_sealed": content, "picture_type": picture.media_type, "picture_alt_sealed": alt}


def _told_picture(tx: Tx, picture: Enclosed | None) -> dict[str, Any]:
    if picture is None:
        return {}
    content, alt = _sealed(tx, picture, Sealing.ANSWER)
    return {"picture": content, "picture_type": picture.media_type, "picture_alt": alt}


def _sealed(tx: Tx, picture: Enclosed, purpose: Sealing) -> tuple[Sealed, Sealed]:
    return tx.keyring.seal(b64encode(picture.content).decode(), purpose), tx.keyring.seal(picture.alt, purpose)


def _way(tx: Tx, draft: Draft) -> answers.Way | None:
    if draft.guest_id is None:
        return answers.way_to_stranger(tx, draft.channel, draft.point)
    return answers.way_to(tx, draft.guests, draft.channel, draft.hotels)


def _of_the_mail(tx: Tx, reply_id: UUID) -> tuple[str | None, str | None]:
    """The title of an answer to that mail, and its Message-ID; nothing once its term is over."""
    raw = raw_of_reply(tx, reply_id)
    if raw is None:
        return None, None
    mail = parsed(raw)
    return subject_of_answer(header(mail, "Subject")), message_id_in(header(mail, "Message-ID"))


def settle_answers(tx: Tx, columns: Mapping[str, Sequence[Any]]) -> None:
    """What messaging says of our answers. One that is not sent comes back to the people as unread."""
    if not columns["message_id"]:
        return
    changed = answers.settle(tx, columns)
    _show(tx, changed, [one.message_id for one in changed if one.state not in threads.MAY_ARRIVE])


def receive_receipts(tx: Tx, what: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """`what`: delivered | bounced | complained."""
    if not columns["message_id"]:
        return
    changed = answers.receive(tx, what, columns)
    _show(tx, changed, [one.message_id for one in changed if what == "bounced"])


def _show(tx: Tx, changed: Sequence[answers.Changed], lost: Sequence[UUID]) -> None:
    if changed:
        threads.touch(tx, sorted({one.guest_id for one in changed}))
    if lost:
        threads.unanswered_again(tx, lost)
