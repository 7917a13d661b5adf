"""What guests answered is kept for the front desk and for rules, and published with the segments they were in."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.store import attributions, other_services, receipts
from services.segments.store.other_services import now_of
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Chunk

ANSWERED = {"kind": "guest", "what": "survey.answered"}
UNDERSTOOD = {"kind": "guest", "what": "answer.understood"}
TOPICS = frozenset({"last_praised", "last_criticised"})
TOUCHED = TOPICS | {"last_answer", "last_score", "answers"}


def handle_answers(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Publishes answer.attributed: of new answers by the segments as of the answer, of known ones as it was kept."""
    days = receipts.days_of(tx, chunk["guest_id"], chunk["answered_at"])
    saved = other_services.save_answers(tx, chunk, days)
    attributions.attribute(tx, [one.answer_id for one in saved if one.is_new])
    told = attributions.attributions(tx, [one.answer_id for one in saved])
    publish(tx, told, at=at)
    guests = now_of(tx, {one.guest_id for one in saved})
    evaluate_moved(tx, [Moved(guest, ANSWERED) for guest in sorted(guests)], at, TOUCHED)


def handle_understood(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """What the words of answers speak of; of an answer that is not known yet it counts when that comes."""
    guests = now_of(tx, other_services.save_topics(tx, chunk))
    evaluate_moved(tx, [Moved(guest, UNDERSTOOD) for guest in sorted(guests)], at, TOPICS)
