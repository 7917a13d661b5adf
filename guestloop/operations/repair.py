"""Many things at once that wait for a person: dead letters of the services, and messages whose outcome is unclear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from guestloop.composition.services import Group
from services.messaging.commands.unknowns import settle_matching
from services.messaging.store.sending.matching_unknowns import Wanted as Unclear
from services.messaging.store.sending.matching_unknowns import count as count_unclear
from services.messaging.store.sending.matching_unknowns import reasons
from shared.access.audit import record
from shared.bus import matching_letters
from shared.bus.matching_letters import Done, Kind, Wanted
from shared.clock import Clock
from shared.database.pool import Tx

BY = "the command line"


def letters(group: Group, services: Sequence[str], wanted: Wanted) -> dict[str, list[Kind]]:
    """By service, those that match by kind and reason."""
    found = {}
    for name in services:
        with group.database(name).transaction() as tx:
            found[name] = matching_letters.kinds(tx, wanted)
    return found


def replay(group: Group, services: Sequence[str], wanted: Wanted, clock: Clock) -> dict[str, Done]:
    return {
        name: matching_letters.replay_all(
            group.database(name), wanted, clock, note=_note, subscriptions=group.services[name].subscriptions
        )
        for name in services
    }


def drop(group: Group, services: Sequence[str], wanted: Wanted, clock: Clock) -> dict[str, Done]:
    return {name: matching_letters.drop_all(group.database(name), wanted, clock, note=_note) for name in services}


def _note(tx: Tx, action: str, subject: str, details: dict[str, Any], at: datetime) -> None:
    record(tx, BY, action, subject, details, at)


def unclear(group: Group, wanted: Unclear) -> list[tuple[str | None, str | None, int, datetime]]:
    """By channel and reason how many, and when the first was handed over."""
    with group.database("messaging").transaction() as tx:
        return reasons(tx, wanted)


def how_many_unclear(group: Group, wanted: Unclear) -> int:
    with group.database("messaging").transaction() as tx:
        return count_unclear(tx, wanted)


def settle(group: Group, wanted: Unclear, found: str, clock: Clock) -> int:
    """All that match and are unclear now, in sets; how many."""
    asked, settled = replace(wanted, by=clock.now()), 0
    while True:
        with group.database("messaging").transaction() as tx:
            done = settle_matching(tx, asked, found, by=BY, at=clock.now())
        settled += done
        if not done:
            return settled
