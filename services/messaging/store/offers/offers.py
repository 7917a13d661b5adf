"""Offers at rest."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.messaging.rules.offers.offer import Offer, offer_of
from shared.database.pool import Tx

COLUMNS = "key, state, kind, document, version, changed_by, changed_at, live_at, stopped_at"


@dataclass(frozen=True)
class Kept:
    """An offer with how it came to be so."""

    key: str
    state: str
    kind: str
    document: dict[str, Any]
    version: int
    changed_by: str
    changed_at: datetime
    live_at: datetime | None
    stopped_at: datetime | None

    @property
    def offer(self) -> Offer:
        return offer_of(self.key, self.state, self.kind, self.document)


def offer(tx: Tx, key: str, *, lock: bool = False) -> Kept | None:
    found = tx.rows(Kept, f"select {COLUMNS} from offer where key = %s {'for update' if lock else ''}", [key])
    return found[0] if found else None


def offers(tx: Tx, keys: Collection[str] | None = None) -> list[Kept]:
    """Those of these keys, or all: the newest first."""
    query = f"""
        select {COLUMNS} from offer where %(keys)s::text[] is null or key = any(%(keys)s::text[])
        order by coalesce(live_at, changed_at) desc, key
    """
    return tx.rows(Kept, query, {"keys": None if keys is None else sorted(keys)})


def showing(tx: Tx, sha: str) -> list[Kept]:
    """Those with this picture as the logo of their partner, whatever became of them: mails with it were sent."""
    return tx.rows(Kept, f"select {COLUMNS} from offer where strpos(document ->> 'logo', %s) > 0 order by key", [sha])


def begin(tx: Tx, key: str, kind: str, document: Mapping[str, Any], *, by: str, at: datetime) -> bool:
    """False where there is one of that key."""
    query = """
        insert into offer (key, version, state, kind, document, changed_by, changed_at)
        values (%s, 1, 'draft', %s, %s::jsonb, %s, %s) on conflict (key) do nothing
    """
    return bool(tx.execute(query, [key, kind, _json(document), by, at]).rowcount)


def save(tx: Tx, key: str, kind: str, document: Mapping[str, Any], version: int, *, by: str, at: datetime) -> bool:
    """False where it is no draft any more, or somebody saved another one since `version`."""
    query = """
        update offer set kind = %s, document = %s::jsonb, version = version + 1, changed_by = %s, changed_at = %s
        where key = %s and version = %s and state = 'draft'
    """
    return bool(tx.execute(query, [kind, _json(document), by, at, key, version]).rowcount)


def go_live(tx: Tx, key: str, *, by: str, at: datetime) -> bool:
    query = """
        update offer set state = 'live', version = version + 1, changed_by = %(by)s, changed_at = %(at)s,
            live_at = %(at)s
        where key = %(key)s and state = 'draft'
    """
    return bool(tx.execute(query, {"key": key, "by": by, "at": at}).rowcount)


def stop(tx: Tx, key: str, *, by: str, at: datetime) -> bool:
    query = """
        update offer set state = 'stopped', version = version + 1, changed_by = %(by)s, changed_at = %(at)s,
            stopped_at = %(at)s
        where key = %(key)s and state = 'live'
    """
    return bool(tx.execute(query, {"key": key, "by": by, "at": at}).rowcount)


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False)
