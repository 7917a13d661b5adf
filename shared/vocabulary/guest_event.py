"""What a hotel's own system calls what happened to a guest: two words or more, as «spa.booked»."""

from __future__ import annotations

EVENT_NAME = r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+"
LONGEST_EVENT_NAME = 60
LONGEST_VALUE_NAME = 60
