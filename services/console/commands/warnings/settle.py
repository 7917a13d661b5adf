"""Somebody has seen a warning; the house says who is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.console.commands.record_audit import record_audit
from services.console.store.warnings import mark_seen, save_told
from shared.access.people import Person
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.errors import NotFound


def see(tx: Tx, id: int, scope: Scope, by: Person, at: datetime) -> None:
    """Raises `NotFound`, for a warning of another hotel too."""
    if not mark_seen(tx, id, scope, at, by.name):
        raise NotFound("There is no such warning.")


def choose_told(tx: Tx, roles: Sequence[str], by: Person, at: datetime, *, calls_duty: bool) -> None:
    save_told(tx, roles, at, by.name, calls_duty=calls_duty)
    details = {"roles": ", ".join(sorted(roles)), "calls_duty": calls_duty}
    record_audit(tx, by, "warnings.told_changed", "warnings", details, at)
