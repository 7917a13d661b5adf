"""In which order a column writes day, month and year: settled from all its rows, and asked where two orders fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.segments.rules.written.written_dates import (
    Order,
    ShortBirth,
    born_before,
    is_serial,
    numbers_of,
    read_birth,
    read_date,
    read_moment,
)
from shared.errors import InputError
from shared.vocabulary.file_problem import FileProblem

STRAYS = 100  # one row in so many may stand the wrong way round without putting the others in doubt
SPREAD = 3  # times as many different days as years: the column says itself which of its numbers is which
NUMERIC = (Order.YMD, Order.DMY, Order.MDY)


@dataclass
class Seen:
    """Rows by the orders in which they are dates, those written by numbers only. `short`: the numbers of dates whose
    years have two digits. `dotted`: whether all are written with dots."""

    fits: Counter[frozenset[Order]] = field(default_factory=Counter)
    examples: dict[frozenset[Order], str] = field(default_factory=dict)
    short: list[tuple[str, str]] = field(default_factory=list)
    dotted: bool = True
    serial: int = 0

    def rows(self, *orders: Order) -> int:
        """Rows that fit these orders and no other."""
        return self.fits[frozenset(orders)]

    def fitting(self, order: Order) -> int:
        return sum(rows for orders, rows in self.fits.items() if order in orders)


def settle_order(column: str, texts: Mapping[str, int], asked: Order | None = None) -> Order:
    """The one order in which the column's dates make sense. `texts`: how many rows say what.

    Raises `InputError` where day, month and year could stand in several orders: that is asked, not guessed.
    """
    if asked is not None:
        return asked
    seen = _see(texts)
    total = sum(seen.fits.values())
    if seen.serial > total:
        return Order.SERIAL
    if not total or 2 * seen.rows(Order.YMD) >= total:
        return Order.YMD
    possible = _possible(seen)
    contradicted = {one: total - seen.fitting(one) for one in possible}
    sure = [one for one in possible if contradicted[one] * STRAYS <= seen.fitting(one)]
    if len(sure) == 1:
        return sure[0]
    raise InputError(_question(column, sure or possible, seen), code=FileProblem.DATE_ORDER)


def _see(texts: Mapping[str, int]) -> Seen:
    seen = Seen()
    for text, rows in texts.items():
        if is_serial(text):
            seen.serial += rows
        numbers = numbers_of(text)
        orders = frozenset(order for order in NUMERIC if _fits(text, order))
        if not orders or (numbers is None and len(orders) > 1):
            continue  # no date, or one that reads the same in any order
        seen.fits[orders] += rows
        seen.examples.setdefault(orders, text)
        if numbers and len(numbers[0]) < 4:
            seen.dotted = seen.dotted and numbers[3] == "."
            if len(numbers[2]) < 4:
                seen.short.append((numbers[0], numbers[2]))
    return seen


def _possible(seen: Seen) -> list[Order]:
    """What day and month could be. With dots the day stands first everywhere; of two-digit years there are few."""
    firsts, lasts = (len({pair[place] for pair in seen.short}) for place in (0, 1))
    if seen.short and firsts * SPREAD <= lasts:
        return [Order.YMD]
    if seen.dotted:
        return [Order.DMY] if seen.fitting(Order.DMY) else [Order.MDY, Order.YMD]
    if seen.short and lasts * SPREAD > firsts:
        return list(NUMERIC)
    return [Order.DMY, Order.MDY]


def _question(column: str, orders: Iterable[Order], seen: Seen) -> str:
    orders = list(orders)
    shown = _shown(orders, seen)
    choice = " or ".join(f"--dates {column}={order}" for order in orders)
    return f"the dates in «{column}» can be read in several ways ({shown}); say which with {choice}"


def _shown(orders: list[Order], seen: Seen) -> str:
    """An example in each reading; two examples where the rows contradict one another."""
    for fits, text in seen.examples.items():
        if fits.issuperset(orders):
            return "; ".join(_reading(text, order) for order in orders)
    found = []
    for order in orders:
        if example := next((text for fits, text in seen.examples.items() if order in fits), None):
            found.append(_reading(example, order))
    return "the rows contradict one another: " + "; ".join(found)


def _reading(text: str, order: Order) -> str:
    return f"«{text}» is «{read_date(text, order)}» as {order}"


def _fits(text: str, order: Order) -> bool:
    try:
        read_date(text, order)
    except ValueError:
        return False
    return True


__all__ = ["Order", "ShortBirth", "born_before", "read_birth", "read_date", "read_moment", "settle_order"]
