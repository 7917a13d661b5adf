"""What a message costs, as far as the house has said."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from services.messaging.rules.house import EVERYWHERE_ELSE
from shared.rows import row


@row
class Price:
    """Of one part of a text message, or of one message of another channel. Zero: it is said to cost nothing."""

    amount: Decimal
    currency: str


Prices = Mapping[tuple[str, str], Price]
"""By channel and country; * for countries without a price of their own."""


def price_of(prices: Prices, channel: str, country: str | None) -> Price | None:
    """None: the house has not said what it costs there."""
    return prices.get((channel, country or EVERYWHERE_ELSE)) or prices.get((channel, EVERYWHERE_ELSE))
