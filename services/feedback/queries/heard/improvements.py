"""Improvements, and what guests said in the days before and after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.feedback.rules.heard import WHOLE
from services.feedback.rules.nps import LEAST
from shared.access.scope import Scope, within
from shared.database.pool import Tx

MOST = 50


@dataclass(frozen=True, kw_only=True)
class ImprovementLine:
    improvement_id: UUID
    version: int
    property: str
    hotel: str
    title: str
    topic: str
    department: str | None
    owner: str | None
    started_on: date
    done_on: date | None
    made_by: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A hotel's days, both included."""

    place: int
    property: str
    topic: str
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Found:
    place: int
    bad: int
    texts: int
    promoters: int
    passives: int
    detractors: int


def improvements(tx: Tx, scope: Scope) -> list[ImprovementLine]:
    """The newest first, those under way before those done."""
    return tx.rows(ImprovementLine, LINES, {**scope.values, "most": MOST})


def improvement(tx: Tx, improvement_id: UUID, scope: Scope) -> ImprovementLine | None:
    found = tx.rows(ImprovementLine, ONE, {**scope.values, "improvement_id": improvement_id})
    return found[0] if found else None


def found_in(tx: Tx, asked: Sequence[Asked]) -> dict[int, Found]:
    """Of each of these spans how many texts there were, how many spoke badly of the topic, and the answers of its days.
    Days are added up: who answered about two stays counts twice."""
    names = ("place", "property", "topic", "first", "last")
    columns = {name: [getattr(one, name) for one in asked] for name in names}
    return {one.place: one for one in tx.rows(Found, FOUND, {**columns, "whole": WHOLE, **LEAST})}


SELECT = """
    select improvement_id, one.version, property, coalesce(hotel.name, property) as hotel, title, topic, department,
           owner.name as owner, started_on, done_on, made_by
    from improvement as one
    left join hotel_known as hotel on hotel.code = property
    left join person_known as owner on owner.person_id = owner_id
"""
SEEN = within("property")
LINES = f"{SELECT} where {SEEN} order by done_on is not null, started_on desc, improvement_id limit %(most)s"
ONE = f"{SELECT} where {SEEN} and improvement_id = %(improvement_id)s"
FOUND = """
    select place, bad, texts, promoters, passives, detractors
    from unnest(%(place)s::int[], %(property)s::text[], %(topic)s::text[], %(first)s::date[], %(last)s::date[])
        as asked (place, property, topic, first, last),
    lateral (
        select coalesce(sum(tally.texts) filter (where feeling = 'negative' and tally.topic = asked.topic), 0)::int
                   as bad,
               coalesce(sum(tally.texts) filter (where tally.topic = %(whole)s), 0)::int as texts
        from topic_tally as tally where tally.property = asked.property and day between first and last
    ) as said,
    lateral (
        select coalesce(sum(answers) filter (where number = %(promoters)s), 0)::int as promoters,
               coalesce(sum(answers) filter (where number = %(passives)s), 0)::int as passives,
               coalesce(sum(answers) filter (where number = 0), 0)::int as detractors
        from score_tally as score
        where score.property = asked.property and figure = 'answer' and part = '' and day between first and last
    ) as given
"""
