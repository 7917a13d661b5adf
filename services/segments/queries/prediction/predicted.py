"""What was predicted last, and how the test went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.database.pool import Tx


@dataclass(frozen=True)
class Prediction:
    as_of: date
    counted_at: datetime
    split: date
    ahead: int
    guests: int
    why: str | None
    parameters: dict[str, Any]
    alive: float
    visits: float
    worth: float
    currency: str


@dataclass(frozen=True)
class Tested:
    """`before`: visits before the split; of the last line so many or more."""

    before: int
    guests: int
    predicted: float
    came: int


def last_prediction(tx: Tx) -> Prediction | None:
    found = tx.rows(
        Prediction,
        """
        select as_of, counted_at, split, ahead, guests, why, parameters, alive, visits, worth, currency from prediction
        order by as_of desc limit 1
        """,
    )
    return found[0] if found else None


def compared_lines(tx: Tx, as_of: date) -> list[Tested]:
    query = "select before, guests, predicted, came from prediction_test where as_of = %s order by before"
    return tx.rows(Tested, query, [as_of])
