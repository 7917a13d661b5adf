"""How one of the house's senders fares: one that fails rests, and what it certainly did not take goes another way.

Nothing whose outcome is unclear is ever given to another. What failed goes another way at once only with the batch that
sent its sender to rest: should it come back to the same one, it waits as every message does that is tried again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.messaging.channels.sender import NOT_OURS, Outcome, Outgoing
from services.messaging.rules.senders import HouseSender
from services.messaging.rules.serving import Serving
from services.messaging.store.senders import health
from services.messaging.store.senders.health import SenderHealth
from shared.database.pool import Tx
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason

Fared = Sequence[tuple[Outgoing, Outcome]]
FIRST_REST, LAST_REST = timedelta(minutes=1), timedelta(hours=1)
TROUBLE = (Reason.UNREACHABLE, Reason.SET_UP)
"""What every message of a sender fails for."""


def trouble_of(outcomes: Sequence[Outcome]) -> Outcome | None:
    """Why a sender is to rest: it took none of these, and at least one for a reason that is not the message's."""
    if any(outcome.state is MessageState.SENT for outcome in outcomes):
        return None
    return next((outcome for outcome in outcomes if _is_trouble(outcome)), None)


def note(tx: Tx, row: HouseSender, trouble: Outcome | None, at: datetime) -> None:
    if trouble is None:
        health.note_work(tx, row.sender_id, row.version, at)
        return
    reason = str(trouble.reason)
    health.note_trouble(tx, row.sender_id, reason, trouble.detail, at, first=FIRST_REST, last=LAST_REST)


def is_news(row: HouseSender, fares: SenderHealth | None, outcomes: Sequence[Outcome], at: datetime) -> bool:
    """Whether that differs from what is known of it."""
    if trouble_of(outcomes):
        return not (fares and fares.resting_until and fares.resting_until > at)
    if not any(outcome.state is MessageState.SENT for outcome in outcomes):
        return False
    return fares is None or bool(fares.failures) or fares.worked_version != row.version


def sent_elsewhere(serving: Serving, row: HouseSender, answered: Fared, at: datetime) -> Fared:
    """Each as it is recorded, the sender having been sent to rest."""
    return [
        (message, replace(outcome, again=True, elsewhere=True))
        if _is_trouble(outcome) and serving.may_go_elsewhere(message.others, {row.sender_id}, at)
        else (message, outcome)
        for message, outcome in answered
    ]


def _is_trouble(outcome: Outcome) -> bool:
    return outcome.state is MessageState.FAILED and outcome.reason in TROUBLE and outcome.detail != NOT_OURS
