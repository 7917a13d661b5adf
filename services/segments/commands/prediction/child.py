"""Fits and scores guests in a process of its own, which ends: numpy and scipy would stay in memory for good.

Run as a module. Standard input: a line of JSON, {"count", "ahead", "month"}, then four arrays of so many doubles: `x`,
`last`, `age`, `mean`, then a byte a visit: its month, those of a guest (`x` + 1) beside each other. Standard output: a
line of JSON with the parameters, or {"why"}, then five arrays: the chance of being alive, visits within `ahead`, what a
visit is to bring, their product, and the likely month of the next visit. Arguments: the most bytes of memory, the most
seconds.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import BinaryIO

from services.segments.rules.prediction.models import NotFitted, fit_spend, fit_visits
from services.segments.rules.prediction.months import likely_months

MOST_FITTED = 200_000
"""Of more guests, so many taken evenly determine the parameters to the fourth digit."""
WORDS = 4


def main(given: BinaryIO, told: BinaryIO) -> None:
    import numpy as np

    asked = json.loads(given.readline())
    body, size = given.read(), asked["count"]
    x, last, age, mean = np.frombuffer(body, dtype=np.float64, count=WORDS * size).reshape(WORDS, size)
    months = np.frombuffer(body, dtype=np.uint8, offset=WORDS * size * x.itemsize)
    fitted = slice(None, None, max(len(x) // MOST_FITTED, 1))
    try:
        visits = fit_visits(x[fitted], last[fitted], age[fitted])
        spend = fit_spend(x[fitted] + 1, mean[fitted])
    except NotFitted as error:
        told.write(json.dumps({"why": str(error)}).encode() + b"\n")
        return
    to_come = visits.expected(x, last, age, asked["ahead"])
    a_visit = spend.expected(x + 1, np.maximum(mean, 0))
    likely = likely_months(x, age, months, visits, asked["month"])
    told.write(json.dumps({"visits": asdict(visits), "spend": asdict(spend)}).encode() + b"\n")
    for one in (visits.alive(x, last, age), to_come, a_visit, to_come * a_visit, likely):
        told.write(np.ascontiguousarray(one, dtype=np.float64).tobytes())


def bound(most_memory: int, most_seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not a Unix
        return
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    bound(*map(int, sys.argv[1:3]))
    main(sys.stdin.buffer, sys.stdout.buffer)
