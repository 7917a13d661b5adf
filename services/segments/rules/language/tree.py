"""A rule as a tree of frozen values: the parser makes it, the compiler and the second evaluator read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.segments.facts import FACTS
from services.segments.facts.fact import Fact, Kind, Number, Plain
from services.segments.facts.where import EVERYWHERE, Where


class Op(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    BETWEEN = "between"  # both ends belong to it
    HAS = "has"
    HAS_ANY = "has_any"
    HAS_ALL = "has_all"
    KNOWN = "known"  # of texts: there is one
    STARTS_WITH = "starts_with"


EQUALITY = (Op.IS, Op.IS_NOT, Op.IN, Op.NOT_IN, Op.KNOWN)
ORDER = (Op.AT_LEAST, Op.AT_MOST, Op.MORE_THAN, Op.LESS_THAN, Op.BETWEEN)
OPS: dict[Kind, tuple[Op, ...]] = {
    Kind.WHOLE: EQUALITY + ORDER,
    Kind.MONEY: EQUALITY + ORDER,
    Kind.TEXT: (*EQUALITY, Op.STARTS_WITH),
    Kind.TEXTS: (Op.HAS, Op.HAS_ANY, Op.HAS_ALL, Op.KNOWN),
    Kind.TRUTH: (Op.IS,),
    Kind.MEMBERSHIP: (Op.IS, Op.IS_NOT, Op.IN, Op.NOT_IN),
}
LISTS = (Op.IN, Op.NOT_IN, Op.BETWEEN, Op.HAS_ANY, Op.HAS_ALL)

Value = Plain | tuple[Plain, ...]


@dataclass(frozen=True)
class Leaf:
    fact: str
    op: Op
    value: Value
    where: Where = EVERYWHERE

    @property
    def entry(self) -> Fact:
        return FACTS[self.fact]


@dataclass(frozen=True)
class All:
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Any:
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Not:
    rule: Rule


Rule = All | Any | Not | Leaf


def leaves(rule: Rule) -> Iterator[Leaf]:
    if isinstance(rule, Leaf):
        yield rule
    elif isinstance(rule, Not):
        yield from leaves(rule.rule)
    else:
        for part in rule.rules:
            yield from leaves(part)


def compares(op: Op, actual: Number, value: Value) -> bool:
    """Whether a number stands in that relation to the leaf's value."""
    if isinstance(value, tuple):
        if op is Op.BETWEEN:
            low, high = value
            return bool(low <= actual <= high)  # type: ignore[operator]
        return (actual in value) is (op is Op.IN)
    if op is Op.KNOWN:
        return True
    if op in (Op.IS, Op.IS_NOT):
        return (actual == value) is (op is Op.IS)
    assert isinstance(value, int | Decimal)
    return {
        Op.AT_LEAST: actual >= value,
        Op.AT_MOST: actual <= value,
        Op.MORE_THAN: actual > value,
        Op.LESS_THAN: actual < value,
    }[op]
