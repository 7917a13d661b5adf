"""An alert is raised: the first of the duty list is called in the same transaction."""

from __future__ import annotations

from datetime import datetime

from services.feedback.commands.alerts.calling import call, call_or_tell
from services.feedback.store.care import alerts as store
from services.feedback.store.care.alerts import Alert
from shared.database.pool import Tx


def raise_alert_of_case(tx: Tx, alert: Alert, at: datetime) -> bool:
    """Once for each id. Whether the hotel has a duty list: somebody is called now, or after their quiet hours; else the
    event of the case that is opened says so."""
    return not call(tx, store.raise_all(tx, [alert]), at)


def raise_alert(tx: Tx, alert: Alert, at: datetime) -> None:
    """Once for each id; where nobody is on a duty list an event of its own says so."""
    call_or_tell(tx, store.raise_all(tx, [alert]), at)
