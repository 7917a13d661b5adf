"""What console hears, and which command each event becomes."""

from __future__ import annotations

from services.console.commands.keep_heard import keep_forgotten, keep_launches, keep_messages
from services.console.commands.record_audit import keep_audit
from shared.bus.subscriptions import Subscription

MESSAGES = ("sent", "delivered", "failed", "skipped", "held", "unknown", "bounced", "complained", "clicked")

SUBSCRIPTIONS = (
    Subscription("audit", {"audit.recorded.v1": keep_audit}),
    Subscription("erasures", {"guest.forgotten.v1": keep_forgotten}),
    Subscription("messages", {f"message.{what}.v1": keep_messages for what in MESSAGES}),
    Subscription("journeys", {"journey.launched.v1": keep_launches}),
)
