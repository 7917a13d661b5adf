"""Sums of what was scored, and what was predicted a while ago beside who came."""

from __future__ import annotations

from collections import defaultdict
from math import isnan

from services.segments.commands.prediction.asking import Scores
from services.segments.queries.prediction.visitors import Visitors
from services.segments.store.prediction.sums import Months, Sums, Tested

MOST_TOLD_APART = 4
"""Visits before: guests of more are one line."""
ALL_HOTELS = ""


def sums_by_hotel(guests: Visitors, scores: Scores) -> dict[str, Sums]:
    """By the hotel of the last visit; where nothing was fitted, no more than how many there are."""
    made: dict[str, list[float]] = defaultdict(lambda: [0.0] * 6)
    fitted = scores.why is None
    for place, again in enumerate(guests.again):
        line = made[guests.hotel(place)]
        line[0] += 1
        line[1] += again == 0
        if fitted:
            alive, visits, _, worth, _ = (column[place] for column in scores.columns)
            line[2] += alive
            line[3] += visits
            line[4] += 0 if isnan(worth) else worth
            line[5] += isnan(worth)
    return {
        code: Sums(int(guests), int(once), alive, visits, worth, int(unpriced))
        for code, (guests, once, alive, visits, worth, unpriced) in sorted(made.items())
    }


def compared(guests: Visitors, scores: Scores) -> list[Tested]:
    """Predicted beside came, by how often guests had come before, of all and by the hotel of their last visit."""
    if scores.why is not None:
        return []
    lines: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0] * 3)
    for place, again in enumerate(guests.again):
        before = min(int(again), MOST_TOLD_APART - 1) + 1
        for hotel in (ALL_HOTELS, guests.hotel(place)):
            line = lines[hotel, before]
            line[0] += 1
            line[1] += scores.columns[1][place]
            line[2] += guests.came[place]
    return [
        Tested(hotel, before, int(count), predicted, int(came))
        for (hotel, before), (count, predicted, came) in sorted(lines.items())
    ]


def months_met(guests: Visitors, scores: Scores) -> Months:
    """Of those who came, of whom a month had been named, and who came in it."""
    if scores.why is not None:
        return Months()
    pairs = [(int(named), came) for named, came in zip(scores.columns[4], guests.next_month, strict=True)]
    told = [(named, came) for named, came in pairs if named and came]
    return Months(len(told), sum(named == came for named, came in told))
