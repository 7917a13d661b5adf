"""The house says what a channel costs it, from a day on, or takes that back."""

from __future__ import annotations

from datetime import date, datetime

from services.console.commands.record_audit import record_audit
from services.console.store.channel_costs import ChannelCost, drop_cost, save_cost
from shared.access.people import Person
from shared.database.pool import Tx


def say_cost(tx: Tx, cost: ChannelCost, by: Person, at: datetime) -> None:
    """Said again of the same day, the later word counts."""
    save_cost(tx, cost, at, by.name)
    details = {
        "hotel": cost.property,
        "since": cost.since.isoformat(),
        "commission": str(cost.commission),
        "a_stay": str(cost.a_stay),
        "a_night": str(cost.a_night),
        "currency": cost.currency,
    }
    record_audit(tx, by, "figures.cost_said", f"channel {cost.channel}", details, at)


def take_cost_back(tx: Tx, property: str, channel: str, since: date, by: Person, at: datetime) -> None:
    """Of one that is not there nothing happens."""
    if drop_cost(tx, property, channel, since):
        details = {"hotel": property, "since": since.isoformat()}
        record_audit(tx, by, "figures.cost_taken_back", f"channel {channel}", details, at)
