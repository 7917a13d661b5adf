"""Dashboards are begun, changed and taken away by their owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.console.commands.record_audit import record_audit
from services.console.rules.dashboards import LONGEST_NAME, MOST_TILES, Tile
from services.console.store import dashboards as store
from services.console.store.dashboards import Dashboard
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, Problem
from shared.vocabulary.term import N_

NO_NAME = N_("Give it a name of at most 80 letters.")
TOO_MANY = N_("At most 12 figures: more are not taken in at a glance.")
CHANGED = N_("Somebody changed this dashboard meanwhile: look at it and change it again.")


def begin(tx: Tx, dashboard_id: UUID, name: str, tiles: Sequence[Tile], by: Person, at: datetime) -> None:
    """Begun twice under one number it is one."""
    store.add(tx, Dashboard(dashboard_id, 1, name[:LONGEST_NAME], by.person_id, by.name, [], tiles), at)


def change(tx: Tx, of: Dashboard, new: Dashboard, by: Person, at: datetime) -> None:
    """Raises `InputError` naming the field, and `Conflict` where another change came first. Whom it is shared with
    stands in the audit trail."""
    problems: dict[str, Problem] = {}
    if not new.name or len(new.name) > LONGEST_NAME:
        problems["name"] = Problem(NO_NAME, "name")
    if len(new.tiles) > MOST_TILES:
        problems["tiles"] = Problem(TOO_MANY, "too_many")
    if problems:
        raise InputError(problems=problems)
    if not store.change(tx, replace(new, dashboard_id=of.dashboard_id), at, by.name):
        raise Conflict(CHANGED)
    if sorted(new.shared_with) != sorted(of.shared_with):
        details = {"name": new.name, "roles": ", ".join(sorted(new.shared_with))}
        record_audit(tx, by, "dashboard.shared", f"dashboard {of.dashboard_id}", details, at)


def take_away(tx: Tx, of: Dashboard, by: Person, at: datetime) -> None:
    store.drop(tx, of.dashboard_id)
    record_audit(tx, by, "dashboard.taken_away", f"dashboard {of.dashboard_id}", {"name": of.name}, at)
