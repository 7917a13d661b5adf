"""Waiting until nothing moves any more, and the person who settles what no provider can be asked about."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from guestloop.composition.services import Group
from services.messaging.commands.unknowns import ARRIVED, NEVER_ARRIVED, resolve_unknown
from shared.access.people import Person
from shared.errors import GuestloopError
from shared.vocabulary.role import Role
from tests.chaos.clock import MovedClock
from tests.chaos.heard import unheard
from tests.chaos.ledgers import read

Say = Callable[[str], None]
LOOK_EVERY = 0.25
PERSON = Person(UUID(int=1), "Ada", Role.ADMINISTRATOR, frozenset())


class NeverAtRest(GuestloopError):
    """Something still moves, or waits for ever."""


@dataclass(frozen=True)
class Moving:
    """What is still under way, in words with counts; and when, if nothing is, time alone makes something due."""

    now: dict[str, int]
    due: datetime | None

    def __str__(self) -> str:
        return ", ".join(f"{count} {what}" for what, count in self.now.items() if count) or "nothing"


def look(group: Group, now: datetime) -> Moving:
    counts: dict[str, int] = {}
    dues: list[datetime] = []

    def ask(service: str, what: str, query: str) -> None:
        with group.database(service).transaction() as tx:
            count, due = tx.execute(query, {"now": now}).fetchone() or (0, None)
        counts[what] = counts.get(what, 0) + count
        if due is not None:
            dues.append(due)

    for service in group.services:
        ask(service, f"in the outbox of {service}", OUTBOX)
    ask("segments", "files to import", IMPORTS)
    ask("campaigns", "enrolments due", ENROLMENTS)
    ask("messaging", "messages due", DELIVERIES)
    ask("messaging", "messages on their way", CLAIMED)
    ask("messaging", "text messages unclear", UNCLEAR)
    return Moving(counts, min(dues, default=None))


def published_so_far(group: Group) -> dict[str, int]:
    """By service, the number of the last row that its outbox ever had; it rises before the row is there to see."""
    found: dict[str, int] = {}
    for name in group.services:
        with group.database(name).transaction() as tx:
            (found[name],) = tx.execute("select last_value from outbox_id_seq").fetchone() or (0,)
    return found


OUTBOX = """
    select count(*) filter (where available_at <= %(now)s), min(available_at) filter (where available_at > %(now)s)
    from outbox where published_at is null
"""
IMPORTS = "select count(*), null::timestamptz from import_file where state in ('queued', 'running')"
CLAIMED = "select count(*), null::timestamptz from delivery where state = 'claimed'"
ENROLMENTS = """
    select count(*) filter (where due_at <= %(now)s), min(due_at) filter (where due_at > %(now)s)
    from enrolment where state = 'waiting'
"""
DELIVERIES = """
    select count(*) filter (where next_at <= %(now)s), min(next_at) filter (where next_at > %(now)s)
    from delivery where state in ('queued', 'held')
"""
# Time is not jumped over while a provider is asked: what it may not list yet is a matter of seconds that pass.
UNCLEAR = "select count(*), null::timestamptz from delivery where state = 'unknown' and channel = 'sms'"


@dataclass
class Rest:
    """`person_settled`: how many unclear e-mails somebody looked up."""

    group: Group
    clock: MovedClock
    folder: Path
    say: Say
    within: float
    jumps: int = 0
    person_settled: dict[str, int] = field(default_factory=lambda: {ARRIVED: 0, NEVER_ARRIVED: 0})

    def wait(self) -> None:
        """Until nothing moves. Where only time is missing, it passes at once. Raises `NeverAtRest`."""
        deadline = time.monotonic() + self.within
        while time.monotonic() < deadline:
            now = self.clock.now()
            published, moving = published_so_far(self.group), look(self.group, now)
            if any(moving.now.values()):
                self.say(f"under way: {moving}")
                time.sleep(LOOK_EVERY)
            elif missing := unheard(self.group):
                self.say(f"not heard yet: {sum(missing.values())} messages")
                time.sleep(LOOK_EVERY)
            elif self._moves_still(published):
                self.say("it moved on while it was looked at")
            elif moving.due is not None:
                self.jumps += 1
                self.clock.move_on(moving.due - now + timedelta(milliseconds=10))
            elif not self._settle_mails():
                return
        raise NeverAtRest(f"after {self.within:.0f} s: {look(self.group, self.clock.now())}; {unheard(self.group)}")

    def _moves_still(self, published: dict[str, int]) -> bool:
        """Services are looked at one after the other, so that work can pass from one not yet looked at to one that was.
        Once all is heard, what it led to is there for a second look, or somebody published since the first began."""
        return any(look(self.group, self.clock.now()).now.values()) or published_so_far(self.group) != published

    def _settle_mails(self) -> int:
        """A person looks each unclear e-mail up in the mail server's own log. How many there were."""
        taken = {entry.message_id for entry in read(self.folder / "mails.jsonl")}
        with self.group.database("messaging").transaction() as tx:
            query = "select message_id from delivery where state = 'unknown' and channel = 'email' order by message_id"
            unclear: list[UUID] = [row[0] for row in tx.execute(query)]
            for message_id in unclear:
                found = ARRIVED if str(message_id) in taken else NEVER_ARRIVED
                resolve_unknown(tx, message_id, found, by=PERSON, at=self.clock.now())
                self.person_settled[found] += 1
        return len(unclear)
