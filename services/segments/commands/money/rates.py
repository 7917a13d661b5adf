"""Rates are entered, by hand or from a file, and taken back; stays that they touch are converted anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.segments.commands.guests.noting import name_of
from services.segments.rules.money.rates import Rate
from services.segments.store.money import conversions
from services.segments.store.money import rates as store
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx


def enter_rates(tx: Tx, rates: Collection[Rate], at: datetime, by: str) -> int:
    """How many are new or differ from what was known of their pair and day. Of two on one pair and day the last counts,
    whichever way round it is written."""
    last = {(frozenset((one.base, one.quote)), one.day): one for one in rates}
    changed = store.save_rates(tx, last.values(), at, by)
    if changed:
        conversions.plan(tx, at, since=min(changed))
    return len(changed)


def import_rates(tx: Tx, rates: Collection[Rate], source: str, who: Person | str, at: datetime) -> int:
    """Several at once, with a line in the trail; how many are new or differ. `source`: the file, or who says so."""
    changed = enter_rates(tx, rates, at, name_of(who))
    details = {"file": source, "rates": len(rates), "changed": changed}
    record(tx, who, "money.rates_imported", "money rates", details, at)
    return changed


def take_rate_back(tx: Tx, rate: Rate, who: Person | str, at: datetime) -> bool:
    """With a line in the trail. False where there is no such rate any more."""
    if not store.delete_rate(tx, rate):
        return False
    conversions.plan(tx, at, since=rate.day)
    record(tx, who, "money.rate_taken_back", f"money {rate.base}/{rate.quote}", {"day": rate.day.isoformat()}, at)
    return True
