"""What campaigns hears, and which command each event becomes."""

from __future__ import annotations

from services.campaigns.commands.hear_audiences import hear_audiences
from services.campaigns.commands.hear_guests import hear_erasures, hear_mergers, keep_guests
from services.campaigns.commands.hear_messages import hear_messages
from services.campaigns.commands.hear_others import hear_answers, hear_cases, keep_properties
from services.campaigns.commands.hear_stays import hear_stays
from shared.access.people import ACCESS
from shared.bus.subscriptions import Subscription

STAYS = ("booked", "changed", "cancelled", "checked_in", "checked_out", "no_show", "reinstated")
MESSAGES = ("sent", "delivered", "failed", "skipped", "held", "unknown", "bounced", "complained", "clicked")

SUBSCRIPTIONS = (
    Subscription("audiences", {"audience.changed.v1": hear_audiences}),
    Subscription("stays", {f"stay.{what}.v1": hear_stays for what in STAYS}),
    Subscription(
        "guests",
        {"guest.changed.v1": keep_guests, "guest.merged.v1": hear_mergers, "guest.erased.v1": hear_erasures},
    ),
    Subscription("messages", {f"message.{what}.v1": hear_messages for what in MESSAGES}),
    Subscription(
        "answers",
        {"survey.answered.v1": hear_answers, "case.opened.v1": hear_cases, "case.closed.v1": hear_cases},
    ),
    Subscription("properties", {"property.changed.v1": keep_properties}),
    ACCESS,
)
