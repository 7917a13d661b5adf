"""What guests answered: the net promoter score by hotel and month, how many were asked, and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.feedback.queries.guests import Named
from services.feedback.queries.scope import seen
from shared.access.scope import Scope
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class Voices:
    """The last voice of each guest, counted by hotel and by the number of a span of time."""

    property: str
    place: int
    promoters: int
    passives: int
    detractors: int


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Guests who left a hotel in the window; how many of them were asked; how many of those answered."""

    property: str
    left: int
    asked: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class AnswerLine(Named):
    answer_id: UUID
    guest_id: UUID
    language: str | None
    property: str | None
    hotel: str | None
    zone: str
    score: int
    comment_sealed: str | None
    channel: str
    answered_at: datetime


@dataclass(frozen=True, kw_only=True)
class AnswerFilter:
    """Which answers are asked for; `after`: the key of the last line seen."""

    scope: Scope
    lowest: int
    highest: int
    language: str | None
    after: tuple[datetime, UUID] | None = None


def voices_by_month(tx: Tx, months: Mapping[str, Sequence[date]]) -> list[Voices]:
    """`months`: by hotel, the first days of the months."""
    flat = [(code, place, month) for code, its in months.items() for place, month in enumerate(its)]
    columns = list(zip(*flat, strict=True)) or [(), (), ()]
    return tx.rows(Voices, BY_MONTH, dict(zip(("properties", "places", "months"), map(list, columns), strict=True)))


def voices_since(tx: Tx, first: Mapping[str, date]) -> list[Voices]:
    """`first`: by hotel, the day of its calendar from which on a last voice counts."""
    return tx.rows(Voices, SINCE, {"properties": list(first), "first": list(first.values())})


def reach(tx: Tx, since: Mapping[str, datetime], first: Mapping[str, date]) -> list[Reach]:
    """`since`, `first`: by hotel, the instant and the calendar day from which on departures count."""
    params = {
        "properties": list(since),
        "since": list(since.values()),
        "first": [first[code] for code in since],
    }
    return tx.rows(Reach, REACH, params)


def words(tx: Tx, wanted: AnswerFilter, most: int) -> list[AnswerLine]:
    """Answers with words, newest first."""
    at, key = wanted.after or (None, None)
    params = {
        **wanted.scope.values,
        "lowest": wanted.lowest,
        "highest": wanted.highest,
        "language": wanted.language,
        "at": at,
        "key": key,
        "most": most,
    }
    return tx.rows(AnswerLine, f"{LINE} {WITH_WORDS}", params)


def answers_of(tx: Tx, guests: Sequence[UUID], scope: Scope, most: int) -> list[AnswerLine]:
    params = {"guests": list(guests), **scope.values, "most": most}
    return tx.rows(AnswerLine, f"{LINE} {OF_GUEST}", params)


def languages(tx: Tx, scope: Scope, most: int) -> list[str]:
    """The languages of the guests who left the newest words."""
    rows = tx.execute(LANGUAGES, {**scope.values, "most": most}).fetchall()
    return [row[0] for row in rows]


SUMS = """
    sum(promoters)::int as promoters, sum(passives)::int as passives, sum(detractors)::int as detractors
"""
BY_MONTH = f"""
    select property, place, {SUMS}
    from unnest(%(properties)s::text[], %(places)s::int[], %(months)s::date[]) as wanted (property, place, span)
    join voice_tally using (property, span)
    group by property, place order by property, place
"""
SINCE = f"""
    select property, 0 as place, {SUMS}
    from unnest(%(properties)s::text[], %(first)s::date[]) as wanted (property, first)
    join voice_tally as tally using (property)
    where span = '9999-12-31' and tally.day >= first
    group by property order by property
"""
REACH = """
    select property, count(*) as left, count(*) filter (where asked_at >= since) as asked,
           count(*) filter (where asked_at >= since and answered_at >= since) as answered
    from unnest(%(properties)s::text[], %(since)s::timestamptz[], %(first)s::date[])
        as hotel (property, since, first)
    join reach using (property)
    where left_on >= first
    group by property
"""
LINE = """
    select answer_id, answer.guest_id, coalesce(guest.given_name, '') as given_name,
           coalesce(guest.family_name, '') as family_name, guest.language, answer.property, hotel.name as hotel,
           coalesce(hotel.zone, 'UTC') as zone, score, comment_sealed, channel, answered_at
    from survey_answer as answer
    left join guest_known as guest using (guest_id)
    left join hotel_known as hotel on hotel.code = answer.property
"""
SEEN = seen("answer.property")
WITH_WORDS = f"""
    where comment_sealed is not null and {SEEN} and score between %(lowest)s and %(highest)s
      and (%(language)s::text is null or guest.language = %(language)s::text)
      and (%(at)s::timestamptz is null or (answered_at, answer_id) < (%(at)s::timestamptz, %(key)s::uuid))
    order by answered_at desc, answer_id desc
    limit %(most)s
"""
OF_GUEST = f"""
    where answer.guest_id = any(%(guests)s::uuid[]) and {SEEN}
    order by answered_at desc, answer_id desc
    limit %(most)s
"""
LANGUAGES = f"""
    select distinct guest.language
    from (
        select guest_id from survey_answer as answer left join guest_known as guest using (guest_id)
        where comment_sealed is not null and {SEEN}
        order by answered_at desc limit %(most)s
    ) as newest
    join guest_known as guest using (guest_id)
    order by guest.language
"""
