"""What campaigns hears, and which command each event becomes."""

from __future__ import annotations

from services.campaigns.commands.hear_audiences import hear_audiences
from services.campaigns.commands.hear_guests import hear_erasures, hear_mergers, keep_guests
from services.campaigns.commands.hear_messages import hear_messages
from services.campaigns.commands.hear_others import hear_answers, hear_cases, keep_properties
from services.campaigns.commands.hear_stays import hear_stays
from shared.access.people import ACCESS
from shared.bus.subscriptions import Subscription
from shared.events.messaging import MESSAGE_EVENTS
from shared.events.segments import STAY_EVENTS

SUBSCRIPTIONS = (
    Subscription("audiences", {"audience.changed.v1": hear_audiences}),
    Subscription("stays", dict.fromkeys(STAY_EVENTS, hear_stays)),
    Subscription(
        "guests",
        {"guest.changed.v1": keep_guests, "guest.merged.v1": hear_mergers, "guest.erased.v1": hear_erasures},
    ),
    Subscription("messages", dict.fromkeys(MESSAGE_EVENTS, hear_messages)),
    Subscription(
        "answers",
        {"survey.answered.v1": hear_answers, "case.opened.v1": hear_cases, "case.closed.v1": hear_cases},
    ),
    Subscription("properties", {"property.changed.v1": keep_properties}),
    ACCESS,
)
