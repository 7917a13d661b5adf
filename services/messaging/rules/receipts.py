"""What is said of a message after its provider took it, and which of two such words counts.

Providers repeat themselves, are late, and do not keep the order. Each state has a rank by channel, and a message's
receipt only ever rises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from shared.vocabulary.channel import Channel, ContactKind
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState

RANKS: Mapping[ContactKind, tuple[ReceiptState, ...]] = {
    # «delivered»: the guest's mail server took it, and may still return it
    ContactKind.ADDRESS: (
        ReceiptState.ON_ITS_WAY,
        ReceiptState.DELIVERED,
        ReceiptState.BOUNCED,
        ReceiptState.COMPLAINED,
    ),
    # «delivered»: it is on the telephone, whatever a carrier said before or says after
    ContactKind.NUMBER: (
        ReceiptState.ON_ITS_WAY,
        ReceiptState.BOUNCED,
        ReceiptState.DELIVERED,
        ReceiptState.COMPLAINED,
    ),
}
OPERATORS_ASKED = (Reason.POLICY, Reason.SET_UP, Reason.CONTENT)
"""Why a message came back, where the hotel's people must do something: every message like it will come back."""
FULL_BOXES, FULL_WITHIN_DAYS = 3, 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One word about one message. `detail`: the provider's code; `ref`: its name for the message; `price`: what it
    takes for it, in `currency`, where it says so. `is_read`: it was shown to whoever has the telephone."""

    message_id: UUID
    state: ReceiptState
    happened_at: datetime
    channel: Channel
    reason: Reason | None = None
    detail: str | None = None
    ref: str | None = None
    price: Decimal | None = None
    currency: str | None = None
    is_read: bool = False

    @property
    def rank(self) -> int:
        return RANKS[self.channel.contact].index(self.state)


def last_words(reports: Iterable[Report]) -> list[Report]:
    """Of several about one message that of the highest rank, the earliest of those."""
    found: dict[UUID, Report] = {}
    for report in sorted(reports, key=lambda one: (one.rank, -one.happened_at.timestamp())):
        found[report.message_id] = report
    return [found[message_id] for message_id in sorted(found)]
