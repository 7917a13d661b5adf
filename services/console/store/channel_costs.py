"""What channels cost the house, from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from shared.database.pool import Tx


@dataclass(frozen=True)
class ChannelCost:
    """`property`, `channel`: empty, every one that has none of its own. `commission`: a share of the revenue; `a_stay`,
    `a_night`: in `currency`, which is empty where both are nought."""

    property: str
    channel: str
    since: date
    commission: Decimal
    a_stay: Decimal
    a_night: Decimal
    currency: str


COLUMNS = ", ".join(ChannelCost.__dataclass_fields__)


def costs(tx: Tx) -> list[ChannelCost]:
    """All, of each hotel and channel the newest first."""
    return tx.rows(ChannelCost, f"select {COLUMNS} from channel_cost order by channel, property, since desc")


def save_cost(tx: Tx, cost: ChannelCost, at: datetime, by: str) -> None:
    statement = f"""
        insert into channel_cost ({COLUMNS}, changed_at, changed_by)
        values (%(property)s, %(channel)s, %(since)s, %(commission)s, %(a_stay)s, %(a_night)s, %(currency)s, %(at)s,
            %(by)s)
        on conflict (property, channel, since) do update
        set commission = excluded.commission, a_stay = excluded.a_stay, a_night = excluded.a_night,
            currency = excluded.currency, changed_at = excluded.changed_at, changed_by = excluded.changed_by
    """
    tx.execute(statement, {**vars(cost), "at": at, "by": by})


def drop_cost(tx: Tx, property: str, channel: str, since: date) -> bool:
    """Whether there was one."""
    statement = "delete from channel_cost where property = %s and channel = %s and since = %s"
    return tx.execute(statement, [property, channel, since]).rowcount > 0
