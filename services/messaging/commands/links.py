"""A hotel or a country chooses whether clicks are counted, and a hotel whether its links are marked."""

from __future__ import annotations

from datetime import datetime

from services.messaging.store import links as store
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx


def choose_for(tx: Tx, kind: str, key: str, what: str, on: bool, *, by: Person, at: datetime) -> None:
    """`what`: clicks or utm. The other choice of the same hotel stays as it is."""
    if store.choose(tx, kind, key, {what: on}, by=by.name, at=at):
        record(tx, by, "links.chosen", f"{kind} {key}", {"what": what, "on": on}, at)
