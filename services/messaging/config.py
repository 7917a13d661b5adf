"""The settings of messaging."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.errors import SettingError


@dataclass(frozen=True, kw_only=True)
class Config:
    """How much, how fast and from where.

    `cap_contacts` marketing contacts in `cap_days` days, by guest and by contact point; `lease`: how long a claimed
    message may be on its way before it counts as unknown; `batch`: messages a claim; `links`: where guests' links lead.
    """

    cap_contacts: int = 2
    cap_days: int = 30
    lease: timedelta = timedelta(minutes=10)
    batch: int = 1000
    links: str = "http://localhost:8000/feedback"

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Config:
        return cls(
            cap_contacts=_number(environment, "GUESTLOOP_CAP_CONTACTS", cls.cap_contacts),
            cap_days=_number(environment, "GUESTLOOP_CAP_DAYS", cls.cap_days),
            lease=timedelta(minutes=_number(environment, "GUESTLOOP_LEASE_MINUTES", 10)),
            batch=_number(environment, "GUESTLOOP_CLAIM_BATCH", cls.batch),
            links=environment.get("GUESTLOOP_LINKS_URL", "").strip().rstrip("/") or cls.links,
        )


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise SettingError(f"{name} must be a whole number of at least 1, not «{text}»")
    return int(text)
