"""The settings of campaigns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings.services import CAMPAIGNS_TIMERS


@dataclass(frozen=True)
class Config:
    """`timers`: how many are taken a lane and step."""

    timers: int = CAMPAIGNS_TIMERS.default

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        return cls(timers=CAMPAIGNS_TIMERS.read(environment))
