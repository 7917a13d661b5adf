"""When a journey keeps away from guests: while they are in house, or have a stay ahead."""

from __future__ import annotations

from enum import StrEnum


class NotWhile(StrEnum):
    IN_HOUSE = "in_house"
    BOOKED = "booked"
