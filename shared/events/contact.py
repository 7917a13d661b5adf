"""How a guest is reached, and what was said of consent, as events carry them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from shared.crypto.sealing import Sealed
from shared.rows import named_row
from shared.vocabulary.consent import ClaimedConsent
from shared.vocabulary.contact_point import PointClass


@named_row
class ContactPoint:
    """An address or number. `point` is its blind index; `address` stays sealed until it is used or shown.

    `others`: what else the point was or will be known by: under other keys while a key of the index is being turned,
    and in spellings that were kept before it was cleaned. `forms`: these spellings, a line each.
    """

    channel: str  # email | sms
    point: str
    address: Sealed
    kind: PointClass
    stay_id: UUID | None = None  # the stay a masked address serves
    others: list[str] | None = None
    forms: Sealed | None = None


@named_row
class ConsentClaim:
    """A source's claim about one channel's consent; the greatest (`said_at`, `source_ref`) decides."""

    channel: str
    state: ClaimedConsent
    said_at: datetime
    source_ref: str
    expires_on: date | None = None
