"""The house says what it wants of its figures and which channels are its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from services.console.commands.record_audit import record_audit
from services.console.rules.figures.definitions import BY_KEY
from services.console.store.figure_settings import save_own_channels, save_targets, targets
from shared.access.people import Person
from shared.database.pool import Tx


def change_figures(tx: Tx, wanted: Mapping[str, Decimal | None], own: Sequence[str], by: Person, at: datetime) -> None:
    """`own`: its own channels. `wanted`: targets; what is as shipped and was never set stays the trade's."""
    known = targets(tx)
    save_targets(
        tx,
        {key: target for key, target in wanted.items() if key in known or target != BY_KEY[key].target},
        at,
        by.name,
    )
    save_own_channels(tx, own, at, by.name)
    record_audit(tx, by, "figures.changed", "figures", {"direct": len(own)}, at)
