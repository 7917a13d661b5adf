"""How a condition reads: whole clauses about guests, each translated as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from shared.vocabulary.term import N_

ANYTHING_KNOWN = N_("of whom anything is known")


@dataclass(frozen=True)
class TextClause:
    """`yes`, `no`: with the values; `known`, `unknown`: whether there is one."""

    yes: str
    no: str
    known: str = ""  # empty for what is never missing
    unknown: str = ""


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
    """Whether a guest has one, one of several, or all of several; each with its opposite."""

    has: str
    lacks: str
    has_any: str
    lacks_any: str
    has_all: str
    lacks_all: str


Clause = TextClause | AmountClause | TruthClause | TextsClause
