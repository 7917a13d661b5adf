"""The settings of messaging."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.errors import SettingError
from shared.settings import LOCAL, origin


@dataclass(frozen=True, kw_only=True)
class Config:
    """How much, how fast and from where.

    `cap_contacts` marketing contacts in `cap_days` days, by guest and by contact point; `lease`: how long a claimed
    message may be on its way before it counts as unknown; `provider_lag`: by when at the latest a provider's own list
    shows what it took; `batch`: messages a claim; `origin`: where guests' links lead; `sandboxed`: channels whose
    messages end in the sandbox's mailbox.
    """

    cap_contacts: int = 2
    cap_days: int = 30
    lease: timedelta = timedelta(minutes=10)
    provider_lag: timedelta = timedelta(minutes=5)
    batch: int = 1000
    origin: str = LOCAL
    sandboxed: tuple[str, ...] = ("email", "sms")

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        return cls(
            cap_contacts=_number(environment, "GUESTLOOP_CAP_CONTACTS", cls.cap_contacts),
            cap_days=_number(environment, "GUESTLOOP_CAP_DAYS", cls.cap_days),
            lease=_minutes(environment, "GUESTLOOP_LEASE_MINUTES", cls.lease),
            provider_lag=_minutes(environment, "GUESTLOOP_PROVIDER_LAG_MINUTES", cls.provider_lag),
            batch=_number(environment, "GUESTLOOP_CLAIM_BATCH", cls.batch),
            origin=origin(environment),
            sandboxed=tuple(channel for channel in cls.sandboxed if _is_sandboxed(environment, channel)),
        )


def _is_sandboxed(environment: Mapping[str, str], channel: str) -> bool:
    return environment.get(f"GUESTLOOP_{channel.upper()}", "").strip() in ("", "sandbox")


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise SettingError(f"{name} must be a whole number of at least 1, not «{text}»")
    return int(text)


def _minutes(environment: Mapping[str, str], name: str, default: timedelta) -> timedelta:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text) or not float(text):
        raise SettingError(f"{name} must be a number of minutes above 0, not «{text}»")
    return timedelta(minutes=float(text))
