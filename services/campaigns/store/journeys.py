"""Journeys and their published versions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from services.campaigns.rules.document import journey_of
from services.campaigns.rules.entries import Live
from services.campaigns.rules.journey import Journey
from services.campaigns.steps.kind import Document
from shared.bus.dead_letters import reason_of
from shared.bus.set_aside import Item, set_aside
from shared.database.pool import Tx

Pinned = tuple[str, int]  # a journey's key and version


@lru_cache(maxsize=512)
def read_document(text: str) -> Journey:
    """A published document; the text is its own key, so that no two databases share one by mistake."""
    return journey_of(json.loads(text))


@dataclass(frozen=True)
class JourneyRow:
    key: str
    name: str
    state: str
    live_version: int | None
    launched_at: datetime | None


@dataclass(frozen=True)
class LiveRow:
    key: str
    live_version: int
    launched_at: datetime
    entries_from: date | None
    paused: bool
    document: str


def live_journeys(tx: Tx, at: datetime) -> list[Live]:
    """All journeys that run, paused ones too; nobody pauses or takes one back while this transaction enrols by it. One
    whose document cannot be read (a newer version's, after a return to this one) is set aside: nobody enters it, and
    the others go on."""
    rows = tx.rows(
        LiveRow,
        """
        select j.key, j.live_version, j.launched_at, j.entries_from, j.state = 'paused' as paused,
               v.document::text as document
        from journey j join journey_version v on (v.journey, v.version) = (j.key, j.live_version)
        where j.state in ('live', 'paused')
        order by j.key
        for share of j
        """,
    )
    found, unreadable = [], []
    for row in rows:
        try:
            document = read_document(row.document)
        except Exception as error:  # one journey must not end what the others do with an event
            what = f"{row.key}, version {row.live_version}"
            unreadable.append(Item(row.key, what, reason_of(error)))
        else:
            found.append(Live(row.key, row.live_version, document, row.launched_at, row.entries_from, row.paused))
    if unreadable:
        _note_unreadable(tx, unreadable, at)
    return found


def _note_unreadable(tx: Tx, journeys: Sequence[Item], at: datetime) -> None:
    """Each is written down once: every event that comes asks for the journeys again."""
    known = {item for (item,) in tx.execute("select item from set_aside where role = 'journeys'")}
    set_aside(tx, "journeys", [one for one in journeys if one.key not in known], at)


def documents_of(tx: Tx, pinned: Iterable[Pinned]) -> dict[Pinned, Journey]:
    keys, versions = zip(*set(pinned), strict=True)
    rows = tx.execute(
        """
        select journey, version, document::text from journey_version
        where (journey, version) in (select * from unnest(%s::text[], %s::int[]))
        """,
        [list(keys), list(versions)],
    )
    return {(journey, version): read_document(text) for journey, version, text in rows}


def lock_journey(tx: Tx, key: str) -> JourneyRow | None:
    rows = tx.rows(
        JourneyRow, "select key, name, state, live_version, launched_at from journey where key = %s for update", [key]
    )
    return rows[0] if rows else None


def add_journey(tx: Tx, key: str, name: str, at: datetime) -> None:
    tx.execute(
        """
        insert into journey (key, name, changed_at) values (%s, %s, %s)
        on conflict (key) do update set name = excluded.name, changed_at = excluded.changed_at
        """,
        [key, name, at],
    )


def newest_version(tx: Tx, key: str) -> tuple[int, Document] | None:
    row = tx.execute(
        "select version, document from journey_version where journey = %s order by version desc limit 1", [key]
    ).fetchone()
    return (row[0], row[1]) if row else None


def add_version(tx: Tx, key: str, version: int, document: Document, at: datetime, by: str) -> None:
    tx.execute(
        """
        insert into journey_version (journey, version, document, published_at, published_by)
        values (%s, %s, %s::jsonb, %s, %s)
        """,
        [key, version, json.dumps(document), at, by],
    )


def set_live(tx: Tx, key: str, version: int, at: datetime, by: str, entries_from: date | None) -> None:
    tx.execute(
        """
        update journey set state = 'live', live_version = %s, launched_at = %s, launched_by = %s, entries_from = %s,
               changed_at = %s
        where key = %s
        """,
        [version, at, by, entries_from, at, key],
    )


def move_state(tx: Tx, key: str, before: str, after: str, at: datetime) -> bool:
    """Whether the journey was in the state `before` and is now in `after`."""
    cursor = tx.execute(
        "update journey set state = %s, changed_at = %s where key = %s and state = %s", [after, at, key, before]
    )
    return cursor.rowcount == 1


def change_version(tx: Tx, key: str, version: int, at: datetime) -> None:
    tx.execute("update journey set live_version = %s, changed_at = %s where key = %s", [version, at, key])


def keys_like(tx: Tx, beginning: str) -> set[str]:
    """The keys that begin so."""
    rows = tx.execute("select key from journey where starts_with(key, %s)", [beginning])
    return {key for (key,) in rows}


def call_it(tx: Tx, key: str, name: str, at: datetime) -> None:
    """Give a journey that was never published the name of its draft; a published one has that of its version."""
    tx.execute(
        """
        update journey set name = %s, changed_at = %s
        where key = %s and name <> %s and not exists (select from journey_version where journey = key)
        """,
        [name, at, key, name],
    )


def note_check(tx: Tx, key: str, at: datetime) -> None:
    """Somebody looked at what a launch would bring."""
    tx.execute("update journey set checked_at = %s where key = %s", [at, key])
