"""How long guests wait for a first answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class FirstAnswer:
    """The median of `n` first answers."""

    property: str
    median: timedelta
    n: int


def first_answers(tx: Tx, hotels: Sequence[str], since: datetime) -> Mapping[str, FirstAnswer]:
    """By hotel: from what a guest wrote that made them wait to the first answer that was sent, by the clock on the
    wall."""
    found = tx.rows(FirstAnswer, FIRST_ANSWERS, {"hotels": list(hotels), "since": since})
    return {one.property: one for one in found}


FIRST_ANSWERS = """
    select property, percentile_cont(0.5) within group (order by answered_at - waited_since) as median, count(*) as n
    from thread_answer
    where property = any(%(hotels)s::text[]) and answered_at >= %(since)s and waited_since is not null
      and state not in ('skipped', 'failed', 'expired', 'withdrawn') and receipt is distinct from 'bounced'
    group by property
"""
