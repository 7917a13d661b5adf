"""The heartbeat of access: services that hear none close their pages for people; what tells other systems; warnings;
reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from services.console.commands.heartbeat import beat
from services.console.commands.warnings.watch import next_watch, watch
from services.console.config import Config
from services.console.reports_role import AsSomebody, Reports
from services.console.store.accounts import Account
from services.console.webhooks_role import Webhooks
from shared.access.heartbeat import BEATS_EVERY
from shared.access.session_cookie import SessionCookie, header_of
from shared.bus.roles import Timed
from shared.clock import Clock, SystemClock
from shared.crypto.purposes import Signing
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database

REPORT_IS_MADE = timedelta(minutes=5)


class Heartbeat:
    """Several may run at once: a heartbeat more does no harm. `beats`: where heartbeats are off, it rests."""

    name = "heartbeat"

    def __init__(self, database: Database, *, beats: bool = True) -> None:
        self._database, self._beats = database, beats
        self._due: datetime | None = None  # at once

    def next_due(self) -> datetime | None:
        return self._due

    def step(self, now: datetime) -> int:
        if not self._beats:
            return 0
        if self._due is not None and self._due - BEATS_EVERY <= now < self._due:
            return 0  # a clock that was put back does not silence it
        with self._database.transaction() as tx:
            beat(tx, now)
        self._due = now + BEATS_EVERY
        return 1


class Watch:
    """Every morning what is watched is judged, in one transaction: ended on the way, it is judged again."""

    name = "warnings"

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return next_watch(tx)

    def step(self, now: datetime) -> int:
        due = self.next_due()
        if due is None or due > now:
            return 0
        with self._database.transaction() as tx:
            watch(tx, now)
        return 1


def session_for_reports(keyring: KeyRing) -> AsSomebody:
    """A session of a few minutes that no browser has: reports are read as the colleague would read them."""

    def cookie(account: Account, language: str | None, now: datetime) -> str:
        session = SessionCookie(uuid4(), account.person_id, account.sessions_ended, now + REPORT_IS_MADE, now)
        return header_of(session, language, keyring.signing_keys(Signing.SESSION)[0])

    return cookie


def clocks(database: Database, config: Config, clock: Clock) -> tuple[Timed, ...]:
    """On the machine's clock only: time that is driven from outside has no heartbeat and tells no other system."""
    if not isinstance(clock, SystemClock):
        return ()
    return (
        Heartbeat(database, beats=config.heartbeats),
        Webhooks(database, config.networks),
        Watch(database),
        Reports(database, config.gateway, session_for_reports(database.keyring)),
    )
