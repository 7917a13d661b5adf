"""What was answered to questionnaires: sums of a version, and what stands with an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.feedback.rules.asking.questionnaires import TOP_TWO
from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True, kw_only=True)
class Begun:
    """Surveys that were begun with a version, and how many of them were sent."""

    begun: int
    sent: int


@dataclass(frozen=True, kw_only=True)
class Sum:
    """Of a field: how many gave a number or a choice, the mean of numbers, how many gave one of the two best."""

    field: str
    kind: str
    n: int
    mean: float | None
    best: int


@dataclass(frozen=True, kw_only=True)
class ValueLine:
    """One field of a survey that was begun; its answer may have been sent or not."""

    answer_id: UUID
    property: str | None
    document: dict[str, Any]
    field: str
    kind: str
    number: int | None
    choices: Sequence[str]
    words_sealed: str | None
    picture_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class Picture:
    guest_id: UUID
    content_type: str
    content_sealed: str


@dataclass(frozen=True, kw_only=True)
class PlaceLine:
    """`number`: of the newest version, None where there was none; `own`: whether that asks something of its own."""

    place: str
    number: int | None
    own: bool
    published_at: datetime | None
    has_draft: bool


def places(tx: Tx, codes: Sequence[str]) -> dict[str, PlaceLine]:
    return {line.place: line for line in tx.rows(PlaceLine, PLACES, {"codes": list(codes)})}


def begun(tx: Tx, place: str, number: int, scope: Scope) -> Begun:
    return tx.rows(Begun, BEGUN, {"place": place, "number": number, **scope.values})[0]


def sums(tx: Tx, place: str, number: int, scope: Scope) -> dict[str, Sum]:
    """By field, of surveys that were sent: one that was only begun counts nowhere."""
    best = {"kinds": [str(kind) for kind in TOP_TWO], "from": list(TOP_TWO.values())}
    found = tx.rows(Sum, SUMS, {"place": place, "number": number, **scope.values, **best})
    return {line.field: line for line in found}


def chosen(tx: Tx, place: str, number: int, scope: Scope) -> dict[tuple[str, str], int]:
    """How many chose an option, by question and option."""
    rows = tx.execute(CHOSEN, {"place": place, "number": number, **scope.values})
    return {(field, option): count for field, option, count in rows}


def scores(tx: Tx, place: str, number: int, scope: Scope) -> tuple[int, int, int]:
    """Scores of surveys that were sent: from 9 on, 7 and 8, up to 6."""
    row = tx.execute(SCORES, {"place": place, "number": number, **scope.values}).fetchone()
    return (row[0], row[1], row[2]) if row else (0, 0, 0)


def values_of(tx: Tx, answers: Sequence[UUID]) -> list[ValueLine]:
    """What was given beside the score of these answers."""
    return tx.rows(ValueLine, VALUES, {"answers": list(answers)}) if answers else []


def picture(tx: Tx, picture_id: UUID) -> tuple[Picture, str | None] | None:
    """With the hotel whose survey it came with."""
    row = tx.execute(PICTURE, [picture_id]).fetchone()
    return (Picture(guest_id=row[0], content_type=row[1], content_sealed=row[2]), row[3]) if row else None


PLACES = """
    select place, newest.number, coalesce(newest.document is not null, false) as own, newest.published_at,
           exists (select from questionnaire_draft as draft where draft.place = asked.place) as has_draft
    from unnest(%(codes)s::text[]) as asked (place)
    left join lateral (
        select number, document, published_at from questionnaire as each where each.place = asked.place
        order by number desc limit 1
    ) as newest on true
"""
OF_VERSION = f"place = %(place)s and response.number = %(number)s and {within('response.property')}"
BEGUN = f"""
    select count(*)::int as begun, count(submitted_at)::int as sent from survey_response as response where {OF_VERSION}
"""
SUMS = f"""
    select field, kind, count(*)::int as n, avg(value.number)::float as mean,
           count(*) filter (where value.number >= best.from_)::int as best
    from survey_response as response
    join survey_value as value using (message_id)
    left join unnest(%(kinds)s::text[], %(from)s::int[]) as best (kind, from_) using (kind)
    where {OF_VERSION} and submitted_at is not null
    group by field, kind
"""
CHOSEN = f"""
    select field, option, count(*)::int
    from survey_response as response
    join survey_value as value using (message_id), unnest(choices) as option
    where {OF_VERSION} and submitted_at is not null
    group by field, option
"""
SCORES = f"""
    select count(*) filter (where score >= 9)::int, count(*) filter (where score between 7 and 8)::int,
           count(*) filter (where score <= 6)::int
    from survey_response as response
    join lateral (
        select score from survey_answer as answer
        where answer.message_id = response.message_id or answer.stay_id = response.stay_id
        order by answered_at limit 1
    ) as given on true
    where {OF_VERSION} and submitted_at is not null
"""
VALUES = """
    select answer.answer_id, answer.property, questionnaire.document, value.field, value.kind, value.number,
           value.choices, value.words_sealed, picture.picture_id
    from survey_answer as answer
    join lateral (
        select * from survey_response as each
        where each.message_id = answer.message_id or each.stay_id = answer.stay_id
        order by started_at limit 1
    ) as response on true
    join questionnaire using (place, number)
    join survey_value as value on value.message_id = response.message_id
    left join survey_picture as picture
        on picture.message_id = response.message_id and picture.field = value.field
    where answer.answer_id = any(%(answers)s::uuid[])
    order by answer.answer_id, value.field
"""
PICTURE = """
    select guest_id, content_type, content_sealed, property
    from survey_picture join survey_response using (message_id) where picture_id = %s
"""
