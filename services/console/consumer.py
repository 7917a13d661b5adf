"""What console hears, and which command each event becomes."""

from __future__ import annotations

from services.console.commands.keep_heard import keep_forgotten, keep_launches, keep_messages
from services.console.commands.record_audit import keep_audit
from shared.bus.subscriptions import Subscription
from shared.events.messaging import MESSAGE_EVENTS

SUBSCRIPTIONS = (
    Subscription("audit", {"audit.recorded.v1": keep_audit}),
    Subscription("erasures", {"guest.forgotten.v1": keep_forgotten}),
    Subscription("messages", dict.fromkeys(MESSAGE_EVENTS, keep_messages)),
    Subscription("journeys", {"journey.launched.v1": keep_launches}),
)
