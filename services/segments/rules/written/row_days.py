"""The days of a row: an instant is the day it is at the hotel, and nobody is born after they booked."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from services.segments.rules.written.written_dates import ShortBirth, born_before
from shared.localtime import zone_named

DAYS = ("status_date", "booked_on", "arrival", "departure")


def settle_days(values: MutableMapping[str, Any], zone: str | None) -> None:
    """`values`: by field what the row says. Instants become days in the hotel's zone, or as written where that is not
    known; `status_at` is the instant of the status, unless it is the hotel's midnight, which stands for a day."""
    for name in DAYS:
        if type(at := values[name]) is not datetime:
            continue
        here = at.astimezone(zone_named(zone)) if zone else at
        values[name] = here.date()
        if name == "status_date" and (here.hour, here.minute, here.second) != (0, 0, 0):
            values["status_at"] = at
    birth = values.get("birth_date")
    if birth is not None and (birth >= values["booked_on"] or type(birth) is ShortBirth):
        values["birth_date"] = born_before(birth, values["booked_on"])
