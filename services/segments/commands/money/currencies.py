"""A hotel's currency or the reporting currency changes: what is there is converted anew."""

from __future__ import annotations

from datetime import datetime

from services.segments.rules.money.currencies import Currencies
from services.segments.store.money import conversions
from services.segments.store.money import currencies as store
from shared.database.pool import Tx
from shared.errors import InputError
from shared.vocabulary.currency import codes_in_use
from shared.vocabulary.term import N_


def choose_reporting_currency(tx: Tx, currency: str, at: datetime, by: str) -> None:
    """Raises `InputError` for what is no currency."""
    if currency not in codes_in_use():
        raise InputError(None, {"currency": N_("Choose a currency.")})
    before = store.load_currencies(tx)
    store.choose_reporting(tx, currency, at, by)
    convert_where_changed(tx, before, at)


def convert_where_changed(tx: Tx, before: Currencies, at: datetime) -> None:
    """Plans the conversion of all stays where a currency is another one than `before`."""
    after = store.load_currencies(tx)
    same = before.reporting == after.reporting and all(
        before.of(code) == hotel.currency for code, hotel in after.hotels.items() if code in before.hotels
    )
    if not same and conversions.are_there_stays(tx):
        conversions.plan(tx, at)
