"""What looks at all guests waits while a file is imported and passed on, so that neither is slower for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.segments.store.imports.runs import last_entered
from shared.database.pool import Tx

AT_MOST = timedelta(minutes=15)  # after the beginning of an import, which may have died
PASSED_ON_WITHIN = timedelta(minutes=1)  # of its end, what came in is with the other services


def due_after_imports(tx: Tx, due: datetime | None) -> datetime | None:
    """The instant at which what is due may begin; None where nothing is due."""
    if due is None:
        return None
    began, ended = last_entered(tx)
    waits = (began + AT_MOST if began else None, ended + PASSED_ON_WITHIN if ended else None)
    return max((due, *filter(None, waits)))
