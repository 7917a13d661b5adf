"""What feedback counts for key figures, of a window of days: how guests scored, how soon complaints were answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.feedback.rules.nps import PASSIVES_FROM, PROMOTERS_FROM
from shared.database.pool import Tx
from shared.vocabulary.window import Window

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


def course_in(tx: Tx, windows: Sequence[tuple[Window, Limits]]) -> dict[date, dict[str, Any]]:
    """The same of windows of whole months, by their first days. Of more than `AT_ONCE` answers a guest's voice counts
    once a hotel and month, as the sums have it: who of them answered again is not looked for."""
    values = _values_of(windows)
    counted = tx.execute(TALLIED, values).fetchall()
    if sum(answers for *_, answers in counted) <= AT_ONCE:
        counted = tx.execute(VOICES_BY_WINDOW, values).fetchall()
    found: dict[date, dict[str, Any]] = {}
    for place, net, answers in counted:
        found.setdefault(windows[place][0].first, dict(NOTHING)).update(net=net, answers=answers)
    for place, hours, responded in tx.execute(RESPONSES_BY_WINDOW, values):
        found.setdefault(windows[place][0].first, dict(NOTHING)).update(hours=str(hours), responded=responded)
    return found


AT_ONCE = 20_000
NOTHING = {"net": 0, "answers": 0, "hours": "0", "responded": 0}


def _values_of(windows: Sequence[tuple[Window, Limits]]) -> dict[str, Any]:
    """Each window's hotels with their instants, and its hotels' months."""
    places = [(place, code) for place, (_, limits) in enumerate(windows) for code in sorted(limits)]
    months = [(place, code, month) for place, code in places for month in windows[place][0].months]
    return {
        "promoter": PROMOTERS_FROM,
        "passive": PASSIVES_FROM,
        "places": [place for place, _ in places],
        "hotels": [code for _, code in places],
        "begin": [windows[place][1][code][0] for place, code in places],
        "end": [windows[place][1][code][1] for place, code in places],
        "places_of_months": [place for place, *_ in months],
        "hotels_of_months": [code for _, code, _ in months],
        "months": [month for *_, month in months],
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
_HOURS = "round(coalesce(sum(extract(epoch from acted.at - kase.opened_at) / 3600), 0)::numeric, 4)"
_ACTED = """
    join care_case kase on kase.property = hotel.code and kase.kind = 'complaint' and kase.merged_into is null
        and kase.opened_at >= hotel.begin and kase.opened_at < hotel."end"
    cross join lateral (
        select least((select min(at) from case_entry entry where entry.case_id = kase.case_id and entry.kind <> 'late'),
            kase.closed_at) as at
    ) as acted
"""
RESPONSES = f"select {_HOURS}, count(acted.at), count(*) from {HOTELS} {_ACTED}"
RESPONSES_BY_WINDOW = f"""
    select place, {_HOURS}, count(acted.at)
    from unnest(%(places)s::int[], %(hotels)s::text[], %(begin)s::timestamptz[], %(end)s::timestamptz[])
        as hotel (place, code, begin, "end")
    {_ACTED} group by place
"""
MONTHS = """
    unnest(%(places_of_months)s::int[], %(hotels_of_months)s::text[], %(months)s::date[]) as asked (place, code, month)
"""
TALLIED = f"""
    select place, (sum(promoters) - sum(detractors))::int, (sum(promoters) + sum(passives) + sum(detractors))::int
    from {MONTHS} join voice_tally tally on tally.property = asked.code and tally.span = asked.month
    group by place order by place
"""
VOICES_BY_WINDOW = f"""
    select place, (count(*) filter (where score >= %(promoter)s) - count(*) filter (where score < %(passive)s))::int,
        count(*)::int
    from (
        select distinct on (asked.place, voice.guest_id) asked.place, voice.score
        from {MONTHS} join voice on voice.property = asked.code and voice.span = asked.month
        order by asked.place, voice.guest_id, voice.answered_at desc, voice.answer_id
    ) as voices
    group by place order by place
"""
