"""Rates of exchange from the command line: listed, entered, imported and taken back, as on the page of currencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from guestloop.composition.services import Group
from services.segments.commands.money.rates import import_rates, take_rate_back
from services.segments.rules.money.rates import Rate, rates_in
from services.segments.store.money.conversions import left_to_convert
from services.segments.store.money.currencies import load_currencies
from services.segments.store.money.rates import RateLine, rates_after
from shared.errors import InputError

BY = "command line"
MOST_LISTED = 100_000


@dataclass(frozen=True)
class Kept:
    """`changed`: those that are new or differ. `left`: stays that wait to be converted anew."""

    given: int
    changed: int
    left: int


@dataclass(frozen=True)
class Known:
    """`reporting`: the currency in which hotels are added."""

    reporting: str
    rates: Sequence[RateLine]


def rates_known(group: Group, base: str | None, quote: str | None) -> Known:
    """The newest first."""
    with group.database("segments").transaction() as tx:
        return Known(load_currencies(tx).reporting, rates_after(tx, None, MOST_LISTED, base, quote))


def rates_of_file(path: Path, source: str) -> list[Rate]:
    """Raises `InputError` naming each line that makes no rate."""
    try:
        return rates_in(path.read_bytes().decode("utf-8-sig"), source)
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} is not text in UTF-8") from error
    except InputError as error:
        named = {place if place == "file" else f"line {place}": text for place, text in error.problems.items()}
        raise InputError(f"{path.name}: no rate was taken.", named) from error


def keep_rates(group: Group, rates: Sequence[Rate], at: datetime) -> Kept:
    """Done twice, the second changes nothing."""
    with group.database("segments").transaction() as tx:
        changed = import_rates(tx, rates, rates[0].source, BY, at)
        return Kept(len(rates), changed, left_to_convert(tx) or 0)


def discard_rate(group: Group, rate: Rate, at: datetime) -> Kept:
    with group.database("segments").transaction() as tx:
        gone = take_rate_back(tx, rate, BY, at)
        return Kept(1, int(gone), left_to_convert(tx) or 0)


def shown(line: RateLine) -> dict[str, object]:
    return {
        "base": line.base,
        "quote": line.quote,
        "day": line.day.isoformat(),
        "rate": format(Decimal(line.rate), "f"),
        "source": line.source,
        "entered_by": line.entered_by,
    }
