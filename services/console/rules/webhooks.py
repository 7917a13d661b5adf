"""When a webhook is tried again, when it is given up, and how its messages are signed (Standard Webhooks)."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta

from shared.vocabulary.term import N_, Term

PAUSES = tuple(
    timedelta(minutes=minutes) for minutes in (1 / 6, 1, 5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 20 * 60, 24 * 60)
)
"""After the first attempt that failed, the second, …; the last one for all that follow."""
GIVEN_UP_AFTER = timedelta(days=5)
LONGEST_REST = timedelta(minutes=30)
PREFIX = "whsec_"


class MessageState(Term):
    """What became of an event that another system is to be told of."""

    WAITING = "waiting", N_("waiting"), "plain", "clock"
    DELIVERED = "delivered", N_("delivered"), "good", "tick"
    DEAD = "dead", N_("given up"), "bad", "stop"


def next_attempt(attempts: int, told_at: datetime, now: datetime) -> datetime | None:
    """After so many attempts that failed; None where it is given up."""
    if now - told_at >= GIVEN_UP_AFTER:
        return None
    return now + PAUSES[min(attempts, len(PAUSES)) - 1]


def rest_after(failures: int, now: datetime) -> datetime:
    """Until when nothing is sent to a system that failed so many times in a row, whatever the message."""
    return now + min(PAUSES[min(failures, len(PAUSES)) - 1], LONGEST_REST)


def is_taken(status: int) -> bool:
    return 200 <= status < 300


def signed(secret: str, event_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """The headers of one attempt: the number that stays, the instant, and the HMAC-SHA256 of both and the body."""
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{event_id}.{stamp}.".encode() + body, "sha256")
    signature = base64.b64encode(digest).decode()
    return {"webhook-id": event_id, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}
