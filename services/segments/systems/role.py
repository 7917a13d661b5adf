"""The role that asks other systems: what changed, then what those changes are. Essay in `services.segments.systems`.

Several may run at once: a connection is claimed with a lease. A system that fails rests, the longer the more often; one
that says for how long it wants to be left alone is obeyed. One reservation that cannot be read holds up no other.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import structlog

from services.segments.rules.systems import DELETED, HISTORY, MOST_ATTEMPTS, pause_after, rest_until
from services.segments.store.systems import connections as store
from services.segments.store.systems import inbox
from services.segments.store.systems.connections import Connection
from services.segments.store.systems.inbox import Waiting
from services.segments.systems.asking import LIMITS, Asking, Paused, Unanswered
from services.segments.systems.entering import take_statements
from services.segments.systems.question import Token
from services.segments.systems.registry import system_of
from services.segments.systems.system import Fetched
from shared.crypto.purposes import Sealing
from shared.database.pool import Database, Tx
from shared.outgoing.reach import Network, Reach

if TYPE_CHECKING:
    from shared.outgoing.client import OutgoingClient

LEASE = timedelta(minutes=20)  # longer than all questions of one window may take
log = structlog.get_logger()


class Systems:
    """`networks`: reached although they are not public."""

    name = "systems"

    def __init__(
        self,
        database: Database,
        networks: tuple[Network, ...] = (),
        agency_domains: frozenset[str] = frozenset(),
    ) -> None:
        self._database, self._networks, self._agency_domains = database, networks, agency_domains
        self._client: OutgoingClient | None = None  # made with the first question: until then the role carries nothing
        self._tokens: dict[Any, Token] = {}
        self._stop = threading.Event()

    def stop_on(self, stop: threading.Event) -> None:
        self._stop = stop

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return store.next_due(tx)

    def step(self, now: datetime) -> int:
        """One window of one connection; how many questions were asked."""
        with self._database.transaction() as tx:
            connection = store.claim(tx, now, LEASE)
        if connection is None:
            return 0
        asking = self._asking(connection, now)
        rests_until: datetime | None = None
        try:
            self._work(connection, asking, now)
        except Paused:
            pass
        except Unanswered as error:
            self._fail(connection, error, now)
            return asking.asked
        if asking.asked:
            rests_until = now + asking.system.profile.pace.within
        with self._database.transaction() as tx:
            store.release_well(tx, connection.connection_id, now, rests_until)
        return max(asking.asked, 1)

    def _work(self, connection: Connection, asking: Asking, now: datetime) -> None:
        self._look(connection, asking, now)
        while not self._stop.is_set():
            with self._database.transaction() as tx:
                waiting = inbox.due(tx, connection.connection_id, asking.system.profile.at_once, now)
                if not waiting:
                    store.note_caught_up(tx, connection.connection_id, now)
                    return
            fetched = asking.system.fetch(asking, [one.entity for one in waiting])
            with self._database.transaction() as tx:
                self._enter(tx, connection, waiting, fetched, now)

    def _look(self, connection: Connection, asking: Asking, now: datetime) -> None:
        """Its changes, page by page; each page and the place it leads to are kept together."""
        if connection.poll_at is None or connection.poll_at > now:
            return
        cursor, finished = connection.cursor, False
        while not (finished or self._stop.is_set()):
            page = asking.system.changes(asking, cursor, connection.made_at - HISTORY, now)
            cursor, finished = page.cursor, page.finished
            again = now + asking.system.profile.every if finished else now
            with self._database.transaction() as tx:
                inbox.add(tx, connection.connection_id, page.entities, now)
                store.keep_cursor(tx, connection.connection_id, cursor, again)

    def _enter(
        self, tx: Tx, connection: Connection, waiting: Sequence[Waiting], fetched: Sequence[Fetched], now: datetime
    ) -> None:
        """What was fetched is entered; its numbers are done, or put off with the reason."""
        number, found = connection.connection_id, {one.entity: one for one in fetched}
        statements = [stated for one in fetched for stated in one.statements]
        taken = take_statements(tx, connection, statements, now, self._agency_domains)
        problems = {one.entity: one.problem for one in fetched if one.problem}
        for answer in fetched:
            refused = [taken.problems[s.reservation] for s in answer.statements if s.reservation in taken.problems]
            problems |= {answer.entity: refused[0]} if refused else {}
        gone = sum(one.gone for one in fetched)
        store.count_left_out(tx, number, {**taken.left_out, **({DELETED: gone} if gone else {})})
        done = [one for one in waiting if one.entity not in problems]
        inbox.settle(tx, number, done)
        inbox.add(tx, number, [further for one in done for further in found[one.entity].further], now)
        for one in waiting:
            if one.entity in problems:
                self._put_off(tx, number, one, problems[one.entity], now)

    def _put_off(self, tx: Tx, connection_id: UUID, one: Waiting, problem: str | None, now: datetime) -> None:
        attempts = one.attempts + 1
        given_up_at = now if attempts >= MOST_ATTEMPTS else None
        inbox.put_off(tx, connection_id, one.entity, problem or "", now + pause_after(attempts), given_up_at)

    def _fail(self, connection: Connection, error: Unanswered, now: datetime) -> None:
        log.warning("a system does not answer", system=str(connection.kind), trouble=error.trouble, status=error.status)
        rests = rest_until(now, connection.failures + 1, error.rest)
        with self._database.transaction() as tx:
            store.release_failed(tx, connection.connection_id, now, error.trouble, error.status, rests)

    def _asking(self, connection: Connection, now: datetime) -> Asking:
        assert connection.credentials_sealed is not None, "an ended connection is never claimed"
        opened = self._database.keyring.open(connection.credentials_sealed, Sealing.SYSTEM)
        client, system = self._asks(), system_of(connection.kind)
        assert system is not None, "what is never asked has no address and is never claimed"
        known, hotels = orjson.loads(opened), sorted(connection.hotels)
        key = connection.connection_id
        return Asking(client, system, connection.address, known, hotels, now, self._tokens, key)

    def _asks(self) -> OutgoingClient:
        if self._client is None:
            from shared.outgoing.client import OutgoingClient

            self._client = OutgoingClient(Reach(self._networks), LIMITS)
        return self._client
