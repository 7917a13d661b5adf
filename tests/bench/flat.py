"""Whether what was measured hour by hour is flat: by the slope of the line that fits it best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, linear_regression

SHARE = 0.10
"""By so much of its mean a thing may rise over the hours that are judged."""


@dataclass(frozen=True)
class Judged:
    """`rise`: from the first hour to the last, by the line; `allowed`: how much it may be."""

    name: str
    mean: float
    rise: float
    allowed: float

    @property
    def is_flat(self) -> bool:
        return self.rise <= self.allowed


def judge(name: str, values: Sequence[float], least: float) -> Judged:
    """`least`: a rise that says nothing, however small the thing is. Fewer than three hours tell nothing: no rise."""
    mean = fmean(values) if values else 0.0
    slope = linear_regression(range(len(values)), values).slope if len(values) > 2 else 0.0
    return Judged(name, mean, slope * (len(values) - 1), max(SHARE * mean, least))


def judge_all(hours: Iterable[Mapping[str, float]], least: float) -> list[Judged]:
    """What every hour tells of each thing; one that is not there in an hour is 0 then. The steepest comes first."""
    told = list(hours)
    names = sorted({name for hour in told for name in hour})
    judged = [judge(name, [hour.get(name, 0.0) for hour in told], least) for name in names]
    return sorted(judged, key=lambda one: one.allowed - one.rise)
