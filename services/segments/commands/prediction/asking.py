"""Asks the child for a fit and the scores of guests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from array import array
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from services.segments.queries.prediction.visitors import Visitors
from services.segments.rules.prediction.months import first_month

MODULE = "services.segments.commands.prediction.child"
ROOT = Path(__file__).parents[4]
MOST_MEMORY = 2 * 1024**3  # of addresses, most of which are never touched
MOST_SECONDS = 120
COLUMNS = 5


@dataclass(frozen=True)
class Scores:
    """`why`: why nothing could be fitted. Columns of as many as there are guests: the chance that they may still come,
    visits to be expected, what a visit is to bring and the product of the last two (not a number where no amount of
    theirs is known), and the month in which the next visit is likely to fall (0: not known)."""

    why: str | None
    parameters: dict[str, Any] = field(default_factory=dict)
    columns: tuple[array[float], ...] = ()


def scores_of(guests: Visitors, ahead: int, as_of: date) -> Scores:
    """`ahead`: days from `as_of`. A child that dies or takes too long is as good as no fit."""
    if not len(guests):
        return Scores("nobody came yet")
    asked = {"count": len(guests), "ahead": ahead, "month": first_month(as_of)}
    head = json.dumps(asked).encode() + b"\n"
    body = b"".join(one.tobytes() for one in (guests.again, guests.last, guests.age, guests.mean)) + guests.months
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", MODULE, str(MOST_MEMORY), str(MOST_SECONDS)],
            input=head + body,
            capture_output=True,
            timeout=3 * MOST_SECONDS,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return Scores("it took too long")
    first, _, rest = done.stdout.partition(b"\n")
    if done.returncode != 0 or not first:
        return Scores("it could not be computed")
    told = json.loads(first)
    if "why" in told:
        return Scores(told["why"])
    whole = array("d", rest)
    size = len(guests)
    return Scores(None, told, tuple(whole[place * size : (place + 1) * size] for place in range(COLUMNS)))
