"""Figures for pages and the API: where guests are in a journey, and what became of what was asked."""

from __future__ import annotations

from dataclasses import dataclass

from shared.database.pool import Tx


@dataclass(frozen=True)
class StepFigures:
    """One step of one version: how many guests stand there now, and how many messages of it are in each state."""

    version: int
    step: str
    waiting: int
    messages: dict[str, int]


@dataclass(frozen=True)
class JourneyFigures:
    """A journey at a glance: enrolments by state, goals reached, and how guests left, by reason."""

    enrolments: dict[str, int]
    exits: dict[str, int]
    goals: int


def step_figures(tx: Tx, journey: str) -> list[StepFigures]:
    return tx.rows(
        StepFigures,
        """
        with standing as (
            select version, step, count(*) as guests
            from enrolment where journey = %(journey)s and state in ('waiting', 'paused') group by version, step
        ), asked as (
            select version, step, jsonb_object_agg(state, messages) as by_state
            from (
                select enrolment.version, message.step, message.state, count(*) as messages
                from enrolment join message on message.enrolment_id = enrolment.id
                where enrolment.journey = %(journey)s
                group by enrolment.version, message.step, message.state
            ) as counted
            group by version, step
        )
        select version, step, coalesce(standing.guests, 0)::int as waiting,
               coalesce(asked.by_state, '{}') as messages
        from standing full join asked using (version, step)
        order by version, step
        """,
        {"journey": journey},
    )


def journey_figures(tx: Tx, journey: str) -> JourneyFigures:
    (found,) = tx.rows(
        JourneyFigures,
        """
        with counted as (
            select state, reason, count(*) as guests from enrolment where journey = %(journey)s group by state, reason
        )
        select
            coalesce((select jsonb_object_agg(state, guests)
                      from (select state, sum(guests) as guests from counted group by state) as by_state), '{}')
                as enrolments,
            coalesce((select jsonb_object_agg(reason, guests) from counted where state = 'exited'), '{}') as exits,
            (select count(*)::int from goal join enrolment on enrolment.id = enrolment_id
             where journey = %(journey)s and goal.goal = '' and not held_out) as goals
        """,
        {"journey": journey},
    )
    return found
