"""The splits of a journey as its page shows them: who took which way, what the ways brought, what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True)
class Decided:
    """`way` is None where guests are divided again; `by` where the figures decided."""

    way: str | None
    at: datetime
    by: str | None
    figures: Mapping[str, Any] | None


@dataclass(frozen=True)
class SplitFigures:
    """`taken`: by way, guests of the hotels looked at. `figures`: of all hotels, as they were judged last."""

    taken: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, Any] | None = None
    judged_at: datetime | None = None
    decided: tuple[Decided, ...] = ()  # the newest first

    @property
    def winner(self) -> str | None:
        return self.decided[0].way if self.decided else None


def splits_of(tx: Tx, key: str, scope: Scope) -> dict[str, SplitFigures]:
    """By step."""
    values = {"key": key, **scope.values}
    taken: dict[str, dict[str, int]] = {}
    for step, way, guests in tx.execute(TAKEN, values):
        taken.setdefault(step, {})[way] = guests
    judged = {
        step: (figures, at)
        for step, figures, at in tx.execute(
            "select step, figures, judged_at from split_watch where journey = %(key)s", values
        )
    }
    decided: dict[str, list[Decided]] = {}
    for step, *parts in tx.execute(DECIDED, values):
        decided.setdefault(step, []).append(Decided(*parts))
    return {
        step: SplitFigures(taken.get(step, {}), *judged.get(step, (None, None)), tuple(decided.get(step, ())))
        for step in {*taken, *judged, *decided}
    }


TAKEN = f"""
    select step, reason, sum(n)::int from journey_tally
    where journey = %(key)s and what = 'took' and {within("property")} group by step, reason having sum(n) <> 0
"""
DECIDED = """
    select step, way, at, by, figures from split_decision where journey = %(key)s order by step, number desc
"""
