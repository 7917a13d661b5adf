"""The turn of a day: as of when guests are evaluated for it, and why."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from functools import lru_cache

from shared.localtime import local_instant


@lru_cache(maxsize=4096)
def time_reason(fact: str, day: date) -> str:
    """`because` of an evaluation, as JSON: this fact turned on this day."""
    return json.dumps({"date": day.isoformat(), "fact": fact, "kind": "time"})


@lru_cache(maxsize=4096)
def midnight(day: date, zone: str) -> datetime:
    """The instant at which a calendar day begins."""
    return local_instant(day, time(0), zone)
