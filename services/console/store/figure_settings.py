"""What the house wants of its key figures, which channels are its own, and what a message costs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.database.pool import Tx


@dataclass(frozen=True)
class FigureSetting:
    """`prices`: of one message by channel, in `currency`, as the house had entered them here before prices of messages
    stood in one place; they count for messages that went while no other was known."""

    direct: list[str]
    prices: Mapping[str, Decimal]
    currency: str


def targets(tx: Tx) -> dict[str, Decimal | None]:
    """Those that the house set; None: it wants none."""
    return dict(tx.execute("select figure, target from figure_target order by figure").fetchall())


def setting(tx: Tx) -> FigureSetting | None:
    """None where the house never said."""
    row = tx.execute("select direct, prices, currency from figure_setting").fetchone()
    return FigureSetting(row[0], {one: Decimal(text) for one, text in row[1].items()}, row[2]) if row else None


def former_prices(chosen: FigureSetting | None) -> tuple[Mapping[str, Decimal], str]:
    return (chosen.prices, chosen.currency) if chosen else ({}, "")


def save_targets(tx: Tx, wanted: Mapping[str, Decimal | None], at: datetime, by: str) -> None:
    statement = """
        insert into figure_target as old (figure, target, changed_at, changed_by)
        select figure, target, %(at)s, %(by)s from unnest(%(figures)s::text[], %(targets)s::numeric[])
            as new (figure, target) order by figure
        on conflict (figure) do update
        set target = excluded.target, changed_at = excluded.changed_at, changed_by = excluded.changed_by
        where old.target is distinct from excluded.target
    """
    tx.execute(statement, {"figures": list(wanted), "targets": list(wanted.values()), "at": at, "by": by})


def save_own_channels(tx: Tx, own: Sequence[str], at: datetime, by: str) -> None:
    """Which bring guests without an agent; what prices were entered here stays."""
    statement = """
        insert into figure_setting (direct, prices, currency, changed_at, changed_by) values (%s, '{}', '', %s, %s)
        on conflict (single) do update
        set direct = excluded.direct, changed_at = excluded.changed_at, changed_by = excluded.changed_by
    """
    tx.execute(statement, [sorted(set(own)), at, by])


def known_channels(tx: Tx) -> Sequence[str]:
    """As sources named them, the most frequent first."""
    query = """
        select channel from stay_month where channel <> ''
        group by channel order by sum(bookings) desc, channel limit 200
    """
    return [channel for (channel,) in tx.execute(query)]
