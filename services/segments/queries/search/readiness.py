"""Whether everybody can be found by parts just now: what changed a moment ago is written a moment later."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from services.segments.store.finding.search_rows import any_due, last_looked
from shared.database.pool import Tx

SILENT_AFTER = timedelta(minutes=3)  # the writer notes each minute that it is at work


class Readiness(StrEnum):
    COMPLETE = "complete"  # everybody is found by all that is known of them
    BEHIND = "behind"  # something changed a moment ago, or a file is coming in
    UNWRITTEN = "unwritten"  # something waits, and the role that writes it does not run


def readiness(tx: Tx, now: datetime) -> Readiness:
    if not any_due(tx):
        return Readiness.COMPLETE
    looked = last_looked(tx)
    return Readiness.UNWRITTEN if looked is None or now - looked > SILENT_AFTER else Readiness.BEHIND
