"""The role that sends events to other systems: each at least once, in the order of its subject, for days.

1. a claim, one transaction: messages that are due, of each subject the first that waits; a lease keeps others off
2. the network, with no transaction open, several side by side, through the outgoing client
3. the outcomes, one transaction: delivered, or tried again after a pause, or given up

A process that dies in between leaves the lease to run out, and the message is sent once more under its number. A system
that fails is left alone for a while with all that waits for it, so that one that is down takes no thread from others.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.console.rules.webhooks import MessageState, is_taken, next_attempt, rest_after, signed
from services.console.store import webhooks as store
from services.console.store.webhooks import Due
from shared.crypto.purposes import Sealing
from shared.database.pool import Database, Tx
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Network, Reach

if TYPE_CHECKING:
    from shared.outgoing.client import OutgoingClient

AT_ONCE = 8
MOST = 64
LEASE = timedelta(minutes=5)
LIMITS = Limits(within=15.0, connect_within=5.0, longest=64 * 1024)


@dataclass(frozen=True)
class Attempt:
    due: Due
    status: int | None
    trouble: str | None
    milliseconds: int

    @property
    def is_taken(self) -> bool:
        return self.status is not None and is_taken(self.status)


class Webhooks:
    """Several may run at once. `networks`: reached although they are not public."""

    name = "webhooks"

    def __init__(self, database: Database, networks: tuple[Network, ...] = ()) -> None:
        self._database, self._networks = database, networks
        self._client: OutgoingClient | None = None  # made with the first message: until then the role carries nothing

    def next_due(self) -> datetime | None:
        with self._database.transaction() as tx:
            return store.next_due(tx)

    def step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            due = store.claim(tx, MOST, now, now + LEASE)
        if not due:
            return 0
        with ThreadPoolExecutor(AT_ONCE) as threads:
            attempts = list(threads.map(lambda one: self._try(one, now), due))
        with self._database.transaction() as tx:
            for attempt in attempts:
                self._keep(tx, attempt, now)
            for webhook_id in dict.fromkeys(one.due.webhook_id for one in attempts):
                self._keep_health(tx, [one for one in attempts if one.due.webhook_id == webhook_id], now)
        return len(due)

    def _try(self, due: Due, now: datetime) -> Attempt:
        from shared.outgoing.client import NoAnswer

        body = due.body.encode()
        secret = self._database.keyring.open(due.secret_sealed, Sealing.SECRET)
        headers = {"Content-Type": "application/json", **signed(secret, str(due.event_id), body, now)}
        began = time.monotonic()
        try:
            status, trouble = self._sends().ask("POST", due.url, headers, body).status, None
        except NoAnswer as error:
            status, trouble = None, str(error.trouble)
        return Attempt(due, status, trouble, int((time.monotonic() - began) * 1000))

    def _sends(self) -> OutgoingClient:
        if self._client is None:
            from shared.outgoing.client import OutgoingClient

            self._client = OutgoingClient(Reach(self._networks), LIMITS)
        return self._client

    def _keep(self, tx: Tx, attempt: Attempt, now: datetime) -> None:
        due, state, following = attempt.due, MessageState.DELIVERED, None
        if not attempt.is_taken:
            following = next_attempt(due.attempts + 1, due.told_at, now)
            state = MessageState.DEAD if following is None else MessageState.WAITING
        told = {"id": due.id, "at": now, "status": attempt.status, "trouble": attempt.trouble}
        told |= {"milliseconds": attempt.milliseconds, "state": str(state), "next_at": following}
        store.keep_attempt(tx, told)

    def _keep_health(self, tx: Tx, attempts: Sequence[Attempt], now: datetime) -> None:
        """One that took anything is well; else it rests, the longer the more often it failed."""
        first = attempts[0].due
        if any(one.is_taken for one in attempts):
            if first.failures:
                store.keep_health(tx, first.webhook_id, 0, None)
        else:
            failures = first.failures + 1
            store.keep_health(tx, first.webhook_id, failures, rest_after(failures, now))
