"""What console hears, and which command each event becomes."""

from __future__ import annotations

from services.console.commands.keep_heard import keep_forgotten, keep_launches, keep_messages
from services.console.commands.record_audit import keep_audit
from shared.hearing import Concern

MESSAGES = ("sent", "delivered", "failed", "skipped", "held", "unknown", "bounced", "complained", "clicked")

CONCERNS = (
    Concern("audit", {"audit.recorded.v1": keep_audit}),
    Concern("erasures", {"guest.forgotten.v1": keep_forgotten}),
    Concern("messages", {f"message.{what}.v1": keep_messages for what in MESSAGES}),
    Concern("journeys", {"journey.launched.v1": keep_launches}),
)
