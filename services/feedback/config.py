"""The settings of feedback, beside those every service reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.settings.providers import TWILIO_TOKEN


@dataclass(frozen=True)
class Config:
    """`twilio_token` signs what Twilio sends; without it nothing of that is believed."""

    twilio_token: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        return cls(TWILIO_TOKEN.read(environment))
