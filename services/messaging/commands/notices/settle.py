"""The outcome of claimed notices: recorded by compare-and-set on the claim's token, once, and published."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.messaging.channels.sender import NOT_OURS, LookupOutcome, LookupResult, Outcome
from services.messaging.store import notices as store
from services.messaging.store.notices import DueNotice, SettledNotice
from services.messaging.store.templates.template_tests import forget_words
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import chunk_of
from shared.events.messaging import NoticeSettled
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from shared.vocabulary.notice import NoticeKind, NoticeReason, NoticeState
from shared.vocabulary.reason import Reason

FIRST_TRY_AGAIN, LAST_TRY_AGAIN = timedelta(seconds=15), timedelta(minutes=10)
STATES: Mapping[str, NoticeState] = {
    MessageState.SENT: NoticeState.SENT,
    MessageState.FAILED: NoticeState.FAILED,
    MessageState.UNKNOWN: NoticeState.UNKNOWN,
}


def record_notice_outcomes(
    tx: Tx, token: UUID, outcomes: Sequence[Outcome], lookups: Collection[str], *, lag: timedelta, at: datetime
) -> None:
    """What never left is due again while it is of use; what may have left is unknown and is not sent again blindly.
    `lookups`: channels whose provider can be asked."""
    final = [outcome for outcome in outcomes if not outcome.again]
    later = [outcome for outcome in outcomes if outcome.again]
    if final:
        settled = store.record_outcomes(
            tx,
            {
                "notice_id": [outcome.message_id for outcome in final],
                "state": [str(STATES[outcome.state]) for outcome in final],
                "reason": [_reason(outcome) for outcome in final],
                "ref": [outcome.provider_ref for outcome in final],
                "lookups": sorted(lookups),
                "token": token,
                "ask_at": at + lag,
                "at": at,
            },
        )
        publish_settled(tx, settled, at)
    if later:
        store.queue_again(
            tx,
            {
                "notice_id": [outcome.message_id for outcome in later],
                "reason": [_reason(outcome) for outcome in later],
                "at_once": [outcome.detail == NOT_OURS for outcome in later],
                "first": FIRST_TRY_AGAIN,
                "last": LAST_TRY_AGAIN,
                "token": token,
                "at": at,
            },
        )


def settle_unclear_notices(
    tx: Tx, asked: Sequence[tuple[DueNotice, LookupResult]], horizon: timedelta, at: datetime
) -> None:
    """What the provider lists was sent. What it does not list, `horizon` after it became unclear, it never had: it is
    due again. What stays unclear until it is of no use any more stays so. `at`: an instant before it was asked."""
    ended: list[tuple[UUID, NoticeState, str | None]] = []
    never = []
    for notice, result in asked:
        assert notice.unclear_since is not None
        if result.trace is LookupOutcome.FOUND:
            ended.append((notice.notice_id, NoticeState.SENT, result.provider_ref))
        elif result.trace is LookupOutcome.NONE and at - notice.unclear_since >= horizon:
            never.append(notice.notice_id)
        elif notice.useful_until + horizon <= at:
            ended.append((notice.notice_id, NoticeState.UNKNOWN, None))
    if ended:
        ids, states, refs = map(list, zip(*ended, strict=True))
        params = {"notice_id": ids, "state": list(map(str, states)), "ref": refs, "at": at}
        publish_settled(tx, store.settle_unclear(tx, params), at)
    if never:
        store.queue_unsent(tx, never, at)


def mark_notices_uncertain(tx: Tx, at: datetime) -> int:
    """After a restore, what waited may have been sent. How many that is."""
    settled = store.mark_uncertain(tx, at)
    publish_settled(tx, settled, at)
    return len(settled)


def publish_settled(tx: Tx, settled: Sequence[SettledNotice], at: datetime) -> None:
    if settled:
        publish(tx, chunk_of([_event(one, at) for one in settled]), at=at)
    is_over = {NoticeState.SENT, NoticeState.FAILED}
    if tests := [one.notice_id for one in settled if one.kind == NoticeKind.TEMPLATE_TEST and one.state in is_over]:
        forget_words(tx, tests)


def _event(one: SettledNotice, at: datetime) -> NoticeSettled:
    return NoticeSettled(
        notice_id=one.notice_id,
        version=one.version,
        kind=NoticeKind(one.kind),
        channel=Channel(one.channel),
        state=NoticeState(one.state),
        reason=NoticeReason(one.reason) if one.reason else None,
        occurred_at=at,
    )


def _reason(outcome: Outcome) -> str | None:
    found = _named(outcome.reason)
    return str(found) if found else None


def _named(reason: Reason | None) -> NoticeReason | None:
    """The provider's answer, as far as it concerns a colleague. What passes has no reason of its own: should it never
    pass, the notice came too late."""
    match reason:
        case None | Reason.TEMPORARY | Reason.UNREACHABLE:
            return None
        case Reason.BAD_ADDRESS:
            return NoticeReason.BAD_ADDRESS
        case Reason.CUT_OFF:
            return NoticeReason.CUT_OFF
        case _:
            return NoticeReason.REFUSED
