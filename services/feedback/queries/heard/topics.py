"""How often guests speak of what, and how they feel about it, by the tally; the scores of each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.feedback.rules.heard import WHOLE
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class TopicCount:
    """Of all texts (`WHOLE`) or of those that speak of a topic, how many feel how."""

    topic: str
    positive: int
    neutral: int
    negative: int

    @property
    def texts(self) -> int:
        return self.positive + self.neutral + self.negative


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A language's voices at a hotel."""

    property: str
    language: str
    promoters: int
    passives: int
    detractors: int


@dataclass(frozen=True, kw_only=True)
class MonthReached:
    """Of the guests whose last stay ended in a month, how many were asked since, and of those how many answered."""

    property: str
    place: int
    left: int
    asked: int
    answered: int


def topics(tx: Tx, first: Mapping[str, date]) -> list[TopicCount]:
    """`first`: by hotel, the day of its calendar from which on texts count. All texts first, then what is spoken of
    most."""
    params = {"properties": list(first), "first": list(first.values()), "whole": WHOLE}
    return tx.rows(TopicCount, TOPICS, params)


def by_language(tx: Tx, first: Mapping[str, date]) -> list[Spoken]:
    return tx.rows(Spoken, BY_LANGUAGE, {"properties": list(first), "first": list(first.values())})


def reach_by_month(tx: Tx, months: Mapping[str, Sequence[date]]) -> list[MonthReached]:
    """`months`: by hotel, the first days of following months."""
    flat = [(code, place, month) for code, its in months.items() for place, month in enumerate(its)]
    columns = list(zip(*flat, strict=True)) or [(), (), ()]
    named = dict(zip(("properties", "places", "months"), map(list, columns), strict=True))
    return tx.rows(MonthReached, REACH_BY_MONTH, named)


TOPICS = """
    select topic, coalesce(sum(texts) filter (where feeling = 'positive'), 0)::int as positive,
           coalesce(sum(texts) filter (where feeling = 'neutral'), 0)::int as neutral,
           coalesce(sum(texts) filter (where feeling = 'negative'), 0)::int as negative
    from unnest(%(properties)s::text[], %(first)s::date[]) as wanted (property, first)
    join topic_tally as tally using (property)
    where tally.day >= first
    group by topic having sum(texts) > 0
    order by topic <> %(whole)s, sum(texts) desc, topic
"""
BY_LANGUAGE = """
    select property, language, sum(promoters)::int as promoters, sum(passives)::int as passives,
           sum(detractors)::int as detractors
    from unnest(%(properties)s::text[], %(first)s::date[]) as wanted (property, first)
    join voice_tally as tally using (property)
    where span = '9999-12-31' and tally.day >= first
    group by property, language having sum(promoters + passives + detractors) > 0
    order by property, sum(promoters + passives + detractors) desc, language
"""
REACH_BY_MONTH = """
    select property, place, its.left, asked, answered
    from unnest(%(properties)s::text[], %(places)s::int[], %(months)s::date[]) as wanted (property, place, month),
    lateral (
        select count(*)::int as left, count(*) filter (where asked_at >= month)::int as asked,
               count(*) filter (where asked_at >= month and answered_at >= month)::int as answered
        from reach
        where reach.property = wanted.property
          and left_on >= month and left_on < (month + interval '1 month')::date
    ) as its
    order by property, place
"""  # a look along an index for each month: as a join it may be planned as each month with every row
