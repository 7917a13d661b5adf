"""Results that took a while to count."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.database.pool import Tx

QUESTION = """
    journey = %(key)s and by = %(by)s and since = %(since)s and until = %(until)s and everywhere = %(everywhere)s
    and hotels = %(hotels)s
"""


def kept(tx: Tx, question: Mapping[str, Any], since: datetime) -> tuple[datetime, list[Any]] | None:
    """When they were counted, and their rows; None where that was before `since`."""
    query = f"select counted_at, lines from result_kept where {QUESTION} and counted_at >= %(counted)s"
    row = tx.execute(query, {**question, "counted": since}).fetchone()
    return (row[0], row[1]) if row else None


def keep(tx: Tx, question: Mapping[str, Any], rows: list[Any], at: datetime, before: datetime) -> None:
    """Those counted `before` go."""
    tx.execute("delete from result_kept where counted_at < %s", [before])
    tx.execute(
        """
        insert into result_kept (journey, by, since, until, everywhere, hotels, counted_at, lines)
        values (%(key)s, %(by)s, %(since)s, %(until)s, %(everywhere)s, %(hotels)s, %(at)s, %(lines)s::jsonb)
        on conflict (journey, by, since, until, everywhere, hotels) do update set counted_at = excluded.counted_at,
            lines = excluded.lines
        """,
        {**question, "at": at, "lines": json.dumps(rows)},
    )
