"""What the gate asks of WhatsApp: the hours of telephones, a consent of its own, and the window after a guest wrote."""

from __future__ import annotations

from services.messaging.channels.telephones.hours import hours
from services.messaging.rules.channel import ChannelRules
from shared.vocabulary.channel import Channel

WHATSAPP_RULES = ChannelRules(
    hours=hours,
    in_every_zone=True,
    existing_customers=None,
    surveys_need_consent=frozenset({"US", "CA", "CN"}),  # as for text messages
    tells_country=True,
    rings=True,
    is_queued=True,
    window=Channel.WHATSAPP.window,
)
