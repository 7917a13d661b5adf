"""One word of a provider about one mail, whichever provider it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.messaging.rules.receipts import Report
from shared.rows import row
from shared.vocabulary.channel import Channel
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState

OURS = re.compile(r"<?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>@\s]{1,255}>?")


@row
class Told:
    """`state`: None where the reader wants no more."""

    message_id: UUID
    state: ReceiptState | None
    at: datetime
    reason: Reason | None = None
    code: str | None = None

    @property
    def report(self) -> Report | None:
        if self.state is None:
            return None
        return Report(
            message_id=self.message_id,
            state=self.state,
            channel=Channel.EMAIL,
            happened_at=self.at,
            reason=self.reason,
            detail=self.code,
        )


def message_named(message_id: object) -> UUID | None:
    """The message of a Message-ID that we gave; None for every other."""
    found = OURS.fullmatch(str(message_id or "").strip().lower())
    return UUID(found[1]) if found else None


def instant(text: object, now: datetime) -> datetime:
    """When it happened, in ISO 8601 or seconds since 1970, never later than now; now where that cannot be read."""
    try:
        if isinstance(text, int | float):
            return min(datetime.fromtimestamp(float(text), UTC), now)
        found = datetime.fromisoformat(str(text))
        return min(found if found.tzinfo else found.replace(tzinfo=UTC), now)
    except (ValueError, OverflowError, OSError):
        return now


def part(value: object, *names: str) -> Mapping[str, Any]:
    """The object at the end of a path of names; an empty one where it is not there."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
