"""What is over now: counted, or dropped at once instead of at night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from guestloop.composition.services import MANIFEST, Group
from shared.personal_data.retention.run import Retention, due_by_subject

Counts = dict[str, dict[str, int]]


def count_due(group: Group, now: datetime) -> Counts:
    """By service and subject, how many a run would drop now."""
    found: Counts = {}
    for name, service in group.services.items():
        with service.database.transaction() as tx:
            found[name] = due_by_subject(tx, MANIFEST[name].subjects, now)
    return found


def drop_due(group: Group, now: datetime, progress: Callable[[str, int], None]) -> Counts:
    """Runs tonight's run of each service to its end, also in the week of notice: who calls it has decided.

    `progress`: called with the service and what was dropped so far.
    """
    return {name: _drop(name, group, now, progress) for name in group.services}


def _drop(name: str, group: Group, now: datetime, progress: Callable[[str, int], None]) -> dict[str, int]:
    role = Retention(group.database(name), MANIFEST[name].subjects)
    return role.run_now(now, lambda dropped: progress(name, dropped))
