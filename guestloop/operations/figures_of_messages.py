"""What messages cost and brought, for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from guestloop.operations.figures_by import Line, line
from services.campaigns.queries.returns import return_rows, returns_of
from services.campaigns.rules.returns import Click, Return, by_channel, by_journey
from shared.access.scope import Scope
from shared.database.pool import Tx


def message_figures(tx: Tx, since: datetime, until: datetime, scope: Scope) -> list[Line]:
    """What messages cost and brought, by channel and journey; `lift` has `low` and `high` more, as shares of the guests
    written to, and is not known where there are too few to tell."""
    counted = returns_of(return_rows(tx, since, until, scope))
    return [
        one
        for by, lines in (("channel", by_channel(counted)), ("journey", by_journey(counted)))
        for part in lines
        for one in [*_paid_figures(by, part), *_compared_figures(by, part), *_clicked_figures(by, part, lines)]
    ]


def _paid_figures(by: str, one: Return) -> list[Line]:
    return [
        line("message_cost", by, one.key, cost, one.priced[currency], currency)
        for currency, cost in sorted(one.spent.items())
    ]


def _compared_figures(by: str, one: Return) -> list[Line]:
    if not one.control.guests:
        return []
    written, lift = one.written, one.lift
    more = lift.difference * written.guests if lift else None
    bounds = {"low": round(lift.low, 6) if lift else None, "high": round(lift.high, 6) if lift else None}
    return [
        line("booked_written", by, one.key, written.booked, written.guests),
        line("booked_control", by, one.key, one.control.booked, one.control.guests),
        {**line("lift", by, one.key, more, written.guests), **bounds},
    ]


def _clicked_figures(by: str, one: Return, every: Sequence[Return]) -> list[Line]:
    found = []
    for which in ("last", "first"):
        click: Click = getattr(one, which)
        stays = sum(getattr(each, which).stays for each in every)
        found.append(line(f"{which}_click", by, one.key, click.stays, stays))
        for currency, revenue in sorted(click.earned.items()):
            known = click.stays - click.unknown
            found.append(line(f"{which}_click_revenue", by, one.key, revenue, known, currency))
    return found
