"""The sender role: what is due is claimed, sent and recorded.

1. One transaction claims a set (`commands.claim`) and commits. A crash before the commit leaves nothing behind.
2. The messages are written and handed to their senders, outside any transaction. A crash here leaves them `claimed`.
   A provider's messages go to its connections (`channels.flow`), which send them while the next set is claimed; what a
   sender does itself (the sandbox) it is given as many at a time as a second's work.
3. One transaction each second at least records what was answered, by compare-and-set on the claim's token. Where the
   database fails just then, the answers are kept and recorded by the next step, and nothing more is handed over.

A claim whose claimer no longer holds its session lock is `unknown`: it may have gone. Its claimer may still live (the
database was restarted): it hands nothing over once its lease has run out, before which nothing that is looked up counts
as never handed over, and what it knows settles what is unclear, late as it is. One that was stopped for an hour holds
its lock, and its claims are its own.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

import psycopg

from services.messaging.channels.channel import MakeSender
from services.messaging.channels.flow import Flow
from services.messaging.channels.here import Here, work_of
from services.messaging.channels.paying import parts_to_pay
from services.messaging.channels.roster import Roster
from services.messaging.channels.sender import Outcome, Outgoing, Sender, not_offered
from services.messaging.commands.sending import fares
from services.messaging.commands.sending.claim import claim_carefully, claim_due
from services.messaging.commands.sending.claimed import Claim, UnderWay
from services.messaging.commands.sending.fares import Fared
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.commands.sending.outages import Outages
from services.messaging.commands.sending.results import record_in_halves, record_outcomes
from services.messaging.commands.sending.write import write
from services.messaging.commands.templates.publish import install_shipped
from services.messaging.store.sending import pace
from services.messaging.store.sending.claimers import ClaimerNumber
from services.messaging.store.sending.results import next_due
from services.messaging.store.sending.sent_texts import seal_what_is_in_clear
from shared.bus.roles import IDLE_PAUSE
from shared.clock import lasts
from shared.database.dedicated_connection import DedicatedConnection, is_passing, unavailable
from shared.database.pool import Database
from shared.telemetry.metrics import SEND_SECONDS, SENDER_CONNECTIONS, record_answers
from shared.telemetry.tracing import step_span
from shared.vocabulary.message import MessageState

FIRST_BATCH, LEAST, RECORDED_EVERY = 100, 20, 1.0
LOOKED_EVERY = 0.05  # seconds: whether something is due while the last messages are under way
SEALED_AT_ONCE, WRITTEN_AT_ONCE = 500, 250
CLAIMED_FOR = 3.0  # seconds' work: what comes on the stay lane meanwhile waits no longer


class SenderRole:
    """Several may run at once; each has a number and holds a session lock on it while it lives."""

    name = "sender"
    rests_at_most = IDLE_PAUSE

    def __init__(
        self, database: Database, context: GateContext, senders: Mapping[str, Sender], make: MakeSender | None = None
    ) -> None:
        """`senders`: the environment's, by channel; `make`: makes the house's own, where it may have some."""
        self._database, self._context = database, context
        self._roster = Roster(database, context.config, senders, make, keeps=True)
        self._session = DedicatedConnection(database, "sender")
        self._flow = Flow(senders, most=context.config.batch, paces=context.config.paces)
        self._here = Here(database.service, first=FIRST_BATCH, least=LEAST)
        self._few_seconds_work = int(CLAIMED_FOR * FIRST_BATCH)
        self._number, self._furnished_in = ClaimerNumber(self._session), 0
        self._outages = Outages(self._session)
        self._unrecorded: list[tuple[UUID, list[Outcome]]] = []
        self._stop = threading.Event()
        self._may_be_in_clear = True
        self._now: datetime | None = None  # of the last step

    def stop_on(self, stop: threading.Event) -> None:
        """Once it is set nothing more is handed over: what was claimed and not offered is due again at once."""
        self._stop = stop

    def step(self, now: datetime) -> int:
        """Raises `DatabaseUnavailable`; what was sent by then is recorded by the next step."""
        self._now = now
        try:
            return self._step(now)
        except psycopg.OperationalError as error:  # a deadlock too: nothing was written, it is tried again
            self._unrecorded += self._flow.withdraw()
            self._let_go()
            raise unavailable(error) from error

    def _step(self, now: datetime) -> int:
        """Messages that are on their way when it returns are recorded by the next steps; until then there is something
        to do."""
        self._record(now)
        self._renew()
        number = self._claimer(now)
        decided = 0
        for claim, is_ours in self._claimed(number, now):
            decided += claim.decided
            if claim.token and claim.messages:
                began = time.perf_counter()
                self._send(claim, claim.token, now, is_ours)
                self._few_seconds_work = work_of(CLAIMED_FOR, len(claim.messages), time.perf_counter() - began, LEAST)
        under_way = len(self._flow)
        if decided or self._flow.room == 0:
            self._flow.await_room(RECORDED_EVERY)
        elif under_way:
            self._flow.await_end(LOOKED_EVERY)
        self._gather(now)
        self._outages.write(now)
        if not decided and not under_way:
            self._rest()
            return self._seal_what_is_in_clear()
        return decided or under_way

    @property
    def _senders(self) -> Mapping[str, Sender]:
        return self._roster.at_work

    def _renew(self, *, anew: bool = False) -> None:
        """By whom messages go, where that has changed."""
        if self._roster.look(anew=anew):
            self._unrecorded += self._flow.renew(self._senders, {key: self._roster.pace(key) for key in self._senders})
        self._context.serving = self._roster.serving

    def _claimed(self, number: int, now: datetime) -> list[tuple[Claim, Callable[[], bool]]]:
        """And of each whether it is still ours; nothing where the connections have enough to do."""
        within_lease = lasts(self._context.config.lease)
        if self._flow.room == 0:
            return []
        return [(claim, lambda: self._is_running() and within_lease()) for claim in self._claim(number, now)]

    def _claim(self, number: int, now: datetime) -> list[Claim]:
        """In the session that holds the lock: its loss undoes the claim. One message that cannot be judged has failed,
        and its neighbours are claimed."""
        full = self._flow.full({key: self._roster.channel(key) for key in self._senders})
        most, under_way = self._most(), UnderWay(self._flow.tokens, full, self._flow.rooms())
        try:
            with step_span("claim") as noted, self._session.transaction() as tx:
                claim = claim_due(tx, self._context, number, now, most=most, under_way=under_way)
                noted.append(claim.decided)
                return [claim]
        except Exception as error:  # one message must not end the role
            if is_passing(error):
                raise
        with self._session.transaction() as tx:
            return claim_carefully(tx, self._context, number, now, most=most, under_way=under_way)

    def _seal_what_is_in_clear(self) -> int:
        """While nothing is to be sent, until nothing is left in clear of what earlier versions put in the sandbox."""
        if self._may_be_in_clear:
            with self._session.transaction() as tx:
                sealed = seal_what_is_in_clear(tx, SEALED_AT_ONCE)
            self._may_be_in_clear = sealed > 0
            return sealed
        return 0

    def _most(self) -> int:
        """How many messages one claim takes."""
        if all(sender.is_sandbox for sender in self._senders.values()):
            return self._context.config.batch
        return min(self._context.config.batch, self._flow.room or self._few_seconds_work)

    def _record(self, now: datetime) -> None:
        while self._unrecorded:
            token, outcomes = self._unrecorded[0]
            try:
                with self._session.transaction() as tx:
                    record_outcomes(tx, token, outcomes, now)
            except Exception as error:  # one outcome must not keep the others
                if is_passing(error):
                    raise
                with self._session.transaction() as tx:
                    record_in_halves(tx, token, outcomes, now)
            self._unrecorded.pop(0)

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_due(tx)

    def close(self) -> None:
        """What is at a provider is answered and recorded, the rest is due again at once."""
        self._unrecorded += self._flow.close()
        if self._now:
            with suppress(psycopg.OperationalError):
                self._record(self._now)
        self._let_go()

    def _let_go(self) -> None:
        self._number.let_go()
        self._rest()

    def _rest(self) -> None:
        for sender in self._senders.values():
            sender.rest()

    def _send(self, claim: Claim, token: UUID, now: datetime, is_ours: Callable[[], bool]) -> None:
        for first in range(0, len(claim.messages), WRITTEN_AT_ONCE):
            some = replace(claim, messages=claim.messages[first : first + WRITTEN_AT_ONCE])
            written, unwritable = write(self._database.keyring, some, now, is_ours)
            if unwritable:
                self._unrecorded.append((token, unwritable))
            self._hand_on(token, written, now)
        self._record(now)

    def _hand_on(self, token: UUID, written: Sequence[Outgoing], now: datetime) -> None:
        by_key: defaultdict[str, list[Outgoing]] = defaultdict(list)
        for message in written:
            by_key[message.via].append(message)
        for key, messages in by_key.items():
            if key in self._flow:
                self._unrecorded.append((token, self._flow.put(token, key, messages)))
        self._keep_pace(now)
        here = [messages for key, messages in by_key.items() if key not in self._flow]
        self._send_here(token, list(chain(*here)), now)

    def _keep_pace(self, now: datetime) -> None:
        def reserve(key: str, count: int, apart: timedelta) -> datetime:
            with self._session.transaction() as tx:
                return pace.reserve(tx, key, count, apart, now)

        self._flow.keep_pace(reserve, now)

    def _send_here(self, token: UUID, waiting: list[Outgoing], now: datetime) -> None:
        """By senders that keep no connections."""
        while waiting:
            key = waiting[0].via
            batch = self._here.next_batch(self._senders[key], waiting)
            del waiting[: len(batch)]
            outcomes = self._here.answers(self._senders[key], batch)
            fared = self._fared(key, list(zip(batch, outcomes, strict=True)), now)
            self._unrecorded.append((token, [outcome for _, outcome in fared]))
            try:
                self._record(now)
            except psycopg.OperationalError:
                self._unrecorded.append((token, [not_offered(message) for message in waiting]))
                raise

    def _gather(self, now: datetime) -> None:
        """What the connections answered by now is recorded."""
        for key, answered in self._flow.answers():
            channel = answered[0][0].channel
            taken = SEND_SECONDS.labels(self._database.service, channel)
            for _, _, seconds in answered:
                taken.observe(seconds)
            record_answers(self._database.service, channel, ((one.kind, one.reason) for _, one, _ in answered))
            outcomes = self._fared(key, [(message, outcome) for message, outcome, _ in answered], now)
            self._unrecorded += self._flow.by_token(outcomes)
        connections = Counter(dict.fromkeys(map(self._roster.channel, self._senders), 0))
        for key, count in self._flow.connections():
            connections[self._roster.channel(key)] += count
        for channel, count in connections.items():
            SENDER_CONNECTIONS.labels(self._database.service, channel).set(count)
        self._record(now)
        self._keep_pace(now)

    def _fared(self, key: str, answered: Fared, now: datetime) -> Fared:
        """How one of the house's senders fares is noted where that changes; what it certainly did not take, another is
        given at once, where one is awake."""
        answered = [(message, _paid(message, outcome)) for message, outcome in answered]
        row, outcomes = self._roster.row(key), [outcome for _, outcome in answered]
        self._outages.hear(key, self._roster.channel(key), outcomes)
        if row is None or not fares.is_news(row, self._roster.health.get(row.sender_id), outcomes, now):
            return answered
        trouble = fares.trouble_of(outcomes)
        with self._database.transaction() as tx:
            fares.note(tx, row, trouble, now)
        self._renew(anew=True)
        return fares.sent_elsewhere(self._roster.serving, row, answered, now) if trouble else answered

    def _is_running(self) -> bool:
        return not self._stop.is_set()

    def _claimer(self, now: datetime) -> int:
        """This role's number. In each session of its own the templates that came with this version are looked after."""
        number = self._number.hold(now)
        if self._furnished_in != self._session.opened:
            with self._session.transaction() as tx:
                install_shipped(tx, now)
            self._furnished_in = self._session.opened
        return number


def _paid(message: Outgoing, outcome: Outcome) -> Outcome:
    """What was handed over, or may have been, is paid by its parts."""
    if outcome.state is MessageState.FAILED:
        return outcome
    return replace(outcome, parts=parts_to_pay(message.channel, message.text))
