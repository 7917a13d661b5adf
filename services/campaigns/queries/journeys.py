"""Journeys as their pages show them, for the hotels a person may see. Who entered for no hotel is everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.campaigns.rules.document import Document
from shared.database import Tx

Scope = list[str] | None


@dataclass(frozen=True)
class Line:
    """One journey at a glance. `reason`: the commonest why its messages were refused, the control group left out.

    `reached` of `written`: guests written to; `control_reached` of `control`: guests kept out.
    """

    key: str
    name: str
    state: str
    live_version: int | None
    newest_version: int | None
    launched_at: datetime | None
    has_draft: bool
    has_goal: bool
    entered: int
    waiting: int
    sent: int
    refused: int
    reason: str | None
    written: int
    reached: int
    control: int
    control_reached: int
    problem: str | None
    problem_reason: str | None
    problem_at: datetime | None


def lines(tx: Tx, scope: Scope, key: str | None = None) -> list[Line]:
    return tx.rows(Line, LINES, {"scope": scope, "key": key})


LINES = """
    with member as (
        select id, journey, state from enrolment
        where (%(scope)s::text[] is null or property is null or property = any(%(scope)s))
          and (%(key)s::text is null or journey = %(key)s)
    ), entered as (
        select journey, count(*) as entered, count(*) filter (where state in ('waiting', 'paused')) as waiting
        from member group by journey
    ), asked as (
        select journey, enrolment_id, message.state, reason, settled_at,
               message.state in ('sent', 'delivered', 'clicked', 'bounced', 'complained') as went,
               message.state = 'skipped' and message.reason is not distinct from 'holdout' as held_out
        from message join member on member.id = enrolment_id
    ), messages as (
        select journey, count(*) filter (where went) as sent,
               count(*) filter (where state = 'skipped' and not held_out) as refused,
               count(distinct enrolment_id) filter (where went) as written,
               count(distinct enrolment_id) filter (where held_out) as control
        from asked group by journey
    ), reasons as (
        select distinct on (journey) journey, reason
        from (select journey, reason, count(*) as messages from asked
              where state = 'skipped' and not held_out group by journey, reason) as counted
        order by journey, messages desc, reason
    ), problems as (
        select distinct on (journey) journey, state, reason, settled_at from asked
        where state in ('failed', 'bounced', 'complained', 'unknown') and settled_at is not null
        order by journey, settled_at desc, state
    ), goals as (
        select journey, count(*) filter (where not held_out) as reached, count(*) filter (where held_out) as by_control
        from goal join member on member.id = enrolment_id group by journey
    )
    select journey.key, journey.name, journey.state, live_version,
           (select max(version) from journey_version where journey_version.journey = journey.key) as newest_version,
           launched_at, exists (select from journey_draft where journey_draft.journey = journey.key) as has_draft,
           exists (select from journey_version v where v.journey = journey.key and v.document->'goal' <> 'null')
               as has_goal,
           coalesce(entered, 0)::int as entered, coalesce(waiting, 0)::int as waiting, coalesce(sent, 0)::int as sent,
           coalesce(refused, 0)::int as refused, reasons.reason, coalesce(written, 0)::int as written,
           coalesce(reached, 0)::int as reached, coalesce(control, 0)::int as control,
           coalesce(by_control, 0)::int as control_reached, problems.state as problem,
           problems.reason as problem_reason, problems.settled_at as problem_at
    from journey
    left join entered on entered.journey = journey.key
    left join messages on messages.journey = journey.key
    left join reasons on reasons.journey = journey.key
    left join problems on problems.journey = journey.key
    left join goals on goals.journey = journey.key
    where %(key)s::text is null or journey.key = %(key)s
    order by array_position(array['live', 'paused', 'taken_back', 'draft', 'ended'], journey.state), journey.name
