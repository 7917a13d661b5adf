"""Which journeys are broadcasts."""

from __future__ import annotations

from datetime import date, datetime

from shared.database.pool import Tx


def mark_broadcast(tx: Tx, key: str) -> None:
    tx.execute("update journey set kind = 'broadcast' where key = %s", [key])


def is_broadcast(tx: Tx, key: str) -> bool:
    row = tx.execute("select kind = 'broadcast' from journey where key = %s", [key]).fetchone()
    return bool(row and row[0])


def next_turns(tx: Tx) -> dict[str, tuple[date, datetime]]:
    """By broadcast its next day, and when its hour comes first anywhere."""
    rows = tx.execute(
        """
        select journey, min(day), min(turn.at) from calendar_turn turn join journey on journey.key = turn.journey
        where kind = 'broadcast' and state = 'live' and day is not null group by journey
        """
    )
    return {key: (day, at) for key, day, at in rows}


def guest_zones(tx: Tx) -> list[str]:
    """Where guests live."""
    return [zone for (zone,) in tx.execute("select zone from guest_zone order by zone")]


def end_those_over(tx: Tx, before: datetime, at: datetime) -> list[tuple[str, int]]:
    """Those whose last day came before that: nothing of them is to come, and their days of booking are over. Which,
    with the version that was live."""
    rows = tx.execute(
        """
        update journey set state = 'ended', changed_at = %(at)s
        where kind = 'broadcast' and state = 'live' and launched_at < %(before)s
          and not exists (select from calendar_turn turn where turn.journey = journey.key and turn.day is not null)
          and not exists (select from enrolment where enrolment.journey = journey.key
                          and (state in ('waiting', 'paused') or entered_at >= %(before)s))
        returning key, live_version
        """,
        {"before": before, "at": at},
    )
    return rows.fetchall()
