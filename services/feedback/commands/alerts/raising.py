"""An alert is raised: the first of the duty list is called in the same transaction."""

from __future__ import annotations

from datetime import datetime

from services.feedback.commands.alerts.calling import call
from services.feedback.store.care import alerts as store
from services.feedback.store.care.alerts import Alert
from shared.database.pool import Tx


def raise_alert(tx: Tx, alert: Alert, at: datetime) -> bool:
    """Once for each id. Whether the hotel has a duty list: somebody is called now, or after their quiet hours."""
    new = store.raise_all(tx, [alert])
    return bool(call(tx, new, at)) if new else True
