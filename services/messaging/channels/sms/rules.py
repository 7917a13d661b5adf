"""What the gate asks of text messages: hours by country, express consent only."""

from __future__ import annotations

from services.messaging.channels.telephones.hours import hours
from services.messaging.rules.channel import ChannelRules

SMS_RULES = ChannelRules(
    hours=hours,
    in_every_zone=True,
    existing_customers=None,
    surveys_need_consent=frozenset({"US", "CA", "CN"}),  # TCPA, CASL, the carriers' rule in China
    tells_country=True,
    rings=True,
    is_queued=True,
)
