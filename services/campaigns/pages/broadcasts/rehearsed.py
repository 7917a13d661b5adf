"""What a broadcast's last rehearsal saw, on its page before it goes."""

from __future__ import annotations

from typing import Any

from services.campaigns.pages.rehearsals.report import report_of
from services.campaigns.rules.rehearsals import Stage
from services.campaigns.store.rehearsals import newest
from shared.database.pool import Tx
from shared.web.access_control import scope


def rehearsed_shown(tx: Tx, key: str) -> dict[str, Any]:
    """For its template; nothing where none came to an end yet."""
    last = newest(tx, key)
    if last is None or last.state is not Stage.DONE:
        return {}
    return {"rehearsal": last, "report": report_of(tx, last, key, scope())}
