"""What a relay may publish now of the partitions it has; see the head of the package for the order that is kept.

Each is one statement and sees one state of the table: what it does not see is pending or not written yet, for all of
its borders alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg

from shared.bus.partitions.spread import WHOLE

WINDOW, WINDOW_BYTES = 500, 8_000_000

Rows = Sequence[tuple[Any, ...]]


def pending(connection: psycopg.Connection[Any], partitions: int, parts: Sequence[int], now: datetime) -> Rows:
    """A window of rows, in the order in which they leave: number, message, type, lane, headers, body, hour."""
    if partitions == WHOLE:
        return connection.execute(PENDING, (now,), binary=True).fetchall()
    given = {"partitions": partitions, "parts": list(parts), "leads": 0 in parts, "now": now}
    found = connection.execute(OF_PARTS, given, binary=True).fetchall()
    if not found and connection.execute(ANY_OTHERS, given).fetchone() == (True,):
        found = connection.execute(AMONG_OTHERS, given, binary=True).fetchall()
    return found


def _window(rows: str) -> str:
    """The first of them that are of so many bytes together; one more is taken than fits."""
    return f"""
    select id, message_id, type, lane, headers, body, created_at
    from (
        select first.*, sum(octet_length(body)) over (order by lane desc, id) - octet_length(body) as bytes_before
        from ({rows}) as first
    ) as measured
    where bytes_before < {WINDOW_BYTES}
    order by lane desc, id
"""


COLUMNS = "id, message_id, type, lane, headers, body, created_at"
PENDING = _window(f"""
            select {COLUMNS}
            from outbox
            where published_at is null and available_at <= %s
            order by lane desc, id
            limit {WINDOW}
""")
"""All there is, for the one relay that has it all."""

OTHERS = """(
    exists (select from outbox
            where published_at is null and partitions < %(partitions)s and available_at <= %(now)s)
    or exists (select from outbox
               where published_at is null and partitions > %(partitions)s and available_at <= %(now)s))"""
"""Whether rows wait that were split by another number."""
ANY_OTHERS = f"select {OTHERS}"

OF_PARTS = _window(f"""
            select own.*
            from unnest(%(parts)s::int[]) as parts (part)
            cross join lateral (
                select {COLUMNS} from outbox
                where published_at is null and partitions = %(partitions)s and outbox.part = parts.part
                  and available_at <= %(now)s
                order by lane desc, id
                limit {WINDOW}
            ) as own
            where not {OTHERS}
            order by lane desc, id
            limit {WINDOW}
""")
"""Usually: by the index alone, and nothing is read of partitions that others have."""

AMONG_OTHERS = """
    with waiting as (
        select id, lane, partitions = %(partitions)s as is_split,
            partitions = %(partitions)s and part = any(%(parts)s::int[]) as is_own
        from outbox where published_at is null and available_at <= %(now)s
    ), first_of_others as (
        select lane, min(id) as id from waiting where is_split and not is_own group by lane
    ), border as (
        select waiting.lane, min(waiting.id) as id
        from waiting left join first_of_others on first_of_others.lane = waiting.lane
        where not is_split and (not %(leads)s or waiting.id > first_of_others.id)
        group by waiting.lane
    )
""" + _window(f"""
            select {", ".join(f"outbox.{one}" for one in COLUMNS.split(", "))}
            from waiting join outbox on outbox.id = waiting.id
            left join border on border.lane = waiting.lane
            where (is_own or (%(leads)s and not is_split)) and (border.id is null or waiting.id < border.id)
            order by waiting.lane desc, waiting.id
            limit {WINDOW}
""")
"""While rows wait that hold subjects of every partition. The relay of the first partition publishes them, each once
nothing waits before it; the border is the first that nobody, or not this relay, may publish yet. It reads all that
waits."""
