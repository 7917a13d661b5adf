"""Where time alone moves a guest across a rule: the values that lie on a border on a given day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from services.segments.rules.language.facts import Index, Turn
from services.segments.rules.language.parse import index_of
from services.segments.rules.language.tree import Leaf, Op, Rule, compares, leaves


@dataclass(frozen=True, order=True)
class Border:
    """On day D, whoever's indexed date is D + `shift` days may cross.

    `least`: only guests of at least so many stays can cross a border of a count of stays.
    """

    index: Index
    shift: int
    fact: str
    least: int = 0


def borders_of(rule: Rule) -> frozenset[Border]:
    """All borders of a rule."""
    return frozenset(border for leaf in leaves(rule) for border in _of_leaf(leaf))


def _of_leaf(leaf: Leaf) -> Iterator[Border]:
    fact = leaf.entry
    index = index_of(fact, leaf.where)
    if leaf.where.window_days is not None:
        assert index is not None, "a window without an index is refused by the parser"
        yield Border(index, -leaf.where.window_days, leaf.fact, _least_count(leaf))
    elif index is not None:
        for shift in _shifts(leaf, fact.turn):
            yield Border(index, shift, leaf.fact)


def _shifts(leaf: Leaf, turn: Turn | None) -> Iterator[int]:
    if turn is Turn.EXPIRY:
        yield -1  # it counted yesterday for the last time
    elif turn is Turn.AGE:
        yield 0
    elif turn is Turn.SINCE:
        yield from (-value for value in _edges(leaf, lambda value: value - 1))
    elif turn is not None:
        yield from _edges(leaf, lambda value: value + 1)
        if turn is Turn.BIRTHDAY:
            yield -1  # yesterday was the birthday: from 0 to a year's length


def _edges(leaf: Leaf, yesterday: Callable[[int], int]) -> Iterator[int]:
    """The values whose truth differs from that of the value the day before."""
    given = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    near = {int(value) + step for value in given if not isinstance(value, str) for step in (-1, 0, 1)}
    for value in sorted(near):
        if compares(leaf.op, value, leaf.value) != compares(leaf.op, yesterday(value), leaf.value):
            yield value


def _least_count(leaf: Leaf) -> int:
    """The smallest count that makes a difference to «none»; below it, a window leaves the leaf as it is."""
    if leaf.fact != "stays" or leaf.op is Op.KNOWN:
        return 0
    given = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    near = sorted({int(value) + step for value in given if not isinstance(value, str) for step in (-1, 0, 1)})
    none = compares(leaf.op, 0, leaf.value)
    return next((value for value in near if value > 0 and compares(leaf.op, value, leaf.value) != none), 0)


def birthday_on(birth: date, year: int) -> date:
    """The birthday in that year: 29 February falls on 28 February in common years."""
    if (birth.month, birth.day) == (2, 29) and not is_leap(year):
        return date(year, 2, 28)
    return date(year, birth.month, birth.day)


def next_birthday(birth: date, today: date) -> date:
    """The next birthday, today included."""
    this_year = birthday_on(birth, today.year)
    return this_year if this_year >= today else birthday_on(birth, today.year + 1)


def birthdays_kept_on(day: date) -> tuple[int, ...]:
    """The birthdays (month × 100 + day) that fall on a day."""
    if (day.month, day.day) == (2, 28) and not is_leap(day.year):
        return (228, 229)
    return (day.month * 100 + day.day,)


def is_leap(year: int) -> bool:
    return (date(year, 3, 1) - timedelta(days=1)).day == 29
