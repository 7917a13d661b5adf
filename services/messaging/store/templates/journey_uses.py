"""Which templates the journeys send that run, and the segment by which their guests enter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from shared.database.pool import Tx


@dataclass(frozen=True)
class JourneyUse:
    """`entry`: the segment by which guests enter; empty where they enter by something else."""

    journey: str
    entry: str


def keep_launches(tx: Tx, params: Mapping[str, Any]) -> None:
    """The newest launch of each journey, whichever comes first. One of the same launch may say more by now."""
    tx.execute(
        """
        insert into journey_use as known (journey, version, launched_at, entry, templates)
        select distinct on (journey) journey, version, launched_at, entry,
               array(select jsonb_array_elements_text(templates))
        from unnest(%(journey)s::text[], %(version)s::int[], %(launched_at)s::timestamptz[], %(entry)s::text[],
                    %(templates)s::jsonb[])
            as said (journey, version, launched_at, entry, templates)
        order by journey, launched_at desc, version desc
        on conflict (journey) do update set
            version = excluded.version, launched_at = excluded.launched_at, entry = excluded.entry,
            templates = excluded.templates
        where known.launched_at is null
           or (excluded.launched_at, excluded.version) >= (known.launched_at, known.version)
        """,
        {**params, "templates": [orjson.dumps(list(each)).decode() for each in params["templates"]]},
    )


def keep_ends(tx: Tx, params: Mapping[str, Any]) -> None:
    """A tombstone of every launch until then."""
    tx.execute(
        """
        insert into journey_use as known (journey, version, ended_at)
        select journey, max(version), max(ended_at)
        from unnest(%(journey)s::text[], %(version)s::int[], %(ended_at)s::timestamptz[])
            as said (journey, version, ended_at)
        group by journey order by journey
        on conflict (journey) do update set ended_at = excluded.ended_at
        where known.ended_at is null or excluded.ended_at > known.ended_at
        """,
        params,
    )


def uses_of(tx: Tx, template: str) -> list[JourneyUse]:
    """The journeys that run and send it."""
    query = f"select journey, entry from journey_use where %s = any(templates) and {RUNS} order by journey"
    return tx.rows(JourneyUse, query, [template])


def entries(tx: Tx) -> frozenset[str]:
    """The segments by which guests enter journeys that run and send something."""
    rows = tx.execute(f"select distinct entry from journey_use where entry <> '' and templates <> '{{}}' and {RUNS}")
    return frozenset(entry for (entry,) in rows)


RUNS = "launched_at is not null and (ended_at is null or ended_at < launched_at)"
