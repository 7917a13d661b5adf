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
from shared.access import ACCESS
from shared.hearing import Concern

STAYS = ("booked", "changed", "cancelled", "checked_in", "checked_out", "no_show", "reinstated")
MESSAGES = ("sent", "delivered", "failed", "skipped", "held", "unknown", "bounced", "complained", "clicked")

CONCERNS = (
    Concern("messages", {f"message.{what}.v1": keep_messages for what in MESSAGES}),
    Concern("stays", {f"stay.{what}.v1": keep_stays for what in STAYS}),
    Concern(
        "guests",
        {"guest.changed.v1": keep_guests, "guest.merged.v1": keep_mergers, "guest.erased.v1": forget_guests},
    ),
    Concern("tasks", {"task.requested.v1": keep_tasks}),
    Concern("properties", {"property.changed.v1": keep_properties}),
    ACCESS,
)
