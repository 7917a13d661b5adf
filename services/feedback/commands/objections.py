"""A reply may be an objection: offers and surveys wait until a person has read it, however long that takes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.feedback.commands.cases import NotOpen, Opening, close_case, open_case
from services.feedback.commands.object_to import object_to
from services.feedback.rules.cases import Outcome
from services.feedback.rules.replies import A_PERSON_READS_WITHIN, scope_of_stop
from services.feedback.store import objections as store
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.events import chunk_of
from shared.events.feedback import ObjectionUnread
from shared.vocabulary.case import CaseReason
from shared.vocabulary.channel import Channel
from shared.vocabulary.optout import OptOutScope

SOURCE = "reply"


class ReadBefore(Conflict):
    """Somebody else has read this reply already and decided. Look at what they found."""


def hold_until_read(tx: Tx, question: store.Question, guest_id: UUID | None, stay_id: UUID | None) -> None:
    """Publishes objection.unread and opens a case that is due within four hours, where a guest is known.

    `guest_id`: whose case it is; the reply of an unknown sender stands in the list of replies alone.
    """
    case_id = None
    if guest_id is not None:
        opening = Opening(
            ref=str(question.reply_id),
            guest_id=guest_id,
            reason=CaseReason.STOP_INSIDE,
            stay_id=stay_id,
            property=question.property,
            source_id=question.reply_id,
            due=question.asked_at + A_PERSON_READS_WITHIN,
        )
        case_id = open_case(tx, opening, question.asked_at)
    store.ask(tx, replace(question, case_id=case_id))
    _publish(tx, question, question.asked_at, unread=True)


def decide_objection(tx: Tx, reply_id: UUID, *, is_objection: bool, scope: OptOutScope, by: str, at: datetime) -> None:
    """A person has read the reply. An objection is published before the hold ends; what was opened to have it read is
    closed. Raises `ReadBefore`.
    """
    question = store.decide(tx, reply_id, is_objection=is_objection, by=by, at=at)
    if question is None:
        raise ReadBefore()
    _settle(tx, question, scope if is_objection else None, at)
    if question.case_id is not None:
        with suppress(NotOpen), tx.savepoint():  # somebody closed it before they read
            close_case(tx, question.case_id, Outcome.NOTHING_TO_DO, at, by=by)


def object_for_the_erased(tx: Tx, guests: Sequence[UUID], at: datetime) -> None:
    """Nobody can read any more what an erased guest wrote: what may have been an objection counts as one of the contact
    point, and names nobody."""
    for question in store.unread_of(tx, guests):  # seldom one
        store.decide(tx, question.reply_id, is_objection=True, by="", at=at)
        scope = scope_of_stop(Channel(question.channel), None)
        _settle(tx, replace(question, guest_id=None), scope, at)


def _settle(tx: Tx, question: store.Question, ends: OptOutScope | None, at: datetime) -> None:
    """The objection, where `ends` says of what, then the end of the hold."""
    optout_id = _object(tx, question, ends, at) if ends else None
    _publish(tx, question, at, unread=False, optout_id=optout_id, ends=ends)


def _object(tx: Tx, question: store.Question, scope: OptOutScope, at: datetime) -> UUID:
    channel = Channel(question.channel)
    return object_to(
        tx, str(question.reply_id), channel, question.points, question.guest_id, scope, source=SOURCE, at=at
    )


def _publish(
    tx: Tx,
    question: store.Question,
    at: datetime,
    *,
    unread: bool,
    optout_id: UUID | None = None,
    ends: OptOutScope | None = None,
) -> None:
    told = [
        ObjectionUnread(
            reply_id=question.reply_id,
            point=point,
            version=1 if unread else 2,
            channel=Channel(question.channel),
            guest_id=question.guest_id,
            unread=unread,
            optout_id=optout_id,
            scope=ends,
            occurred_at=at,
        )
        for point in question.points
    ]
    publish(tx, chunk_of(told), at=at)
