"""Template versions at rest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.messaging.library.documents import Template, read_template
from services.messaging.library.rendering import Library
from shared.database.pool import Tx


@dataclass(frozen=True)
class Published:
    key: str
    version: int
    document: dict[str, Any]
    published_by: str


def newest_versions(tx: Tx) -> list[Published]:
    return tx.rows(
        Published,
        """
        select v.key, v.version, v.document, v.published_by
        from template t
        join template_version v on v.key = t.key and v.version = t.newest
        order by v.key
        """,
    )


def version_of(tx: Tx, key: str, version: int) -> Template | None:
    """A version as it was published, whichever it is."""
    query = "select key, version, document, published_by from template_version where key = %s and version = %s"
    found = tx.rows(Published, query, (key, version))
    return read_template(found[0].document, version=version) if found else None


def add_versions(tx: Tx, documents: Mapping[str, Mapping[str, Any]], *, by: str, at: datetime) -> dict[str, int]:
    """Publish each document as the next version of its key; whoever publishes the same key meanwhile waits."""
    keys = sorted(documents)
    numbers = dict(
        tx.execute(
            """
            insert into template (key, newest) select unnest(%s::text[]), 1
            on conflict (key) do update set newest = template.newest + 1
            returning key, newest
            """,
            (keys,),
        ).fetchall()
    )
    tx.execute(
        """
        insert into template_version (key, version, document, published_by, published_at)
        select key, version, document, %(by)s, %(at)s
        from unnest(%(keys)s::text[], %(versions)s::int[], %(documents)s::jsonb[]) as t (key, version, document)
        """,
        {
            "keys": keys,
            "versions": [numbers[key] for key in keys],
            "documents": _json([documents[key] for key in keys]),
            "by": by,
            "at": at,
        },
    )
    return numbers


class Shelf:
    """The library as published; read again when something newer is, else kept with all that is compiled in it."""

    def __init__(self) -> None:
        self._at: tuple[tuple[str, int], ...] | None = None
        self._library = Library([])

    def library(self, tx: Tx) -> Library:
        at = tuple(tx.execute("select key, newest from template order by key").fetchall())
        if at != self._at:
            found = [read_template(row.document, version=row.version) for row in newest_versions(tx)]
            self._at, self._library = at, Library(found)
        return self._library


def _json(documents: Sequence[Mapping[str, Any]]) -> list[str]:
    return [json.dumps(document, ensure_ascii=False) for document in documents]
