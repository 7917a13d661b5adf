"""The settings of feedback, beside those every service reads (`shared.settings`).

| variable | meaning |
|---|---|
| `GUESTLOOP_TWILIO_TOKEN` | the account's token, which signs Twilio's webhooks; without it none is accepted |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    twilio_token: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        return cls(environment.get("GUESTLOOP_TWILIO_TOKEN", "").strip())
