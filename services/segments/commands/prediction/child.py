"""Fits and scores guests in a process of its own, which ends: numpy and scipy would stay in memory for good.

Run as a module. Standard input: a line of JSON, {"count", "ahead"}, then four arrays of so many doubles: `x`, `last`,
`age`, `mean`. Standard output: a line of JSON with the parameters, or {"why"}, then four arrays: the chance of being
alive, visits within `ahead`, what a visit is to bring, and their product. Arguments: the most bytes of memory, the most
seconds.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import BinaryIO

from services.segments.rules.prediction.models import NotFitted, fit_spend, fit_visits

MOST_FITTED = 200_000
"""Of more guests, so many taken evenly determine the parameters to the fourth digit."""
WORDS = 4


def main(given: BinaryIO, told: BinaryIO) -> None:
    import numpy as np

    asked = json.loads(given.readline())
    x, last, age, mean = np.frombuffer(given.read(), dtype=np.float64).reshape(WORDS, asked["count"])
    fitted = slice(None, None, max(len(x) // MOST_FITTED, 1))
    try:
        visits = fit_visits(x[fitted], last[fitted], age[fitted])
        spend = fit_spend(x[fitted] + 1, mean[fitted])
    except NotFitted as error:
        told.write(json.dumps({"why": str(error)}).encode() + b"\n")
        return
    to_come = visits.expected(x, last, age, asked["ahead"])
    a_visit = spend.expected(x + 1, np.maximum(mean, 0))
    told.write(json.dumps({"visits": asdict(visits), "spend": asdict(spend)}).encode() + b"\n")
    for one in (visits.alive(x, last, age), to_come, a_visit, to_come * a_visit):
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
