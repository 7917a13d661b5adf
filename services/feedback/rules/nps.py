"""The net promoter score: promoters (9–10) less detractors (0–6) of all who answered, −100 to 100, rounded once."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

PROMOTERS_FROM, PASSIVES_FROM = 9, 7
LEAST = {"promoters": PROMOTERS_FROM, "passives": PASSIVES_FROM}
"""By which number the tally of days knows whom; detractors by 0."""
IN_INK_FROM = 100  # below it the band is wider than ±15: too few to tell
CONFIDENCE = 1.96


@dataclass(frozen=True)
class Nps:
    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> int | None:
        return round(100 * (self.promoters - self.detractors) / self.n) if self.n else None

    @property
    def band(self) -> int | None:
        """± at 95 %. Three imagined answers, one of each kind in all, keep it from vanishing where all agree."""
        if not self.n:
            return None
        n, up, down = self.n + 3, self.promoters + 0.75, self.detractors + 0.75
        spread = (up + down) / n - ((up - down) / n) ** 2
        return round(100 * CONFIDENCE * sqrt(spread / n))

    @property
    def is_firm(self) -> bool:
        return self.n >= IN_INK_FROM
