"""The sums of a prediction, of all guests and by hotel, and how its test went."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.segments.rules.money.currencies import Currencies
from services.segments.store.money.conversions import PRICING
from shared.database.pool import Tx


@dataclass(frozen=True)
class Sums:
    """`once`: guests who came once; `unpriced`: of whom no amount is known. `worth`: in the reporting currency."""

    guests: int = 0
    once: int = 0
    alive: float = 0.0
    visits: float = 0.0
    worth: float = 0.0
    unpriced: int = 0


@dataclass(frozen=True)
class Tested:
    """`before`: visits before the split; of the last line so many or more. `property`: of the last of them; empty for
    all."""

    property: str
    before: int
    guests: int
    predicted: float
    came: int


@dataclass(frozen=True)
class Months:
    """Of the test: guests who came and of whom a month had been named, and those of them who came in it."""

    named: int = 0
    met: int = 0


@dataclass(frozen=True)
class Made:
    """`why`: why nothing could be fitted."""

    as_of: date
    split: date
    ahead: int
    why: str | None
    parameters: Mapping[str, Any]
    by_hotel: Mapping[str, Sums]
    tests: Sequence[Tested]
    months: Months
    currency: str

    @property
    def whole(self) -> Sums:
        parts = list(self.by_hotel.values())
        return Sums(*(sum(getattr(part, name) for part in parts) for name in Sums.__dataclass_fields__))


def keep_made(tx: Tx, made: Made, currencies: Currencies, now: datetime) -> bool:
    """False where another has kept one of that day."""
    whole = made.whole
    kept = tx.execute(
        """
        insert into prediction (as_of, counted_at, split, ahead, why, parameters, guests, once, alive, visits, worth,
            unpriced, months_named, months_met, currency)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
        """,
        [
            *(made.as_of, now, made.split, made.ahead, made.why, json.dumps(made.parameters)),
            *(whole.guests, whole.once, whole.alive, whole.visits, whole.worth, whole.unpriced),
            *(made.months.named, made.months.met, made.currency),
        ],
    )
    if not kept.rowcount:
        return False
    _keep_hotels(tx, made, currencies)
    tests = made.tests
    tx.execute(
        """
        insert into prediction_test (as_of, property, before, guests, predicted, came)
        select %s, * from unnest(%s::text[], %s::int[], %s::int[], %s::float8[], %s::int[])
        """,
        [made.as_of, *([getattr(one, name) for one in tests] for name in Tested.__dataclass_fields__)],
    )
    return True


def _keep_hotels(tx: Tx, made: Made, currencies: Currencies) -> None:
    codes = list(made.by_hotel)
    paid = [currencies.of(code) for code in codes]
    rates = rates_on(tx, made.as_of, made.currency, set(paid))
    names = tuple(Sums.__dataclass_fields__)
    tx.execute(
        f"""
        insert into prediction_hotel (as_of, property, {", ".join(names)}, currency, rate)
        select %s, * from unnest(
            %s::text[], %s::int[], %s::int[], %s::float8[], %s::float8[], %s::float8[], %s::int[], %s::text[],
            %s::numeric[])
        """,
        [
            made.as_of,
            codes,
            *([getattr(made.by_hotel[code], name) for code in codes] for name in names),
            paid,
            [rates.get(one) for one in paid],
        ],
    )


def rates_on(tx: Tx, day: date, reporting: str, wanted: set[str]) -> dict[str, Decimal]:
    """By currency: how much of it one of the reporting currency is, as far as it is known."""
    query = f"""
        with wanted as (
            select %(own)s::text as own, target, %(day)s::date as arrival from unnest(%(wanted)s::text[]) as t (target)
        ),
        {PRICING}
        select target, rate from priced where rate is not null
    """
    found = tx.execute(query, {"own": reporting, "day": day, "wanted": sorted(wanted - {reporting})})
    return {**dict(found.fetchall()), reporting: Decimal(1)}
