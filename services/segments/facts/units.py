"""What a number counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.vocabulary.term import N_


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802  as `N_`, for a text with a number
    """Marks a singular and its plural for the catalogues."""
    return singular, plural


class Measure(StrEnum):
    COUNT = "count"
    DAYS = "days"  # read as months or years where they come out even
    MONEY = "money"  # of one hotel in its currency, else in the reporting currency
    SHARE = "share"  # stored as a fraction; typed and read in per cent


@dataclass(frozen=True)
class Unit:
    """`number`: singular and plural with the number `shown`; empty for a plain one. `beside`: beside a form's field."""

    measure: Measure
    number: tuple[str, str] = ("", "")
    beside: str = ""


DAYS = Unit(Measure.DAYS, NN_("%(shown)s day", "%(shown)s days"), N_("days"))
YEARS = Unit(Measure.COUNT, NN_("%(shown)s year", "%(shown)s years"), N_("years"))
MONEY = Unit(Measure.MONEY)
PER_CENT = Unit(Measure.SHARE, beside=N_("per cent"))
