"""Tells console of published events that a webhook wants: console alone knows where they go and signs them.

The relay asks when it marks rows as published, in the same transaction, so that an event is told of exactly when it was
published, and nothing is done where no webhook wants anything. A row that is published again is told of under the same
number, which is written once. Present state that is republished is no news and is not told.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import orjson
import psycopg

from shared.bus.outbox import MOST_SUBJECTS
from shared.bus.publisher import OutboxRow
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.console import WebhookDue
from shared.events.dictionary import Chunk, event_type
from shared.events.envelope import headers_of, is_republished
from shared.events.told_outside import HOTEL, TOLD
from shared.events.wire import encode
from shared.ids import make_id

DUE = "webhook.due.v1"


def tell(connection: psycopg.Connection[Any], service: str, rows: Sequence[OutboxRow], now: datetime) -> None:
    """Writes what console is told of these published rows."""
    wanted = {name for (name,) in connection.execute("select distinct unnest(types) from webhook_known")}
    if not wanted:
        return
    for row in rows:
        if row.type in wanted & TOLD.keys() and not is_republished(row.headers):
            _write(connection, service, row, now)


def due_of(service: str, row: OutboxRow) -> list[WebhookDue]:
    """One for each subject."""
    kind, columns = event_type(row.type), orjson.loads(row.body)
    told = {field: columns[field] for field in TOLD[row.type] if field in columns}
    found = []
    for place in range(len(columns[kind.key[0]])):
        key = "/".join(str(columns[field][place]) for field in kind.key)
        guest, hotel = columns.get("guest_id"), columns.get(HOTEL.get(row.type, "property"))
        found.append(
            WebhookDue(
                event_id=make_id("webhook event", row.message_id, place),
                version=1,
                service=service,
                type=row.type,
                subject=f"guest {guest[place]}" if guest and guest[place] else f"{kind.key[0]} {key}",
                place=row.id * MOST_SUBJECTS + place,
                guest_id=guest[place] if guest else None,
                property=hotel[place] if hotel else None,
                data={field: values[place] for field, values in told.items()},
                occurred_at=row.created_at,
            )
        )
    return found


def _write(connection: psycopg.Connection[Any], service: str, row: OutboxRow, now: datetime) -> None:
    body = encode(chunk_of(due_of(service, row)))
    values = {
        "message_id": make_id("webhook due", row.message_id),
        "type": DUE,
        "headers": json.dumps(headers_of(DUE, service, now, republished=False)),
        "body": body,
        "subjects": len(orjson.loads(body)["event_id"]),
        "now": now,
        "told_of": row.id,
    }
    connection.execute(WRITE, values)


def keep_webhooks(tx: Tx, chunk: Chunk, _now: datetime) -> None:
    """Which types any webhook wants. A greater version applies."""
    for webhook_id, version, types in _sorted(chunk):
        tx.execute(KEEP, {"webhook_id": webhook_id, "version": version, "types": types})


def _sorted(chunk: Chunk) -> Collection[tuple[Any, int, list[str]]]:
    return sorted(zip(chunk["webhook_id"], chunk["version"], chunk["types"], strict=True), key=lambda one: str(one[0]))


WRITE = """
    insert into outbox (
        message_id, type, lane, headers, body, subjects, created_at, available_at, partitions, part
    )
    select %(message_id)s, %(type)s, 'marketing', %(headers)s::jsonb, %(body)s, %(subjects)s, %(now)s, %(now)s,
        told_of.partitions, told_of.part
    from outbox as told_of where told_of.id = %(told_of)s
    on conflict (message_id) do nothing
"""
KEEP = """
    insert into webhook_known as old (webhook_id, version, types)
    values (%(webhook_id)s, %(version)s, %(types)s::text[])
    on conflict (webhook_id) do update set version = excluded.version, types = excluded.types
    where excluded.version > old.version
"""
