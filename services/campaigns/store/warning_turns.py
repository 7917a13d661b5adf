"""Warnings that came to journeys, and how far each has let its guests in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.campaigns.store.calendars import Inside
from services.campaigns.store.copies import inside_known
from shared.access.scope import Scope, within
from shared.database.pool import Tx

SHOWN = 20
LOOKED_AT = 4_000


class TurnState(StrEnum):
    DUE = "due"
    DONE = "done"
    LATE = "late"  # too old when its turn came: nobody was let in
    STOPPED = "stopped"  # the journey ended, or another version begins otherwise


@dataclass(frozen=True)
class WarningTurn:
    """`after`: the last guest who was looked at; `let_in`: how many entered."""

    journey: str
    warning_id: UUID
    signal: str
    property: str
    raised_at: datetime
    state: str
    after: UUID | None
    let_in: int


@dataclass(frozen=True)
class Raised:
    """A warning, as published."""

    warning_id: UUID
    signal: str
    property: str
    at: datetime


COLUMNS = ", ".join(WarningTurn.__dataclass_fields__)


def keep(tx: Tx, turns: Sequence[tuple[str, Raised]]) -> None:
    """By journey. What came before stays as it is."""
    tx.execute(
        """
        insert into warning_turn (journey, warning_id, signal, property, raised_at, state)
        select *, 'due' from unnest(%s::text[], %s::uuid[], %s::text[], %s::text[], %s::timestamptz[])
        on conflict do nothing
        """,
        [
            [journey for journey, _ in turns],
            [one.warning_id for _, one in turns],
            [one.signal for _, one in turns],
            [one.property for _, one in turns],
            [one.at for _, one in turns],
        ],
    )


def claim_due(tx: Tx) -> WarningTurn | None:
    """The earliest of journeys that run, unless another clock holds it."""
    rows = tx.rows(
        WarningTurn,
        """
        select turn.* from warning_turn turn join journey on journey.key = turn.journey
        where turn.state = 'due' and journey.state in ('live', 'paused')
        order by turn.raised_at, turn.journey, turn.warning_id limit 1 for update of turn skip locked
        """,
    )
    return rows[0] if rows else None


def guests_after(tx: Tx, turn: WarningTurn, segment: str, most: int) -> list[Inside]:
    """The next guests who are in the segment now and have, or had, a stay in the hotel that stands."""
    return tx.rows(
        Inside,
        """
        select member.guest_id, coalesce(guest.zone, 'UTC') as zone
        from audience_member member left join guest_known guest using (guest_id)
        where member.segment = %(segment)s and member.inside and guest.ended is null
          and (%(after)s::uuid is null or member.guest_id > %(after)s)
          and exists (
              select from stay_known stay
              where stay.guest_id = member.guest_id and stay.property = %(hotel)s
                and stay.status not in ('cancelled', 'no_show')
          )
        order by member.guest_id limit %(most)s
        """,
        {"segment": segment, "after": turn.after, "hotel": turn.property, "most": most},
    )


def move_on(tx: Tx, turn: WarningTurn, after: UUID, let_in: int) -> None:
    statement = "update warning_turn set after = %s, let_in = let_in + %s where journey = %s and warning_id = %s"
    tx.execute(statement, [after, let_in, turn.journey, turn.warning_id])


def finish(tx: Tx, turn: WarningTurn, state: TurnState, let_in: int = 0) -> None:
    statement = "update warning_turn set state = %s, let_in = let_in + %s where journey = %s and warning_id = %s"
    tx.execute(statement, [state, let_in, turn.journey, turn.warning_id])


def stop(tx: Tx, journey: str) -> None:
    """Nobody else is let in by what came to it."""
    tx.execute("update warning_turn set state = 'stopped' where journey = %s and state = 'due'", [journey])


def turns_of(tx: Tx, journey: str, scope: Scope) -> list[WarningTurn]:
    """The newest first, at hotels of the reader's."""
    query = f"""
        select {COLUMNS} from warning_turn where journey = %(journey)s and {within("property")}
        order by raised_at desc, warning_id limit {SHOWN}
    """
    return tx.rows(WarningTurn, query, {"journey": journey, **scope.values})


@dataclass(frozen=True)
class Found:
    """By hotel how many guests a warning would find now, the most first. `is_estimate`: of a great segment, by those of
    its guests who were looked at."""

    by_hotel: Mapping[str, int]
    is_estimate: bool


def found_now(tx: Tx, segment: str, hotel: str | None, scope: Scope) -> Found:
    """At hotels of the reader's; of that hotel only, where one is named. Guests' numbers are made by a hash, so that
    the first of them are as good as drawn by lot."""
    rows = tx.execute(
        f"""
        with looked as materialized (
            select guest_id from audience_member where segment = %(segment)s and inside order by guest_id limit %(most)s
        )
        select stay.property, count(distinct looked.guest_id)::int
        from looked join stay_known stay using (guest_id)
             left join guest_known guest on guest.guest_id = looked.guest_id
        where guest.ended is null and stay.status not in ('cancelled', 'no_show')
          and (%(hotel)s::text is null or stay.property = %(hotel)s) and {within("stay.property")}
        group by stay.property order by 2 desc, 1
        """,
        {"segment": segment, "hotel": hotel, "most": LOOKED_AT, **scope.values},
    ).fetchall()
    members = inside_known(tx, segment)
    if members <= LOOKED_AT:
        return Found(dict(rows), is_estimate=False)
    return Found({code: rounded(guests * members / LOOKED_AT) for code, guests in rows}, is_estimate=True)


def rounded(number: float) -> int:
    """To two figures."""
    whole = round(number)
    return round(whole, 2 - len(str(whole))) if whole >= 100 else whole


NEXT_DUE = """
    select min(raised_at) from warning_turn t join journey on journey.key = t.journey
    where t.state = 'due' and journey.state in ('live', 'paused')
"""
