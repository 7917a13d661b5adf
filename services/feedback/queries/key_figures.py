"""What feedback counts for key figures, of a window of days: how guests scored, how soon complaints were answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.feedback.rules.nps import PASSIVES_FROM, PROMOTERS_FROM
from shared.database.pool import Tx

Limits = Mapping[str, tuple[datetime, datetime]]
"""By hotel, the instants between which the window lies there."""


def answers_in(tx: Tx, limits: Limits) -> dict[str, Any]:
    """Each guest has one voice over all these hotels, the last. `net`: promoters less detractors. `hours`: in sum, to
    the first thing that somebody did about a complaint that was opened in the window."""
    values = {
        "hotels": sorted(limits),
        "begin": [limits[code][0] for code in sorted(limits)],
        "end": [limits[code][1] for code in sorted(limits)],
        "promoter": PROMOTERS_FROM,
        "passive": PASSIVES_FROM,
    }
    promoters, detractors, answers = _row(tx, VOICES, values)
    hours, responded, complaints = _row(tx, RESPONSES, values)
    return {
        "promoters": promoters,
        "detractors": detractors,
        "answers": answers,
        "net": promoters - detractors,
        "hours": str(hours),
        "responded": responded,
        "complaints": complaints,
    }


def _row(tx: Tx, query: str, values: Mapping[str, Any]) -> Sequence[Any]:
    row = tx.execute(query, values).fetchone()
    assert row is not None, "aggregates return a row"
    return row


HOTELS = """
    unnest(%(hotels)s::text[], %(begin)s::timestamptz[], %(end)s::timestamptz[]) as hotel (code, begin, "end")
"""
VOICES = f"""
    select count(*) filter (where score >= %(promoter)s), count(*) filter (where score < %(passive)s), count(*)
    from (
        select distinct on (coalesce(guest.into_guest_id, answer.guest_id)) answer.score
        from {HOTELS}
        join survey_answer answer on answer.property = hotel.code
            and answer.answered_at >= hotel.begin and answer.answered_at < hotel."end"
        left join guest_known guest on guest.guest_id = answer.guest_id
        order by coalesce(guest.into_guest_id, answer.guest_id), answer.answered_at desc, answer.answer_id
    ) as voices
"""
RESPONSES = f"""
    select round(coalesce(sum(extract(epoch from acted.at - kase.opened_at) / 3600), 0)::numeric, 4), count(acted.at),
        count(*)
    from {HOTELS}
    join care_case kase on kase.property = hotel.code and kase.kind = 'complaint' and kase.merged_into is null
        and kase.opened_at >= hotel.begin and kase.opened_at < hotel."end"
    cross join lateral (
        select least((select min(at) from case_entry entry where entry.case_id = kase.case_id and entry.kind <> 'late'),
            kase.closed_at) as at
    ) as acted
"""
