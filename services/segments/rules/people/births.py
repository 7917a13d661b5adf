"""Whether two stated birth dates may be one person's."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from services.segments.rules.people.guests import is_placeholder


class Births(StrEnum):
    """How two birth dates stand to each other."""

    UNKNOWN = "unknown"  # one of them is missing, or stands for «not asked»
    SAME = "same"
    SLIP = "slip"  # day and month swapped, or one digit
    OTHER = "other"  # two persons', whatever else agrees


def births(one: date | None, other: date | None) -> Births:
    if one is None or other is None or is_placeholder(one) or is_placeholder(other):
        return Births.UNKNOWN
    if one == other:
        return Births.SAME
    return Births.SLIP if _is_slip(one, other) else Births.OTHER


def _is_slip(one: date, other: date) -> bool:
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    return sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True)) == 1
