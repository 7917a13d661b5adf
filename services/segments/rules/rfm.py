"""RFM: three bands on each axis, and of them eight classes: high is the upper and the middle band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from shared.errors import InputError

CODES = tuple("".join(three) for three in product("HL", repeat=3))
"""Recency, frequency, money."""
WINDOWS = (365, 730)
STEP_DAYS, MOST_DAYS = 5, 1095
MOST_STAYS = 12
STEP_SHARE, MOST_SHARE = Decimal("0.05"), Decimal(5)
UPPER, LOWER = Decimal("0.2"), Decimal("0.4")
"""Of fifths: so many guests at most are in the upper band, and in both upper bands."""


@dataclass(frozen=True)
class Cuts:
    """Where high begins: days since the last check-out, stays in a window, spend a stay as a share of the average."""

    recent_days: int
    frequent_stays: int
    window_days: int
    spend_share: float


@dataclass(frozen=True)
class Bands:
    """Of each axis where the upper and where the middle band end: days since the last check-out at most, stays in the
    window at least, spend a stay as a share of the average at least."""

    recent: tuple[int, int]
    frequent: tuple[int, int]
    window_days: int
    spend: tuple[Decimal, Decimal]

    @property
    def cuts(self) -> Cuts:
        return Cuts(self.recent[1], self.frequent[1], self.window_days, float(self.spend[1]))


def check(bands: Bands) -> Bands:
    """Raises `InputError` by field, with codes."""
    problems = {}
    if not (0 < bands.recent[0] < bands.recent[1] <= MOST_DAYS and all(one % STEP_DAYS == 0 for one in bands.recent)):
        problems["recent"] = "days"
    if not MOST_STAYS >= bands.frequent[0] > bands.frequent[1] > 0:
        problems["frequent"] = "stays"
    if bands.window_days not in WINDOWS:
        problems["window_days"] = "window"
    if not (MOST_SHARE >= bands.spend[0] > bands.spend[1] > 0 and all(one % STEP_SHARE == 0 for one in bands.spend)):
        problems["spend"] = "share"
    if problems:
        raise InputError(problems=problems)
    return bands


Counted = Sequence[tuple[int, int]]
"""A value and how many guests have it."""


def fifths(days: Counted, stays: Counted, shares: Counted, window_days: int) -> Bands:
    """Bands of which the upper holds a fifth of the guests at most, and both upper ones two. Guests who are equal are
    never divided: where many are, a band holds fewer, which the sizes show. `shares`: in twentieths of the average."""
    recent = [_at_most(days, part) for part in (UPPER, LOWER)]
    recent[1] = min(max(recent[1], 2 * STEP_DAYS), MOST_DAYS)
    recent[0] = max(min(recent[0], recent[1] - STEP_DAYS), STEP_DAYS)
    frequent = [_at_least(stays, part, MOST_STAYS) for part in (UPPER, LOWER)]
    frequent[1] = min(frequent[1], MOST_STAYS - 1)
    frequent[0] = max(frequent[0], frequent[1] + 1)
    most = int(MOST_SHARE / STEP_SHARE)
    spend = [_at_least(shares, part, most) for part in (UPPER, LOWER)]
    spend[1] = max(min(spend[1], most - 1), 1)
    spend[0] = max(spend[0], spend[1] + 1)
    return Bands(
        (recent[0], recent[1]), (frequent[0], frequent[1]), window_days, (spend[0] * STEP_SHARE, spend[1] * STEP_SHARE)
    )


def _at_most(counted: Counted, part: Decimal) -> int:
    """The greatest value that so great a part of the guests does not exceed."""
    total, sum_, found = sum(count for _, count in counted), 0, 0
    for value, count in sorted(counted):
        sum_ += count
        if sum_ > part * total:
            break
        found = value
    return found


def _at_least(counted: Counted, part: Decimal, most: int) -> int:
    """The least value that no greater part of the guests reaches; never one that everybody has."""
    total, sum_, found = sum(count for _, count in counted), 0, most
    for value, count in sorted(counted, reverse=True):
        sum_ += count
        if sum_ > part * total:
            break
        found = value
    return min(found, most)
