"""What the gate asks of text messages: hours by country, express consent only. Pure but for the shipped table."""

from __future__ import annotations

from services.messaging.channels.sms.country_hours import shipped_hours
from services.messaging.rules.channel import ChannelRules, Hours


def hours(_purpose: str, country: str | None) -> Hours:
    """What the country's own row allows; the careful default without a row, and where the country is not known."""
    return shipped_hours().of(country)


SMS_RULES = ChannelRules(
    hours=hours,
    in_every_zone=True,
    existing_customers=None,
    surveys_need_consent=frozenset({"US", "CA", "CN"}),  # TCPA, CASL, the carriers' rule in China
    tells_country=True,
    rings=True,
    is_queued=True,
)
