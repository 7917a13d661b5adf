"""What the gate would say to messages, were time to go on: the claim itself, on a scratch copy. Nothing is sent.

Hotels are taken to be heard of every day, as they are where an interface or a nightly file works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from services.messaging.channels.sender import Outcome
from services.messaging.commands.on.requests import keep_requests, withdraw_messages
from services.messaging.commands.sending.claim import Claim, claim_due
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.commands.sending.results import record_outcomes
from services.messaging.store.rehearsal.scratch import clear_the_way
from services.messaging.store.sending.results import next_due
from shared.database.pool import Tx
from shared.database.scratch import OUTBOX, Copied
from shared.events.dictionary import Chunk
from shared.vocabulary.message import MessageState

COPIES = (
    OUTBOX,
    Copied(
        "delivery",
        """state in ('queued', 'held', 'claimed') or claimed_at > %(since)s
           or purpose = 'feedback' and stay_id is not null and state in ('sent', 'unknown')""",
    ),
    Copied("decision", "false"),
    Copied("counted_contact", "at > %(since)s"),
    *map(
        Copied,
        (
            *("recipient", "property_heard", "stop", "holiday", "holiday_year", "restored", "live_period"),
            *("set_aside", "offer_code"),
        ),
    ),
)
CLAIMER = 0
Arrival = tuple[datetime, Chunk]
Reached = Callable[[datetime], None]


def judge_ahead(
    tx: Tx, context: GateContext, arrivals: Iterable[Arrival], at: datetime, until: datetime, reached: Reached
) -> None:
    """Requests and withdrawals arrive, and what is due is judged, each at its instant. `tx` is a scratch copy; what the
    gate said lies in its `decision`."""
    clear_the_way(tx, until)
    upcoming = iter(arrivals)
    arrival = next(upcoming, None)
    now = at
    while True:
        due = next_due(tx)
        instants = [instant for instant in (arrival and arrival[0], due) if instant is not None]
        if not instants or min(instants) > until:
            return
        now = max(min(instants), now)
        while arrival is not None and arrival[0] <= now:
            _take_in(tx, arrival[1], now)
            arrival = next(upcoming, None)
        for claim in _claims(tx, context, now):
            _send_nothing(tx, claim, now)
        reached(now)


def _take_in(tx: Tx, chunk: Chunk, at: datetime) -> None:
    if chunk.type.name == "message.requested.v1":
        keep_requests(tx, chunk, at)
    else:
        withdraw_messages(tx, chunk, at)


def _claims(tx: Tx, context: GateContext, now: datetime) -> Iterator[Claim]:
    while (claim := claim_due(tx, context, CLAIMER, now, most=context.config.batch)).decided:
        yield claim


def _send_nothing(tx: Tx, claim: Claim, at: datetime) -> None:
    """Each message is taken to be sent, as it would be."""
    if claim.token and claim.messages:
        sent = [Outcome(message_id=one.request.message_id, state=MessageState.SENT) for one in claim.messages]
        record_outcomes(tx, claim.token, sent, at)
