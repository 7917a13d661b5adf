"""A night's run over one subject, to its end."""

from __future__ import annotations

from datetime import datetime

from shared.database.pool import Tx
from shared.personal_data.retention.subjects import Subject
from shared.personal_data.retention.terms import Terms


def drop_all(subject: Subject, tx: Tx, now: datetime) -> int:
    """How many rows went."""
    rows, place = 0, ""
    while True:
        done = subject.drop(tx, Terms(), now, place)
        rows += done.rows
        if done.next_place is None:
            return rows
        place = done.next_place
