"""What the gate would say to messages, were time to go on: the claim itself, on a scratch copy. Nothing is sent.

Hotels are taken to be heard of every day, as they are where an interface or a nightly file works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.messaging.channels.sender import Outcome
from services.messaging.channels.sms.parts import sms_parts
from services.messaging.commands.on.requests import keep_requests, withdraw_messages
from services.messaging.commands.on.stays import keep_stays
from services.messaging.commands.sending.claim import claim_due
from services.messaging.commands.sending.claimed import Claim
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.commands.sending.results import record_outcomes
from services.messaging.store.rehearsal.scratch import clear_the_way
from services.messaging.store.sending.results import next_due
from shared.database.pool import Tx
from shared.database.scratch import OUTBOX, Copied
from shared.events.dictionary import Chunk, event_type
from shared.events.segments import STAY_EVENTS
from shared.vocabulary.channel import Channel
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
            *("set_aside", "offer_code", "stay_known"),
        ),
    ),
)
CLAIMER = 0
REQUESTED = event_type("message.requested.v1")
Arrival = tuple[datetime, Chunk]
Reached = Callable[[datetime], None]


@dataclass
class Gate:
    """`tx` is a scratch copy: what the gate said lies in its `decision`. `parts`: of each text message that goes."""

    tx: Tx
    context: GateContext
    parts: dict[UUID, int] = field(default_factory=dict)

    def take_in(self, chunk: Chunk, at: datetime) -> None:
        if chunk.type is REQUESTED:
            keep_requests(self.tx, chunk, at)
        elif chunk.type.name in STAY_EVENTS:
            keep_stays(self.tx, chunk, at)
        else:
            withdraw_messages(self.tx, chunk, at)

    def judge(self, at: datetime) -> None:
        """All that is due; what may go is taken to be sent, as it would be."""
        while (claim := claim_due(self.tx, self.context, CLAIMER, at, most=self.context.config.batch)).decided:
            if claim.token and claim.messages:
                self.parts.update(_parts(claim))
                sent = [Outcome(message_id=one.request.message_id, state=MessageState.SENT) for one in claim.messages]
                record_outcomes(self.tx, claim.token, sent, at)


def judge_ahead(gate: Gate, arrivals: Iterable[Arrival], at: datetime, until: datetime, reached: Reached) -> None:
    """Requests and withdrawals arrive, and what is due is judged, each at its instant."""
    clear_the_way(gate.tx, until)
    upcoming = iter(arrivals)
    arrival = next(upcoming, None)
    now = at
    while True:
        due = next_due(gate.tx)
        instants = [instant for instant in (arrival and arrival[0], due) if instant is not None]
        if not instants or min(instants) > until:
            return
        now = max(min(instants), now)
        while arrival is not None and arrival[0] <= now:
            gate.take_in(arrival[1], now)
            arrival = next(upcoming, None)
        gate.judge(now)
        reached(now)


def _parts(claim: Claim) -> Iterator[tuple[UUID, int]]:
    """What text messages cost; one that cannot be written counts as one part."""
    assert claim.words is not None
    for one in claim.messages:
        if one.verdict.channel == Channel.SMS:
            try:
                text, _ = claim.words.render(
                    one.request, one.guest, one.speaker, one.hotel, one.verdict.language, one.verdict.channel
                )
                yield one.request.message_id, sms_parts(text.text)
            except Exception:  # one message's error is that message's matter
                yield one.request.message_id, 1
