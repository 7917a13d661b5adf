"""What feedback hears, and which command each event becomes."""

from __future__ import annotations

from services.feedback.commands.forget_guests import forget_guests
from services.feedback.commands.keep_heard import (
    keep_guests,
    keep_mergers,
    keep_messages,
    keep_properties,
    keep_stays,
)
from shared.access.people import ACCESS
from shared.bus.subscriptions import Subscription
from shared.events.messaging import MESSAGE_EVENTS
from shared.events.segments import STAY_EVENTS

SUBSCRIPTIONS = (
    Subscription("messages", dict.fromkeys(MESSAGE_EVENTS, keep_messages)),
    Subscription("stays", dict.fromkeys(STAY_EVENTS, keep_stays)),
    Subscription(
        "guests",
        {"guest.changed.v1": keep_guests, "guest.merged.v1": keep_mergers, "guest.erased.v1": forget_guests},
    ),
    Subscription("properties", {"property.changed.v1": keep_properties}),
    ACCESS,
)
