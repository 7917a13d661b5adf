"""Journeys as their pages show them, for the hotels a person may see.

What is added up (the tally) is kept by hotel: those who entered for no hotel count where all hotels are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.campaigns.queries.scope import SEEN
from services.campaigns.steps.kind import Document
from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True)
class JourneyLine:
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


def lines(tx: Tx, scope: Scope, key: str | None = None, *, kind: str | None = "journey") -> list[JourneyLine]:
    """Those of a kind (journey, broadcast; None: of both), or the one of that key, whatever it is."""
    return tx.rows(JourneyLine, LINES, {**scope.values, "key": key, "kind": kind})


LINES = f"""
    with counted as (
        select journey, what, reason, sum(n) as n from journey_tally
        where {within("property")}
          and (%(key)s::text is null or journey = %(key)s)
        group by journey, what, reason
    ), figures as (
        select journey, coalesce(sum(n) filter (where what = 'entered'), 0)::int as entered,
               coalesce(sum(n) filter (where what = 'waiting'), 0)::int as waiting,
               coalesce(sum(n) filter (where what = 'sent'), 0)::int as sent,
               coalesce(sum(n) filter (where what = 'refused'), 0)::int as refused,
               coalesce(sum(n) filter (where what = 'written'), 0)::int as written,
               coalesce(sum(n) filter (where what = 'reached'), 0)::int as reached,
               coalesce(sum(n) filter (where what = 'control'), 0)::int as control,
               coalesce(sum(n) filter (where what = 'control_reached'), 0)::int as control_reached
        from counted group by journey
    ), reasons as (
        select distinct on (journey) journey, nullif(reason, '') as reason
        from counted where what = 'refused' and n > 0 order by journey, n desc, reason
    ), problems as (
        select distinct on (journey) journey, message.state, message.reason, settled_at
        from message join enrolment on enrolment.id = enrolment_id
        where message.state in ('failed', 'bounced', 'complained', 'unknown') and settled_at is not null
          and {SEEN}
          and (%(key)s::text is null or journey = %(key)s)
        order by journey, settled_at desc, message.state
    )
    select journey.key, journey.name, journey.state, live_version,
           (select max(version) from journey_version where journey_version.journey = journey.key) as newest_version,
           launched_at, exists (select from journey_draft where journey_draft.journey = journey.key) as has_draft,
           exists (select from journey_version v where v.journey = journey.key and v.document->'goal' <> 'null')
               as has_goal,
           coalesce(entered, 0) as entered, coalesce(waiting, 0) as waiting, coalesce(sent, 0) as sent,
           coalesce(refused, 0) as refused, reasons.reason, coalesce(written, 0) as written,
           coalesce(reached, 0) as reached, coalesce(control, 0) as control,
           coalesce(control_reached, 0) as control_reached, problems.state as problem,
           problems.reason as problem_reason, problems.settled_at as problem_at
    from journey
    left join figures on figures.journey = journey.key
    left join reasons on reasons.journey = journey.key
    left join problems on problems.journey = journey.key
    where journey.key = %(key)s
       or %(key)s::text is null and (%(kind)s::text is null or journey.kind = %(kind)s)
    order by array_position(array['live', 'paused', 'taken_back', 'draft', 'ended'], journey.state), journey.name
"""
"""From the tally that the database keeps as guests move; only the last problem is looked up."""


@dataclass(frozen=True)
class StepCounts:
    """One step of a journey, all versions together."""

    step: str
    waiting: int
    next_at: datetime | None
    sent: int
    refused: int
    kept_out: int
    other: int
    delivered: int
    clicked: int

    @property
    def can_click(self) -> int:
        """Those whose message arrived; where nobody reports what arrived, those it was sent to."""
        return self.delivered if self.delivered > self.clicked else max(self.sent, self.clicked)


def steps(tx: Tx, key: str, scope: Scope) -> dict[str, StepCounts]:
    rows = tx.rows(
        StepCounts,
        f"""
        with counted as (
            select step, what, sum(n) as n from journey_tally
            where journey = %(key)s and step <> '' and what <> 'took' and {within("property")}
            group by step, what
        )
        select step, coalesce(sum(n) filter (where what = 'waiting'), 0)::int as waiting,
               (select due_at from enrolment
                where enrolment.journey = %(key)s and enrolment.step = counted.step and state in ('waiting', 'paused')
                  and {SEEN}
                order by due_at limit 1) as next_at,
               coalesce(sum(n) filter (where what = 'sent'), 0)::int as sent,
               coalesce(sum(n) filter (where what = 'refused'), 0)::int as refused,
               coalesce(sum(n) filter (where what = 'kept_out'), 0)::int as kept_out,
               coalesce(sum(n) filter (where what = 'other'), 0)::int as other,
               coalesce(sum(n) filter (where what = 'delivered'), 0)::int as delivered,
               coalesce(sum(n) filter (where what = 'clicked'), 0)::int as clicked
        from counted group by step having bool_or(n <> 0) order by step
        """,
        {"key": key, **scope.values},
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
               (select coalesce(sum(n), 0)::int from journey_tally
                where journey_tally.journey = v.journey and journey_tally.version = v.version
                  and what = 'waiting') as waiting
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
        f"""
        select coalesce(sum(entered), 0)::int, coalesce(max(entered), 0)::int
        from (
            select count(*) as entered from enrolment
            where journey = %(key)s and entered_at >= %(since)s and entered_at < %(until)s and {SEEN}
            group by entered_at::date
        ) as daily
        """,
        {"key": key, "since": since, "until": until, **scope.values},
    ).fetchone()
    assert row is not None
    return Pace(days, *row)


def written_documents(tx: Tx) -> list[Document]:
    """Every published document, and every draft."""
    rows = tx.execute("select document from journey_version union all select document from journey_draft")
    return [document for (document,) in rows]


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
