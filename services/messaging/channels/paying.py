"""How many times its price a message costs."""

from __future__ import annotations

from services.messaging.channels.sms.parts import sms_parts
from shared.vocabulary.channel import Channel


def parts_to_pay(channel: str, text: str) -> int:
    """A text message is paid by its parts, any other as one."""
    return sms_parts(text) if channel == Channel.SMS else 1
