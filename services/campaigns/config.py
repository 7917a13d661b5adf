"""The settings of campaigns.

| variable | meaning | default |
|---|---|---|
| `GUESTLOOP_CAMPAIGNS_TIMERS` | timers taken a lane and step | 2000 |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import SettingError


@dataclass(frozen=True)
class Config:
    timers: int = 2000

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        text = environment.get("GUESTLOOP_CAMPAIGNS_TIMERS", "").strip() or "2000"
        if not text.isdecimal() or int(text) == 0:
            raise SettingError("GUESTLOOP_CAMPAIGNS_TIMERS must be a whole number above 0")
        return cls(timers=int(text))
