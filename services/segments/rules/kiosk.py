"""A kiosk at the desk: for how long it works, how long it remembers a guest, and what opens a guest's data there."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LASTS = timedelta(hours=12)
IDLE = timedelta(seconds=60)  # the page itself forgets after so long without a touch
FORGOTTEN_AFTER = timedelta(minutes=5)  # and the server, whatever the page does
MOST_WRONG_PINS = 5  # then the kiosk ends: closed is the safe side
MOST_WRONG_NAMES = 5  # then nobody is looked up for a while
PAUSE = timedelta(minutes=5)
PIN = re.compile(r"\d{4,8}")


@dataclass(frozen=True)
class Kiosk:
    """`turn`: of the guest who stands there, `guest_id` theirs, `seen_at` their last request."""

    id: UUID
    property: str
    secret_hash: str
    pin_sealed: str
    wrong_pins: int
    wrong_names: int
    paused_until: datetime | None
    person_id: UUID
    started_by: str
    session_id: UUID
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    turn: UUID | None
    guest_id: UUID | None
    seen_at: datetime | None

    def runs(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.ends_at

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until

    def guest_at(self, now: datetime) -> UUID | None:
        """Whose turn it is."""
        if self.seen_at is None or now >= self.seen_at + FORGOTTEN_AFTER:
            return None
        return self.guest_id


def same_name(typed: str, known: str) -> bool:
    """Whether a family name typed at a kiosk is the reservation's: accents, case and marks aside, and no less."""
    return bool(_plain(typed)) and _plain(typed) == _plain(known)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if letter.isalnum())
