"""What feedback hears, and which command each event becomes."""

from __future__ import annotations

from services.feedback.commands.forget_guests import forget_guests
from services.feedback.commands.keep_heard import (
    keep_guests,
    keep_mergers,
    keep_messages,
    keep_properties,
    keep_stays,
    keep_tasks,
)
from shared.access.people import ACCESS
from shared.bus.subscriptions import Subscription

STAYS = ("booked", "changed", "cancelled", "checked_in", "checked_out", "no_show", "reinstated")
MESSAGES = ("sent", "delivered", "failed", "skipped", "held", "unknown", "bounced", "complained", "clicked")

SUBSCRIPTIONS = (
    Subscription("messages", {f"message.{what}.v1": keep_messages for what in MESSAGES}),
    Subscription("stays", {f"stay.{what}.v1": keep_stays for what in STAYS}),
    Subscription(
        "guests",
        {"guest.changed.v1": keep_guests, "guest.merged.v1": keep_mergers, "guest.erased.v1": forget_guests},
    ),
    Subscription("tasks", {"task.requested.v1": keep_tasks}),
    Subscription("properties", {"property.changed.v1": keep_properties}),
    ACCESS,
)
