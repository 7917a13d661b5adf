"""Questionnaires: one draft a place, and published versions that stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from services.feedback.rules.asking.questionnaire_document import read_document, written
from services.feedback.rules.asking.questionnaires import Questionnaire
from shared.database.pool import Tx

EVERY_HOTEL = ""
"""The place of the questionnaire for hotels that have none of their own."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    place: str
    version: int
    questionnaire: Questionnaire
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Published:
    """`questionnaire`: None where from this version on the place has none of its own."""

    place: str
    number: int
    questionnaire: Questionnaire | None
    published_by: str
    published_at: datetime


def lock(tx: Tx, place: str) -> Draft | None:
    """The draft; whoever else would begin, change or publish one there waits."""
    tx.execute("select pg_advisory_xact_lock(hashtextextended('questionnaire ' || %s, 0))", [place])
    return draft(tx, place)


def draft(tx: Tx, place: str) -> Draft | None:
    found = tx.execute(
        "select version, document, changed_by, changed_at from questionnaire_draft where place = %s", [place]
    ).fetchone()
    if found is None:
        return None
    version, document, by, at = found
    return Draft(place=place, version=version, questionnaire=read_document(document), changed_by=by, changed_at=at)


def save(tx: Tx, draft: Draft) -> None:
    values = {
        "place": draft.place,
        "version": draft.version,
        "document": Jsonb(written(draft.questionnaire)),
        "by": draft.changed_by,
        "at": draft.changed_at,
    }
    tx.execute(SAVE, values)


def drop(tx: Tx, place: str) -> bool:
    return tx.execute("delete from questionnaire_draft where place = %s", [place]).rowcount == 1


def publish(tx: Tx, place: str, questionnaire: Questionnaire | None, by: str, at: datetime) -> int:
    """The number of the new version."""
    document = Jsonb(written(questionnaire)) if questionnaire else None
    found = tx.execute(PUBLISH, {"place": place, "document": document, "by": by, "at": at}).fetchone()
    assert found is not None
    return int(found[0])


def versions(tx: Tx, place: str) -> list[Published]:
    """Newest first."""
    query = "select place, number, document, published_by, published_at from questionnaire where place = %s"
    return [_published(row) for row in tx.execute(f"{query} order by number desc", [place])]


def versions_of(tx: Tx, places: Sequence[str]) -> list[Published]:
    """Of all these places, the newest first."""
    query = "select place, number, document, published_by, published_at from questionnaire where place = any(%s)"
    return [_published(row) for row in tx.execute(f"{query} order by place, number desc", [list(places)])]


def version(tx: Tx, place: str, number: int) -> Published | None:
    query = "select place, number, document, published_by, published_at from questionnaire"
    row = tx.execute(f"{query} where place = %s and number = %s", [place, number]).fetchone()
    return _published(row) if row else None


def in_force(tx: Tx, hotel: str | None) -> Published | None:
    """What this hotel's surveys ask: its own newest version, else the one for every hotel; None, as it is shipped."""
    row = tx.execute(IN_FORCE, {"hotel": hotel, "every": EVERY_HOTEL}).fetchone()
    return _published(row) if row else None


def _published(row: Any) -> Published:
    place, number, document, by, at = row
    return Published(
        place=place,
        number=number,
        questionnaire=read_document(document) if document else None,
        published_by=by,
        published_at=at,
    )


SAVE = """
    insert into questionnaire_draft (place, version, document, changed_by, changed_at)
    values (%(place)s, %(version)s, %(document)s, %(by)s, %(at)s)
    on conflict (place) do update
    set version = excluded.version, document = excluded.document, changed_by = excluded.changed_by,
        changed_at = excluded.changed_at
"""
PUBLISH = """
    insert into questionnaire (place, number, document, published_by, published_at)
    select %(place)s, coalesce(max(number), 0) + 1, %(document)s, %(by)s, %(at)s
    from questionnaire where place = %(place)s
    returning number
"""
IN_FORCE = """
    select place, number, document, published_by, published_at from (
        select distinct on (place) * from questionnaire where place in (%(hotel)s, %(every)s)
        order by place, number desc
    ) as newest
    where document is not null
    order by place = %(every)s limit 1
"""
