"""Template versions at rest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


def newest_numbers(tx: Tx) -> tuple[tuple[str, int], ...]:
    """Of every template, its newest version."""
    return tuple(tx.execute("select key, newest from template order by key").fetchall())


def add_versions(
    tx: Tx, documents: Mapping[str, Mapping[str, Any]], *, by: str, at: datetime, approved_by: str | None = None
) -> dict[str, int]:
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
        insert into template_version (key, version, document, published_by, published_at, approved_by)
        select key, version, document, %(by)s, %(at)s, %(approved_by)s
        from unnest(%(keys)s::text[], %(versions)s::int[], %(documents)s::jsonb[]) as t (key, version, document)
        """,
        {
            "keys": keys,
            "versions": [numbers[key] for key in keys],
            "documents": _json([documents[key] for key in keys]),
            "by": by,
            "at": at,
            "approved_by": approved_by,
        },
    )
    return numbers


def _json(documents: Sequence[Mapping[str, Any]]) -> list[str]:
    return [json.dumps(document, ensure_ascii=False) for document in documents]
