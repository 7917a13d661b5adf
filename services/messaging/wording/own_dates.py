"""The house's own dates (a wedding day, the end of a membership) as texts name them, and guests' days of them as each
language says them.

Of one that comes again every year only month and day are kept, of the lunar calendar where it comes again by that: no
text says the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.messaging.wording.formats import birthday_in_words, day_in_words
from services.messaging.wording.lunar_days import lunar_day_in_words

GROUP = "own_date"
NAMED = re.compile(rf"{GROUP}\.(d__(?=\d)|(?=[a-z]))([a-z0-9]+(?:_[a-z0-9]+)*)")
BEFORE_A_DIGIT = "d__"
YEARLY = "--"  # before month and day: --06-14
LUNAR = "lunar--"  # the same by the lunar calendar: lunar--08-15


def value_of(key: str) -> str:
    """What a text reads of the date `wedding-day`: own_date.wedding_day. A name cannot begin with a digit there."""
    return f"{GROUP}.{_name(key)}"


def key_of(value: str) -> str | None:
    """The date that a value is of; None where it is none of them."""
    named = NAMED.fullmatch(value)
    return named[2].replace("_", "-") if named else None


def keys_in(values: Iterable[str]) -> frozenset[str]:
    """The dates among the values that a text reads."""
    return frozenset(key for value in values if (key := key_of(value)))


def kept(days: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """As `guest.changed` tells them: by key the whole day, or --month-day."""
    return {one["key"]: _kept(one) for one in days}


def _kept(one: Mapping[str, Any]) -> str:
    if lunar := one.get("lunar"):
        return f"{LUNAR}{lunar}"
    day: str = one["day"]
    return f"{YEARLY}{day[5:]}" if one["yearly"] else day


def days_in_words(days: Mapping[str, str], language: str) -> dict[str, str]:
    """What texts read: 14 June, 31 December 2026."""
    return {_name(key): _said(day, language) for key, day in days.items()}


def _name(key: str) -> str:
    return (BEFORE_A_DIGIT if key[0].isdigit() else "") + key.replace("-", "_")


def _said(day: str, language: str) -> str:
    if day.startswith(LUNAR):
        return lunar_day_in_words(*_month_and_day(day.removeprefix(LUNAR)), language)
    if day.startswith(YEARLY):
        return birthday_in_words(*_month_and_day(day.removeprefix(YEARLY)), language)
    return day_in_words(date.fromisoformat(day), language)


def _month_and_day(text: str) -> tuple[int, int]:
    month, day = map(int, text.split("-"))
    return month, day
