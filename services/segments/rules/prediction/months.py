"""In which month of the year ahead a guest's next visit is likely to begin.

A guest's share of a month lies between their own arrivals and the group's: the group's months count for as much as
`GROUP_WEIGHT` arrivals of the guest. How often they come (the rate of BG/NBD, given their visits) spreads over the
twelve months ahead by those shares, and the likely month is the one in which the first visit most probably falls,
if one comes at all. Not known (0): of whom fewer than two visits are known, where the group's arrivals are too few or
cover no whole year, and where no month stands out.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from services.segments.rules.prediction.models import Floats, Visits

    Bytes = np.ndarray[Any, np.dtype[np.uint8]]

YEAR, MONTHS = 365, 12
GROUP_WEIGHT = 4
LEAST_VISITS, LEAST_OF_GROUP = 2, 60
STANDS_OUT = 2 / MONTHS
"""A month is named from twice an even share on."""
AT_ONCE = 100_000


def first_month(as_of: date) -> int:
    """The first of the twelve: this month, in its second half the next."""
    return (as_of + timedelta(days=15)).month


def likely_months(x: Floats, age: Floats, months: Bytes, visits: Visits, first: int) -> Floats:
    """1 to 12, or 0. `months`: of the visits of each guest (`x` + 1), one after the other; ages in days."""
    import numpy as np

    found = np.zeros(len(x))
    if len(months) < LEAST_OF_GROUP or age.max() < YEAR:
        return found
    group = np.bincount(months - 1, minlength=MONTHS) / len(months)
    ends = np.cumsum(x + 1).astype(np.int64)
    begins = ends - (x + 1).astype(np.int64)
    for start in range(0, len(x), AT_ONCE):
        part = slice(start, min(start + AT_ONCE, len(x)))
        size = part.stop - part.start
        counts = (x[part] + 1).astype(np.int64)
        whose = np.repeat(np.arange(size), counts)
        own = months[begins[part][0] : ends[part][-1]] - 1
        table = np.bincount(whose * MONTHS + own, minlength=size * MONTHS).reshape(size, MONTHS)
        shares = (table + GROUP_WEIGHT * group) / (counts + GROUP_WEIGHT)[:, None]
        a_year = YEAR * (visits.r + x[part]) / (visits.alpha + age[part])
        found[part] = _likely(shares, a_year, first) * (counts >= LEAST_VISITS)
    return found


def _likely(shares: Floats, a_year: Floats, first: int) -> Floats:
    """`shares`: a row of twelve a guest, January first; `a_year`: visits."""
    import numpy as np

    ahead = np.roll(shares, 1 - first, axis=1)
    still_out = np.exp(-np.cumsum(ahead, axis=1) * a_year[:, None])
    before = np.hstack([np.ones((len(shares), 1)), still_out[:, :-1]])
    falls = (before - still_out) / (1 - still_out[:, -1:])
    best = np.argmax(falls, axis=1)
    named = falls[np.arange(len(falls)), best] >= STANDS_OUT
    result: Floats = np.where(named, (best + first - 1) % MONTHS + 1, 0)
    return result
