"""The settings of console beside those every service reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings.installation import HEARTBEATS


@dataclass(frozen=True)
class Config:
    """`heartbeats`: whether other services are to hear that access is up to date."""

    heartbeats: bool = HEARTBEATS.default

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        return cls(HEARTBEATS.read(environment))
