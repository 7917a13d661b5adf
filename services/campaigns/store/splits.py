"""Splits: which way each enrolment took, what the ways brought, and which one is everybody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from services.campaigns.rules.advance import Took
from services.campaigns.rules.winner import WayCount
from shared.database.pool import Tx


@dataclass(frozen=True)
class Watched:
    journey: str
    step: str
    next_at: datetime


def keep_taken(tx: Tx, taken: Sequence[tuple[UUID, str, Took]]) -> None:
    """Of each enrolment, with its journey; who is planned anew takes the split anew."""
    if not taken:
        return
    newest = {(enrolment, took.step): (journey, took) for enrolment, journey, took in taken}
    rows = sorted(newest.items())
    tx.execute(
        """
        insert into split_taken (enrolment_id, step, journey, way, at)
        select * from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
        on conflict (enrolment_id, step) do update set way = excluded.way, at = excluded.at
        """,
        [
            [enrolment for (enrolment, _), _ in rows],
            [step for (_, step), _ in rows],
            [journey for _, (journey, _) in rows],
            [took.way for _, (_, took) in rows],
            [took.at for _, (_, took) in rows],
        ],
    )


def winners_of(tx: Tx, journeys: Sequence[str]) -> dict[tuple[str, str], str]:
    """By journey and step, the way that everybody gets, where there is one."""
    rows = tx.execute(
        """
        select journey, step, way from (
            select distinct on (journey, step) journey, step, way from split_decision where journey = any(%s)
            order by journey, step, number desc
        ) as last where way is not null
        """,
        [list(journeys)],
    )
    return {(journey, step): way for journey, step, way in rows}


def decide(
    tx: Tx, journey: str, step: str, way: str | None, at: datetime, by: str | None, figures: Mapping[str, Any] | None
) -> None:
    """The caller has locked the journey or the watched split. Nothing is judged any more until a launch or a person
    asks for it."""
    tx.execute(
        """
        insert into split_decision (journey, step, number, way, at, by, figures)
        select %(journey)s, %(step)s, coalesce(max(number), 0) + 1, %(way)s, %(at)s, %(by)s, %(figures)s::jsonb
        from split_decision where journey = %(journey)s and step = %(step)s
        """,
        {"journey": journey, "step": step, "way": way, "at": at, "by": by, "figures": _json(figures)},
    )
    tx.execute("update split_watch set next_at = null where journey = %s and step = %s", [journey, step])


def watch(tx: Tx, journey: str, steps: Sequence[str], next_at: datetime) -> None:
    """Splits to be judged from then on; those that were decided stay so."""
    tx.execute(
        """
        insert into split_watch (journey, step, next_at) select %s, unnest(%s::text[]), %s
        on conflict (journey, step) do nothing
        """,
        [journey, sorted(steps), next_at],
    )


def claim_watched(tx: Tx, at: datetime) -> list[Watched]:
    return tx.rows(
        Watched,
        """
        select split_watch.journey, step, next_at from split_watch join journey on journey.key = split_watch.journey
        where next_at <= %s and state = 'live'
        order by journey, step for update of split_watch skip locked
        """,
        [at],
    )


def judge_again(
    tx: Tx, watched: Watched, next_at: datetime | None, figures: Mapping[str, Any] | None, at: datetime
) -> None:
    tx.execute(
        """
        update split_watch set next_at = %s, figures = coalesce(%s::jsonb, figures), judged_at = %s
        where journey = %s and step = %s
        """,
        [next_at, _json(figures), at, watched.journey, watched.step],
    )


def counted(tx: Tx, journey: str, step: str, ways: Sequence[str], within: timedelta, at: datetime) -> list[WayCount]:
    """In the order of the ways: guests who took each one at least `within` ago, and who of them reached the goal within
    it. A guest counts once, one of the control group not at all, nor who got a way because it was everybody's."""
    rows = tx.execute(
        """
        select way, count(distinct guest_id), count(distinct guest_id) filter (
            where reached_at >= taken.at and reached_at < taken.at + %(within)s::interval
        )
        from split_taken taken
        join enrolment on enrolment.id = taken.enrolment_id
        left join goal on goal.enrolment_id = taken.enrolment_id and goal.goal = '' and not held_out
        where taken.journey = %(journey)s and taken.step = %(step)s and taken.at <= %(at)s - %(within)s::interval
          and not exists (select from written_to w where w.enrolment_id = taken.enrolment_id and w.kept_out)
          and not exists (select from split_decision first where first.journey = taken.journey
                          and first.step = taken.step and first.at < taken.at)
        group by way
        """,
        {"journey": journey, "step": step, "within": within, "at": at},
    )
    found = {way: WayCount(way, guests, goals) for way, guests, goals in rows}
    return [found.get(way, WayCount(way, 0, 0)) for way in ways]


def _json(figures: Mapping[str, Any] | None) -> str | None:
    return orjson.dumps(figures).decode() if figures is not None else None
