"""BG/NBD (Fader, Hardie, Lee 2005) for how often guests come, gamma-gamma (Fader, Hardie 2013) for what a visit brings.

A guest is `x`: visits after the first; `last`: time from the first visit to the last; `age`: time from the first visit
to the day of asking, all in one unit of time. Arrays of floats of one length; numpy and scipy are loaded by whoever
calls, which is the child alone.

Fitting adds up alike guests, and has its gradient in closed form: the simplex search that is usual takes a hundred
times as long. Both fits go over logarithms of the parameters, so that none becomes negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Objective = Callable[[Floats], tuple[float, Floats]]

LEAST, MOST = 1e-3, 1e4
"""Where a parameter runs away the guests do not determine it: it stops here."""


class NotFitted(Exception):
    """The guests do not determine the parameters: too few, or none of them came again."""


@dataclass(frozen=True)
class Visits:
    """Parameters of BG/NBD. `alpha` is in the unit of time."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, x: Floats, last: Floats, age: Floats) -> Floats:
        """The chance that a guest may still come. Of somebody who came once nothing else is known: it is 1."""
        odds = self._odds(x, last, age)
        result: Floats = 1 / (1 + odds)
        return result

    def expected(self, x: Floats, last: Floats, age: Floats, ahead: float) -> Floats:
        """Visits to be expected of each within `ahead`. The costly part depends on `x` and `age` alone, of which there
        are few pairs."""
        firsts, places, _ = alike(x, age)
        result: Floats = self._of_pairs(x[firsts], age[firsts], ahead)[places] / (1 + self._odds(x, last, age))
        return result

    def _odds(self, x: Floats, last: Floats, age: Floats) -> Floats:
        """Of having gone for good, against being there."""
        import numpy as np

        grown = (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + last))
        odds = self.a / (self.b + np.maximum(x, 1) - 1) * np.exp(np.minimum(grown, 500))
        result: Floats = np.where(x > 0, odds, 0.0)
        return result

    def _of_pairs(self, x: Floats, age: Floats, ahead: float) -> Floats:
        """Where `a` is 1 the formula divides nought by nought; a hair beside it is as good."""
        import numpy as np
        from scipy.special import hyp2f1

        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6
        part = ahead / (self.alpha + age + ahead)
        shrunk = (self.r + x) * np.log1p(-part)
        series = hyp2f1(self.r + x, self.b + x, a + self.b + x - 1, part)
        result: Floats = (a + self.b + x - 1) / (a - 1) * (1 - np.exp(shrunk) * series)
        return result


@dataclass(frozen=True)
class Spend:
    """Parameters of gamma-gamma. `v` is in the unit of money."""

    p: float
    q: float
    v: float

    def expected(self, visits: Floats, mean: Floats) -> Floats:
        """What a visit is to bring: between the guest's own mean and everybody's. `visits`: those the mean is of."""
        result: Floats = self.p * (self.v + visits * mean) / (self.p * visits + self.q - 1)
        return result


def fit_visits(x: Floats, last: Floats, age: Floats) -> Visits:
    """Raises `NotFitted`."""
    import numpy as np

    if not len(x) or not x.any():
        raise NotFitted("nobody came again")
    scale = 10 / float(age.max() or 1)  # ages of about ten keep the four parameters alike in size
    firsts, _, weights = alike(x, last, age)
    rows = np.array([x[firsts], last[firsts] * scale, age[firsts] * scale])
    r, alpha, a, b = _least(_visits(rows, weights.astype(float)), 4)
    return Visits(r, alpha / scale, a, b)


def fit_spend(visits: Floats, mean: Floats) -> Spend:
    """Of guests with a positive mean. Raises `NotFitted`."""
    import numpy as np

    positive = (mean > 0) & (visits > 0)
    if positive.sum() < 3:
        raise NotFitted("too few guests of whom an amount is known")
    scale = 1 / float(np.mean(mean[positive]))
    p, q, v = _least(_spend(visits[positive], mean[positive] * scale), 3)
    return Spend(p, q, v / scale)


def alike(*columns: Floats) -> tuple[Any, Any, Any]:
    """Guests with the same figures are counted once: the place of the first of each kind, the kind of each, and how
    many there are of it. Figure by figure, which is ten times as fast as by whole rows."""
    import numpy as np

    kinds = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, places = np.unique(column, return_inverse=True)
        _, kinds = np.unique(kinds * len(values) + places, return_inverse=True)
    _, firsts, counts = np.unique(kinds, return_index=True, return_counts=True)
    return firsts, kinds, counts


def _visits(rows: Floats, weights: Floats) -> Objective:
    """The mean of the negative logarithm of likelihood, with its gradient by the logarithms of r, alpha, a and b."""
    import numpy as np
    from scipy.special import digamma, gammaln

    x, last, age = rows
    again, total = x > 0, weights.sum()
    before = np.maximum(x, 1) - 1

    def value(logs: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = np.exp(logs)
        shared = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        shared += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        here = -(r + x) * np.log(alpha + age)
        gone = np.where(again, np.log(a) - np.log(b + before) - (r + x) * np.log(alpha + last), -np.inf)
        both = np.logaddexp(here, gone)
        is_here, is_gone = np.exp(here - both), np.exp(gone - both)
        slopes = np.array([
            digamma(r + x) - digamma(r) + np.log(alpha)
            - is_here * np.log(alpha + age) - is_gone * np.log(alpha + last),
            r / alpha - (r + x) * (is_here / (alpha + age) + is_gone / (alpha + last)),
            digamma(a + b) - digamma(a + b + x) + is_gone / a,
            digamma(a + b) + digamma(b + x) - digamma(b) - digamma(a + b + x) - is_gone / (b + before),
        ])  # fmt: skip
        return -float(weights @ (shared + both)) / total, -(slopes @ weights) * np.exp(logs) / total

    return value


def _spend(visits: Floats, mean: Floats) -> Objective:
    import numpy as np
    from scipy.special import digamma, gammaln

    total = len(visits)

    def value(logs: Floats) -> tuple[float, Floats]:
        p, q, v = np.exp(logs)
        px, sum_ = p * visits, visits * mean + v
        each = gammaln(px + q) - gammaln(px) - gammaln(q) + q * np.log(v)
        each += (px - 1) * np.log(mean) + px * np.log(visits) - (px + q) * np.log(sum_)
        slopes = np.array([
            visits * (digamma(px + q) - digamma(px) + np.log(mean) + np.log(visits) - np.log(sum_)),
            digamma(px + q) - digamma(q) + np.log(v) - np.log(sum_),
            q / v - (px + q) / sum_,
        ])  # fmt: skip
        return -float(each.sum()) / total, -slopes.sum(axis=1) * np.exp(logs) / total

    return value


def _least(objective: Objective, count: int) -> list[float]:
    """The parameters at which an objective is least."""
    import numpy as np
    from scipy.optimize import minimize

    limits = [(np.log(LEAST), np.log(MOST))] * count
    tight = {"ftol": 1e-14, "gtol": 1e-9, "maxiter": 500}
    found = minimize(objective, np.zeros(count), jac=True, method="L-BFGS-B", bounds=limits, options=tight)
    if not np.all(np.isfinite(found.x)):
        raise NotFitted("the parameters cannot be found")
    return [float(one) for one in np.exp(found.x)]
