"""What was predicted last, of the hotels that somebody looks at, and how the test went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.segments.store.prediction.sums import Tested
from shared.access.scope import Scope, within
from shared.database.pool import Tx


@dataclass(frozen=True)
class Prediction:
    as_of: date
    counted_at: datetime
    split: date
    ahead: int
    why: str | None
    parameters: dict[str, Any]
    currency: str
    months_named: int
    months_met: int


@dataclass(frozen=True)
class Expected:
    """Of guests whose last visit was to these hotels. `worth`: in the reporting currency. `currencies`: what the hotels
    are paid in; `worth_there`: in that, where it is one and its rate is known."""

    guests: int
    once: int
    alive: float
    visits: float
    worth: float
    unpriced: int
    currencies: list[str]
    worth_there: Decimal | None

    @property
    def again(self) -> int:
        """Guests who came more than once."""
        return self.guests - self.once

    @property
    def alive_again(self) -> float:
        """Those of them who may still come; who came once counts whole in `alive`."""
        return self.alive - self.once


def last_prediction(tx: Tx) -> Prediction | None:
    found = tx.rows(
        Prediction,
        """
        select as_of, counted_at, split, ahead, why, parameters, currency, months_named, months_met from prediction
        order by as_of desc limit 1
        """,
    )
    return found[0] if found else None


def expected_of(tx: Tx, as_of: date, scope: Scope) -> Expected:
    query = f"""
        select coalesce(sum(guests), 0)::int as guests, coalesce(sum(once), 0)::int as once,
            coalesce(sum(alive), 0) as alive, coalesce(sum(visits), 0) as visits, coalesce(sum(worth), 0) as worth,
            coalesce(sum(unpriced), 0)::int as unpriced, coalesce(array_agg(distinct currency), '{{}}') as currencies,
            case when count(rate) = count(*) then sum(worth::numeric * rate) end as worth_there
        from prediction_hotel where as_of = %(as_of)s and {within("property")}
    """
    (found,) = tx.rows(Expected, query, {"as_of": as_of, **scope.values})
    return found


def compared_lines(tx: Tx, as_of: date, scope: Scope) -> list[Tested]:
    """Of all hotels together, or of those in the scope added up: each guest is of the hotel of their last visit."""
    query = """
        select '' as property, before, sum(guests)::int as guests, sum(predicted) as predicted, sum(came)::int as came
        from prediction_test
        where as_of = %(as_of)s
            and case when %(everywhere)s then property = '' else property = any(%(hotels)s::text[]) end
        group by before order by before
    """
    return tx.rows(Tested, query, {"as_of": as_of, **scope.values})
