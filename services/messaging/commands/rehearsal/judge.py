"""What the gate would say to messages, were time to go on: the claim itself, on a scratch copy. Nothing is sent.

Hotels are taken to be heard of every day, as they are where an interface or a nightly file works.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.messaging.channels.paying import parts_to_pay
from services.messaging.channels.sender import Outcome
from services.messaging.commands.on.requests import keep_requests, withdraw_messages
from services.messaging.commands.on.stays import keep_stays
from services.messaging.commands.sending.claim import claim_due
from services.messaging.commands.sending.claimed import Claim, Claimed
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.commands.sending.results import record_outcomes
from services.messaging.store.rehearsal import past
from services.messaging.store.rehearsal.scratch import clear_the_way
from services.messaging.store.sending.results import next_due
from shared.database.pool import Tx
from shared.database.scratch import OUTBOX, Copied, Upkeep
from shared.events.dictionary import Chunk, event_type
from shared.events.segments.stays import STAY_EVENTS
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
    *map(
        Copied,
        (
            *("recipient", "property_heard", "stop", "holiday", "holiday_year", "restored", "live_period"),
            *("set_aside", "offer_code", "offer_taken", "sender_day", "stay_known"),
        ),
    ),
)
COPIES_OF_PAST = (*COPIES, Copied("consent"), Copied("suppression"))
CLAIMER = 0
REQUESTED = event_type("message.requested.v1")
Arrival = tuple[datetime, Chunk]
Reached = Callable[[datetime], None]


@dataclass
class Gate:
    """`tx` is a scratch copy: what the gate said lies in its `decision`."""

    tx: Tx
    context: GateContext

    @property
    def most(self) -> int:
        """Messages of a batch."""
        return self.context.config.batch

    def take_in(self, chunk: Chunk, at: datetime) -> None:
        if chunk.type is REQUESTED:
            keep_requests(self.tx, chunk, at)
        elif chunk.type.name in STAY_EVENTS:
            keep_stays(self.tx, chunk, at)
        else:
            withdraw_messages(self.tx, chunk, at)

    def judge(self, at: datetime) -> int:
        """A batch of what is due, how many; what may go is taken to be sent, as it would be."""
        claim = claim_due(self.tx, self.context, CLAIMER, at, most=self.most)
        if claim.token and claim.messages:
            record_outcomes(self.tx, claim.token, [_sent(claim, one) for one in claim.messages], at)
        return claim.decided


@dataclass
class Said:
    """Consents and objections of days that have passed, as they were written down; nothing of days to come."""

    tx: Tx
    at: datetime
    instants: deque[datetime] = field(default_factory=deque)

    def upto(self, now: datetime) -> None:
        if self.instants and self.instants[0] <= now:
            past.say(self.tx, self.at, now)
            self.at = now
            while self.instants and self.instants[0] <= now:
                self.instants.popleft()


def look_back(tx: Tx, id_: UUID, at: datetime, until: datetime) -> Said:
    """The scratch copy as it was at `at`."""
    past.rewind(tx, id_, at)
    return Said(tx, at, deque(past.said_at(tx, at, until)))


def judge_ahead(
    gate: Gate, arrivals: Iterable[Arrival], at: datetime, until: datetime, reached: Reached, said: Said | None = None
) -> None:
    """Requests and withdrawals arrive, and what is due is judged, each at its instant."""
    clear_the_way(gate.tx, until)
    upkeep = Upkeep(gate.tx, "decision", queues=["delivery"])
    upcoming = iter(arrivals)
    arrival = next(upcoming, None)
    now, due = at, next_due(gate.tx)
    while True:
        instants = [instant for instant in (arrival and arrival[0], due) if instant is not None]
        if not instants or min(instants) > until:
            return
        now = max(min(instants), now)
        if said:
            said.upto(now)
        if arrival is not None and arrival[0] <= now:
            while arrival is not None and arrival[0] <= now:
                gate.take_in(arrival[1], now)
                upkeep.grew(len(arrival[1]))
                arrival = next(upcoming, None)
            due = next_due(gate.tx)
        while due is not None and due <= now and (decided := gate.judge(now)):
            due = next_due(gate.tx, now if decided < gate.most else None)  # all that was due fitted in
        reached(now)


def _sent(claim: Claim, one: Claimed) -> Outcome:
    return Outcome(message_id=one.request.message_id, state=MessageState.SENT, parts=_parts(claim, one))


def _parts(claim: Claim, one: Claimed) -> int:
    """What it is paid by; a text message that cannot be written counts as one part."""
    assert claim.words is not None and one.verdict.channel is not None
    if one.verdict.channel != Channel.SMS:
        return 1
    try:
        text, _ = claim.words.render(
            one.request, one.guest, one.speaker, one.hotel, one.verdict.language, one.verdict.channel
        )
        return parts_to_pay(one.verdict.channel, text.text)
    except Exception:  # one message's error is that message's matter
        return 1
