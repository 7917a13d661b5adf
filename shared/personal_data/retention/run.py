"""Every night what is over is dropped, in sets; afterwards the next night's is counted, for the page.

A night begins at 03:00 UTC. Whoever starts later takes it up. A range is dropped and noted in one transaction: one
that dies leaves finished ranges behind, and the next one goes on. Two processes never run at once. In the first week of
an installation, and of a version that brings new terms, nothing is dropped, only counted: what would go is on the page
before it goes.

The same role makes the months to come of tables that are kept by month. Where others hold such a table, as a backup
does for as long as it runs, it rests and tries again.

The role is not there on a virtual clock. A simulated year lives in a home that is thrown away, where no term is worth
keeping; the instants of a nightly role would be instants at which messages are judged and delivered, and the ledger
would depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta

import psycopg

from shared.bus.outbox import publish
from shared.database.pool import Database, Tx
from shared.events.console import AuditRecorded, RetentionCounted
from shared.events.dictionary import Lane, chunk_of
from shared.ids import make_id
from shared.personal_data.retention import store
from shared.personal_data.retention.subjects import MonthsSubject, Subject
from shared.personal_data.retention.terms import KEEPING
from shared.vocabulary.personal_data import Kept

BEGINS = time(3)  # UTC
NOTICE = timedelta(days=7)
LOOKS_EVERY = timedelta(seconds=30)
ONE_DAY = timedelta(days=1)
ACTOR = "Guestloop"


def night_of(now: datetime) -> date:
    """The day on which the night began that is the last one by now."""
    return (now - timedelta(hours=BEGINS.hour)).date()


class Retention:
    """One service's nightly run; `step` does one range, or one count."""

    def __init__(self, database: Database, subjects: Sequence[Subject]) -> None:
        self.name = f"{database.service} retention"
        self._database, self._subjects = database, subjects
        self._rests_until: datetime | None = None

    def next_due(self) -> datetime | None:
        return self._rests_until

    def step(self, now: datetime) -> int:
        if self._rests_until is not None and now < self._rests_until:
            return 0
        with suppress(psycopg.errors.LockNotAvailable), self._database.transaction() as tx:
            if store.is_my_turn(tx) and self._work(tx, now):
                self._rests_until = None
                return 1
        self._rests_until = now + LOOKS_EVERY
        return 0

    def _work(self, tx: Tx, now: datetime) -> bool:
        return self.make_months(tx, now) or self.drop_a_range(tx, now) or self.count_one(tx, now)

    def make_months(self, tx: Tx, now: datetime) -> bool:
        """Those to come of one table that is kept by month. False where all are there."""
        return any(subject.make_ahead(tx, now) for subject in self._subjects if isinstance(subject, MonthsSubject))

    def run_now(self, now: datetime, progress: Callable[[int], None]) -> dict[str, int]:
        """This night's run to its end, whatever the hour. What it dropped, by subject."""
        night, dropped = night_of(now), dict.fromkeys((subject.name for subject in self._subjects), 0)
        for subject in self._subjects:
            place: str | None = ""
            while place is not None:
                with self._database.transaction() as tx:
                    store.await_turn(tx)
                    done = subject.drop(tx, store.terms_in_force(tx), now, place)
                    store.note_range(tx, night, subject, done, now)
                place = done.next_place
                dropped[subject.name] += done.rows
                progress(sum(dropped.values()))
        with self._database.transaction() as tx:
            self._end_night(tx, night, now)
            store.count_anew(tx)
        return dropped

    def drop_a_range(self, tx: Tx, now: datetime) -> bool:
        """False where this night's run has ended, or nothing is dropped yet."""
        night = night_of(now)
        if night < store.first_night(tx, night + NOTICE):
            return False
        runs = store.runs_of(tx, night)
        for subject in self._subjects:
            begun = runs.get(subject.name)
            place = begun.place if begun else ""
            if place is None:
                continue
            done = subject.drop(tx, store.terms_in_force(tx), now, place)
            store.note_range(tx, night, subject, done, now)
            if done.next_place is None and subject is self._subjects[-1]:
                self._end_night(tx, night, now)
            return True
        return False

    def count_one(self, tx: Tx, now: datetime) -> bool:
        """Counts what the next night would drop of one subject, and tells console. False where all are counted."""
        next_night = max(night_of(now) + ONE_DAY, store.first_night(tx, night_of(now) + NOTICE))
        known = store.counted(tx, next_night)
        subject = next((one for one in self._subjects if one.name not in known), None)
        if subject is None:
            return False
        then = datetime.combine(next_night, BEGINS, tzinfo=now.tzinfo)
        due = subject.count(tx, store.terms_in_force(tx), max(then, now))
        store.note_count(tx, next_night, subject, due, now)
        last = store.runs_of(tx, night_of(now)).get(subject.name)
        told = RetentionCounted(
            service=tx.service,
            subject=subject.name,
            version=int(now.timestamp() * 1_000_000),
            kept=subject.kept,
            night=next_night,
            due=due,
            dropped=last.dropped if last else 0,
            counted_at=now,
        )
        publish(tx, chunk_of([told]), at=now, lane=Lane.MARKETING)
        return True

    def _end_night(self, tx: Tx, night: date, now: datetime) -> None:
        dropped = {name: one.dropped for name, one in store.runs_of(tx, night).items() if one.dropped}
        trail = KEEPING[Kept.AUDIT].default
        if trail is not None:
            store.drop_old_lines(tx, trail.before(now).date(), [one.name for one in self._subjects])
        entry = AuditRecorded(
            audit_id=make_id("audit", tx.service, "retention", now.isoformat()),
            version=1,
            service=tx.service,
            actor=ACTOR,
            action="retention.ran",
            subject=f"service {tx.service}",
            details={"night": night.isoformat(), **dropped},
            recorded_at=now,
        )
        publish(tx, chunk_of([entry]), at=now)


def due_by_subject(tx: Tx, subjects: Sequence[Subject], now: datetime) -> dict[str, int]:
    """How many a run at `now` would drop."""
    terms = store.terms_in_force(tx)
    return {subject.name: subject.count(tx, terms, now) for subject in subjects}
