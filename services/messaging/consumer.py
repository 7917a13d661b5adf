"""What messaging hears, and which command keeps it."""

from __future__ import annotations

from services.messaging.commands.consents import honour_objections
from services.messaging.commands.read_models import (
    erase_guests,
    keep_cases,
    keep_guests,
    keep_journeys,
    keep_properties,
    keep_stays,
    merge_guests,
)
from services.messaging.commands.requests import keep_requests, withdraw_messages
from shared.access.people import ACCESS
from shared.bus.subscriptions import Subscription
from shared.events.segments import STAY_EVENTS

SUBSCRIPTIONS = (
    Subscription("requests", {"message.requested.v1": keep_requests, "message.withdrawn.v1": withdraw_messages}),
    Subscription(
        "guests",
        {"guest.changed.v1": keep_guests, "guest.merged.v1": merge_guests, "guest.erased.v1": erase_guests},
    ),
    Subscription("stays", dict.fromkeys(STAY_EVENTS, keep_stays)),
    Subscription("optouts", {"optout.requested.v1": honour_objections}),
    Subscription("cases", {"case.opened.v1": keep_cases, "case.closed.v1": keep_cases}),
    Subscription("journeys", {"journey.launched.v1": keep_journeys}),
    Subscription("properties", {"property.changed.v1": keep_properties}),
    ACCESS,
)
