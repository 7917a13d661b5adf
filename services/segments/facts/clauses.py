"""How a condition reads: whole clauses about guests, each translated as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from shared.vocabulary.term import N_

ANYTHING_KNOWN = N_("of whom anything is known")


@dataclass(frozen=True)
class TextClause:
    """`yes`, `no`: with the values; `known`, `unknown`: whether there is one. `plain`: `no` says by itself that guests
    without a value are out."""

    yes: str
    no: str
    known: str = ""  # empty for what is never missing
    unknown: str = ""
    plain: bool = False


@dataclass(frozen=True)
class AmountClause:
    """`amount`: with an amount in words; `none`, `some`: for zero and for more; `unknown`: where it may be missing."""

    amount: str
    unknown: str
    known: str = ANYTHING_KNOWN
    none: str = ""
    some: str = ""


@dataclass(frozen=True)
class TruthClause:
    yes: str
    no: str


@dataclass(frozen=True)
class TextsClause:
    """Whether a guest has one, one of several, all of several, or any at all; each with its opposite."""

    has: str
    lacks: str
    has_any: str
    lacks_any: str
    has_all: str
    lacks_all: str
    some: str
    none: str


Clause = TextClause | AmountClause | TruthClause | TextsClause
