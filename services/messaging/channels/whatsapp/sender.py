"""WhatsApp through Twilio: numbers as `whatsapp:+…`, approved templates by their ContentSid."""

from __future__ import annotations

import json
from typing import Any

from services.messaging.channels.sender import Outgoing
from services.messaging.channels.twilio.sender import TwilioSender


class WhatsAppSender(TwilioSender):
    scheme = "whatsapp:"

    def words(self, message: Outgoing) -> dict[str, Any]:
        """A template's words are Twilio's: it is told which, and what fills it."""
        if message.approved is None:
            return super().words(message)
        variables = json.dumps(message.approved.variables, ensure_ascii=False)
        return {"content_sid": message.approved.sid, "content_variables": variables}