"""


@dataclass(frozen=True)
class StepLine:
    """One step of a journey, all versions together."""

    step: str
    waiting: int
    next_at: datetime | None
    sent: int
    refused: int
    kept_out: int
    other: int


def steps(tx: Tx, key: str, scope: Scope) -> dict[str, StepLine]:
    rows = tx.rows(
        StepLine,
        """
        with standing as (
            select step, count(*)::int as waiting, min(due_at) as next_at from enrolment
            where journey = %(key)s and state in ('waiting', 'paused')
              and (%(scope)s::text[] is null or property is null or property = any(%(scope)s))
            group by step
        ), asked as (
            select message.step,
                   count(*) filter (
                       where message.state in ('sent', 'delivered', 'clicked', 'bounced', 'complained')
                   )::int as sent,
                   count(*) filter (
                       where message.state = 'skipped' and message.reason is distinct from 'holdout'
                   )::int as refused,
                   count(*) filter (where message.state = 'skipped' and message.reason = 'holdout')::int as kept_out,
                   count(*) filter (
                       where message.state in ('requested', 'held', 'unknown', 'failed', 'expired')
                   )::int as other
            from message join enrolment on enrolment.id = enrolment_id
            where enrolment.journey = %(key)s
              and (%(scope)s::text[] is null or property is null or property = any(%(scope)s))
            group by message.step
        )
        select step, coalesce(waiting, 0) as waiting, next_at, coalesce(sent, 0) as sent,
               coalesce(refused, 0) as refused, coalesce(kept_out, 0) as kept_out, coalesce(other, 0) as other
        from standing full join asked using (step) order by step
        """,
        {"key": key, "scope": scope},
    )
    return {row.step: row for row in rows}


@dataclass(frozen=True)
class Version:
    version: int
    document: Document
    published_at: datetime
    published_by: str
    waiting: int


def versions(tx: Tx, key: str) -> list[Version]:
    """The newest first, with how many guests are in each now."""
    return tx.rows(
        Version,
        """
        select version, document, published_at, published_by,
               (select count(*)::int from enrolment
                where enrolment.journey = v.journey and enrolment.version = v.version
                  and state in ('waiting', 'paused')) as waiting
        from journey_version v where journey = %s order by version desc
        """,
        [key],
    )


@dataclass(frozen=True)
class Pace:
    """Enrolments of the last days, all and those of the busiest one."""

    days: int
    entered: int
    busiest: int


def pace(tx: Tx, key: str, since: datetime, until: datetime, scope: Scope, days: int) -> Pace:
    row = tx.execute(
        """
        select coalesce(sum(entered), 0)::int, coalesce(max(entered), 0)::int
        from (
            select count(*) as entered from enrolment
            where journey = %(key)s and entered_at >= %(since)s and entered_at < %(until)s
              and (%(scope)s::text[] is null or property is null or property = any(%(scope)s))
            group by entered_at::date
        ) as daily
        """,
        {"key": key, "since": since, "until": until, "scope": scope},
    ).fetchone()
    assert row is not None
    return Pace(days, *row)


def known_segments(tx: Tx) -> list[str]:
    """The segments that published journeys or drafts listen to."""
    rows = tx.execute(
        """
        select distinct segment from (
            select document->'entry'->>'audience' as segment from journey_version
            union all
            select step->'branch'->'if'->>'audience'
            from journey_version, jsonb_array_elements(document->'steps') as step
            union all
            select document->'entry'->>'audience' from journey_draft
        ) as named where segment <> '' order by segment
        """
    )
    return [segment for (segment,) in rows]


def known_templates(tx: Tx) -> list[str]:
    rows = tx.execute(
        """
        select distinct step->'send'->>'template' as template
        from journey_version, jsonb_array_elements(document->'steps') as step
        where step->'send'->>'template' <> '' order by template
        """
    )
    return [template for (template,) in rows]


def inside_known(tx: Tx, segment: str) -> int:
    """How many guests campaigns knows to be in an audience; it knows of those in use only."""
    row = tx.execute("select count(*) from audience_member where segment = %s and inside", [segment]).fetchone()
    assert row is not None
    count: int = row[0]
    return count


def not_let_in(tx: Tx, key: str) -> tuple[int, int] | None:
    """How many wait to be let in, and how many are a day; None where the launch lets in nobody."""
    row = tx.execute(
        """
        select a_day, (select count(*)::int from waiting_member where journey = letting_in.journey)
        from letting_in where journey = %s
        """,
        [key],
    ).fetchone()
    return (row[1], row[0]) if row else None


def any_checked(tx: Tx) -> bool:
    """Whether anybody looked at what a launch would bring, or launched."""
    row = tx.execute("select exists (select from journey where checked_at is not null or launched_at is not null)")
    found = row.fetchone()
    assert found is not None
    return bool(found[0])
