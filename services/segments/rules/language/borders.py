"""Where time alone moves a guest across a rule: the values that lie on a border on a given day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import assert_never

from services.segments.facts.fact import Index, Turn
from services.segments.rules.language.tree import Leaf, Op, Rule, compares, leaves


@dataclass(frozen=True, order=True)
class Border:
    """On day D, whoever's indexed date is D + `shift` days may cross.

    `least`: only guests of at least so many stays can cross a border of a count of stays. `key`: of the segment since
    when they are in, of the house's own date, or of the journey.
    """

    index: Index
    shift: int
    fact: str
    least: int = 0
    key: str = ""


def borders_of(rule: Rule) -> frozenset[Border]:
    """All borders of a rule."""
    return frozenset(border for leaf in leaves(rule) for border in _of_leaf(leaf))


def _of_leaf(leaf: Leaf) -> Iterator[Border]:
    fact = leaf.entry
    index = fact.index_for(leaf.where)
    if fact.rolls_days is not None:
        yield Border(Index.STAY_CHECKED_OUT, -fact.rolls_days, leaf.fact)
    if leaf.where.for_days is not None:
        keys = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        yield from (Border(Index.HELD_SINCE, -leaf.where.for_days, leaf.fact, key=str(key)) for key in keys)
    elif leaf.where.window_days is not None:
        assert index is not None, "a window without an index is refused by the parser"
        yield Border(index, -leaf.where.window_days, leaf.fact, _least_count(leaf))
    elif index is not None:
        for shift in _shifts(leaf, fact.turn):
            yield Border(index, shift, leaf.fact, key=leaf.where.named())


def _shifts(leaf: Leaf, turn: Turn | None) -> Iterator[int]:
    match turn:
        case Turn.EXPIRY:
            yield -1  # it counted yesterday for the last time
        case Turn.AGE:
            yield 0
        case Turn.SINCE:
            yield from (-value for value in _edges(leaf, lambda value: value - 1))
        case Turn.ANNIVERSARY:
            yield from (-value for value in _edges(leaf, lambda value: value - 1))
            yield 0  # today is the day: from a year's length, or from nothing, to 0
        case Turn.UNTIL:
            yield from _edges(leaf, lambda value: value + 1)
        case Turn.BIRTHDAY:
            yield from _edges(leaf, lambda value: value + 1)
            yield -1  # yesterday was the birthday: from 0 to a year's length
        case None:
            pass
        case _:
            assert_never(turn)


def _edges(leaf: Leaf, yesterday: Callable[[int], int]) -> Iterator[int]:
    """The values whose truth differs from that of the value the day before."""
    given = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    near = {int(value) + step for value in given if not isinstance(value, str) for step in (-1, 0, 1)}
    for value in sorted(near):
        if compares(leaf.op, value, leaf.value) != compares(leaf.op, yesterday(value), leaf.value):
            yield value


def _least_count(leaf: Leaf) -> int:
    """The smallest count that makes a difference to «none»; below it, a window leaves the leaf as it is."""
    if not leaf.entry.counts_stays or leaf.op is Op.KNOWN:
        return 0
    given = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    near = sorted({int(value) + step for value in given if not isinstance(value, str) for step in (-1, 0, 1)})
    none = compares(leaf.op, 0, leaf.value)
    return next((value for value in near if value > 0 and compares(leaf.op, value, leaf.value) != none), 0)
