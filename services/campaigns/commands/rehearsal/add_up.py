"""A rehearsal's last line has come: its report is added up, and what the usual pace would bring beside it."""

from __future__ import annotations

from services.campaigns.rules.rehearsals import Rehearsal
from services.campaigns.store import rehearsal_sums as store
from services.campaigns.store.rehearsal_pace import Scale
from shared.database.pool import Tx


def add_up(tx: Tx, one: Rehearsal) -> None:
    store.add_up(tx, one.id)
    if one.as_booked and not one.is_replay:
        store.expect(tx, one.id, one.at, one.until, Scale())
