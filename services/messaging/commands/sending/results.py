"""The outcome of claimed messages: recorded by compare-and-set on the claim's token, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from services.messaging.channels.sender import NOT_OURS, Outcome
from services.messaging.commands.notices.settle import mark_notices_uncertain
from services.messaging.commands.receipts import settle_what_arrived
from services.messaging.commands.refused_points import refuse_points
from services.messaging.commands.sending.publish_status import publish_status
from services.messaging.commands.templates.segments import ask_again_for_segments
from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.store.point_aliases import hold_points
from services.messaging.store.sending import results as store
from shared.bus.dead_letters import storable
from shared.bus.set_aside import work_in_halves
from shared.database.pool import Tx
from shared.personal_data.erase import erase_rows
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason

FIRST_TRY_AGAIN = timedelta(minutes=1)
LAST_TRY_AGAIN = timedelta(hours=1)
AT_ONCE = timedelta(0)
TAKEN_UP_AFTER = timedelta(seconds=15)  # a sender that lost its database for a moment has said by then what it knows

log = structlog.get_logger()


def record_outcomes(tx: Tx, token: UUID, outcomes: Sequence[Outcome], at: datetime) -> int:
    """A definite failure counts for no cap; one that may be tried again is queued again, and passes the
    gate again (at once where its sender ended before it was offered, or another takes its place); an ambiguous one is
    unknown and is never sent again blindly. How many were still ours to record: what was given up meanwhile is, until
    somebody settled it."""
    final = [outcome for outcome in outcomes if not outcome.again]
    later = [outcome.message_id for outcome in outcomes if outcome.again and not _goes_at_once(outcome)]
    given_back = [outcome.message_id for outcome in outcomes if outcome.again and _goes_at_once(outcome)]
    states = store.record_outcomes(tx, {**_columns(final), "token": token, "at": at}) if final else []
    publish_status(tx, states, at)
    settle_what_arrived(tx, [state.message_id for state in states if state.state == MessageState.UNKNOWN], at)
    for ids, first in ((later, FIRST_TRY_AGAIN), (given_back, AT_ONCE)):
        if ids:
            when = {"at": at, "first": first, "last": LAST_TRY_AGAIN, "waits": first != AT_ONCE}
            store.queue_again(tx, {"message_id": ids, "token": token, **when})
    objected = [outcome.message_id for outcome in outcomes if outcome.reason is Reason.OPTED_OUT]
    if objected:
        hold_points(tx)
        store.suppress_points_of(tx, {"message_id": objected, "at": at})
    if refused := [outcome.message_id for outcome in final if outcome.reason is Reason.BAD_ADDRESS]:
        refuse_points(tx, refused, at)
    erase_late(tx, [outcome.message_id for outcome in outcomes])
    return len(states)


def _goes_at_once(outcome: Outcome) -> bool:
    return outcome.elsewhere or outcome.detail == NOT_OURS


def erase_late(tx: Tx, messages: Sequence[UUID]) -> None:
    """Of these messages, those that were on their way when their guest was erased: nothing of them stays either."""
    if guests := store.erased_guests_of(tx, messages):
        erase_rows(tx, PERSONAL_DATA, guests)


def taken_up_after(lease: timedelta) -> timedelta:
    """For how long a claim is left alone, though its claimer's lock is free."""
    return min(TAKEN_UP_AFTER, lease)


def give_up_lost_claims(tx: Tx, claimer: int, lease: timedelta, at: datetime, under_way: Sequence[UUID] = ()) -> int:
    """What a dead claimer had claimed may have gone: it is unknown, as soon as its lock is free. A living one is given
    more time, however long it was stopped; the asker is itself at work on the claims `under_way`, and on no other."""
    asked = {
        "at": at,
        "claimer": claimer,
        "space": store.CLAIMERS,
        "under_way": list(under_way),
        "until": at + lease - taken_up_after(lease),
    }
    states = store.give_up_leases(tx, asked)
    publish_status(tx, states, at)
    settle_what_arrived(tx, [state.message_id for state in states], at)
    erase_late(tx, [state.message_id for state in states])
    store.extend_leases(tx, {"at": at, "until": at + lease})
    return len(states)


def record_in_halves(tx: Tx, token: UUID, outcomes: Sequence[Outcome], at: datetime) -> None:
    """The same where that raised: an outcome that cannot be recorded leaves its message claimed, until its lease runs
    out and it is unknown."""
    failed = work_in_halves(tx, outcomes, lambda some: record_outcomes(tx, token, some, at))
    for outcome, reason in failed:
        log.error("an outcome cannot be recorded", message=str(outcome.message_id), reason=reason)


def give_up(tx: Tx, reasons: Mapping[UUID, str], at: datetime) -> None:
    """Messages that cannot be judged have failed: each waits for a person, with what went wrong."""
    columns = {"message_id": list(reasons), "detail": [storable(reason)[:80] for reason in reasons.values()]}
    publish_status(tx, store.give_up(tx, {**columns, "reason": str(Reason.UNJUDGED), "at": at}), at)


def note_restored(tx: Tx, at: datetime) -> int:
    """This database is what a backup held: what was due by now may have been sent. It is unknown, and is not sent a
    second time; nor does what is asked for again and was due by then. How many messages that is so far."""
    store.note_restore(tx, at)
    mark_notices_uncertain(tx, at)
    ask_again_for_segments(tx, at)
    return mark_uncertain(tx, None, at)


def mark_uncertain(tx: Tx, messages: Sequence[UUID] | None, at: datetime) -> int:
    """Of these messages (of all: None), those that may have gone before a restore are unknown."""
    states = store.mark_uncertain(tx, {"message_id": messages, "at": at})
    publish_status(tx, states, at)
    erase_late(tx, [state.message_id for state in states])
    return len(states)


def _columns(outcomes: Sequence[Outcome]) -> dict[str, list[object]]:
    return {
        "message_id": [outcome.message_id for outcome in outcomes],
        "state": [str(outcome.state) for outcome in outcomes],
        "reason": [outcome.reason and str(outcome.reason) for outcome in outcomes],
        "ref": [_short(outcome) for outcome in outcomes],
        "detail": [outcome.detail and storable(outcome.detail) for outcome in outcomes],
        "parts": [outcome.parts for outcome in outcomes],
    }


def _short(outcome: Outcome) -> str | None:
    """A Message-ID begins with the number of its message, which stands beside it: it is kept without
    (`queries/messages.py` shows it whole)."""
    return outcome.provider_ref and storable(outcome.provider_ref.removeprefix(f"<{outcome.message_id}"))
