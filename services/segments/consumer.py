"""What segments hears, and which command each event becomes."""

from __future__ import annotations

from services.segments.commands.hear import (
    hear_answers,
    hear_cases,
    hear_consents,
    hear_launches,
    hear_messages,
    hear_properties,
)
from shared.access.people import ACCESS
from shared.bus.subscriptions import Subscription
from shared.events.messaging import MESSAGE_EVENTS

SUBSCRIPTIONS = (
    Subscription("properties", {"property.changed.v1": hear_properties}),
    Subscription("consents", {"consent.changed.v1": hear_consents}),
    Subscription("messages", dict.fromkeys(MESSAGE_EVENTS, hear_messages)),
    Subscription(
        "answers",
        {"survey.answered.v1": hear_answers, "case.opened.v1": hear_cases, "case.closed.v1": hear_cases},
    ),
    Subscription("journeys", {"journey.launched.v1": hear_launches}),
    ACCESS,
)
