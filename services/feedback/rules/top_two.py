"""How many of a question's ratings are among the two best of its scale: a share of a hundred, rounded once."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from services.feedback.rules.nps import CONFIDENCE, IN_INK_FROM


@dataclass(frozen=True)
class TopTwo:
    best: int
    n: int

    @property
    def share(self) -> int | None:
        return round(100 * self.best / self.n) if self.n else None

    @property
    def band(self) -> int | None:
        """± at 95 %. Four imagined ratings, half of them good, keep it from vanishing where all agree (Agresti and
        Coull)."""
        if not self.n:
            return None
        n = self.n + 4
        share = (self.best + 2) / n
        return round(100 * CONFIDENCE * sqrt(share * (1 - share) / n))

    @property
    def is_firm(self) -> bool:
        return self.n >= IN_INK_FROM
