"""What the page says of it: it is asked for nothing, and sends to its door."""

from __future__ import annotations

from datetime import timedelta

from services.segments.rules.systems import Pace, SystemKind
from services.segments.systems.system import Profile

PROFILE = Profile(
    kind=SystemKind.OTA_XML,
    credentials=(),
    address=None,
    hotel_example="10107",
    pace=Pace(1, timedelta(seconds=1)),
    every=timedelta(days=1),
    door="{origin}/ota/{id}",
)
