"""A paused journey goes on: what becomes of what was due meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from shared.localtime import local_instant, zone_named

OVERDUE = "overdue-after-pause"
A_DAY = timedelta(days=1)


class Overdue(StrEnum):
    SEND = "send"  # at once, where it is still useful
    SKIP = "skip"  # those guests leave the journey, with that as the reason
    SHIFT = "shift"  # everybody waits on, as many days longer as the pause took


def shifted(due: datetime, zone: str, paused_for: timedelta) -> datetime:
    """As many whole days later as cover the pause, at the same local hour."""
    days = -(-paused_for // A_DAY)
    local = due.astimezone(zone_named(zone))
    return local_instant(local.date() + timedelta(days=days), local.time(), zone)
