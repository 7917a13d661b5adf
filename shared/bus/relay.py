"""The relay takes a service's pending messages out of the outbox and hands them to a publisher.

Delivery. A row is marked published only after the publisher confirmed it. Nacked or returned rows stay pending with an
exponential back-off (five minutes at most) and the reason in `last_error`, as does a row that no publisher can take as
it is: its batch is published in halves, and its neighbours go. After an unknown answer nothing is marked. A broker may
lose what it confirmed (it was killed before its disc had it): after each new connection everything confirmed in the
last minute is sent again.

Order. The stay lane first, then by id; see `shared.bus.outbox` for why nobody relies on it. Pending rows are asked
for by `published_at is null`, never by «id greater than the last one»: ids are drawn before the commit, and a late
committer would be passed over for ever.

Duplicates. One relay a service is active, or one for each partition of its outbox (`shared.bus.partitions`): it holds
a session lock in the service's database, its standbys ask for that lock at every step and do nothing without it. Should
two overlap for a moment (the lock's session died while a batch was on its way), the same message goes out twice under
one id, and the inbox drops one.

Crashes. Before the publish: nothing happened. Between publish and mark: the batch is sent again, the inbox drops it.
After the mark: done.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import psycopg
import structlog

from shared.bus.dead_letters import reason_of, storable
from shared.bus.partitions.pending import WINDOW, WINDOW_BYTES, pending
from shared.bus.partitions.spread import WHOLE
from shared.bus.partitions.turns import Turns
from shared.bus.publisher import Connecting, OutboxRow, Published, Publisher, together
from shared.bus.roles import IDLE_PAUSE
from shared.bus.telling import tell
from shared.database.dedicated_connection import DedicatedConnection
from shared.database.pool import Database
from shared.errors import DatabaseUnavailable, GuestloopError
from shared.events.envelope import trace_of
from shared.telemetry.metrics import PUBLISH_SECONDS, record_relayed
from shared.telemetry.tracing import record_published

KEPT_OUTBOX, KEPT_INBOX = timedelta(days=7), timedelta(days=30)
PRUNED_AT_ONCE, PRUNES_FOR = 5_000, 0.2  # rows; seconds
FORGETTABLE = timedelta(minutes=1)
# An index scan notes which entries are dead and skips them next time; a bitmap scan visits them at every poll until the
# next vacuum (1,500 published rows: 200 pages a poll instead of 2).
WALK_THE_INDEX = "-c enable_bitmapscan=off -c enable_seqscan=off"

log = structlog.get_logger()


class Relay:
    """One service's relay; `step` does one window of messages."""

    rests_at_most = IDLE_PAUSE

    def __init__(self, database: Database, publisher: Publisher, *, service: str) -> None:
        self.name = f"{service} relay"
        self._service, self._publisher = service, publisher
        self._session = DedicatedConnection(database, "relay", settings=WALK_THE_INDEX)
        self.partitions = database.partitions
        self._turns = Turns(self._session, self.partitions, name=self.name)
        self._connections_seen = dict.fromkeys(range(self.partitions), publisher.connections)
        self._pruned_at: datetime | None = None
        self.drained = False  # whether the last step saw all there was

    def open(self) -> None:
        """Connect before there is anything to publish, so that readiness tells whether the broker answers."""
        if isinstance(self._publisher, Connecting):
            self._publisher.open()

    def not_ready_reason(self) -> str | None:
        """Why it could not publish now, in a sentence."""
        return self._publisher.not_ready_reason() if isinstance(self._publisher, Connecting) else None

    @property
    def is_active(self) -> bool:
        """Whether it publishes, or stands by."""
        return bool(self._turns.held)

    @property
    def leads(self) -> bool:
        """Whether it has the first partition: of all active ones, one does what is done once in a service."""
        return 0 in self._turns.held

    def step(self, now: datetime) -> int:
        """Publish up to 500 pending messages; how many were tried. Raises what the publisher or the database raised."""
        try:
            return self._step(now)
        except psycopg.OperationalError as error:
            raise DatabaseUnavailable() from error

    def _step(self, now: datetime) -> int:
        if not (held := self._turns.take(now)):
            return 0
        self._send_again_what_may_be_forgotten()
        rows = [OutboxRow(*row) for row in pending(self._session.connection(), self.partitions, held, now)]
        if not rows:
            if self.leads:
                self._prune_for_a_moment(now)
            return self._publisher.publish(()).released
        small = len(rows) < WINDOW and sum(len(row.body) for row in rows) < WINDOW_BYTES
        self.drained = small and not self._publisher.holds_back
        began = time.perf_counter()
        answer = self._publish(rows)
        self._note(rows, answer, time.perf_counter() - began)
        self._send_again_what_may_be_forgotten()
        self._mark(answer, rows, now)
        return len(rows)

    def _publish(self, rows: list[OutboxRow]) -> Published:
        """What raises is published in halves: what cannot be published alone waits with its reason, the rest goes."""
        try:
            return self._publisher.publish(rows)
        except (GuestloopError, psycopg.OperationalError):
            raise  # the broker's or a database's state, and no row's
        except Exception as error:  # one row must not end the relay
            if len(rows) == 1:
                return Published(unfit={rows[0].id: f"it cannot be published ({reason_of(error)})"})
        middle = len(rows) // 2
        return together([self._publish(rows[:middle]), self._publish(rows[middle:])])

    def next_due(self) -> datetime | None:
        """When the next message that was put off is tried again."""
        row = self._session.connection().execute(NEXT_DUE).fetchone()
        found: datetime | None = row[0] if row else None
        return found

    def prune(self, now: datetime) -> int:
        """Delete what was published more than 7 days ago and inbox rows older than 30 days, to the last one."""
        done = 0
        while deleted := self._prune_a_set(now):
            done += deleted
        return done

    def close(self) -> None:
        """Release the lock at once, so that a standby need not wait until PostgreSQL sees the session end."""
        self._turns.give_up()
        self._session.close()

    def close_publisher(self) -> None:
        """Close the connection to the broker."""
        self._publisher.close()

    def _prune_for_a_moment(self, now: datetime) -> None:
        """Once a day, some thousand rows at a time, for as long as nobody notices: what is published next waits for
        one set at most, and the rest goes at the next step that finds nothing to publish."""
        began = time.perf_counter()
        while self._pruned_at is None or now - self._pruned_at >= timedelta(days=1):
            if not self._prune_a_set(now):
                self._pruned_at = now
            elif time.perf_counter() - began >= PRUNES_FOR:
                return

    def _prune_a_set(self, now: datetime) -> int:
        connection = self._session.connection()
        sent = connection.execute(FORGET_SENT, (now - KEPT_OUTBOX, PRUNED_AT_ONCE)).rowcount
        received = connection.execute(FORGET_RECEIVED, (now - KEPT_INBOX, PRUNED_AT_ONCE)).rowcount
        return sent + received

    def _note(self, rows: list[OutboxRow], answer: Published, seconds: float) -> None:
        outcomes = {"published": answer.confirmed, "nacked": answer.nacked, "returned": answer.returned}
        counts = {name: len(numbers) for name, numbers in outcomes.items()}
        record_relayed(self._service, {**counts, "unfit": len(answer.unfit)})
        PUBLISH_SECONDS.labels(self._service).observe(seconds)
        record_published(
            self._service, ((str(row.message_id), row.type, trace_of(row.headers)) for row in rows), seconds
        )

    def _mark(self, answer: Published, rows: list[OutboxRow], now: datetime) -> None:
        connection = self._session.connection()
        if answer.confirmed:
            confirmed = set(answer.confirmed)
            with connection.transaction():
                connection.execute(CONFIRM, (now, answer.confirmed))
                tell(connection, self._service, [row for row in rows if row.id in confirmed], now)
        refused = {"the broker refused it (nack)": answer.nacked, "nobody listens to it (unroutable)": answer.returned}
        for number, reason in answer.unfit.items():
            refused.setdefault(storable(reason), []).append(number)
        for reason, ids in refused.items():
            if ids:
                log.warning("messages stay in the outbox", relay=self.name, reason=reason, messages=len(ids))
                connection.execute(PUT_OFF, {"reason": reason, "now": now, "ids": ids})

    def _send_again_what_may_be_forgotten(self) -> None:
        """After a new connection: the last minute in which anything was confirmed is pending again."""
        connections = self._publisher.connections
        parts = [part for part in self._turns.held if self._connections_seen[part] != connections]
        if parts and self.partitions == WHOLE:
            self._session.connection().execute(SEND_AGAIN, (FORGETTABLE,))
        for part in parts if self.partitions != WHOLE else ():
            given = {"partitions": self.partitions, "part": part, "since": FORGETTABLE}
            self._session.connection().execute(SEND_PART_AGAIN, given)
        self._connections_seen |= dict.fromkeys(parts, connections)


FORGET_SENT = """
    delete from outbox where id = any(array(
        select id from outbox where published_at < %s order by published_at limit %s))
"""
FORGET_RECEIVED = """
    delete from inbox where ctid = any(array(
        select ctid from inbox where received_at < %s order by received_at limit %s))
"""
CONFIRM = "update outbox set published_at = %s, last_error = null where id = any(%s)"

PUT_OFF = """
    update outbox
    set attempts = attempts + 1,
        last_error = %(reason)s,
        available_at = %(now)s + least(interval '5 minutes', interval '0.5 seconds' * power(2, least(attempts, 12)))
    where id = any(%(ids)s)
"""

NEXT_DUE = "select min(available_at) from outbox where published_at is null"

SEND_AGAIN = """
    update outbox set published_at = null
    where published_at > (select max(published_at) from outbox where published_at is not null) - %s
"""
OF_PART = """published_at is not null and (
    partitions = %(partitions)s and part = %(part)s or %(part)s = 0 and partitions <> %(partitions)s)"""
SEND_PART_AGAIN = f"""
    update outbox set published_at = null
    where published_at > (select max(published_at) from outbox where {OF_PART}) - %(since)s and {OF_PART}
"""
